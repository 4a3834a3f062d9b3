"""The middleware, replies and the error handler: access, rate limit, order of updates, failed answers."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, Update, User
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut
from telegram.ext import ApplicationHandlerStop

from bot.config import AccessConfig
from bot.delivery.throttle import ReplyTimeout
from bot.handlers import errors, middleware, replies
from bot.operations.monitoring import Metrics
from bot.permissions import RateLimit
from bot.texts import texts_for
from digests.chats import OutgoingMessage
from tests.updates import DAY, GROUP, OTHER, Answering, message, pressed, typed

CHANNEL = Chat(-1009, "channel", title="云河日报")


@pytest.mark.parametrize(
    ("error", "refused", "unreachable"),
    [
        (Forbidden("bot was blocked by the user"), True, True),
        (BadRequest("Chat not found"), True, False),
        (BadRequest("message thread not found"), True, False),
        (BadRequest("message is too long"), False, False),
        (TimedOut(), False, True),
        (NetworkError("no route"), False, True),
        (ZeroDivisionError(), False, False),
    ],
)
def test_errors_are_told_apart(error: Exception, refused: bool, unreachable: bool) -> None:
    assert errors.is_write_refusal(error) is refused
    assert errors._is_unreachable(error) is unreachable


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (Update(1, message=message("防汛")), True),
        (Update(1, message=message(None)), True),
        (Update(1, message=message("防汛", GROUP)), False),
        (Update(1, message=message(None, GROUP)), False),
        (Update(1, message=message("/today", GROUP)), True),
        (pressed(1), True),
        (typed(1), True),
        (Update(1, edited_message=message("防汛")), False),
    ],
)
def test_commands_private_messages_presses_and_inline_queries_expect_an_answer(update: Update, expected: bool) -> None:
    assert middleware._expects_answer(update) is expected


def test_the_sender_is_the_chat_or_else_the_user() -> None:
    assert middleware.sender_id(Update(1, message=message("防汛", GROUP))) == -1001
    assert middleware.sender_id(typed(1)) == 1001
    assert middleware.sender_id(Update(1)) == 0
    assert middleware.sender_id("no update") == 0


class Processed:
    """Runs updates through the processor; each stays in its handler until it is released."""

    def __init__(self) -> None:
        self.processor = middleware.PerChatProcessor(Metrics())
        self.started: list[int] = []
        self.go = asyncio.Event()

    def run(self, update: Update) -> "asyncio.Task[None]":
        return asyncio.create_task(self.processor.do_process_update(update, self._handle(update.update_id)))

    async def _handle(self, number: int) -> None:
        self.started.append(number)
        await self.go.wait()


async def started_of(*batch: Update) -> tuple[list[int], list[int]]:
    """The updates that start at once, and all that start before the end."""
    processed = Processed()
    tasks = [processed.run(update) for update in batch]
    await asyncio.sleep(0.01)
    at_once = list(processed.started)
    processed.go.set()
    await asyncio.gather(*tasks)
    return at_once, processed.started


async def test_updates_of_one_chat_wait_for_each_other_and_those_of_others_do_not() -> None:
    first, second = Update(1, message=message("一")), Update(2, message=message("二"))
    elsewhere = Update(3, message=message("三", GROUP))
    assert await started_of(first, second, elsewhere) == ([1, 3], [1, 3, 2])


async def test_an_inline_query_does_not_wait_for_the_private_chat_of_its_sender() -> None:
    assert await started_of(Update(1, message=message("一")), typed(2)) == ([1, 2], [1, 2])


async def test_of_waiting_inline_queries_of_a_sender_only_the_newest_is_answered() -> None:
    assert await started_of(typed(1), typed(2), typed(3), typed(4, OTHER)) == ([1, 4], [1, 4, 3])


async def test_a_press_that_repeats_a_running_one_is_dropped() -> None:
    Answering.answered.clear()
    assert await started_of(pressed(1), pressed(2)) == ([1], [1])
    assert Answering.answered == ["2"]  # so that its button stops spinning
    for other in (pressed(2, by=OTHER), pressed(2, data="y"), pressed(2, message_id=2)):
        assert await started_of(pressed(1), other) == ([1], [1, 2])


async def test_a_press_that_is_done_may_be_repeated() -> None:
    processed = Processed()
    processed.go.set()
    await processed.run(pressed(1))
    await processed.run(pressed(2))
    await processed.run(typed(3))
    await processed.run(typed(4))
    assert processed.started == [1, 2, 3, 4]


class Gate:
    """Sends updates through `check_access`; remembers the rejections."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, access: AccessConfig) -> None:
        self.rejected: list[tuple[str, object]] = []
        services = SimpleNamespace(config=SimpleNamespace(access=access), rate_limit=RateLimit(lambda: 100.0))
        self._context: Any = SimpleNamespace(services=services)

        async def reject(_: object, __: object, reason: str, **values: object) -> None:
            self.rejected.append((reason, next(iter(values.values()))))

        monkeypatch.setattr(middleware, "_reject", reject)

    async def admits(self, update: Update) -> bool:
        try:
            await middleware.check_access(update, self._context)
        except ApplicationHandlerStop:
            return False
        return True


