"""A Bot API server on this machine with a chat page: the bot runs whole without Telegram."""

from bot.local.faults import Faults
from bot.local.page_api import Action
from bot.local.server import LocalServer

__all__ = ["Action", "Faults", "LocalServer"]
