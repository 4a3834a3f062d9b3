"""What an operator sees of the program: logs, metrics, health; its HTTP server, the webhook, the rate limit."""
