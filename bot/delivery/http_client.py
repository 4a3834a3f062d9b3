"""Requests to Telegram: as JSON, and a few at once, while the others wait here.

The HTTP library looks through all its connections and all waiting requests at every request, so that hundreds at once
would cost more than what they carry. At 30 messages a second a handful is under way.
"""

import asyncio
from typing import Any

import httpx
import orjson
from telegram.request import HTTPXRequest

MAX_CONNECTIONS = 20
"""Of which delivery takes at most `delivery.IN_FLIGHT`, so that readers who ask need not wait behind it."""


class HttpClient(HTTPXRequest):
    """For the ApplicationBuilder: requests in the order in which they came, `AT_ONCE` under way."""

    def __init__(self, **given: Any) -> None:
        """`given` as HTTPXRequest takes it."""
        super().__init__(connection_pool_size=MAX_CONNECTIONS, **given)
        self._free = asyncio.Semaphore(MAX_CONNECTIONS)

    async def do_request(self, *asked: Any, **form: Any) -> tuple[int, bytes]:
        """As HTTPXRequest does; its time limits count from when the request leaves."""
        async with self._free:
            return await super().do_request(*asked, **form)

    def _build_client(self) -> httpx.AsyncClient:
        return _JsonClient(**self._client_kwargs)


class _JsonClient(httpx.AsyncClient):
    """Sends the fields of a form as JSON, where no file goes with them: in a form each Hanzi takes nine bytes."""

    async def request(self, method: str, url: Any, **given: Any) -> httpx.Response:
        data = given.pop("data", None)
        if data is None or given.get("files"):
            return await super().request(method, url, data=data, **given)
        headers = {**given.pop("headers", {}), "Content-Type": "application/json"}
        return await super().request(method, url, content=orjson.dumps(data), headers=headers, **given)
