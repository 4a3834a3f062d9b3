"""Files -> articles in the index: found, read on all cores, taken in."""
