"""Limit how many requests of each chat are answered within a minute, so that one chat cannot slow down the others.

Kept in memory only: a restart resets all counts.
"""

import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 60.0


class RateLimit:
    """Sliding window of the answered requests of each chat."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds and is monotonic."""
        self._clock = clock
        self._answered: dict[int, deque[float]] = {}
        self._notified: dict[int, float] = {}

    def allows(self, chat: int, limit: int) -> bool:
        """Return True and count the request if the chat has had fewer than `limit` answers in the last minute."""
        now = self._clock()
        answered = self._answered.setdefault(chat, deque())
        while answered and answered[0] <= now - WINDOW_SECONDS:
            answered.popleft()
        if len(answered) >= limit:
            return False
        answered.append(now)
        return True

    def may_notify(self, chat: int) -> bool:
        """Return True at most once a minute for each chat: tell it now that its requests are not answered."""
        now = self._clock()
        if now - self._notified.get(chat, -WINDOW_SECONDS) < WINDOW_SECONDS:
            return False
        self._notified[chat] = now
        self._drop_idle_chats(now)
        return True

    def _drop_idle_chats(self, now: float) -> None:
        self._notified = {chat: at for chat, at in self._notified.items() if now - at < WINDOW_SECONDS}
        self._answered = {
            chat: times for chat, times in self._answered.items() if times and now - times[-1] < WINDOW_SECONDS
        }
