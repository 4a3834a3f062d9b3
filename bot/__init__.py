"""The Telegram side of Jianbao: handlers, flows, delivery, command line, local server. Knows nothing about news."""
