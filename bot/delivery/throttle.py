"""Telegram's rate limits: each message waits until the limits of all chats together and of its own chat allow it.

Replies and messages from the outbox share one throttle, so that together they stay within the limits. Replies may be
sent in a short burst; messages from the outbox to a chat keep the full interval, which leaves room for replies.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

Limit = tuple[int, float]
"""The maximum number of messages in a period, and the period in seconds."""

SECONDS_BETWEEN_MESSAGES = 1 / 29
"""Distance between messages over all chats. Telegram allows 30 a second; the margin is for varying network delays."""
SLOWDOWN_FACTOR, RECOVERY_FACTOR, MAX_SECONDS_BETWEEN_MESSAGES = 1.1, 0.995, 1.0
"""A 429 multiplies the distance by SLOWDOWN_FACTOR, up to the maximum; each message multiplies it by RECOVERY_FACTOR.
The distance grows while more than one message in twenty is refused with 429."""
CHAT_BURST_LIMIT: Limit = (20, 20.5)
"""For one chat. Telegram allows about one message a second on average, with short bursts; the margin is 0.5 s."""
PERSON_LIMIT: Limit = (1, 1.0)
GROUP_LIMIT: Limit = (1, 3.0)
GROUP_MINUTE_LIMIT: Limit = (20, 61.0)
CLOCK_TOLERANCE_SECONDS = 0.001
"""A wait shorter than this is skipped, because clocks and sleeps are no more precise."""
STOP_CHECK_SECONDS = 1.0
"""Interval at which a waiting message checks whether the program is stopping."""


class ReplyTimeout(Exception):
    """A reply could not be sent in time or before the program stopped."""


class Throttle:
    """Assigns sending turns to messages: evenly spaced over all chats, and within the limits of each chat."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next_turn = 0.0
        self._distance = SECONDS_BETWEEN_MESSAGES
        self._turns: dict[int, deque[float]] = {}
        self._paused_until: dict[int, float] = {}
        self._stopping = False

    def seconds_to_wait(self, chat: int, *, reply: bool = False) -> float:
        """Return the seconds until the chat may get a message; zero or less if it may get one now."""
        turns = self._turns.get(chat, ())
        free = [turns[-count] + seconds for count, seconds in _limits(chat, reply=reply) if len(turns) >= count]
        return max([self._paused_until.get(chat, 0.0), *free]) - self._clock()

    async def acquire(self, chat: int, *, reply: bool = False) -> None:
        """Wait for the next turn of the chat and take it; the turn counts even if no message is then sent.

        A `reply` may be part of a burst. Raises ReplyTimeout if a reply has to wait while the program is stopping.
        """
        while (seconds := self.seconds_to_wait(chat, reply=reply)) > CLOCK_TOLERANCE_SECONDS:
            if reply and self._stopping:
                raise ReplyTimeout
            await self._sleep(min(seconds, STOP_CHECK_SECONDS))
        turn = max(self._next_turn, self._clock())
        self._next_turn = turn + self._distance
        self._distance = max(SECONDS_BETWEEN_MESSAGES, self._distance * RECOVERY_FACTOR)
        self._turns.setdefault(chat, deque(maxlen=GROUP_MINUTE_LIMIT[0])).append(turn)
        while (seconds := turn - self._clock()) > CLOCK_TOLERANCE_SECONDS:
            await self._sleep(seconds)

    def pause(self, chat: int, seconds: float) -> None:
        """Give the chat no turn for `seconds`; does not shorten a longer pause."""
        self._paused_until[chat] = max(self._paused_until.get(chat, 0.0), self._clock() + seconds)

    def slow_down(self) -> None:
        """Increase the distance between all messages after a 429; it decreases again with each message."""
        self._distance = min(self._distance * SLOWDOWN_FACTOR, MAX_SECONDS_BETWEEN_MESSAGES)

    def refuse_waiting_replies(self) -> None:
        """Stop replies from waiting: from now on `acquire` raises ReplyTimeout for a reply that would have to wait."""
        self._stopping = True

    def drop_idle_chats(self) -> None:
        """Remove the turns and pauses that no longer delay a message."""
        now = self._clock()
        self._turns = {chat: turns for chat, turns in self._turns.items() if turns[-1] + GROUP_MINUTE_LIMIT[1] > now}
        self._paused_until = {chat: until for chat, until in self._paused_until.items() if until > now}


def _limits(chat: int, *, reply: bool) -> Sequence[Limit]:
    """Return the limits that apply to a message to the chat."""
    if chat < 0:  # Telegram's ids of groups and channels are negative
        return (CHAT_BURST_LIMIT, GROUP_MINUTE_LIMIT) if reply else (GROUP_LIMIT, CHAT_BURST_LIMIT, GROUP_MINUTE_LIMIT)
    return (CHAT_BURST_LIMIT,) if reply else (PERSON_LIMIT, CHAT_BURST_LIMIT)
