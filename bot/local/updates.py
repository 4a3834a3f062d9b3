"""The local server's updates: they stay queued until confirmed; the bot gets them by long poll or at its webhook."""

import asyncio
import contextlib
import ipaddress
import logging
import math
import re
import secrets
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from bot.local.refusals import JSON, bad_request, conflict, too_many

_log = logging.getLogger(__name__)

MAX_WAITING_UPDATES = 10_000
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of updates that Telegram sends only to bots that list them in allowed_updates."""
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 0.2, 5.0
"""First and longest pause after a failed post to a webhook; the pause doubles with each further failure."""
SECONDS_BETWEEN_WEBHOOKS = 1.0
MAX_SECRET_CHARS = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


class UpdateQueue:
    """Unconfirmed updates, oldest first. A new poll ends the running poll with a 409: a bot must not run twice."""

    def __init__(self, check: Callable[[JSON], None]) -> None:
        """`check` raises an exception for an invalid update."""
        self._check = check
        self._next_id = secrets.randbelow(10**8) + 10**8
        self._waiting: deque[JSON] = deque(maxlen=MAX_WAITING_UPDATES)
        self._allowed: frozenset[str] = frozenset()
        self._changed = asyncio.Event()
        self._running_poll: asyncio.Event | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def allow(self, kinds: list[str]) -> None:
        """Queue only these kinds of updates from now on; an empty list means all kinds except _ONLY_ON_REQUEST."""
        self._allowed = frozenset(kinds)

    def push(self, kind: str, content: JSON) -> None:
        """Queue an update if its kind is allowed; raise the exception of `check` if it is invalid."""
        if kind not in self._allowed if self._allowed else kind in _ONLY_ON_REQUEST:
            return
        update = {"update_id": self._next_id, kind: content}
        self._check(update)
        self._next_id += 1
        self._waiting.append(update)
        self._wake()

    def clear(self) -> None:
        self._waiting.clear()

    def confirm(self, offset: int) -> None:
        """Remove the updates with ids below `offset`; a negative `offset` keeps the last -offset updates."""
        if offset < 0:
            offset = self._waiting[offset]["update_id"] if len(self._waiting) >= -offset else 0
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    async def poll(self, limit: int, timeout: float) -> list[JSON]:
        """Return up to `limit` updates as soon as there are any, or an empty list after `timeout` seconds.

        Raises a 409 if a newer poll starts meanwhile.
        """
        if self._running_poll:
            self._running_poll.set()
        superseded = self._running_poll = asyncio.Event()
        self._wake()
        try:
            async with asyncio.timeout(timeout):
                while not self._waiting and not self._closed and timeout and not superseded.is_set():
                    await self._changed.wait()
        except TimeoutError:
            pass
        if superseded.is_set():
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._running_poll = None
        return list(self._waiting)[:limit]

    async def wait_for_first(self) -> JSON | None:
        """Return the oldest update as soon as there is one, without removing it; None if the queue is closed."""
        while not self._waiting and not self._closed:
            await self._changed.wait()
        return self._waiting[0] if self._waiting and not self._closed else None

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Webhook:
    """Posts updates to a URL of this machine, one at a time; repeats each until it is answered with a 2xx."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates
        self._task: asyncio.Task[None] | None = None
        self._secret = ""
        self._last_error: tuple[int, str] | None = None
        self._last_set = -SECONDS_BETWEEN_WEBHOOKS
        self.url = ""

    async def set(self, url: str, secret: str) -> None:
        """Start posting to `url`; stop if it is empty.

        Raises a 400 unless the host is a loopback address, and a 429 when asked twice in a second, as Telegram does.
        """
        if url and not is_loopback_url(url):
            raise bad_request(f"bad webhook: {url} is not an address of this machine")
        if len(secret) > MAX_SECRET_CHARS:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        now = time.monotonic()
        if url and now - self._last_set < SECONDS_BETWEEN_WEBHOOKS:
            raise too_many(math.ceil(SECONDS_BETWEEN_WEBHOOKS))
        self._last_set = now if url else self._last_set
        await self.stop()
        self.url, self._secret, self._last_error = url, secret, None
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
        if self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    async def _post_all(self) -> None:
        """Post each update until it is accepted, then confirm it."""
        # trust_env=False ignores a proxy set in the environment, which could send the updates to another machine.
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            pause = FIRST_RETRY_SECONDS
            while update := await self._updates.wait_for_first():
                if await self._post(client, update):
                    self._updates.confirm(update["update_id"] + 1)
                    pause = FIRST_RETRY_SECONDS
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, MAX_RETRY_SECONDS)

    async def _post(self, client: httpx.AsyncClient, update: JSON) -> bool:
        """Post an update once; return True if the answer is a 2xx."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            response = await client.post(self.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            self._record_failure(f"Connection failed: {type(error).__name__}")
            return False
        if not response.is_success:
            self._record_failure(f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}")
        return response.is_success

    def _record_failure(self, reason: str) -> None:
        self._last_error = (int(time.time()), reason)
        _log.warning("webhook %s: %s", self.url, reason)


def is_loopback_url(url: str) -> bool:
    """True for an http or https URL whose host is a loopback address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
