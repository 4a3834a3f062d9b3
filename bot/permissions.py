"""Permissions: only administrators may change the subscriptions and settings of a group or channel."""

import contextlib
import time
from collections.abc import Callable

from telegram import Bot, ChatMember
from telegram.error import BadRequest, Forbidden

ADMIN_CACHE_SECONDS = 60.0
"""Seconds a positive answer stays cached; a dismissed administrator keeps the permission for so long."""
_ADMINISTRATORS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class NotAdministrator(Exception):
    """The user is no administrator; `back` if the private chat has just stopped managing a channel for that reason."""

    def __init__(self, *, back: bool = False) -> None:
        super().__init__()
        self.back = back


class Permissions:
    """Asks Telegram whether a user administers a chat; caches positive answers for ADMIN_CACHE_SECONDS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._cached_until: dict[tuple[int, int], float] = {}  # (chat, user) -> seconds of the clock

    async def is_administrator(self, bot: Bot, chat: int, user: int) -> bool:
        """True if the user administers the chat; False also where the bot may not ask. Raises TelegramError.

        Negative answers are not cached, so that a new administrator can retry at once.
        """
        now = self._clock()
        self._cached_until = {pair: until for pair, until in self._cached_until.items() if until > now}
        if (chat, user) in self._cached_until:
            return True
        if not await _ask_telegram(bot, chat, user):
            return False
        self._cached_until[chat, user] = now + ADMIN_CACHE_SECONDS
        return True


async def _ask_telegram(bot: Bot, chat: int, user: int) -> bool:
    try:
        return (await bot.get_chat_member(chat, user)).status in _ADMINISTRATORS
    except Forbidden:
        return False
    except BadRequest:  # a group may hide its members from bots but not its administrators
        with contextlib.suppress(BadRequest, Forbidden):
            return any(member.user.id == user for member in await bot.get_chat_administrators(chat))
    return False
