"""The outcome of each kind of failure; no message is lost."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import Response
from telegram import Bot

from bot.delivery import Delivery
from bot.delivery.throttle import Throttle
from bot.local import Faults, LocalServer
from bot.operations.monitoring import Metrics
from digests.chats import Chat, OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore
from tests.delivery.telegram import (
    ALEX,
    GROUP,
    SUBSCRIPTION,
    WANG,
    Telegram,
    entry,
    local_bot,
    plain_bot,
    refused,
    seen,
)
from tests.virtual_clock import NOW, Clock

CHAT_REFUSALS = (
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (403, "Forbidden: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: have no rights to send a message"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: have no write access to the chat"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: private chat not found"),
    (400, "Bad Request: user not found"),
    (400, "Bad Request: group chat was deactivated"),
    (400, "Bad Request: the group chat was deleted"),
    (400, "Bad Request: TOPIC_CLOSED"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: CHAT_GUEST_SEND_FORBIDDEN"),
    (400, "Bad Request: CHAT_RESTRICTED"),
    (400, "Bad Request: CHANNEL_PRIVATE"),
    (400, "Bad Request: USER_BANNED_IN_CHANNEL"),
    (400, "Bad Request: USER_IS_BLOCKED"),
    (400, "Bad Request: INPUT_USER_DEACTIVATED"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: PAYMENT_REQUIRED"),
)
"""Refusals that concern the chat: any other message would be refused too."""


async def test_a_429_delays_its_chat_as_requested_and_no_other(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, throttle: Throttle
) -> None:
    outbox.add(entry(WANG, "a", "1", "2"), NOW)
    outbox.add(entry(ALEX, "a", "1", "2"), NOW)
    server.faults = Faults(flood=1, retry_after=37)
    await delivery.run_once()
    assert (seen(server, WANG), seen(server, ALEX)) == ([], ["1", "2"])
    waits = outbox.next_due()
    assert waits is not None
    assert timedelta(seconds=37) <= waits - NOW <= timedelta(seconds=39)
    assert throttle.seconds_to_wait(WANG, reply=True) > 30, "answers to that chat wait as well"
    clock.now = waits - timedelta(seconds=1)
    assert await delivery.run_once() == 0
    clock.now = waits
    assert await delivery.run_once() == 2
    assert seen(server, WANG) == ["1", "2"]


async def test_a_server_error_is_retried_with_growing_delays(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock
) -> None:
    outbox.add(entry(WANG, "a", "1", "2"), NOW)
    server.faults = Faults(server_error=12)
    waits = []
    for _ in range(12):
        assert await delivery.run_once() == 0
        due = outbox.next_due()
        assert due is not None
        waits.append((due - clock.now).total_seconds())
        clock.now = due
    assert all(2**n / 2 <= wait <= 2**n for n, wait in enumerate(waits[:9]))
    assert all(150 <= wait <= 300 for wait in waits[9:])
    assert await delivery.run_once() == 2
    assert seen(server, WANG) == ["1", "2"]


@pytest.mark.parametrize("chat", [WANG, GROUP])
async def test_a_chat_that_blocks_the_bot_gets_its_held_messages_when_it_writes_again(
    server: LocalServer, outbox: Outbox, chats: ChatStore, delivery: Delivery, chat: int
) -> None:
    outbox.add(entry(chat, "a", "1", "2"), NOW)
    outbox.add(entry(ALEX, "a"), NOW)
    server.faults = Faults(blocked=frozenset({chat}))
    assert await delivery.run_once() == 1
    blocked = chats.get(chat)
    assert blocked is not None
    assert (blocked.active, blocked.subscriptions) == (False, (SUBSCRIPTION,))
    outbox.add(entry(chat, "b", "3"), NOW)
    attempts = len(server.requests)
    assert await delivery.run_once() == 0
    assert len(server.requests) == attempts
    assert outbox.counts()["held"] == 3

    server.faults = Faults()
    chats.get_or_create(chat, "zh")
    outbox.release(chat)
    assert await delivery.run_once() == 3
    assert seen(server, chat) == ["1", "2", "3"]


async def test_a_chat_that_telegram_does_not_find_is_held(outbox: Outbox, chats: ChatStore, delivery: Delivery) -> None:
    chats.put(Chat(4242, subscriptions=(SUBSCRIPTION,)))
    outbox.add(entry(4242, "a"), NOW)
    assert await delivery.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 1, "sent": 0, "failed": 0}
    assert chats.get(4242) == Chat(4242, subscriptions=(SUBSCRIPTION,), active=False)


async def test_every_refusal_of_a_whole_chat_holds_it(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery
) -> None:
    telegram.answers = {chat: refused(*refusal) for chat, refusal in enumerate(CHAT_REFUSALS, start=1)}
    for chat in telegram.answers:
        chats.put(Chat(chat))
        outbox.add(entry(chat, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 2 * len(CHAT_REFUSALS), "sent": 0, "failed": 0}
    assert {chat.id for chat in chats.all() if not chat.active} == set(telegram.answers)


@pytest.mark.parametrize(
    "description",
    [
        "MESSAGE_TOO_LONG",
        "message is too long",
        "BUTTON_DATA_INVALID",
        "BUTTON_USER_INVALID",
        "wrong HTTP URL specified",
        "reply markup is too long",
        "text must be encoded in UTF-8",
        "message to be replied not found",
    ],
)
async def test_a_refused_message_fails_alone_and_its_chat_stays_active(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery, description: str
) -> None:
    telegram.answers[WANG] = refused(400, f"Bad Request: {description}")
    outbox.add(entry(WANG, "a"), NOW)
    assert await scripted.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 0, "failed": 1}
    chat = chats.get(WANG)
    assert chat
    assert chat.active


async def test_two_groups_that_migrate_to_each_other_are_tried_ever_more_rarely(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, clock: Clock
) -> None:
    telegram.answers[-7] = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1007)
    telegram.answers[-1007] = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-7)
    outbox.add(entry(-7, "a"), NOW)
    for _ in range(100):
        await scripted.run_once()
        clock.now += timedelta(seconds=10)
    assert len(telegram.got) < 20


async def test_a_group_that_migrates_to_its_own_id_is_held(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery
) -> None:
    telegram.answers[GROUP] = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=GROUP)
    outbox.add(entry(GROUP, "a"), NOW)
    assert await scripted.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 1, "sent": 0, "failed": 0}
    assert len(telegram.got) == 1


async def test_the_messages_of_a_group_move_to_its_supergroup(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery
) -> None:
    chats.put(Chat(-7, subscriptions=(SUBSCRIPTION,), next_subscription=2))
    telegram.answers[-7] = refused(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007
    )
    outbox.add(entry(-7, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 2
    assert telegram.got == [(-7, "1"), (-1007, "1"), (-1007, "2")]
    assert chats.get(-7) is None
    assert chats.get(-1007) == Chat(-1007, subscriptions=(SUBSCRIPTION,), next_subscription=2)


async def not_json() -> Response:
    return Response("<html>gateway</html>")


async def test_errors_that_do_not_concern_the_message_are_retried(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, clock: Clock
) -> None:
    answers = [refused(401, "Unauthorized"), refused(404, "Not Found"), refused(409, "Conflict"), not_json]
    telegram.answers = dict(enumerate(answers, start=1))
    for chat in telegram.answers:
        outbox.add(entry(chat, "a"), NOW)
    assert await scripted.run_once() == 0
    telegram.answers.clear()
    clock.now += timedelta(seconds=1)
    assert await scripted.run_once() == 4


async def test_messages_for_a_closed_topic_go_to_general(
    telegram: Telegram, outbox: Outbox, chats: ChatStore, scripted: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.topics[11] = refused(400, "Bad Request: TOPIC_CLOSED")
    telegram.topics[12] = refused(400, "Bad Request: message thread not found")
    for topic in (11, 12, 13):
        outbox.add(
            OutboxEntry(
                GROUP, f"alert:{topic}", (OutgoingMessage(f"{topic}a"), OutgoingMessage(f"{topic}b")), topic=topic
            ),
            NOW,
        )
    assert await scripted.run_once() == 6
    attempts = [(text, thread) for text, thread in telegram.threads if text[:2] != "13"]
    assert attempts == [(text, thread) for text in ("11a", "11b", "12a", "12b") for thread in (int(text[:2]), None)], (
        "each part is tried where it belongs, as a topic may be opened again"
    )
    assert ("13a", 13) in telegram.threads
    stored = chats.get(GROUP)
    assert stored is not None
    assert (stored.active, stored.subscriptions) == (True, (SUBSCRIPTION,))
    assert "sending to General" in caplog.text


async def test_if_general_is_closed_too_other_topics_still_get_their_messages(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    telegram.topics = dict.fromkeys((11, None), refused(400, "Bad Request: TOPIC_CLOSED"))
    for topic in (11, 12):
        outbox.add(OutboxEntry(GROUP, f"alert:{topic}", (OutgoingMessage(str(topic)),), topic=topic), NOW)
    assert await scripted.run_once() == 1
    assert telegram.threads[-1] == ("12", 12)
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 1}


async def test_a_chat_that_writes_while_it_is_being_held_is_released(
    telegram: Telegram, chats: ChatStore, clock: Clock, throttle: Throttle, tmp_path: Path
) -> None:
    class WrittenMeanwhile(Outbox):
        def hold(self, chat: int) -> None:
            self.release(chat)
            chats.get_or_create(chat, "zh")
            super().hold(chat)

    telegram.answers[WANG] = refused(403, "Forbidden: bot was blocked by the user")
    async with plain_bot("1:token", telegram.base_url).request as request:
        bot = Bot("1:token", base_url=telegram.base_url, request=request)
        with contextlib.closing(WrittenMeanwhile(tmp_path / "other.sqlite")) as outbox:
            outbox.add(entry(WANG, "a"), NOW)
            delivery = Delivery(outbox, chats, bot, clock, throttle=throttle)
            running = asyncio.create_task(delivery.run_once())
            while not telegram.got:
                await asyncio.sleep(0.005)
            telegram.answers.clear()
            await running
            await delivery.run_once()
            assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 0}


async def test_accepted_and_refused_parts_are_counted(
    server: LocalServer, outbox: Outbox, chats: ChatStore, clock: Clock, throttle: Throttle
) -> None:
    metrics = Metrics()
    server.faults = Faults(flood=1, blocked=frozenset({ALEX}))
    for chat in (WANG, ALEX):
        outbox.add(entry(chat, "a", "1"), NOW)
    async with local_bot(server) as bot:
        delivery = Delivery(outbox, chats, bot, clock, throttle=throttle, metrics=metrics)
        await delivery.run_once()
        clock.now += timedelta(seconds=5)
        await delivery.run_once()
    exposition = metrics.exposition({}, {}).decode()
    assert "jianbao_parts_sent_total 1.0" in exposition
    assert 'jianbao_parts_refused_total{why="RetryAfter"} 1.0' in exposition
    assert 'jianbao_parts_refused_total{why="Forbidden"} 1.0' in exposition
