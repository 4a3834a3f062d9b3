"""From the outbox to Telegram over real HTTP: each kind of failure has its own outcome, and nothing is lost."""

import asyncio
import contextlib
import itertools
import resource
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning
from uvicorn import Config, Server

from bot.delivery import Delivery
from bot.local import Faults, LocalServer
from bot.pace import Pace, told_wait
from digests.errors import StateError
from digests.outbox import Letter, Outbox
from digests.readers import Chat, Outgoing, Subscription
from digests.store import Chats
from tests.conftest import BOT_API

NOW = datetime(2022, 8, 29, 8, tzinfo=UTC)
WANG, ALEX, GROUP = 1001, 1002, -1001000000003
SUBSCRIPTION = Subscription(1, "防汛", NOW)


@pytest.fixture(autouse=True)
def times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns at every 429, and here warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return (self.now - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Telegram:
    """A server that answers each message as the test says, for what the local one does not do."""

    def __init__(self) -> None:
        self.got: list[tuple[int, str]] = []
        self.answers: dict[int, Callable[[], Awaitable[Response]]] = {}
        self.base_url = ""

    async def send_message(self, request: Request) -> Response:
        form = await request.form()
        chat, text = int(str(form["chat_id"])), str(form["text"])
        self.got.append((chat, text))
        if chat in self.answers:
            return await self.answers[chat]()
        return accepted(len(self.got), chat)

    def texts(self, chat: int) -> list[str]:
        return [text for to, text in self.got if to == chat]


def accepted(message_id: int, chat: int) -> Response:
    message = {"message_id": message_id, "date": 0, "chat": {"id": chat, "type": "private"}}
    return JSONResponse({"ok": True, "result": message})


def refused(code: int, description: str, **parameters: int) -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
        return JSONResponse(body, code)

    return answer


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    app = Starlette(routes=[Route("/bot{token}/sendMessage", telegram.send_message, methods=["POST"])])
    server = Server(Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    telegram.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/bot"
    yield telegram
    server.should_exit = True
    await serving


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    server = LocalServer(port=0, schema=BOT_API if BOT_API.exists() else None)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock.seconds, clock.sleep)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with contextlib.closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        yield outbox


@pytest.fixture
def chats(tmp_path: Path) -> Chats:
    chats = Chats(tmp_path / "chats.json")
    for chat in (WANG, GROUP):
        chats.put(Chat(chat, subscriptions=(SUBSCRIPTION,), next_subscription=2))
    return chats


@pytest.fixture
async def delivery(
    server: LocalServer, outbox: Outbox, chats: Chats, clock: Clock, pace: Pace
) -> AsyncIterator[Delivery]:
    async with local_bot(server) as bot:
        yield Delivery(outbox, chats, bot, clock, pace=pace)


@pytest.fixture
async def scripted(telegram: Telegram, outbox: Outbox, chats: Chats, clock: Clock) -> AsyncIterator[Delivery]:
    bot = plain_bot("1:token", telegram.base_url)
    await bot.request.initialize()
    yield Delivery(outbox, chats, bot, clock, pace=Pace(clock.seconds, clock.sleep))
    await bot.request.shutdown()


def local_bot(server: LocalServer) -> Bot:
    return plain_bot(server.token, server.base_url)


def plain_bot(token: str, base_url: str) -> Bot:
    """Without TLS certificates, which take longer to load than most of these tests."""
    request, polling = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(token, base_url=base_url, request=request, get_updates_request=polling)


def letter(chat: int, key: str, *texts: str) -> Letter:
    return Letter(chat, key, tuple(Outgoing(text) for text in texts or (key,)))


def seen(server: LocalServer, chat: int) -> list[str]:
    return [message["text"] for message in server.messages(chat)]


async def test_a_message_arrives_as_it_was_meant(server: LocalServer, outbox: Outbox, delivery: Delivery) -> None:
    buttons = ((("全文", "a:1"), ("停", "u:1")), (("简报", "d"),))
    outbox.put(Letter(WANG, "digest:a", (Outgoing("<b>煤改电</b> &lt;今日&gt; https://example.org", buttons),)), NOW)
    assert await delivery.run_once() == 1
    [message] = server.messages(WANG)
    assert message["text"] == "煤改电 <今日> https://example.org"
    assert message["entities"][0] == {"type": "bold", "offset": 0, "length": 3}
    keyboard = message["reply_markup"]["inline_keyboard"]
    assert [[(b["text"], b["callback_data"]) for b in row] for row in keyboard] == [list(row) for row in buttons]
    assert orjson.loads(server.requests[-1].params["link_preview_options"]) == {"is_disabled": True}


async def test_what_was_accepted_has_its_receipt_and_is_not_sent_again(
    server: LocalServer, outbox: Outbox, delivery: Delivery
) -> None:
    outbox.put(letter(WANG, "a"), NOW)
    assert [await delivery.run_once(), await delivery.run_once()] == [1, 0]
    assert seen(server, WANG) == ["a"]
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 0}


