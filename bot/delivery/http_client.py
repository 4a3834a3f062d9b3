"""HTTP requests to Telegram: fields as JSON, and a bounded number at once.

httpx examines all its connections and all waiting requests at every request, so that hundreds of concurrent requests
would cost more than the messages in them. At 30 messages a second a handful is enough; the others wait here.
"""

import asyncio
from typing import Any

import httpx
import orjson
from telegram.request import HTTPXRequest

MAX_CONCURRENT_REQUESTS = 20
"""Delivery from the outbox takes at most `delivery.MAX_REQUESTS_IN_FLIGHT` of these; the rest is for replies."""


class HttpClient(HTTPXRequest):
    """Request class for the ApplicationBuilder: first come, first served, MAX_CONCURRENT_REQUESTS at once."""

    def __init__(self, **options: Any) -> None:
        """`options` are those of HTTPXRequest."""
        super().__init__(connection_pool_size=MAX_CONCURRENT_REQUESTS, **options)
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_REQUESTS)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send a request when a slot is free; the time limits count from then."""
        async with self._slots:
            return await super().do_request(*args, **kwargs)

    def _build_client(self) -> httpx.AsyncClient:
        return _JsonClient(**self._client_kwargs)


class _JsonClient(httpx.AsyncClient):
    """Sends form fields as JSON unless a file goes with them: in a form each Hanzi takes nine bytes, in JSON three."""

    async def request(self, method: str, url: Any, **options: Any) -> httpx.Response:
        data = options.pop("data", None)
        if data is None or options.get("files"):
            return await super().request(method, url, data=data, **options)
        headers = {**options.pop("headers", {}), "Content-Type": "application/json"}
        return await super().request(method, url, content=orjson.dumps(data), headers=headers, **options)
