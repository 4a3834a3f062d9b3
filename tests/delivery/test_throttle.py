"""The throttle in virtual time: exact distances, bursts, pauses and slow-downs."""

import asyncio
import itertools
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from telegram.error import RetryAfter

from bot.delivery.sending import requested_delay
from bot.delivery.throttle import MAX_SECONDS_BETWEEN_MESSAGES, ReplyTimeout, Throttle
from tests.virtual_clock import NOW, Clock

PERSON, GROUP = 1, -1
DISTANCE = 1 / 29


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(clock.seconds, clock.sleep)


async def turns(throttle: Throttle, clock: Clock, chat: int, count: int, *, reply: bool = False) -> list[float]:
    """The seconds at which a chat gets its next turns, one requested after another."""
    times = []
    for _ in range(count):
        await throttle.acquire(chat, reply=reply)
        times.append(clock.seconds())
    return times


async def seconds_of(throttle: Throttle, clock: Clock, chats: range) -> float:
    """How long one message to each chat takes."""
    began = clock.seconds()
    for chat in chats:
        await throttle.acquire(chat)
    return clock.seconds() - began


async def test_messages_to_different_chats_are_a_twenty_ninth_of_a_second_apart(
    throttle: Throttle, clock: Clock
) -> None:
    times = []
    for chat in range(1, 31):
        await throttle.acquire(chat)
        times.append(clock.seconds())
    assert times == pytest.approx([number * DISTANCE for number in range(30)], abs=1e-3)
    assert times[29] == pytest.approx(1.0, abs=1e-3)


async def test_a_person_gets_one_message_a_second_and_twenty_in_twenty_and_a_half(
    throttle: Throttle, clock: Clock
) -> None:
    times = await turns(throttle, clock, PERSON, 22)
    assert times == pytest.approx([*range(20), 20.5, 21.5], abs=2e-3)


async def test_a_group_gets_one_message_in_three_seconds_and_twenty_in_sixty_one(
    throttle: Throttle, clock: Clock
) -> None:
    times = await turns(throttle, clock, GROUP, 22)
    assert times == pytest.approx([*range(0, 60, 3), 61, 64], abs=3e-3)


async def test_replies_to_a_person_come_in_a_burst_of_twenty(throttle: Throttle, clock: Clock) -> None:
    times = await turns(throttle, clock, PERSON, 22, reply=True)
    assert times[:20] == pytest.approx([number * DISTANCE for number in range(20)], abs=1e-3)
    assert times[20:] == pytest.approx([20.5, 20.5 + DISTANCE], abs=1e-2)


async def test_replies_in_a_group_come_in_a_burst_of_twenty_a_minute(throttle: Throttle, clock: Clock) -> None:
    times = await turns(throttle, clock, GROUP, 21, reply=True)
    assert times[19] == pytest.approx(19 * DISTANCE, abs=1e-3)
    assert times[20] == pytest.approx(61.0, abs=1e-2)


async def test_the_limits_hold_for_all_chats_together_and_for_each(throttle: Throttle, clock: Clock) -> None:
    times: dict[int, list[datetime]] = defaultdict(list)
    for chat in [*range(1, 31), GROUP] * 20:
        await throttle.acquire(chat)
        times[chat].append(clock.now)
    every = sorted(turn for of_chat in times.values() for turn in of_chat)
    tolerance = timedelta(milliseconds=1)
    assert min(b - a for a, b in zip(every, every[30:], strict=False)) >= timedelta(seconds=1) - tolerance
    for chat, of_chat in times.items():
        distance = timedelta(seconds=3 if chat < 0 else 1)
        assert min(b - a for a, b in itertools.pairwise(of_chat)) >= distance


async def test_a_waiting_chat_takes_nothing_from_the_others(throttle: Throttle, clock: Clock) -> None:
    await throttle.acquire(1)
    waiting = asyncio.create_task(throttle.acquire(1))
    await throttle.acquire(2)
    assert clock.now - NOW <= timedelta(seconds=1.1)
    await waiting
    assert clock.now - NOW >= timedelta(seconds=1)


async def test_ten_thousand_chats_are_reached_as_fast_as_the_limits_allow(throttle: Throttle, clock: Clock) -> None:
    seconds = await seconds_of(throttle, clock, range(1, 10_001))
    assert 10_000 / 30 <= seconds <= 10_000 / 30 / 0.95


