"""Replies: their fallbacks, retries and delays."""

import random
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.warnings import PTBDeprecationWarning

from bot.delivery.sending import backoff, requested_delay, retry_delay, send_once, send_with_retries
from bot.delivery.throttle import RECOVERY_FACTOR, SECONDS_BETWEEN_MESSAGES, SLOWDOWN_FACTOR, ReplyTimeout, Throttle
from digests.chats import OutgoingMessage, Picture
from tests.delivery.telegram import WANG
from tests.virtual_clock import Clock

MESSAGE = OutgoingMessage("防汛")


def test_the_requested_delay_is_read_in_either_form_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert requested_delay(RetryAfter(37)) == timedelta(seconds=37)
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(PTBDeprecationWarning):
        assert requested_delay(RetryAfter(37)) == timedelta(seconds=37)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (10, 300), (10_000, 300)]
)
def test_the_backoff_doubles_up_to_five_minutes(failures: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    ranges = []

    def lowest(low: float, high: float) -> float:
        ranges.append((low, high))
        return low

    monkeypatch.setattr(random, "uniform", lowest)
    assert backoff(failures) == timedelta(seconds=seconds * 0.5)
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    assert backoff(failures) == timedelta(seconds=seconds)
    assert ranges == [(0.5, 1)]


def test_a_429_waits_as_requested_and_any_other_error_backs_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    assert retry_delay(RetryAfter(5), 7) == timedelta(seconds=5)
    assert retry_delay(NetworkError("lost"), 3) == timedelta(seconds=8)
    assert retry_delay(TimedOut(), 0) == timedelta(seconds=1)


class _Telegram:
    """Answers each attempt with the next outcome: an error to raise, or None to accept."""

    def __init__(self, clock: Clock, *outcomes: TelegramError | None) -> None:
        self._clock = clock
        self._outcomes = list(outcomes)
        self.attempts: list[float] = []
        self.fields: list[dict[str, Any]] = []

    async def send(self, *picture: object, **fields: Any) -> str:
        self.attempts.append(self._clock.seconds())
        self.fields.append(fields)
        outcome = self._outcomes.pop(0) if self._outcomes else None
        if outcome:
            raise outcome
        return "sent"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(clock.seconds, clock.sleep)


async def test_a_reply_waits_thirty_seconds_in_all_between_its_attempts(throttle: Throttle, clock: Clock) -> None:
    telegram = _Telegram(clock, *(RetryAfter(10) for _ in range(9)))
    with pytest.raises(ReplyTimeout):
        await send_with_retries(throttle, WANG, telegram.send, MESSAGE)
    assert telegram.attempts == pytest.approx([0, 10, 20, 30], abs=0.1)


async def test_a_reply_waits_thirty_seconds_for_its_chat_and_no_longer(throttle: Throttle, clock: Clock) -> None:
    telegram = _Telegram(clock)
    throttle.pause(WANG, 30)
    assert await send_with_retries(throttle, WANG, telegram.send, MESSAGE) == "sent"
    assert telegram.attempts == pytest.approx([30])
    throttle.pause(WANG, 30.01)
    with pytest.raises(ReplyTimeout):
        await send_with_retries(throttle, WANG, telegram.send, MESSAGE)
    assert clock.seconds() == pytest.approx(30)


async def test_network_errors_of_a_reply_back_off_and_do_not_slow_down_all_messages(
    throttle: Throttle, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    telegram = _Telegram(clock, NetworkError("lost"), TimedOut(), NetworkError("lost"))
    await send_with_retries(throttle, WANG, telegram.send, MESSAGE)
    assert telegram.attempts == pytest.approx([0, 1, 3, 7], abs=0.01)
    assert throttle._distance == SECONDS_BETWEEN_MESSAGES


async def test_a_429_for_a_reply_slows_down_all_messages(throttle: Throttle, clock: Clock) -> None:
    for _ in range(20):
        throttle.slow_down()
    before = throttle._distance
    telegram = _Telegram(clock, RetryAfter(1))
    await send_with_retries(throttle, WANG, telegram.send, MESSAGE)
    assert throttle._distance == pytest.approx(before * RECOVERY_FACTOR * SLOWDOWN_FACTOR * RECOVERY_FACTOR)


async def test_a_refused_reply_is_not_retried(throttle: Throttle, clock: Clock) -> None:
    for refusal in (BadRequest("Message is too long"), Forbidden("bot was blocked by the user")):
        telegram = _Telegram(clock, refusal)
        with pytest.raises(type(refusal)):
            await send_with_retries(throttle, WANG, telegram.send, MESSAGE)
        assert len(telegram.attempts) == 1


async def test_a_refused_picture_is_replaced_by_its_text_and_refused_markup_by_plain_text(
    throttle: Throttle, clock: Clock
) -> None:
    """Each fallback takes a turn of its own: a second later for a message from the outbox."""
    message = OutgoingMessage("<b>防汛</b>", picture=Picture("card", "2022-08-29"))
    photo = _Telegram(clock, BadRequest("PHOTO_INVALID_DIMENSIONS"))
    text = _Telegram(clock, BadRequest("Can't parse entities: unclosed tag"))
    await throttle.acquire(WANG)
    assert await send_once(throttle, WANG, text.send, message, photo=photo.send) == "sent"
    assert (photo.attempts, text.attempts) == ([0], pytest.approx([1, 2], abs=0.01))
    assert photo.fields[0]["caption"] == "<b>防汛</b>"
    assert [(fields["text"], fields["parse_mode"]) for fields in text.fields] == [
        ("<b>防汛</b>", "HTML"),
        ("防汛", None),
    ]


async def test_a_message_without_a_picture_is_one_attempt(throttle: Throttle, clock: Clock) -> None:
    photo, text = _Telegram(clock), _Telegram(clock)
    assert await send_once(throttle, WANG, text.send, MESSAGE, photo=photo.send) == "sent"
    assert (photo.attempts, text.attempts) == ([], [0])


async def test_a_reply_and_its_fallbacks_do_not_keep_the_distance_of_outbox_messages(
    throttle: Throttle, clock: Clock
) -> None:
    message = OutgoingMessage("<b>防汛</b>", picture=Picture("card", "2022-08-29"))
    photo = _Telegram(clock, BadRequest("PHOTO_INVALID_DIMENSIONS"))
    text = _Telegram(clock, BadRequest("Can't parse entities: unclosed tag"))
    await throttle.acquire(WANG)
    await send_with_retries(throttle, WANG, text.send, message, photo=photo.send)
    distance = SECONDS_BETWEEN_MESSAGES
    assert [*photo.attempts, *text.attempts] == pytest.approx([distance, 2 * distance, 3 * distance], abs=1e-3)
