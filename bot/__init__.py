"""Jianbao's chat side: Telegram in and out, the command line, timed work. Decides nothing about news."""
