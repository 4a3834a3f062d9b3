"""How often each chat asks, so that one cannot keep the bot from the others; in memory, so a restart forgives."""

import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class RateLimit:
    """What each chat asked, and was told about asking too much, within the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds and never goes back."""
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}
        self._told: dict[int, float] = {}

    def welcome(self, chat: int, limit: int) -> bool:
        """Whether one more question of the chat is answered: of `limit` within a minute each is."""
        now = self._clock()
        asked = self._asked.setdefault(chat, deque())
        while asked and asked[0] <= now - MINUTE:
            asked.popleft()
        if len(asked) >= limit:
            return False
        asked.append(now)
        return True

    def may_tell(self, chat: int) -> bool:
        """Whether a chat that is not answered is told so now: once a minute."""
        now = self._clock()
        if now - self._told.get(chat, -MINUTE) < MINUTE:
            return False
        self._told[chat] = now
        self._forget(now)
        return True

    def _forget(self, now: float) -> None:
        """Drop the chats that were quiet; there may be many."""
        self._told = {chat: at for chat, at in self._told.items() if now - at < MINUTE}
        self._asked = {chat: asked for chat, asked in self._asked.items() if asked and now - asked[-1] < MINUTE}
