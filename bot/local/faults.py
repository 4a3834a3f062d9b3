"""Faults to try a bot with, and Telegram's pace limits. Both are off unless asked for."""

import math
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.local.chats import Chat
from bot.local.errors import too_many

SENDING_METHODS = frozenset(
    "sendMessage sendPhoto sendDocument "
    "editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup".split()
)

FaultKind = Literal["flood", "server_error", "lost"]


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong; replace the whole value to change it. Counts are used up, chances (0 to 1) stay."""

    flood: int = 0
    """The next so many requests are answered with 429."""
    server_error: int = 0
    """The next so many with 502."""
    lost: int = 0
    """The next so many are carried out, and the connection is closed without an answer."""
    flood_chance: float = 0.0
    server_error_chance: float = 0.0
    lost_chance: float = 0.0
    retry_after: int = 1
    blocked: frozenset[int] = frozenset()
    """Chats that refuse the bot without its having been told."""
    no_photos: frozenset[int] = frozenset()
    """Chats that allow no pictures."""
    methods: frozenset[str] = SENDING_METHODS
    """The methods that are hit."""

    def strike(self, kind: FaultKind, method: str, chance: random.Random) -> "Faults | None":
        """The faults that remain after this one has struck; None when it does not strike."""
        if method not in self.methods:
            return None
        left: int = getattr(self, kind)
        if left > 0:
            fewer: dict[str, Any] = {kind: left - 1}
            return replace(self, **fewer)
        likely: float = getattr(self, f"{kind}_chance")
        return self if likely and chance.random() < likely else None


@dataclass(slots=True)
class RateLimits:
    """30 messages a second in all, about one a second to a chat, 20 a minute to a group."""

    burst: int = 20
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat: Chat) -> None:
        """Count one message to the chat, or refuse it with the time to wait."""
        now = self.clock()
        one = self._chats.setdefault(chat.id, deque())
        waits = [
            _wait(self._all, now, most=30, seconds=1.0),
            _wait(one, now, most=20, seconds=60.0) if chat.type == "supergroup" else 0.0,
            _wait(one, now, most=self.burst, seconds=float(self.burst)),
        ]
        if max(waits) > 0:
            raise too_many(math.ceil(max(waits)))
        self._all.append(now)
        one.append(now)


def _wait(sent: deque[float], now: float, *, most: int, seconds: float) -> float:
    while sent and now - sent[0] > 60.0:
        sent.popleft()
    recent = [at for at in list(sent)[-most:] if now - at < seconds]
    return seconds - (now - recent[0]) if len(recent) >= most else 0.0
