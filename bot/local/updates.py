"""Updates waiting for the bot: numbered, kept until confirmed, fetched by one long poll or posted to a webhook.

Updates posted to the bot's own address instead of fetched by it; only on this machine.
"""

import asyncio
import contextlib
import ipaddress
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from bot.local.errors import JSON, bad_request, conflict

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

    def clear(self) -> None:
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

    async def wait_for_first(self) -> JSON | None:
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


_LOG = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Webhook:
    """Posts updates one after another, each until it is accepted with a 2xx."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates
        self._task: asyncio.Task[None] | None = None
        self._secret = ""
        self._error: tuple[int, str] | None = None
        self.url = ""

    async def set(self, url: str, secret: str) -> None:
        """Post to this address from now on; an empty one stops it."""
        if url and not is_local(url):
            raise bad_request(f"bad webhook: {url} is not an address of this machine")
        await self.stop()
        self.url, self._secret, self._error = url, secret, None
        if url:
            self._task = asyncio.create_task(self._post_all())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def to_json(self) -> JSON:
        info: JSON = {"url": self.url, "has_custom_certificate": False, "pending_update_count": len(self._updates)}
        if self._error:
            info["last_error_date"], info["last_error_message"] = self._error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    async def _post_all(self) -> None:
        # trust_env: a proxy from the environment would take the updates off this machine.
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            pause = _FIRST_PAUSE
            while update := await self._updates.wait_for_first():
                if await self._post(client, update):
                    self._updates.confirm(update["update_id"] + 1)
                    pause = _FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)

    async def _post(self, client: httpx.AsyncClient, update: JSON) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            response = await client.post(self.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return False
        if not response.is_success:
            self._failed(f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}")
        return response.is_success

    def _failed(self, why: str) -> None:
        self._error = (int(time.time()), why)
        _LOG.warning("webhook %s: %s", self.url, why)


def is_local(url: str) -> bool:
    """Whether the address is one of this machine's loopback addresses."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
