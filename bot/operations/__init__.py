"""Operation of the program: logs, metrics and health, HTTP servers and the webhook."""