async def test_the_parts_of_a_chat_arrive_in_order(server: LocalServer, outbox: Outbox, delivery: Delivery) -> None:
    for chat in (WANG, ALEX, GROUP):
        outbox.put(letter(chat, "a", "1", "2", "3"), NOW)
        outbox.put(letter(chat, "b", "4"), NOW)
    assert await delivery.run_once() == 12
    assert [seen(server, chat) for chat in (WANG, ALEX, GROUP)] == [["1", "2", "3", "4"]] * 3


async def test_a_429_makes_that_chat_wait_as_told_and_no_other(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, pace: Pace
) -> None:
    outbox.put(letter(WANG, "a", "1", "2"), NOW)
    outbox.put(letter(ALEX, "a", "1", "2"), NOW)
    server.faults = Faults(flood=1, retry_after=37)
    await delivery.run_once()
    assert (seen(server, WANG), seen(server, ALEX)) == ([], ["1", "2"])
    waits = outbox.next_due()
    assert waits is not None
    assert timedelta(seconds=37) <= waits - NOW <= timedelta(seconds=39)
    assert pace.wait(WANG, answer=True) > 30, "answers to that chat wait as well"
    clock.now = waits - timedelta(seconds=1)
    assert await delivery.run_once() == 0
    clock.now = waits
    assert await delivery.run_once() == 2
    assert seen(server, WANG) == ["1", "2"]


async def test_a_server_error_is_tried_again_later_each_time(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock
) -> None:
    outbox.put(letter(WANG, "a", "1", "2"), NOW)
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


async def test_an_answer_lost_on_its_way_repeats_that_part_alone(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock
) -> None:
    outbox.put(letter(WANG, "a", "1", "2", "3"), NOW)
    server.faults = Faults(lost=1)
    assert await delivery.run_once() == 0
    clock.now += timedelta(seconds=1)
    assert await delivery.run_once() == 3
    assert seen(server, WANG) == ["1", "1", "2", "3"]


async def test_while_telegram_cannot_be_reached_everything_stays_owed(
    server: LocalServer, outbox: Outbox, chats: Chats, delivery: Delivery, clock: Clock
) -> None:
    outbox.put(letter(WANG, "a"), NOW)
    await server.stop()
    assert await delivery.run_once() == 0
    await server.start()
    clock.now += timedelta(seconds=1)
    async with local_bot(server) as bot:
        assert await Delivery(outbox, chats, bot, clock, pace=Pace(clock.seconds, clock.sleep)).run_once() == 1


@pytest.mark.parametrize("chat", [WANG, GROUP])
async def test_a_chat_that_blocks_the_bot_keeps_everything_and_gets_it_when_it_writes_again(
    server: LocalServer, outbox: Outbox, chats: Chats, delivery: Delivery, chat: int
) -> None:
    outbox.put(letter(chat, "a", "1", "2"), NOW)
    outbox.put(letter(ALEX, "a"), NOW)
    server.faults = Faults(blocked=frozenset({chat}))
    assert await delivery.run_once() == 1
    blocked = chats.get(chat)
    assert blocked is not None
    assert (blocked.active, blocked.subscriptions) == (False, (SUBSCRIPTION,))
    outbox.put(letter(chat, "b", "3"), NOW)
    asked = len(server.requests)
    assert await delivery.run_once() == 0
    assert len(server.requests) == asked
    assert outbox.counts()["held"] == 3

    server.faults = Faults()
    chats.open(chat, "zh")
    outbox.release(chat)
    assert await delivery.run_once() == 3
    assert seen(server, chat) == ["1", "2", "3"]


async def test_a_chat_that_telegram_does_not_find_is_held_and_not_given_up(
    outbox: Outbox, chats: Chats, delivery: Delivery
) -> None:
    chats.put(Chat(4242, subscriptions=(SUBSCRIPTION,)))
    outbox.put(letter(4242, "a"), NOW)
    assert await delivery.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 1, "sent": 0, "failed": 0}
    assert chats.get(4242) == Chat(4242, subscriptions=(SUBSCRIPTION,), active=False)


