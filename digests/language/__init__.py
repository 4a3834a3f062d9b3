"""Characters and words: how they are cut, look, sound and vary, and where a term is meant."""
