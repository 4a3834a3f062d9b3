"""Who may send when, in virtual time."""

import asyncio
import itertools
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from telegram.error import RetryAfter
from telegram.warnings import PTBDeprecationWarning

from bot.delivery.sending import requested_delay
from bot.delivery.throttle import MAX_SECONDS_BETWEEN_MESSAGES, Throttle
from tests.virtual import NOW, Clock


@pytest.fixture(autouse=True)
def times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns at every 429, and here warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Throttle:
    return Throttle(clock.seconds, clock.sleep)


async def seconds_of(pace: Throttle, clock: Clock, chats: range) -> float:
    """How long one message to each chat takes."""
    began = clock.seconds()
    for chat in chats:
        await pace.acquire(chat)
    return clock.seconds() - began


async def test_the_pace_is_thirty_a_second_over_all_one_a_second_to_a_person_and_twenty_a_minute_to_a_group(
    pace: Throttle, clock: Clock
) -> None:
    turns: dict[int, list[datetime]] = defaultdict(list)
    for chat in [*range(1, 31), -1] * 20:
        await pace.acquire(chat)
        turns[chat].append(clock.now)
    every = sorted(turn for times in turns.values() for turn in times)
    tolerance = timedelta(milliseconds=1)
    assert min(b - a for a, b in zip(every, every[30:], strict=False)) >= timedelta(seconds=1) - tolerance
    for chat, times in turns.items():
        distance = timedelta(seconds=3 if chat < 0 else 1)
        assert min(b - a for a, b in itertools.pairwise(times)) >= distance


async def test_a_turn_of_a_waiting_chat_takes_nothing_from_the_others(pace: Throttle, clock: Clock) -> None:
    await pace.acquire(1)
    waiting = asyncio.create_task(pace.acquire(1))
    await pace.acquire(2)
    assert clock.now - NOW <= timedelta(seconds=1.1)
    await waiting
    assert clock.now - NOW >= timedelta(seconds=1)


async def test_ten_thousand_chats_are_reached_at_the_pace_that_the_limits_allow(pace: Throttle, clock: Clock) -> None:
    taken = await seconds_of(pace, clock, range(1, 10_001))
    assert 10_000 / 30 <= taken <= 10_000 / 30 / 0.95


async def test_a_429_slows_all_down_a_little_and_it_wears_off(pace: Throttle, clock: Clock) -> None:
    usual = await seconds_of(pace, clock, range(1, 101))
    for _ in range(5):
        pace.slow_down()
    slowed = await seconds_of(pace, clock, range(101, 201))
    assert usual * 1.1 < slowed < usual * 2
    await seconds_of(pace, clock, range(201, 601))
    assert await seconds_of(pace, clock, range(601, 701)) == pytest.approx(usual, rel=0.02)


async def test_a_flood_of_429_never_stops_everything(pace: Throttle, clock: Clock) -> None:
    for _ in range(1000):
        pace.slow_down()
    assert await seconds_of(pace, clock, range(1, 12)) <= 11 * MAX_SECONDS_BETWEEN_MESSAGES


async def test_an_answer_goes_before_a_broadcast_that_waits_for_its_chat(pace: Throttle, clock: Clock) -> None:
    """A chat that just got its digest may be answered at once."""
    await pace.acquire(1)
    await pace.acquire(1, reply=True)
    assert clock.seconds() <= 0.1


def test_the_time_to_wait_is_read_in_either_form_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert requested_delay(RetryAfter(37)) == timedelta(seconds=37)
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(PTBDeprecationWarning):
        assert requested_delay(RetryAfter(37)) == timedelta(seconds=37)
