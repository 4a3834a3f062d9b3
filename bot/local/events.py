"""What the page is told, as a numbered log: a reader who comes back with the last number misses nothing."""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson

from bot.local.answers import JSON

_KEPT = 2000
_HEARTBEAT = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    kind: str
    data: bytes


class EventLog:
    """The latest events; `close` ends all streams."""

    def __init__(self) -> None:
        # Numbers start anew with each start of the server; the epoch tells an old page that its number means nothing.
        self._epoch = secrets.token_hex(4)
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._last = 0
        self._news = asyncio.Event()
        self._closed = False

    @property
    def last_id(self) -> str:
        return f"{self._epoch}-{self._last}"

    def tell(self, kind: str, data: JSON) -> None:
        self._last += 1
        self._events.append(Event(self._last, kind, orjson.dumps(data)))
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()

    async def stream(self, since: str) -> AsyncIterator[bytes]:
        """Server-sent events after `since`; `reset` first when what came after it is no longer known."""
        seen = self._resume(since)
        yield b"retry: 1000\n\n"
        if seen is None:
            seen = self._last
            yield _framed(self.last_id, "reset", b"{}")
        while not self._closed:
            news = self._news
            for event in [event for event in self._events if event.number > seen]:
                yield _framed(f"{self._epoch}-{event.number}", event.kind, event.data)
                seen = event.number
            try:
                await asyncio.wait_for(news.wait(), _HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"

    def _resume(self, since: str) -> int | None:
        epoch, _, number = since.partition("-")
        if epoch != self._epoch or not number.isdecimal():
            return None
        oldest = self._events[0].number if self._events else self._last + 1
        return int(number) if oldest - 1 <= int(number) <= self._last else None

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _framed(number: str, kind: str, data: bytes) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (number.encode(), kind.encode(), data)
