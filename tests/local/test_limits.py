"""The numbers of the local server, and what happens at each of them and one beyond."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from bot.local import (
    Faults,
    LocalServer,
    bot_api,
    entities,
    files,
    messages,
    page_api,
    refusals,
    requests,
    updates,
    user_actions,
)
from bot.local.entities import Entity, with_found_entities
from bot.local.files import FileStore, Upload
from bot.local.messages import EventLog
from bot.local.methods import message_parts, profile
from bot.local.methods import messages as messages_module
from bot.local.methods import updates as update_methods
from bot.local.refusals import RateLimits, Refusal
from bot.local.state import PendingQueries
from bot.local.updates import UpdateQueue
from tests.local.conftest import WANG, Caller, png
from tests.local.test_size_limits import jpeg, upload

OF_TELEGRAM = {
    (files, "MAX_PHOTO_BYTES"): 10 * 2**20,
    (files, "MAX_PHOTO_SIDES"): 10_000,
    (files, "MAX_PHOTO_RATIO"): 20,
    (profile, "MAX_COMMANDS"): 100,
    (profile, "MAX_COMMAND_DESCRIPTION_CHARS"): 256,
    (profile, "MAX_NAME_CHARS"): 64,
    (profile, "MAX_DESCRIPTION_CHARS"): 512,
    (profile, "MAX_SHORT_DESCRIPTION_CHARS"): 120,
    (refusals, "MESSAGES_PER_SECOND"): 30,
    (refusals, "MESSAGES_PER_GROUP_MINUTE"): 20,
    (message_parts, "MAX_BUTTONS"): 100,
    (message_parts, "MAX_CALLBACK_DATA_BYTES"): 64,
    (message_parts, "MAX_TEXT_UNITS"): 4096,
    (message_parts, "MAX_CAPTION_UNITS"): 1024,
    (message_parts, "MAX_MESSAGE_IDS"): 100,
    (messages_module, "MAX_ALBUM_SIZE"): 10,
    (messages_module, "DELETABLE_SECONDS"): 172_800,
    (entities, "MAX_ENTITIES"): 100,
    (files, "MAX_UPLOAD_BYTES"): 50 * 2**20,
    (files, "MAX_DOWNLOAD_BYTES"): 20 * 2**20,
    (update_methods, "MAX_NOTICE_CHARS"): 200,
    (update_methods, "MAX_INLINE_RESULTS"): 50,
    (update_methods, "MAX_RESULT_ID_BYTES"): 64,
    (update_methods, "MAX_UPDATES_PER_POLL"): 100,
    (update_methods, "MAX_POLL_SECONDS"): 50,
    (user_actions, "MAX_TYPED_CHARS"): 4096,
}
OF_THE_SERVER = {
    (bot_api, "MAX_RECORDED_REQUESTS"): 1000,
    (files, "MAX_STORED_BYTES"): 128 * 2**20,
    (messages, "MAX_EVENTS"): 2000,
    (messages, "MAX_MESSAGES_PER_CHAT"): 5000,
    (messages, "HEARTBEAT_SECONDS"): 15.0,
    (page_api, "MAX_EVENT_STREAMS"): 64,
    (page_api, "MAX_EVENT_STREAMS_PER_BROWSER"): 4,
    (requests, "MAX_REQUEST_BYTES"): 55 * 2**20,
    (requests, "MAX_PAGE_REQUEST_BYTES"): 2**20,
    (updates, "MAX_WAITING_UPDATES"): 10_000,
    (updates, "FIRST_RETRY_SECONDS"): 0.2,
    (updates, "MAX_RETRY_SECONDS"): 5.0,
    (updates, "SECONDS_BETWEEN_WEBHOOKS"): 1.0,
    (updates, "MAX_SECRET_CHARS"): 256,
}


@pytest.mark.parametrize(("place", "value"), (OF_TELEGRAM | OF_THE_SERVER).items(), ids=lambda place: str(place)[-40:])
def test_a_limit_has_its_documented_value(place: tuple[Any, str], value: float) -> None:
    module, name = place
    assert getattr(module, name) == value


def test_the_defaults_of_the_server_and_its_faults() -> None:
    parameters = inspect.signature(LocalServer).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    assert defaults == {
        "host": "127.0.0.1",
        "port": 8030,
        "schema": None,
        "enforce_limits": False,
        "privacy_mode": True,
        "answer_wait": 8.0,
        "query_lifetime": 30.0,
        "actions": (),
    }
    assert Faults() == Faults(retry_after=1, methods=refusals.SENDING_METHODS)
    assert RateLimits().burst == 20
    assert sorted(refusals.SENDING_METHODS) == [
        "copyMessage",
        "copyMessages",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "editMessageText",
        "forwardMessage",
        "forwardMessages",
        "sendDocument",
        "sendMediaGroup",
        "sendMessage",
        "sendPhoto",
    ]


def seconds_to_wait(rate_limits: RateLimits) -> int:
    with pytest.raises(Refusal) as refused:
        rate_limits.count(WANG, is_group=False)
    return dict(refused.value.parameters or {})["retry_after"]


def test_a_chat_takes_a_burst_and_then_as_many_messages_in_as_many_seconds() -> None:
    now = [100.0]
    rate_limits = RateLimits(burst=3, clock=lambda: now[0])
    for _ in range(3):
        rate_limits.count(WANG, is_group=False)
        now[0] += 0.25
    assert seconds_to_wait(rate_limits) == 3  # 2.25, rounded up
    now[0] = 102.75
    assert seconds_to_wait(rate_limits) == 1
    now[0] = 103.0
    rate_limits.count(WANG, is_group=False)
    assert seconds_to_wait(rate_limits) == 1


def test_a_fault_with_a_chance_strikes_below_it_and_stays() -> None:
    class Fixed:
        def __init__(self, value: float) -> None:
            self.random = lambda: value

    faults = Faults(lost_chance=0.5)
    assert faults.strike("lost", "sendMessage", Fixed(0.49)) is faults  # type: ignore[arg-type]
    assert faults.strike("lost", "sendMessage", Fixed(0.5)) is None  # type: ignore[arg-type]
    assert faults.strike("lost", "getMe", Fixed(0.0)) is None  # type: ignore[arg-type]
    assert Faults(lost=2).strike("lost", "sendMessage", Fixed(1.0)) == Faults(lost=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("photo", [jpeg(9000, 1000), jpeg(200, 10), png(30, 20)[:24]])
def test_a_photo_at_a_limit_is_accepted(photo: bytes) -> None:
    assert FileStore().store(upload(photo), photo=True).is_photo


@pytest.mark.parametrize("photo", [jpeg(9001, 1000), jpeg(201, 10), jpeg(10, 201), jpeg(0, 10), png(30, 20)[:23]])
def test_a_photo_beyond_a_limit_is_refused(photo: bytes) -> None:
    with pytest.raises(Refusal, match=r"IMAGE_PROCESS_FAILED|PHOTO_INVALID_DIMENSIONS"):
        FileStore().store(upload(photo), photo=True)


def test_a_jpeg_may_end_with_its_frame_header() -> None:
    photo = jpeg(30, 20)
    end = photo.index(b"\xff\xc0") + 9
    assert FileStore().store(upload(photo[:end]), photo=True).width == 30
    with pytest.raises(Refusal, match="IMAGE_PROCESS_FAILED"):
        FileStore().store(upload(photo[: end - 1]), photo=True)


def test_a_photo_of_the_largest_size_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PHOTO_BYTES", len(png(30, 20)))
    assert FileStore().store(upload(png(30, 20)), photo=True)
    with pytest.raises(Refusal, match="file is too big"):
        FileStore().store(upload(png(30, 20) + b"x"), photo=True)


def test_files_up_to_the_size_limit_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_STORED_BYTES", 10)
    store = FileStore()
    kept = [store.store(upload(b"12345"), photo=False) for _ in range(2)]
    assert all(store.get(file.id) for file in kept)
    assert kept[0].to_json()["file_unique_id"] == kept[0].id[-12:]


async def accepted(bot: Caller, method: str, **values: Any) -> bool:
    return bool((await bot(method, **values))["ok"])


def keyboard(count: int, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "键", "callback_data": data}] for _ in range(count)]}


def command(name: str = "today", description: str = "今天") -> dict[str, str]:
    return {"command": name, "description": description}


SENT: dict[str, tuple[str, Callable[[int], dict[str, Any]], int]] = {
    "text": ("sendMessage", lambda n: {"text": "字" * n}, 4096),
    "buttons": ("sendMessage", lambda n: {"text": "?", "reply_markup": keyboard(n)}, 100),
    "callback data": ("sendMessage", lambda n: {"text": "?", "reply_markup": keyboard(1, "x" * n)}, 64),
    "commands": ("setMyCommands", lambda n: {"commands": [command()] * n}, 100),
    "command": ("setMyCommands", lambda n: {"commands": [command("a" * n)]}, 32),
    "command description": ("setMyCommands", lambda n: {"commands": [command(description="字" * n)]}, 256),
    "name": ("setMyName", lambda n: {"name": "字" * n}, 64),
    "description": ("setMyDescription", lambda n: {"description": "字" * n}, 512),
    "short description": ("setMyShortDescription", lambda n: {"short_description": "字" * n}, 120),
}


@pytest.mark.parametrize("what", SENT)
async def test_a_request_at_a_limit_is_accepted_and_one_beyond_it_refused(bot: Caller, what: str) -> None:
    method, values, limit = SENT[what]
    chat = {"chat_id": WANG} if method == "sendMessage" else {}
    assert await accepted(bot, method, **chat, **values(limit))
    assert not await accepted(bot, method, **chat, **values(limit + 1))


async def test_a_caption_has_at_most_1024_units(bot: Caller) -> None:
    sent = bot.server.state.files.store(Upload("a", "text/plain", b"x"), photo=False)
    assert await accepted(bot, "sendDocument", chat_id=WANG, document=sent.id, caption="字" * 1024)
    assert not await accepted(bot, "sendDocument", chat_id=WANG, document=sent.id, caption="字" * 1025)


async def test_the_answer_to_a_button_has_at_most_200_characters(bot: Caller) -> None:
    query = bot.server.state.queries.open()
    assert not await accepted(bot, "answerCallbackQuery", callback_query_id=query.id, text="字" * 201)
    assert await accepted(bot, "answerCallbackQuery", callback_query_id=query.id, text="字" * 200)
    assert not await accepted(bot, "answerCallbackQuery", callback_query_id=query.id, text="字")


def results(count: int, id_length: int = 2) -> list[dict[str, Any]]:
    content = {"message_text": "x"}
    return [
        {"type": "article", "id": f"{number:0{id_length}}", "title": "x", "input_message_content": content}
        for number in range(count)
    ]


async def test_an_inline_answer_has_at_most_50_results_with_distinct_ids_of_64_bytes(bot: Caller) -> None:
    query = bot.server.state.queries.open().id
    for refused in (results(51), results(1, 65), [{**results(1)[0], "id": ""}], results(1) * 2):
        assert not await accepted(bot, "answerInlineQuery", inline_query_id=query, results=refused)
    assert await accepted(bot, "answerInlineQuery", inline_query_id=query, results=results(50, 64))


async def test_an_inline_answer_is_cached_for_300_seconds_by_default(bot: Caller) -> None:
    query = bot.server.state.queries.open()
    await bot.result("answerInlineQuery", inline_query_id=query.id, results=[])
    assert await query.answer == {"results": [], "next_offset": "", "cache_time": 300, "is_personal": False}


@pytest.mark.parametrize(("age", "deleted"), [(172_800, True), (172_801, False)])
async def test_a_message_can_be_deleted_for_48_hours(bot: Caller, age: int, deleted: bool) -> None:
    stored = bot.server.state.messages
    message = await bot.result("sendMessage", chat_id=WANG, text="?")
    stored._clock = lambda: message["date"] + age
    assert await accepted(bot, "deleteMessage", chat_id=WANG, message_id=message["message_id"]) == deleted


def queue(count: int) -> UpdateQueue:
    waiting = UpdateQueue(lambda _: None)
    waiting._next_id = 1
    for _ in range(count):
        waiting.push("message", {})
    return waiting


def ids(waiting: UpdateQueue) -> list[int]:
    return [update["update_id"] for update in waiting._waiting]


@pytest.mark.parametrize(
    ("offset", "left"),
    [(0, [1, 2, 3]), (1, [1, 2, 3]), (2, [2, 3]), (3, [3]), (4, []), (-1, [3]), (-3, [1, 2, 3]), (-4, [1, 2, 3])],
)
def test_an_offset_confirms_the_updates_before_it(offset: int, left: list[int]) -> None:
    waiting = queue(3)
    waiting.confirm(offset)
    assert ids(waiting) == left


async def test_a_poll_returns_at_most_its_limit() -> None:
    assert [update["update_id"] for update in await queue(3).poll(2, 0)] == [1, 2]


def test_kinds_that_telegram_sends_only_on_request_are_not_sent_by_default() -> None:
    waiting = queue(0)
    for kind in ("chat_member", "message_reaction", "message_reaction_count", "poll"):
        waiting.push(kind, {})
    assert [next(reversed(update)) for update in waiting._waiting] == ["poll"]
    waiting.allow(["chat_member"])
    waiting.push("chat_member", {})
    waiting.push("poll", {})
    assert len(waiting) == 2


async def test_a_webhook_retries_after_doubling_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    waiting = queue(1)
    webhook = updates.Webhook(waiting)
    real_sleep = asyncio.sleep

    async def refuse(*_: object) -> bool:
        return len(pauses) == 7

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr(webhook, "_post", refuse)
    monkeypatch.setattr(updates.asyncio, "sleep", sleep)
    await webhook.set("http://127.0.0.1:9/x", "")
    while len(waiting):
        await real_sleep(0)
    await webhook.stop()
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


async def test_a_query_can_be_answered_for_its_lifetime() -> None:
    now = [100.0]
    queries = PendingQueries(30.0, lambda: now[0])
    first, second = queries.open(), queries.open()
    now[0] = 130.0
    queries.answer(first.id, {"text": "x"})
    assert await first.answer == {"text": "x"}
    now[0] = 130.1
    with pytest.raises(Refusal, match="query is too old"):
        queries.answer(second.id, {})


async def first_events(log: EventLog, since: str) -> list[bytes]:
    log.close()
    return [part async for part in log.stream(since)][1:]


@pytest.mark.parametrize(("seen", "reset"), [(0, True), (1, False), (3, False), (4, True)])
async def test_a_stream_is_reset_only_if_events_are_missing(
    monkeypatch: pytest.MonkeyPatch, seen: int, reset: bool
) -> None:
    monkeypatch.setattr(messages, "MAX_EVENTS", 2)
    log = EventLog()
    for number in range(1, 4):
        log.publish("message", {"number": number})
    epoch = log.last_id.partition("-")[0]
    assert log._resume(f"{epoch}-{seen}") == (None if reset else seen)
    assert bool(await first_events(log, f"{epoch}-{seen}")) == reset


@pytest.mark.parametrize(
    ("text", "kind", "length"),
    [
        ("/" + "a" * 64, "bot_command", 65),
        ("@abcd", "mention", 5),
        ("@" + "a" * 32, "mention", 33),
        ("#报", "hashtag", 2),
    ],
)
def test_a_detected_entity_has_its_whole_length(text: str, kind: str, length: int) -> None:
    assert with_found_entities(text, ()).entities == (Entity(kind, 0, length),)


@pytest.mark.parametrize("text", ["/" + "a" * 65, "@abc", "@" + "a" * 33, "#1"])
def test_text_outside_the_limits_of_an_entity_is_not_one(text: str) -> None:
    assert with_found_entities(text, ()).entities == ()


@pytest.mark.parametrize(
    ("entity", "problem"),
    [
        (
            Entity("bold", 1, 9),
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
        ),
        (Entity("bold", 4, 1), "entity begins after the end of the text at UTF-16 offset 4"),
        (Entity("bold", 2, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 7"),
        (
            Entity("bold", 0, 2),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 7",
        ),
    ],
)
def test_an_entity_outside_the_text_or_inside_a_character_is_refused(entity: Entity, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        with_found_entities("报😀!", [entity])
    assert refused.value.description == f"Bad Request: {problem}"


def test_a_message_has_at_most_100_entities() -> None:
    bold = [Entity("bold", 2 * number, 1) for number in range(101)]
    assert with_found_entities("报 " * 101, bold).entities == tuple(bold[:100])


def test_of_entities_at_one_offset_the_longer_one_comes_first() -> None:
    inner, outer = Entity("italic", 0, 1), Entity("bold", 0, 2)
    assert with_found_entities("报纸", (inner, outer)).entities == (outer, inner)
    quote = Entity("blockquote", 0, 2)
    assert with_found_entities("报纸", (outer, quote)).entities == (quote, outer)
