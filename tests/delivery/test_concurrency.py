"""Delivery to many chats at once: within all rate limits, and without chats waiting for each other."""

import asyncio
from datetime import UTC, datetime, timedelta

from starlette.responses import Response

from bot.delivery import Delivery
from bot.delivery.throttle import Throttle
from bot.local import LocalServer
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from tests.delivery.telegram import ALEX, GROUP, WANG, Telegram, accepted, entry, local_bot, seen
from tests.virtual_clock import NOW, Clock


async def test_a_slow_answer_delays_only_its_chat(telegram: Telegram, outbox: Outbox, scripted: Delivery) -> None:
    others_done = asyncio.Event()

    async def slow() -> Response:
        await asyncio.wait_for(others_done.wait(), 5)
        return accepted(1, WANG)

    telegram.answers[WANG] = slow
    outbox.add(entry(WANG, "a", "1", "2"), NOW)
    for chat in range(1, 51):
        outbox.add(entry(chat, "a", "1", "2"), NOW)
    running = asyncio.create_task(scripted.run_once())
    while len(telegram.got) < 101:
        await asyncio.sleep(0.005)
    assert telegram.texts(WANG) == ["1"]
    others_done.set()
    assert await running == 102
    assert telegram.texts(WANG) == ["1", "2"]


async def test_concurrent_runs_send_each_part_once(telegram: Telegram, outbox: Outbox, scripted: Delivery) -> None:
    for chat in range(1, 11):
        outbox.add(entry(chat, "a", "1", "2"), NOW)
    assert sum(await asyncio.gather(*(scripted.run_once() for _ in range(3)))) == 20
    assert len(telegram.got) == len(set(telegram.got)) == 20


async def test_a_server_that_enforces_the_rate_limits_refuses_nothing(outbox: Outbox, chats: ChatStore) -> None:
    """In real time: four messages to a person take three seconds, and so do two to a group."""
    server = LocalServer(port=0, enforce_limits=True)
    await server.start()
    for chat, texts in ((WANG, "1234"), (ALEX, "1"), (GROUP, "12")):
        outbox.add(entry(chat, "a", *texts), NOW)
    async with local_bot(server) as bot:
        assert await Delivery(outbox, chats, bot, lambda: datetime.now(UTC)).run_once() == 7
    assert {request.status for request in server.requests} == {200}
    await server.stop()


async def test_a_hundred_and_fifty_chats_take_five_seconds(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, clock: Clock
) -> None:
    for chat in range(1, 151):
        outbox.add(entry(chat, "a"), NOW)
    assert await scripted.run_once() == 150
    assert timedelta(seconds=4.9) <= clock.now - NOW <= timedelta(seconds=5.2)


async def test_a_chat_with_a_long_wait_is_left_for_a_later_run(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, throttle: Throttle
) -> None:
    throttle.pause(WANG, 20)
    for chat in (WANG, ALEX):
        outbox.add(entry(chat, "a"), NOW)
    assert await delivery.run_once() == 1
    assert (seen(server, ALEX), clock.now - NOW < timedelta(seconds=1)) == (["a"], True)
    clock.now += timedelta(seconds=20)
    assert await delivery.run_once() == 1
