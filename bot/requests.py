"""Requests to Telegram, a few at once: the others wait here.

The HTTP library looks through all its connections and all waiting requests at every request, so that hundreds at once
would cost more than what they carry. At 30 messages a second a handful is under way.
"""

import asyncio
from typing import Any

from telegram.request import HTTPXRequest

AT_ONCE = 32
"""Enough for 30 messages a second while each answer takes a second."""


class FewAtOnce(HTTPXRequest):
    """For the ApplicationBuilder: requests in the order in which they came, `AT_ONCE` under way."""

    def __init__(self) -> None:
        super().__init__(connection_pool_size=AT_ONCE)
        self._free = asyncio.Semaphore(AT_ONCE)

    async def do_request(self, *asked: Any, **form: Any) -> tuple[int, bytes]:
        """As HTTPXRequest does; its time limits count from when the request leaves."""
        async with self._free:
            return await super().do_request(*asked, **form)
