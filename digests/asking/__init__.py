"""The query language behind `query.py`: its tree, its parser, its days."""
