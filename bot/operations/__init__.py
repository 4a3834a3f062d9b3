"""Operating the program: logs, metrics, health, the HTTP server, the webhook, the rate limit."""