async def test_other_ways_to_be_refused_hold_the_chat_as_well(
    telegram: Telegram, outbox: Outbox, chats: Chats, scripted: Delivery
) -> None:
    refusals = [
        refused(403, "Forbidden: user is deactivated"),
        refused(403, "Forbidden: bot can't initiate conversation with a user"),
        refused(400, "Bad Request: not enough rights to send text messages to the chat"),
        refused(400, "Bad Request: TOPIC_CLOSED"),
        refused(400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    ]
    telegram.answers = dict(enumerate(refusals, start=1))
    for chat in telegram.answers:
        chats.put(Chat(chat))
        outbox.put(letter(chat, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 0
    assert outbox.counts() == {"owed": 0, "held": 10, "sent": 0, "failed": 0}
    assert {chat.id for chat in chats.all() if not chat.active} == set(telegram.answers)


async def test_markup_that_telegram_refuses_goes_out_as_plain_text(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Outgoing('<b>煤改电</b> 3 < 5 &amp; <a href="https://example.org">全文', ((("停", "u:1"),),))
    outbox.put(Letter(WANG, "a", (broken, Outgoing("<i>2</i>"))), NOW)
    assert await delivery.run_once() == 2
    assert seen(server, WANG) == ["煤改电 3 < 5 & 全文", "2"]
    assert server.messages(WANG)[0]["reply_markup"]
    assert clock.now - NOW >= timedelta(seconds=2), "the second attempt counts as a message, too"
    assert "markup refused" in caplog.text
    assert "煤改电" not in caplog.text


async def test_a_message_that_can_never_be_sent_is_kept_as_failed_and_the_next_goes_on(
    server: LocalServer, outbox: Outbox, delivery: Delivery
) -> None:
    outbox.put(letter(WANG, "a", "长" * 5000, "2"), NOW)
    assert await delivery.run_once() == 1
    assert seen(server, WANG) == ["2"]
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 1}


async def test_a_group_that_became_a_supergroup_gets_its_letters_there(
    telegram: Telegram, outbox: Outbox, chats: Chats, scripted: Delivery
) -> None:
    chats.put(Chat(-7, subscriptions=(SUBSCRIPTION,), next_subscription=2))
    telegram.answers[-7] = refused(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007
    )
    outbox.put(letter(-7, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 2
    assert telegram.got == [(-7, "1"), (-1007, "1"), (-1007, "2")]
    assert chats.get(-7) is None
    assert chats.get(-1007) == Chat(-1007, subscriptions=(SUBSCRIPTION,), next_subscription=2)


async def not_json() -> Response:
    return Response("<html>gateway</html>")


async def test_what_says_nothing_about_the_message_only_delays_it(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, clock: Clock
) -> None:
    answers = [refused(401, "Unauthorized"), refused(404, "Not Found"), refused(409, "Conflict"), not_json]
    telegram.answers = dict(enumerate(answers, start=1))
    for chat in telegram.answers:
        outbox.put(letter(chat, "a"), NOW)
    assert await scripted.run_once() == 0
    telegram.answers.clear()
    clock.now += timedelta(seconds=1)
    assert await scripted.run_once() == 4


async def test_chats_do_not_wait_for_one_whose_answer_takes_long(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    others_done = asyncio.Event()

    async def slow() -> Response:
        await asyncio.wait_for(others_done.wait(), 5)
        return accepted(1, WANG)

    telegram.answers[WANG] = slow
    outbox.put(letter(WANG, "a", "1", "2"), NOW)
    for chat in range(1, 51):
        outbox.put(letter(chat, "a", "1", "2"), NOW)
    running = asyncio.create_task(scripted.run_once())
    while len(telegram.got) < 101:
        await asyncio.sleep(0.005)
    assert telegram.texts(WANG) == ["1"]
    others_done.set()
    assert await running == 102
    assert telegram.texts(WANG) == ["1", "2"]


async def test_two_runs_at_once_send_each_part_once(telegram: Telegram, outbox: Outbox, scripted: Delivery) -> None:
    for chat in range(1, 11):
        outbox.put(letter(chat, "a", "1", "2"), NOW)
    assert sum(await asyncio.gather(*(scripted.run_once() for _ in range(3)))) == 20
    assert len(telegram.got) == len(set(telegram.got)) == 20


async def test_stopped_in_the_middle_it_still_takes_the_receipts_of_open_requests(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    async def slow() -> Response:
        await asyncio.sleep(0.2)
        return accepted(1, WANG)

    telegram.answers[WANG] = slow
    outbox.put(letter(WANG, "a", "1", "2"), NOW)
    running = asyncio.create_task(scripted.run_once())
    while not telegram.got:
        await asyncio.sleep(0.005)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert outbox.counts() == {"owed": 1, "held": 0, "sent": 1, "failed": 0}
    assert telegram.texts(WANG) == ["1"]


async def test_a_receipt_that_cannot_be_written_stops_delivery_and_repeats_nothing(
    telegram: Telegram, outbox: Outbox, scripted: Delivery
) -> None:
    for key in ("a", "b"):
        outbox.put(letter(WANG, key), NOW)
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


async def test_a_chat_forgotten_while_its_message_is_on_the_way_stays_forgotten(
    telegram: Telegram, outbox: Outbox, chats: Chats, scripted: Delivery
) -> None:
    async def forget() -> Response:
        outbox.forget(WANG)
        chats.forget(WANG)
        return await refused(403, "Forbidden: bot was blocked by the user")()

    telegram.answers[WANG] = forget
    outbox.put(letter(WANG, "a", "1", "2"), NOW)
    assert await scripted.run_once() == 0
    assert chats.get(WANG) is None
    assert outbox.keys("") == set()


async def test_a_server_that_enforces_telegrams_limits_refuses_nothing(outbox: Outbox, chats: Chats) -> None:
    """In real time: four messages to a person take three seconds, as two to a group do."""
    server = LocalServer(port=0, enforce_limits=True)
    await server.start()
    for chat, texts in ((WANG, "1234"), (ALEX, "1"), (GROUP, "12")):
        outbox.put(letter(chat, "a", *texts), NOW)
    async with local_bot(server) as bot:
        assert await Delivery(outbox, chats, bot, lambda: datetime.now(UTC)).run_once() == 7
    assert {request.status for request in server.requests} == {200}
    await server.stop()


async def test_the_pace_is_thirty_a_second_over_all_one_a_second_to_a_person_and_twenty_a_minute_to_a_group(
    clock: Clock,
) -> None:
    pace = Pace(clock.seconds, clock.sleep)
    turns: dict[int, list[datetime]] = defaultdict(list)
    for chat in [*range(1, 31), -1] * 20:
        await pace.turn(chat)
        turns[chat].append(clock.now)
    every = sorted(turn for times in turns.values() for turn in times)
    tolerance = timedelta(milliseconds=1)
    assert min(b - a for a, b in zip(every, every[30:], strict=False)) >= timedelta(seconds=1) - tolerance
    for chat, times in turns.items():
        distance = timedelta(seconds=3 if chat < 0 else 1)
        assert min(b - a for a, b in itertools.pairwise(times)) >= distance


async def test_a_hundred_and_fifty_chats_are_served_in_five_seconds(
    telegram: Telegram, outbox: Outbox, scripted: Delivery, clock: Clock
) -> None:
    for chat in range(1, 151):
        outbox.put(letter(chat, "a"), NOW)
    assert await scripted.run_once() == 150
    assert timedelta(seconds=4.9) <= clock.now - NOW <= timedelta(seconds=5.1)


async def test_a_chat_that_has_to_wait_long_is_left_for_a_later_run(
    server: LocalServer, outbox: Outbox, delivery: Delivery, clock: Clock, pace: Pace
) -> None:
    """An answer met a 429 there; what others are owed does not wait for it."""
    pace.hold(WANG, 20)
    for chat in (WANG, ALEX):
        outbox.put(letter(chat, "a"), NOW)
    assert await delivery.run_once() == 1
    assert (seen(server, ALEX), clock.now - NOW < timedelta(seconds=1)) == (["a"], True)
    clock.now += timedelta(seconds=20)
    assert await delivery.run_once() == 1


async def test_a_turn_of_a_waiting_chat_takes_nothing_from_the_others(clock: Clock) -> None:
    pace = Pace(clock.seconds, clock.sleep)
    await pace.turn(1)
    waiting = asyncio.create_task(pace.turn(1))
    await pace.turn(2)
    assert clock.now - NOW <= timedelta(seconds=1.1)
    await waiting
    assert clock.now - NOW >= timedelta(seconds=1)


def test_the_time_to_wait_is_read_in_either_form_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told_wait(RetryAfter(37)) == timedelta(seconds=37)
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(PTBDeprecationWarning):
        assert told_wait(RetryAfter(37)) == timedelta(seconds=37)