async def test_without_a_list_everybody_is_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await Gate(monkeypatch, AccessConfig()).admits(Update(1, message=message("防汛")))


@pytest.mark.parametrize(
    ("sender", "fields", "is_admitted"),
    [
        (User(5, "另一个机器人", is_bot=True), {}, False),
        (User(777000, "Telegram", is_bot=False), {"is_automatic_forward": True, "sender_chat": CHANNEL}, False),
        (User(1087968824, "Group", is_bot=True), {"sender_chat": GROUP}, True),
        (User(136817688, "Channel", is_bot=True), {"sender_chat": CHANNEL}, True),
        (User(6, "读者", is_bot=False), {}, True),
    ],
)
async def test_messages_of_bots_and_forwarded_posts_are_ignored(
    monkeypatch: pytest.MonkeyPatch, sender: User, fields: dict[str, Any], is_admitted: bool
) -> None:
    written = Message(1, datetime(2023, 3, 5, tzinfo=UTC), GROUP, from_user=sender, text="/today", **fields)
    gate = Gate(monkeypatch, AccessConfig())
    assert await gate.admits(Update(1, message=written)) is is_admitted
    assert gate.rejected == []


async def test_a_chat_without_access_is_rejected_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch, AccessConfig(allowed=(1002,)))
    assert not await gate.admits(Update(1, message=message("防汛", GROUP)))
    assert gate.rejected == []  # nobody asked the bot
    for _ in range(2):
        assert not await gate.admits(Update(1, message=message("防汛")))
    assert gate.rejected == [("closed", "1001")]


async def test_a_user_with_access_is_admitted_in_any_group(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch, AccessConfig(allowed=(1001,)))
    assert await gate.admits(Update(1, message=message("/today", GROUP)))
    assert not await gate.admits(pressed(2, by=OTHER))
    assert gate.rejected == [("closed", "-1001")]


async def test_a_chat_over_its_rate_limit_is_told_once_and_talk_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = Gate(monkeypatch, AccessConfig(per_minute=2))
    command, talk = Update(1, message=message("/today", GROUP)), Update(2, message=message("防汛", GROUP))
    assert [await gate.admits(update) for update in (talk, command, talk, command)] == [True] * 4
    assert [await gate.admits(update) for update in (command, command, talk)] == [False, False, True]
    assert gate.rejected == [("too_much", 2)]


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, True), (0.1, False)])
async def test_typing_is_not_shown_while_the_chat_has_to_wait(
    monkeypatch: pytest.MonkeyPatch, seconds: float, shown: bool
) -> None:
    actions: list[tuple[str, int | None]] = []

    async def send_action(action: str, *, message_thread_id: int | None) -> None:
        actions.append((action, message_thread_id))

    monkeypatch.setattr(middleware, "TYPING_DELAY_SECONDS", 0.0)
    throttle = SimpleNamespace(seconds_to_wait=lambda chat, *, reply: seconds if (chat, reply) == (1001, True) else 9.0)
    context: Any = SimpleNamespace(services=SimpleNamespace(throttle=throttle), topic=11)
    chat: Any = SimpleNamespace(id=1001, send_action=send_action)
    typing = asyncio.create_task(middleware._keep_typing(chat, context))
    await asyncio.sleep(0.01)
    typing.cancel()
    assert actions == ([("typing", 11)] if shown else [])


