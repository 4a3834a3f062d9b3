"""The local Bot API server with its chat page, on which the bot runs without Telegram."""

from bot.local.page_api import PageAction
from bot.local.refusals import Faults
from bot.local.server import LocalServer

__all__ = ["Faults", "LocalServer", "PageAction"]
