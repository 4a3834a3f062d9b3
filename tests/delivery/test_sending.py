"""Delivery over real HTTP: each part once, in order, and kept through failures."""

import asyncio
import resource
from datetime import timedelta

import orjson
import pytest
from starlette.responses import Response

from bot.delivery import Delivery
from bot.delivery.throttle import Throttle
from bot.local import Faults, LocalServer
from digests.chats import OutgoingMessage
from digests.errors import StateError
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.delivery.telegram import ALEX, GROUP, WANG, Telegram, accepted, entry, local_bot, refused, seen
from tests.virtual_clock import NOW, Clock


async def test_a_message_arrives_with_its_markup_and_buttons(
    server: LocalServer, outbox: Outbox, delivery: Delivery
) -> None:
    buttons = ((("全文", "a:1"), ("停", "u:1")), (("简报", "d"),))
    outbox.add(
        OutboxEntry(WANG, "digest:a", (OutgoingMessage("<b>煤改电</b> &lt;今日&gt; https://example.org", buttons),)),
        NOW,
    )
    assert await delivery.run_once() == 1
    [message] = server.messages(WANG)
    assert message["text"] == "煤改电 <今日> https://example.org"
    assert message["entities"][0] == {"type": "bold", "offset": 0, "length": 3}
    keyboard = message["reply_markup"]["inline_keyboard"]
    assert [[(b["text"], b["callback_data"]) for b in row] for row in keyboard] == [list(row) for row in buttons]
    assert orjson.loads(server.requests[-1].params["link_preview_options"]) == {"is_disabled": True}


async def test_an_accepted_part_gets_a_receipt_and_is_not_sent_again(
    server: LocalServer, outbox: Outbox, delivery: Delivery
) -> None:
    outbox.add(entry(WANG, "a"), NOW)
    assert [await delivery.run_once(), await delivery.run_once()] == [1, 0]
    assert seen(server, WANG) == ["a"]
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 0}


async def test_the_parts_of_a_chat_arrive_in_order(server: LocalServer, outbox: Outbox, delivery: Delivery) -> None:
    for chat in (WANG, ALEX, GROUP):
        outbox.add(entry(chat, "a", "1", "2", "3"), NOW)
        outbox.add(entry(chat, "b", "4"), NOW)
    assert await delivery.run_once() == 12
    assert [seen(server, chat) for chat in (WANG, ALEX, GROUP)] == [["1", "2", "3", "4"]] * 3


async def test_a_lost_answer_repeats_only_that_part(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock
) -> None:
    outbox.add(entry(WANG, "a", "1", "2", "3"), NOW)
    server.faults = Faults(lost=1)
    assert await delivery.run_once() == 0
    clock.now += timedelta(seconds=1)
    assert await delivery.run_once() == 3
    assert seen(server, WANG) == ["1", "1", "2", "3"]


async def test_messages_stay_owed_while_telegram_cannot_be_reached(
    server: LocalServer, outbox: Outbox, chats: ChatStore, delivery: Delivery, clock: Clock
) -> None:
    outbox.add(entry(WANG, "a"), NOW)
    await server.stop()
    assert await delivery.run_once() == 0
    await server.start()
    clock.now += timedelta(seconds=1)
    async with local_bot(server) as bot:
        assert await Delivery(outbox, chats, bot, clock, throttle=Throttle(clock.seconds, clock.sleep)).run_once() == 1


async def test_refused_markup_is_sent_as_plain_text(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = OutgoingMessage('<b>煤改电</b> 3 < 5 &amp; <a href="https://example.org">全文', ((("停", "u:1"),),))
    outbox.add(OutboxEntry(WANG, "a", (broken, OutgoingMessage("<i>2</i>"))), NOW)
    assert await delivery.run_once() == 2
    assert seen(server, WANG) == ["煤改电 3 < 5 & 全文", "2"]
    assert server.messages(WANG)[0]["reply_markup"]
    assert clock.now - NOW >= timedelta(seconds=2), "the second attempt counts as a message, too"
    assert "markup refused" in caplog.text
    assert "煤改电" not in caplog.text


async def test_a_refused_message_is_kept_as_failed_and_the_next_is_sent(
    server: LocalServer, outbox: Outbox, delivery: Delivery
) -> None:
    outbox.add(entry(WANG, "a", "长" * 5000, "2"), NOW)
    assert await delivery.run_once() == 1
    assert seen(server, WANG) == ["2"]
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 1}


async def test_cancelled_delivery_still_writes_the_receipts_of_open_requests(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    async def slow() -> Response:
        await asyncio.sleep(0.2)
        return accepted(1, WANG)

    telegram.answers[WANG] = slow
    outbox.add(entry(WANG, "a", "1", "2"), NOW)
    running = asyncio.create_task(scripted.run_once())
    while not telegram.got:
        await asyncio.sleep(0.005)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert outbox.counts() == {"owed": 1, "held": 0, "sent": 1, "failed": 0}
    assert telegram.texts(WANG) == ["1"]


async def test_an_unwritable_receipt_stops_delivery_and_repeats_nothing(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    for key in ("a", "b"):
        outbox.add(entry(WANG, key), NOW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))  # a full disk
    try:
        for _ in range(2):
            with pytest.raises(StateError, match="could not be used"):
                await scripted.run_once()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert telegram.texts(WANG) == ["a"]
    assert await scripted.run_once() == 1
    assert telegram.texts(WANG) == ["a", "b"]


async def test_a_chat_erased_while_its_message_is_in_flight_stays_erased(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery
) -> None:
    async def forget() -> Response:
        outbox.delete_chat(WANG)
        chats.delete(WANG)
        return await refused(403, "Forbidden: bot was blocked by the user")()

    telegram.answers[WANG] = forget
    outbox.add(entry(WANG, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 0
    assert chats.get(WANG) is None
    assert outbox.keys_with_prefix("") == set()