async def test_a_rejected_inline_query_gets_no_results_that_telegram_may_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = []

    class Bot:
        async def answer_inline_query(self, inline_query_id: str, results: Any, **values: Any) -> bool:
            answers.append((list(results), values["cache_time"], values["is_personal"]))
            return True

    update = typed(1)
    assert update.inline_query
    update.inline_query.set_bot(Bot())  # type: ignore[arg-type]
    monkeypatch.setattr(middleware, "_sender_texts", lambda *_: texts_for("zh"))
    await middleware._reject(update, None, "closed", id="1001")  # type: ignore[arg-type]
    assert answers == [([], 0, True)]


def test_a_chat_that_writes_again_gets_its_held_messages_before_it_is_active() -> None:
    calls: list[Any] = []
    chat = SimpleNamespace(active=False, settings=SimpleNamespace(language="en"))
    services: Any = SimpleNamespace(
        outbox=SimpleNamespace(release=lambda chat_id: calls.append(("release", chat_id))),
        chats=SimpleNamespace(get=lambda _: chat, get_or_create=lambda *values: calls.append(("open", *values))),
    )
    middleware.reactivate(services, 1001)
    assert calls == [("release", 1001), ("open", 1001, "en")]
    chat.active = True
    middleware.reactivate(services, 1001)
    assert calls[2:] == [("release", 1001)]


class Sending:
    """A context whose sending fails as told; remembers what is sent and what goes to the outbox."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, failures: dict[int, Exception], *, erased: bool = False
    ) -> None:
        self.sent: list[str] = []
        self.queued: list[Any] = []
        attempts = iter(range(99))

        async def send(_: object, __: int, function: Any, sendable: OutgoingMessage, *, photo: Any = None) -> None:
            if failure := failures.get(next(attempts)):
                raise failure
            self.sent.append(sendable.text)

        monkeypatch.setattr(replies, "send_with_retries", send)
        outbox = SimpleNamespace(add=lambda entry, now: self.queued.append(entry))
        services = SimpleNamespace(
            throttle=None, outbox=outbox, clock=lambda: DAY, pictures=SimpleNamespace(send=lambda *_: None)
        )
        chat = SimpleNamespace(id=1001)
        self.context: Any = SimpleNamespace(services=services, chat=chat, target=chat, topic=11, erased=erased)

    @property
    def queued_texts(self) -> list[str]:
        return [part.text for entry in self.queued for part in entry.parts]


THREE = tuple(map(OutgoingMessage, ("一", "二", "三")))


async def test_the_messages_after_a_timeout_go_to_the_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    sending = Sending(monkeypatch, {1: ReplyTimeout()})
    await replies.reply(Update(7, message=message("防汛")), sending.context, *THREE)
    assert (sending.sent, sending.queued_texts) == (["一"], ["二", "三"])
    [entry] = sending.queued
    assert (entry.chat, entry.key, entry.topic) == (1001, "answer:7", 11)


async def test_for_an_erased_chat_nothing_goes_to_the_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    sending = Sending(monkeypatch, {0: ReplyTimeout()}, erased=True)
    await replies.reply(Update(7, message=message("防汛")), sending.context, *THREE)
    assert (sending.sent, sending.queued) == ([], [])


@pytest.mark.parametrize(
    ("failure", "sent_texts", "queued"),
    [
        (BadRequest("Message is not modified: specified new message content"), [], []),
        (BadRequest("message to edit not found"), ["一"], []),
        (ReplyTimeout(), [], ["一"]),
    ],
)
async def test_an_edit_that_fails_becomes_a_reply_unless_nothing_would_change(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, sent_texts: list[str], queued: list[str]
) -> None:
    sending = Sending(monkeypatch, {0: failure})
    await replies.edit_or_reply(pressed(7), sending.context, THREE[0])
    assert (sending.sent, sending.queued_texts) == (sent_texts, queued)


def test_a_reply_is_sent_although_the_message_that_asked_is_gone() -> None:
    context: Any = SimpleNamespace(services=SimpleNamespace(pictures=SimpleNamespace(send=lambda *_: None)))
    text, photo = replies._send_functions(Update(1, message=message("防汛")), context)
    assert text.keywords == {"allow_sending_without_reply": True}  # type: ignore[attr-defined]
    assert photo.args[0].keywords == {"allow_sending_without_reply": True}  # type: ignore[attr-defined]