async def test_a_429_lengthens_the_distance_by_a_tenth_and_each_message_shortens_it_by_half_a_hundredth(
    throttle: Throttle, clock: Clock
) -> None:
    for _ in range(10):
        throttle.slow_down()
    times = []
    for chat in range(1, 5):
        await throttle.acquire(chat)
        times.append(clock.seconds())
    slow = DISTANCE * 1.1**10
    assert times == pytest.approx([0, slow, slow * 1.995, slow * (1.995 + 0.995**2)], abs=1e-6)


async def test_a_slow_down_wears_off_to_the_usual_distance(throttle: Throttle, clock: Clock) -> None:
    usual = await seconds_of(throttle, clock, range(1, 101))
    for _ in range(5):
        throttle.slow_down()
    slowed = await seconds_of(throttle, clock, range(101, 201))
    assert usual * 1.1 < slowed < usual * 2
    await seconds_of(throttle, clock, range(201, 601))
    assert await seconds_of(throttle, clock, range(601, 701)) == pytest.approx(usual, rel=0.02)


async def test_many_429s_lengthen_the_distance_to_a_second_at_most(throttle: Throttle, clock: Clock) -> None:
    for _ in range(1000):
        throttle.slow_down()
    await throttle.acquire(1)
    await throttle.acquire(2)
    assert clock.seconds() == pytest.approx(MAX_SECONDS_BETWEEN_MESSAGES) == 1.0


async def test_a_reply_does_not_wait_behind_a_message_of_its_chat(throttle: Throttle, clock: Clock) -> None:
    """A chat that just got its digest is answered at once."""
    await throttle.acquire(1)
    await throttle.acquire(1, reply=True)
    assert clock.seconds() == pytest.approx(DISTANCE, abs=1e-3)


async def test_a_paused_chat_gets_no_turn_and_the_longer_pause_counts(throttle: Throttle, clock: Clock) -> None:
    throttle.pause(1, 20)
    throttle.pause(1, 5)
    assert throttle.seconds_to_wait(1) == throttle.seconds_to_wait(1, reply=True) == 20
    assert throttle.seconds_to_wait(2) <= 0
    await throttle.acquire(1)
    assert clock.seconds() == pytest.approx(20, abs=1e-3)


async def test_a_waiting_reply_is_refused_within_a_second_of_the_stop(throttle: Throttle, clock: Clock) -> None:
    throttle.pause(1, 20)
    waiting = asyncio.create_task(throttle.acquire(1, reply=True))
    await asyncio.sleep(0)
    throttle.refuse_waiting_replies()
    with pytest.raises(ReplyTimeout):
        await waiting
    assert clock.seconds() == 1.0


async def test_a_message_from_the_outbox_waits_on_while_the_program_stops(throttle: Throttle, clock: Clock) -> None:
    throttle.refuse_waiting_replies()
    throttle.pause(1, 2)
    await throttle.acquire(1)
    assert clock.seconds() == pytest.approx(2, abs=1e-3)


async def test_a_chat_is_forgotten_when_no_limit_holds_it_back(throttle: Throttle, clock: Clock) -> None:
    await throttle.acquire(1)
    throttle.pause(2, 61)
    clock.now = NOW + timedelta(seconds=60.9)
    throttle.drop_idle_chats()
    assert (set(throttle._turns), set(throttle._paused_until)) == ({1}, {2})
    clock.now = NOW + timedelta(seconds=61)
    throttle.drop_idle_chats()
    assert (throttle._turns, throttle._paused_until) == ({}, {})


async def test_the_wait_of_a_message_is_longer_than_that_of_a_reply(throttle: Throttle, clock: Clock) -> None:
    await throttle.acquire(1)
    assert throttle.seconds_to_wait(1) == 1
    assert throttle.seconds_to_wait(1, reply=True) == 0
    throttle.pause(2, 0.5)
    assert throttle.seconds_to_wait(2) == 0.5


async def test_a_millisecond_is_not_waited_for(throttle: Throttle, clock: Clock) -> None:
    throttle.pause(1, 0.001)
    throttle._next_turn = 0.001
    await throttle.acquire(1)
    assert clock.seconds() == 0
    throttle.pause(2, 0.0012)
    throttle._next_turn = 0
    await throttle.acquire(2)
    assert clock.seconds() == 0.0012


@pytest.mark.parametrize(("asked", "waited"), [(-1, 0.5), (0, 0.5), (1, 1), (3600, 3600), (10**9, 3600)])
def test_a_requested_wait_is_bounded(monkeypatch: pytest.MonkeyPatch, asked: int, waited: float) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # otherwise the library warns, as the program does not
    assert requested_delay(RetryAfter(asked)) == timedelta(seconds=waited)
