"""The throttle of replies and outbox messages, and retries after refusals."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot.delivery import Delivery
from bot.delivery.sending import send_with_retries
from bot.delivery.throttle import ReplyTimeout, Throttle
from bot.local import Faults, LocalServer
from digests.chats import Chat, OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.conversations.conftest import NOW, SCHEMA
from tests.conversations.reader import ALEX, GROUP, WANG


class Clock:
    """Time that passes only in `sleep`."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Throttle:
    return Throttle(clock, clock.sleep)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalServer]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    server = LocalServer(port=0, schema=SCHEMA, enforce_limits=True)
    await server.start()
    yield server
    await server.stop()
    assert server.schema_problems == []


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[Bot]:
    request, polling = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    bot = Bot(server.token, base_url=server.base_url, request=request, get_updates_request=polling)
    async with bot:
        yield bot


def seen(server: LocalServer, chat: int) -> list[str]:
    return [message["text"] for message in server.messages(chat)]


def attempts(server: LocalServer) -> int:
    return sum(request.method == "sendMessage" for request in server.requests)


async def test_replies_come_in_a_burst_and_then_one_a_second_on_average(pace: Throttle, clock: Clock) -> None:
    came = []
    for _ in range(50):
        await pace.acquire(WANG, reply=True)
        came.append(clock.now)
    assert came[19] < 1
    assert all(later - earlier >= 20 for earlier, later in zip(came, came[20:], strict=False))


async def test_a_group_is_answered_twenty_times_a_minute_at_most(pace: Throttle, clock: Clock) -> None:
    came = []
    for number in range(45):
        await pace.acquire(GROUP, reply=number % 2 == 0)
        came.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(came, came[20:], strict=False))


async def test_replies_precede_outbox_messages(pace: Throttle, clock: Clock) -> None:
    """While messages to a hundred chats wait their turn, a reply waits for at most one of them."""

    async def owed() -> None:
        for chat in range(1, 101):
            await pace.acquire(chat)

    running = asyncio.create_task(owed())
    await asyncio.sleep(0)
    began = clock.now
    await pace.acquire(WANG, reply=True)
    assert clock.now - began < 0.1
    await running


async def test_replies_and_outbox_messages_share_the_limits(server: LocalServer, bot: Bot, tmp_path: Path) -> None:
    """In real time, against a server that enforces the rate limits."""
    pace, chats = Throttle(), ChatStore(tmp_path / "chats.json")
    with contextlib.closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for chat in (WANG, ALEX):
            chats.put(Chat(chat))
            outbox.add(OutboxEntry(chat, "a", (OutgoingMessage("1"), OutgoingMessage("2"))), NOW)
        delivery = Delivery(outbox, chats, bot, lambda: datetime.now(UTC), throttle=pace)
        running = asyncio.create_task(delivery.run_once())
        for number in range(4):
            await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage(f"answer {number}"))
        assert await running == 2 + 2
    assert {request.status for request in server.requests} == {200}
    assert sorted(seen(server, WANG)) == ["1", "2", "answer 0", "answer 1", "answer 2", "answer 3"]


async def test_a_429_is_retried_after_the_seconds_that_telegram_names(
    server: LocalServer, bot: Bot, pace: Throttle, clock: Clock
) -> None:
    server.faults = Faults(flood=2, retry_after=12)
    await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage("防汛"))
    assert seen(server, WANG) == ["防汛"]
    assert 24 <= clock.now < 30


async def test_a_reply_times_out_after_half_a_minute(
    server: LocalServer, bot: Bot, pace: Throttle, clock: Clock
) -> None:
    server.faults = Faults(server_error=99)
    with pytest.raises(ReplyTimeout):
        await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage("防汛"))
    assert 4 <= attempts(server) <= 7
    assert 10 < clock.now <= 30


async def test_a_chat_with_a_long_retry_after_gets_no_request_before_it(
    server: LocalServer, bot: Bot, pace: Throttle, clock: Clock
) -> None:
    server.faults = Faults(flood=1, retry_after=40)
    for _ in range(2):
        with pytest.raises(ReplyTimeout):
            await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage("防汛"))
    assert attempts(server) == 1
    clock.now += 40
    await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage("防汛"))
    assert seen(server, WANG) == ["防汛"]


async def test_a_waiting_reply_does_not_delay_the_stop(pace: Throttle, clock: Clock) -> None:
    pace.pause(WANG, 20)
    waiting = asyncio.create_task(pace.acquire(WANG, reply=True))
    await asyncio.sleep(0)
    pace.refuse_waiting_replies()
    with pytest.raises(ReplyTimeout):
        await waiting
    assert clock.now <= 2


async def test_a_reply_with_refused_markup_is_sent_as_plain_text(
    server: LocalServer, bot: Bot, pace: Throttle, caplog: pytest.LogCaptureFixture
) -> None:
    broken = OutgoingMessage('<b>煤改电</b> 3 < 5 &amp; <a href="https://example.org">全文', ((("停", "u:1"),),))
    await send_with_retries(pace, WANG, partial(bot.send_message, WANG), broken)
    assert seen(server, WANG) == ["煤改电 3 < 5 & 全文"]
    assert server.messages(WANG)[0]["reply_markup"]
    assert "markup refused" in caplog.text


async def test_a_refusal_of_the_message_itself_is_raised_at_once(bot: Bot, pace: Throttle, clock: Clock) -> None:
    with pytest.raises(BadRequest):
        await send_with_retries(pace, WANG, partial(bot.send_message, WANG), OutgoingMessage("长" * 5000))
    assert clock.now == 0
