"""Refusals of Bot API requests: errors with Telegram's descriptions, rate limits, and faults to test a bot with.

Bots and libraries compare the descriptions of errors, so the local server uses Telegram's wording:

    Refusal            answered with an HTTP status and JSON with error_code and description
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
    """Raised to answer a request with `ok: false`."""

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
    "sendMessage sendPhoto sendDocument sendMediaGroup forwardMessage forwardMessages copyMessage copyMessages "
    "editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup".split()
)
"""Methods that count against the rate limits, and to which faults apply by default."""

FaultKind = Literal["flood", "server_error", "lost"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults to test a bot with. A counter is lowered by one each time that its fault occurs.

    While a counter is 0, the fault occurs with the probability in the field `<fault>_chance`.
    """

    flood: int = 0
    """The next `flood` requests are answered with a 429."""
    server_error: int = 0
    """The next `server_error` requests are answered with a 502."""
    lost: int = 0
    """The next `lost` requests are executed, but the connection is closed without an answer."""
    flood_chance: float = 0.0
    server_error_chance: float = 0.0
    lost_chance: float = 0.0
    retry_after: int = 1
    """Value of `retry_after` in a 429, in seconds."""
    blocked: frozenset[int] = frozenset()
    """Ids of chats that refuse the bot with a 403; the bot gets no update about the refusal."""
    no_photos: frozenset[int] = frozenset()
    """Ids of chats in which the bot may not send photos."""
    methods: frozenset[str] = SENDING_METHODS
    """Methods to which faults apply."""

    def strike(self, kind: FaultKind, method: str, rng: random.Random) -> "Faults | None":
        """Return the faults that remain if a fault of this kind applies to the request, else None."""
        if method not in self.methods:
            return None
        count: int = getattr(self, kind)
        if count > 0:
            lowered: dict[str, Any] = {kind: count - 1}
            return replace(self, **lowered)
        chance: float = getattr(self, f"{kind}_chance")
        return self if chance and rng.random() < chance else None


MESSAGES_PER_SECOND = 30
MESSAGES_PER_GROUP_MINUTE = 20


@dataclass(slots=True)
class RateLimits:
    """Telegram's limits: 30 messages per second in total, 20 per minute to a group, about one per second to a chat."""

    burst: int = 20
    """A chat accepts at most `burst` messages in any `burst` seconds; they may be sent at once."""
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _by_chat: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat_id: int, *, is_group: bool, messages: int = 1) -> None:
        """Count messages to the chat; raise a 429 with the seconds to wait if they would exceed a limit."""
        now, more = self.clock(), messages - 1
        times = self._by_chat.setdefault(chat_id, deque())
        waits = [
            _seconds_to_wait(self._all, now, limit=MESSAGES_PER_SECOND - more, window=1.0),
            _seconds_to_wait(times, now, limit=MESSAGES_PER_GROUP_MINUTE - more, window=60.0) if is_group else 0.0,
            _seconds_to_wait(times, now, limit=self.burst - more, window=float(self.burst)),
        ]
        if max(waits) > 0:
            raise too_many(math.ceil(max(waits)))
        self._all.extend([now] * messages)
        times.extend([now] * messages)


def _seconds_to_wait(times: deque[float], now: float, *, limit: int, window: float) -> float:
    """Return the seconds until fewer than `limit` of the `times` are within the last `window` seconds."""
    while times and now - times[0] > 60.0:
        times.popleft()
    limit = max(limit, 1)  # more messages at once than the limit are taken when nothing was sent before
    recent = [at for at in list(times)[-limit:] if now - at < window]
    return window - (now - recent[0]) if len(recent) >= limit else 0.0
