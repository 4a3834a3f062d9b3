"""What a digest is made of: which issue is today's, its stories, and what earlier digests told."""
