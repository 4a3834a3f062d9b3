"""Permissions: who administers a chat, and how many requests of a chat are answered in a minute.

Cached results and counts are kept in memory only; a restart clears them.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable

from telegram import Bot, ChatMember
from telegram.error import BadRequest, Forbidden

ADMIN_CACHE_SECONDS = 60.0
"""Seconds for which a positive result is cached; meanwhile, a dismissed administrator keeps the permission."""
_ADMINISTRATORS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class NotAdministrator(Exception):
    """The user is not an administrator.

    `back` is True if the private chat has just stopped managing a channel for that reason.
    """

    def __init__(self, *, back: bool = False) -> None:
        super().__init__()
        self.back = back


class Permissions:
    """Asks Telegram whether a user administers a chat; caches positive results for ADMIN_CACHE_SECONDS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._cached_until: dict[tuple[int, int], float] = {}  # (chat, user) -> seconds of the clock

    async def is_administrator(self, bot: Bot, chat: int, user: int) -> bool:
        """True if the user administers the chat; False also if Telegram does not let the bot ask. Raises TelegramError.

        Negative results are not cached, so a new administrator can retry at once.
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


WINDOW_SECONDS = 60.0
"""Length of the sliding window, and minimum time between two notifications of a chat."""


class RateLimit:
    """Limits how many requests of each chat are answered in a sliding window of WINDOW_SECONDS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns monotonic seconds."""
        self._clock = clock
        self._answered: dict[int, deque[float]] = {}
        self._notified: dict[int, float] = {}

    def allows(self, chat: int, limit: int) -> bool:
        """True if fewer than `limit` requests of the chat were counted in the last minute; then also count this one."""
        now = self._clock()
        answered = self._answered.setdefault(chat, deque())
        while answered and answered[0] <= now - WINDOW_SECONDS:
            answered.popleft()
        if len(answered) >= limit:
            return False
        answered.append(now)
        return True

    def may_notify(self, chat: int) -> bool:
        """True at most once a minute for each chat; the chat may then be notified that its requests are rejected."""
        now = self._clock()
        if now - self._notified.get(chat, -WINDOW_SECONDS) < WINDOW_SECONDS:
            return False
        self._notified[chat] = now
        self._drop_idle_chats(now)
        return True

    def _drop_idle_chats(self, now: float) -> None:
        """Delete the times of chats without a request or notification in the window."""
        self._notified = {chat: at for chat, at in self._notified.items() if now - at < WINDOW_SECONDS}
        self._answered = {
            chat: times for chat, times in self._answered.items() if times and now - times[-1] < WINDOW_SECONDS
        }
