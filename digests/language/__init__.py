"""Chinese characters and words: normal forms, readings, look-alikes, segmentation, phrases and names of people."""
