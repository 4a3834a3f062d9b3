"""Delivery of an alert and a digest to many chats, while another chat asks questions, in virtual time.

Outbox and HTTP are real; time passes only while every task sleeps. The server enforces Telegram's rate limits by the
same clock.
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
from bot.local.refusals import RateLimits
from digests.chats import OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.virtual_clock import NOW, Clock

MESSAGES_PER_SECOND = 30
"""The rate limit over all chats."""
FIRST_CHAT = 5_000_000
ASKING_CHAT = 4_000_000
MESSAGES_PER_CHAT = 2
"""An alert and a digest."""
MESSAGES_BETWEEN_QUESTIONS = 200
"""Messages delivered between two questions."""
IDLE_LOOP_ROUNDS = 3
"""Rounds of the event loop without a running request after which time may pass."""


@dataclass(frozen=True)
class DeliveryResult:
    """Times are in seconds of the virtual clock."""

    messages: int
    seconds: float
    refused: int
    longest_answer: float
    answers: int

    @property
    def is_fast(self) -> bool:
        """True if delivery used the limits fully and answers came at once."""
        return self.share >= 0.95 and not self.refused and self.longest_answer <= 0.3

    @property
    def share(self) -> float:
        """Share of the allowed rate that was used."""
        return self.messages / MESSAGES_PER_SECOND / self.seconds


class PausingClock(Clock):
    """A clock that stands still while a request is running and advances to the earliest sleeper otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.running_requests = 0
        self._wakings: list[float] = []

    async def sleep(self, seconds: float) -> None:
        waking = self.seconds() + seconds
        heapq.heappush(self._wakings, waking)
        still = 0
        while still < IDLE_LOOP_ROUNDS or self._wakings[0] < waking:
            await asyncio.sleep(0)
            still = 0 if self.running_requests else still + 1
        heapq.heappop(self._wakings)
        self.now = max(self.now, NOW + timedelta(seconds=waking))


class CountingHttpClient(HttpClient):
    """An HTTP client whose running requests stop the clock."""

    def __init__(self, clock: PausingClock) -> None:
        super().__init__(httpx_kwargs={"verify": False})
        self._clock = clock

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self._clock.running_requests += 1
        try:
            return await super().do_request(*args, **kwargs)
        finally:
            self._clock.running_requests -= 1


@contextmanager
def extra_private_chats(count: int) -> Iterator[None]:
    """Add `count` private chats and the one that asks."""
    with pytest.MonkeyPatch.context() as patch:
        for number in (ASKING_CHAT, *range(FIRST_CHAT, FIRST_CHAT + count)):
            person = User(number, str(number), f"u{number}")
            patch.setitem(CHATS, number, Chat(number, "private", person.first_name, (person,)))
        yield


async def deliver_to_all(folder: Path, chats: int) -> DeliveryResult:
    """Fill the outbox and deliver; raises AssertionError if a chat did not get its two messages in order."""
    clock = PausingClock()
    with extra_private_chats(chats), closing(Outbox(folder / "outbox.sqlite")) as outbox:
        outbox._db.execute("PRAGMA synchronous = OFF")  # no power failure in this test, and a slow disk
        for key in ("alert:a", "digest:2022-08-29"):
            message = (OutgoingMessage(f"<b>{key}</b> …"),)
            outbox.add_many(
                (OutboxEntry(number, key, message) for number in range(FIRST_CHAT, FIRST_CHAT + chats)), NOW
            )
        server = LocalServer(port=0)
        server.state.rate_limits = RateLimits(burst=1, clock=clock.seconds)
        server.api.requests = deque()
        await server.start()
        try:
            request, unused = CountingHttpClient(clock), CountingHttpClient(clock)
            bot = Bot(server.token, base_url=server.base_url, request=request, get_updates_request=unused)
            await bot.request.initialize()
            found = await _deliver(outbox, ChatStore(folder / "chats.json"), bot, clock, server)
            await bot.request.shutdown()
        finally:
            await server.stop()
        for number in range(FIRST_CHAT, FIRST_CHAT + chats):
            got = [message["text"].split(" ")[0] for message in server.messages(number)]
            assert got == ["alert:a", "digest:2022-08-29"], f"chat {number} got {got}"
    return found


async def _deliver(outbox: Outbox, chats: ChatStore, bot: Bot, clock: Clock, server: LocalServer) -> DeliveryResult:
    shared = Throttle(clock.seconds, clock.sleep)
    delivery = asyncio.create_task(Delivery(outbox, chats, bot, clock, throttle=shared).run_once())
    waits = []
    while not delivery.done():
        sent = len(server.requests)
        while not delivery.done() and len(server.requests) < sent + MESSAGES_BETWEEN_QUESTIONS:
            await asyncio.sleep(0.005)
        began = clock.seconds()
        await send_with_retries(shared, ASKING_CHAT, partial(bot.send_message, ASKING_CHAT), OutgoingMessage("answer"))
        waits.append(clock.seconds() - began)
    refused = sum(request.status == 429 for request in server.requests)
    return DeliveryResult(await delivery + len(waits), clock.seconds(), refused, max(waits), len(waits))
