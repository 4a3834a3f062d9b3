"""Who may change what a group or a channel keeps: its administrators alone."""

import contextlib
import time
from collections.abc import Callable

from telegram import Bot, ChatMember
from telegram.error import BadRequest, Forbidden

ADMIN_CACHE_SECONDS = 60.0
"""Seconds for which an answer of Telegram's is believed: one who is dismissed can change something for so long."""
_ADMINISTRATORS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class NotAdministrator(Exception):
    """Somebody wants to change what only administrators may; `back` where commands concern his own chat again."""

    def __init__(self, *, back: bool = False) -> None:
        super().__init__()
        self.back = back


class Permissions:
    """Asks Telegram who somebody is in a chat, and remembers for a short time who is an administrator."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[int, int], float] = {}

    async def is_administrator(self, bot: Bot, chat: int, user: int) -> bool:
        """Whether the person is an administrator there; where the bot may not ask, nobody is. Raises TelegramError.

        That somebody is none is not remembered: who is made one and tries again is not to wait.
        """
        now = self._clock()
        self._known = {pair: until for pair, until in self._known.items() if until > now}
        if (chat, user) in self._known:
            return True
        if not await _administers(bot, chat, user):
            return False
        self._known[chat, user] = now + ADMIN_CACHE_SECONDS
        return True


async def _administers(bot: Bot, chat: int, user: int) -> bool:
    try:
        return (await bot.get_chat_member(chat, user)).status in _ADMINISTRATORS
    except Forbidden:
        return False
    except BadRequest:  # a group may hide its members from bots, not its administrators
        with contextlib.suppress(BadRequest, Forbidden):
            return any(one.user.id == user for one in await bot.get_chat_administrators(chat))
    return False
