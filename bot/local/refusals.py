"""Refused Bot API requests: the errors in Telegram's words, rate limits, and faults that a test can switch on.

Bots and libraries decide by the descriptions, so they are worded as Telegram words them:

    Refusal            error_code and description; becomes the HTTP status and the JSON answer
    ├── bad_request    400
    ├── unauthorized   401
    ├── forbidden      403
    ├── not_found      404
    ├── conflict       409
    ├── too_large      413
    ├── too_many       429, with parameters.retry_after
    └── server_error   502
"""

import math
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

JSON = dict[str, Any]


class Refusal(Exception):
    """A request that is answered with `ok: false`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> JSON:
        answer: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_large() -> Refusal:
    return Refusal(413, "Request Entity Too Large")


def too_many(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def server_error() -> Refusal:
    return Refusal(502, "Bad Gateway")


SENDING_METHODS = frozenset(
    "sendMessage sendPhoto sendDocument "
    "editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup".split()
)
"""Methods that count against the rate limits and that faults hit by default."""

FaultKind = Literal["flood", "server_error", "lost"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults to test a bot with. Each counter falls by one with every fault; a chance (0 to 1) stays as it is."""

    flood: int = 0
    """Number of next requests to answer with 429."""
    server_error: int = 0
    """Number of next requests to answer with 502."""
    lost: int = 0
    """Number of next requests to carry out without an answer: the connection is closed."""
    flood_chance: float = 0.0
    server_error_chance: float = 0.0
    lost_chance: float = 0.0
    retry_after: int = 1
    """Seconds named in a 429."""
    blocked: frozenset[int] = frozenset()
    """Chats that refuse the bot without an update about it."""
    no_photos: frozenset[int] = frozenset()
    """Chats that refuse photos."""
    methods: frozenset[str] = SENDING_METHODS
    """Methods that faults hit."""

    def strike(self, kind: FaultKind, method: str, chance: random.Random) -> "Faults | None":
        """Return the faults that remain if a fault of this kind hits the request; None if it does not."""
        if method not in self.methods:
            return None
        left: int = getattr(self, kind)
        if left > 0:
            fewer: dict[str, Any] = {kind: left - 1}
            return replace(self, **fewer)
        likely: float = getattr(self, f"{kind}_chance")
        return self if likely and chance.random() < likely else None


MESSAGES_PER_SECOND = 30
MESSAGES_PER_GROUP_MINUTE = 20


@dataclass(slots=True)
class RateLimits:
    """Telegram's limits: 30 messages a second in all, 20 a minute to a group, about one a second to any chat."""

    burst: int = 20
    """Messages that a chat accepts at once before one a second on average."""
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _by_chat: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat_id: int, *, is_group: bool) -> None:
        """Count a message to the chat; over a limit raise a 429 with the seconds to wait."""
        now = self.clock()
        times = self._by_chat.setdefault(chat_id, deque())
        waits = [
            _seconds_to_wait(self._all, now, limit=MESSAGES_PER_SECOND, window=1.0),
            _seconds_to_wait(times, now, limit=MESSAGES_PER_GROUP_MINUTE, window=60.0) if is_group else 0.0,
            _seconds_to_wait(times, now, limit=self.burst, window=float(self.burst)),
        ]
        if max(waits) > 0:
            raise too_many(math.ceil(max(waits)))
        self._all.append(now)
        times.append(now)


def _seconds_to_wait(times: deque[float], now: float, *, limit: int, window: float) -> float:
    """Seconds until fewer than `limit` of the `times` lie within the last `window` seconds."""
    while times and now - times[0] > 60.0:
        times.popleft()
    recent = [at for at in list(times)[-limit:] if now - at < window]
    return window - (now - recent[0]) if len(recent) >= limit else 0.0
