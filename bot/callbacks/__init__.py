# ruff: noqa: F403  star imports, so that a new callback is named only where it is declared
"""Callbacks: typed values that define what a button does, each declared once with its letter in callback data.

To add a button, declare a class in archive.py or chats.py and add its handler to bot/handlers/__init__.py.
"""

from bot.callbacks.archive import *
from bot.callbacks.chats import *
from bot.callbacks.legacy import *
from bot.callbacks.registry import *
