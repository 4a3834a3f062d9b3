"""Stored state: the chats, the digests and the outbox with its alert log; their migrations, backups and checks."""
