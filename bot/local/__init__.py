"""A local Bot API server with a chat page, so that the bot can run without Telegram."""

from bot.local.page_api import PageAction
from bot.local.refusals import Faults
from bot.local.server import LocalServer

__all__ = ["Faults", "LocalServer", "PageAction"]
