"""Who may send when: messages in turn, within Telegram's limits.

Answers to readers and what the outbox owes share one Pace, so that both together keep the limits. Answers may come in
a small burst; what is owed keeps its distance, and so leaves room for them.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

Limit = tuple[int, float]
"""So many messages at most in so many seconds."""

SECONDS_BETWEEN_MESSAGES = 1 / 29
"""Seconds between two messages over all. Telegram allows 30 a second; requests do not travel equally fast."""
SLOWDOWN_FACTOR, RECOVERY_FACTOR, MAX_SECONDS_BETWEEN_MESSAGES = 1.1, 0.995, 1.0
"""A 429 stretches that distance by a tenth, up to a second; each message after it takes back half a hundredth. One 429
in twenty messages just keeps the throttle; more of them slow everything down until they become fewer."""
CHAT_BURST_LIMIT: Limit = (20, 20.5)
"""To one chat: one a second on the average, for the same reason a little less. Telegram asks for no more and allows
short bursts, so a reader's quick clicks are answered quickly; its 429 says where it does not."""
PERSON_LIMIT: Limit = (1, 1.0)
GROUP_LIMIT: Limit = (1, 3.0)
GROUP_MINUTE_LIMIT: Limit = (20, 61.0)
CLOCK_TOLERANCE_SECONDS = 0.001
"""Seconds by which a wait may fall short; clocks and sleeps are no better than that."""
STOP_CHECK_SECONDS = 1.0
"""Seconds after which one that waits looks whether the program is being stopped."""


class ReplyTimeout(Exception):
    """An answer could not be sent in time, or before the program stops."""


class Throttle:
    """Who may send when: one message at a time over all, and to a chat as its limits allow."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._between = SECONDS_BETWEEN_MESSAGES
        self._turns: dict[int, deque[float]] = {}
        self._held: dict[int, float] = {}
        self._stopping = False

    def seconds_to_wait(self, chat: int, *, reply: bool = False) -> float:
        """Seconds until the chat may get a message; not above 0 when it may now."""
        turns = self._turns.get(chat, ())
        free = [turns[-most] + seconds for most, seconds in _limits(chat, reply=reply) if len(turns) >= most]
        return max([self._held.get(chat, 0.0), *free]) - self._clock()

    async def acquire(self, chat: int, *, reply: bool = False) -> None:
        """Wait until a message may go to the chat; it counts as sent.

        An `answer` need not keep its distance; for one NotNow is raised instead of waiting on while the program stops.
        """
        while (wait := self.seconds_to_wait(chat, reply=reply)) > CLOCK_TOLERANCE_SECONDS:
            if reply and self._stopping:
                raise ReplyTimeout
            await self._sleep(min(wait, STOP_CHECK_SECONDS))
        turn = max(self._next, self._clock())
        self._next = turn + self._between
        self._between = max(SECONDS_BETWEEN_MESSAGES, self._between * RECOVERY_FACTOR)
        self._turns.setdefault(chat, deque(maxlen=GROUP_MINUTE_LIMIT[0])).append(turn)
        while (wait := turn - self._clock()) > CLOCK_TOLERANCE_SECONDS:
            await self._sleep(wait)

    def pause(self, chat: int, seconds: float) -> None:
        """Nothing goes to the chat for so long."""
        self._held[chat] = max(self._held.get(chat, 0.0), self._clock() + seconds)

    def slow_down(self) -> None:
        """Telegram said 429: all messages keep more distance for a while, and nobody is stopped."""
        self._between = min(self._between * SLOWDOWN_FACTOR, MAX_SECONDS_BETWEEN_MESSAGES)

    def refuse_waiting_replies(self) -> None:
        """Answers wait no longer."""
        self._stopping = True

    def drop_idle_chats(self) -> None:
        """Drop the chats that are free again; there may be many."""
        now = self._clock()
        self._turns = {chat: turns for chat, turns in self._turns.items() if turns[-1] + GROUP_MINUTE_LIMIT[1] > now}
        self._held = {chat: until for chat, until in self._held.items() if until > now}


def _limits(chat: int, *, reply: bool) -> Sequence[Limit]:
    if chat < 0:
        return (CHAT_BURST_LIMIT, GROUP_MINUTE_LIMIT) if reply else (GROUP_LIMIT, CHAT_BURST_LIMIT, GROUP_MINUTE_LIMIT)
    return (CHAT_BURST_LIMIT,) if reply else (PERSON_LIMIT, CHAT_BURST_LIMIT)
