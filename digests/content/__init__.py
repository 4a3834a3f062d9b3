"""What one text says, beside its keywords, summary and themes."""
