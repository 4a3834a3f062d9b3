"""What outlives the process: chats, digests, the outbox with its alert log, their migrations, backups and checks."""
