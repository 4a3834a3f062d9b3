# ruff: noqa: F403  a callback is named where it is declared, and nowhere else
"""Callbacks: what a button does, as a typed value that is declared once, with the letter that stands for it.

A new button is a new class in archive.py or chats.py and a line with its handler in bot/handlers/__init__.py.
"""

from bot.callbacks.archive import *
from bot.callbacks.chats import *
from bot.callbacks.legacy import *
from bot.callbacks.registry import *
