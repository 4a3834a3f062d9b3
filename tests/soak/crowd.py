"""Many chats, one alert and one digest each: how fast they are served while somebody asks. In virtual time.

The outbox and the HTTP are real; time passes only while everybody waits for their turn. The server enforces Telegram's
limits by the same clock.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.delivery import Delivery
from bot.delivery.http_client import HttpClient
from bot.delivery.sending import send_with_retries
from bot.delivery.throttle import Throttle
from bot.local import LocalServer
from bot.local.chats import CHATS, Chat, User
from bot.local.faults import RateLimits as Limits
from digests.chats import OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.virtual import NOW, Clock

ALLOWED = 30
"""Messages a second."""
FIRST = 5_000_000
ASKING = 4_000_000
EACH = 2
"""Messages that a chat is owed: an alert and a digest."""
ASKED_EVERY = 200
"""Messages between two questions."""
AT_REST = 3
"""Rounds of the event loop without a request on its way after which none is about to begin."""


@dataclass(frozen=True)
class Served:
    """What came of it; times in seconds of the virtual clock."""

    messages: int
    seconds: float
    refused: int
    longest_answer: float
    answers: int

    @property
    def is_fast(self) -> bool:
        """Whether nobody waited longer than the limits ask for."""
        return self.share >= 0.95 and not self.refused and self.longest_answer <= 0.3

    @property
    def share(self) -> float:
        """Of the pace that the limits allow."""
        return self.messages / ALLOWED / self.seconds


class Standstill(Clock):
    """Time that stands still while a request is on its way, and passes for all who sleep together."""

    def __init__(self) -> None:
        super().__init__()
        self.on_the_way = 0
        self._wakings: list[float] = []

    async def sleep(self, seconds: float) -> None:
        waking = self.seconds() + seconds
        heapq.heappush(self._wakings, waking)
        still = 0
        while still < AT_REST or self._wakings[0] < waking:
            await asyncio.sleep(0)
            still = 0 if self.on_the_way else still + 1
        heapq.heappop(self._wakings)
        self.now = max(self.now, NOW + timedelta(seconds=waking))


class Counted(HttpClient):
    """Requests that stop the clock."""

    def __init__(self, clock: Standstill) -> None:
        super().__init__(httpx_kwargs={"verify": False})
        self._clock = clock

    async def do_request(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        self._clock.on_the_way += 1
        try:
            return await super().do_request(*given, **named)
        finally:
            self._clock.on_the_way -= 1


@contextmanager
def people(count: int) -> Iterator[None]:
    """So many private chats, and one whose reader asks."""
    with pytest.MonkeyPatch.context() as patch:
        for number in (ASKING, *range(FIRST, FIRST + count)):
            person = User(number, str(number), f"u{number}")
            patch.setitem(CHATS, number, Chat(number, "private", person.first_name, (person,)))
        yield


async def served(folder: Path, chats: int) -> Served:
    """Owe and deliver; raises AssertionError where a chat did not get exactly what it is owed, in its order."""
    clock = Standstill()
    with people(chats), closing(Outbox(folder / "outbox.sqlite")) as outbox:
        outbox._db.execute("PRAGMA synchronous = OFF")  # no power fails here, and the disk is slow
        for key in ("alert:a", "digest:2022-08-29"):
            message = (OutgoingMessage(f"<b>{key}</b> …"),)
            outbox.add_many((OutboxEntry(number, key, message) for number in range(FIRST, FIRST + chats)), NOW)
        server = LocalServer(port=0)
        server.state.rate_limits = Limits(burst=1, clock=clock.seconds)
        server.api.requests = deque()
        await server.start()
        try:
            request, unused = Counted(clock), Counted(clock)
            bot = Bot(server.token, base_url=server.base_url, request=request, get_updates_request=unused)
            await bot.request.initialize()
            found = await _deliver(outbox, ChatStore(folder / "chats.json"), bot, clock, server)
            await bot.request.shutdown()
        finally:
            await server.stop()
        for number in range(FIRST, FIRST + chats):
            got = [message["text"].split(" ")[0] for message in server.messages(number)]
            assert got == ["alert:a", "digest:2022-08-29"], f"chat {number} got {got}"
    return found


async def _deliver(outbox: Outbox, chats: ChatStore, bot: Bot, clock: Clock, server: LocalServer) -> Served:
    shared = Throttle(clock.seconds, clock.sleep)
    delivery = asyncio.create_task(Delivery(outbox, chats, bot, clock, throttle=shared).run_once())
    waits = []
    while not delivery.done():
        sent = len(server.requests)
        while not delivery.done() and len(server.requests) < sent + ASKED_EVERY:
            await asyncio.sleep(0.005)
        began = clock.seconds()
        await send_with_retries(shared, ASKING, partial(bot.send_message, ASKING), OutgoingMessage("answer"))
        waits.append(clock.seconds() - began)
    refused = sum(request.status == 429 for request in server.requests)
    return Served(await delivery + len(waits), clock.seconds(), refused, max(waits), len(waits))
