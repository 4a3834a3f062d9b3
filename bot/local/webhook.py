"""Updates posted to the bot's own address instead of fetched by it; only on this machine."""

import asyncio
import contextlib
import ipaddress
import logging
import time
from urllib.parse import urlsplit

import httpx

from bot.local.answers import JSON, bad_request
from bot.local.updates import UpdateQueue

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
            while update := await self._updates.first():
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
