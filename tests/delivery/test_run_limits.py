"""The limits of one delivery run: parts read at a time, open requests, waiting chats, the grace period."""

import asyncio
import time
from datetime import timedelta

import pytest
from starlette.responses import Response

from bot.delivery import Delivery
from bot.delivery.throttle import Throttle
from digests.chats import Chat, OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.delivery.telegram import GROUP, SUBSCRIPTION, WANG, Telegram, entry, refused
from tests.virtual_clock import NOW, Clock


async def test_a_hundred_parts_are_read_at_a_time(
    outbox: Outbox, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, limits = outbox.due, []

    def recorded(now: object, limit: int) -> object:
        limits.append(limit)
        return due(now, limit)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "due", recorded)
    await delivery.run_once()
    assert limits == [100]


async def test_fifteen_requests_are_open_at_most(telegram: Telegram, outbox: Outbox, scripted: Delivery) -> None:
    released = asyncio.Event()

    async def slow() -> Response:
        await released.wait()
        return await refused(400, "Bad Request: message is empty")()

    for chat in range(1, 31):
        telegram.answers[chat] = slow
        outbox.add(entry(chat, "a"), NOW)
    running = asyncio.create_task(scripted.run_once())
    deadline = time.monotonic() + 5
    while len(telegram.got) < 15 and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert len(telegram.got) == 15
    released.set()
    await running
    assert len(telegram.got) == 30


async def test_a_chat_that_has_to_wait_four_seconds_is_waited_for_and_no_longer(
    outbox: Outbox, delivery: Delivery, clock: Clock, throttle: Throttle
) -> None:
    outbox.add(entry(WANG, "a"), NOW)
    throttle.pause(WANG, 4.01)
    assert await delivery.run_once() == 0
    clock.now = NOW + timedelta(seconds=0.01)
    assert await delivery.run_once() == 1
    assert clock.seconds() == pytest.approx(4.01)


async def test_open_requests_get_three_seconds_when_delivery_is_cancelled(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    """In real time."""

    async def never() -> Response:
        await asyncio.sleep(20)
        return Response()

    telegram.answers[WANG] = never
    outbox.add(entry(WANG, "a"), NOW)
    running = asyncio.create_task(scripted.run_once())
    while not telegram.got:
        await asyncio.sleep(0.005)
    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert 2.9 <= time.monotonic() - began < 6
    assert outbox.counts() == {"owed": 1, "held": 0, "sent": 0, "failed": 0}


@pytest.mark.parametrize(
    "description",
    [
        "chat not found",
        "not enough rights to send text messages to the chat",
        "have no rights to send a message",
        "need administrator rights in the channel chat",
        "CHAT_WRITE_FORBIDDEN",
        "CHAT_ADMIN_REQUIRED",
        "CHAT_SEND_PLAIN_FORBIDDEN",
        "CHAT_RESTRICTED",
        "TOPIC_CLOSED",
        "PEER_ID_INVALID",
        "group chat was deactivated",
    ],
)
async def test_a_400_that_means_a_403_holds_the_chat(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery, description: str
) -> None:
    telegram.answers[WANG] = refused(400, f"Bad Request: {description}")
    outbox.add(entry(WANG, "a"), NOW)
    await scripted.run_once()
    assert outbox.counts() == {"owed": 0, "held": 1, "sent": 0, "failed": 0}
    chat = chats.get(WANG)
    assert chat is not None
    assert not chat.active


async def test_another_400_gives_the_part_up_and_leaves_the_chat_active(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery
) -> None:
    telegram.answers[WANG] = refused(400, "Bad Request: message text is empty; chat not found")
    outbox.add(entry(WANG, "a"), NOW)
    await scripted.run_once()
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 0, "failed": 1}
    assert chats.get(WANG) == Chat(WANG, subscriptions=(SUBSCRIPTION,), next_subscription=2)


@pytest.mark.parametrize("description", ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"])
async def test_a_refusal_of_a_topic_sends_the_part_to_general(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, description: str
) -> None:
    telegram.topics[11] = refused(400, f"Bad Request: {description}")
    outbox.add(OutboxEntry(GROUP, "a", (OutgoingMessage("a"),), topic=11), NOW)
    assert await scripted.run_once() == 1
    assert telegram.threads == [("a", 11), ("a", None)]
