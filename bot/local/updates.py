"""Updates waiting for the bot: numbered, kept until confirmed, fetched by one long poll or posted to a webhook."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable

from bot.local.answers import JSON, conflict

_KEPT = 10_000
# What Telegram sends only to those who ask for it by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """The bot's mailbox. A new poll ends the one before it with 409, as only one program may be the bot."""

    def __init__(self, check: Callable[[JSON], None]) -> None:
        self._check = check
        self._next = secrets.randbelow(10**8) + 10**8
        self._waiting: deque[JSON] = deque(maxlen=_KEPT)
        self._allowed: frozenset[str] = frozenset()
        self._news = asyncio.Event()
        self._poll: asyncio.Event | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def allow(self, kinds: list[str]) -> None:
        """From now on only these kinds; none means all but those that have to be asked for."""
        self._allowed = frozenset(kinds)

    def push(self, kind: str, content: JSON) -> None:
        if kind not in self._allowed if self._allowed else kind in _ON_REQUEST:
            return
        update = {"update_id": self._next, kind: content}
        self._check(update)
        self._next += 1
        self._waiting.append(update)
        self._wake()

    def drop(self) -> None:
        self._waiting.clear()

    def confirm(self, offset: int) -> None:
        """Forget what comes before the offset; a negative one keeps that many from the end."""
        if offset < 0:
            offset = self._waiting[offset]["update_id"] if len(self._waiting) >= -offset else 0
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    async def poll(self, limit: int, timeout: float) -> list[JSON]:
        """The waiting updates, as soon as there are any; an empty list when the time is over."""
        if self._poll:
            self._poll.set()
        mine = self._poll = asyncio.Event()
        self._wake()
        try:
            async with asyncio.timeout(timeout):
                while not self._waiting and not self._closed and timeout and not mine.is_set():
                    await self._news.wait()
        except TimeoutError:
            pass
        if mine.is_set():
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._poll = None
        return list(self._waiting)[:limit]

    async def first(self) -> JSON | None:
        """The oldest update, waited for; None when the server stops."""
        while not self._waiting and not self._closed:
            await self._news.wait()
        return self._waiting[0] if self._waiting and not self._closed else None

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
