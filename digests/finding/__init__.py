"""What stands between a query and the articles that it means: matching, the index's documents, excerpts."""
