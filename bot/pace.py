"""Sending in turn: within Telegram's limits, and again where Telegram could not take a message.

429                                that chat waits as long as told, the others go on
5xx, time-outs, lost connections   the message waits, longer each time
400 for the markup                 the same words go out as plain text

Answers to readers and what the outbox owes share one Pace, so that both together keep the limits. Answers may come in
a small burst; what is owed keeps its distance, and so leaves room for them.
"""

import asyncio
import itertools
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.keyboards import markup
from bot.render.fit import plain
from digests.readers import Outgoing

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")
Deed = Callable[..., Awaitable[Sent]]
"""A call of the Bot API that takes a text with its form: a new message, or a change of one."""
Limit = tuple[int, float]
"""So many messages at most in so many seconds."""

OVERALL = 1 / 30
"""Seconds between two messages over all."""
BURST: Limit = (20, 20.5)
"""To one chat: one a second on the average, a little less, as requests do not travel equally fast. Telegram asks for no
more and allows short bursts, so a reader's quick clicks are answered quickly; its 429 says where it does not."""
PERSON: Limit = (1, 1.0)
GROUP: Limit = (1, 3.0)
GROUP_MINUTE: Limit = (20, 61.0)
ACCURACY = 0.001
"""Seconds by which a wait may fall short; clocks and sleeps are no better than that."""
PATIENCE = 30.0
"""Seconds that an answer waits in all between its attempts."""
LONGEST_WAIT = 300.0
"""Seconds between two attempts at most, when Telegram cannot be reached."""


GLANCE = 1.0
"""Seconds after which one that waits looks whether the program is being stopped."""


class NotNow(Exception):
    """An answer could not be sent within PATIENCE, or before the program stops."""


class Pace:
    """Who may send when: one message at a time over all, and to a chat as its limits allow."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._turns: dict[int, deque[float]] = {}
        self._held: dict[int, float] = {}
        self._stopping = False

    def wait(self, chat: int, *, answer: bool = False) -> float:
        """Seconds until the chat may get a message; not above 0 when it may now."""
        turns = self._turns.get(chat, ())
        free = [turns[-most] + seconds for most, seconds in _limits(chat, answer=answer) if len(turns) >= most]
        return max([self._held.get(chat, 0.0), *free]) - self._clock()

    async def turn(self, chat: int, *, answer: bool = False) -> None:
        """Wait until a message may go to the chat; it counts as sent.

        An `answer` need not keep its distance; for one NotNow is raised instead of waiting on while the program stops.
        """
        while (wait := self.wait(chat, answer=answer)) > ACCURACY:
            if answer and self._stopping:
                raise NotNow
            await self._sleep(min(wait, GLANCE))
        turn = max(self._next, self._clock())
        self._next = turn + OVERALL
        self._turns.setdefault(chat, deque(maxlen=GROUP_MINUTE[0])).append(turn)
        while (wait := turn - self._clock()) > ACCURACY:
            await self._sleep(wait)

    def hold(self, chat: int, seconds: float) -> None:
        """Nothing goes to the chat for so long."""
        self._held[chat] = max(self._held.get(chat, 0.0), self._clock() + seconds)

    def stop_soon(self) -> None:
        """Answers wait no longer."""
        self._stopping = True

    def forget_past(self) -> None:
        """Drop the chats that are free again; there may be many."""
        now = self._clock()
        self._turns = {chat: turns for chat, turns in self._turns.items() if turns[-1] + GROUP_MINUTE[1] > now}
        self._held = {chat: until for chat, until in self._held.items() if until > now}


async def attempt(pace: Pace, chat: int, deed: Deed[Sent], message: Outgoing, *, answer: bool = False) -> Sent:
    """Send once, in a turn that was waited for; as plain text, in one more turn, where the markup is refused."""
    try:
        return await deed(**_form(message, message.text, ParseMode.HTML))
    except BadRequest as refusal:
        if "can't parse entities" not in refusal.message.lower():
            raise
        log.warning("markup refused, sent as plain text: %s", refusal)
    await pace.turn(chat, answer=answer)
    return await deed(**_form(message, plain(message.text), None))


async def insist(pace: Pace, chat: int, deed: Deed[Sent], message: Outgoing) -> Sent:
    """Send an answer, again and again while that may help; raises NotNow, or what Telegram says of the message."""
    patience = PATIENCE
    for failures in itertools.count():
        if pace.wait(chat, answer=True) > PATIENCE:  # told so when something else was sent there
            raise NotNow
        await pace.turn(chat, answer=True)
        try:
            return await attempt(pace, chat, deed, message, answer=True)
        except BadRequest:
            raise
        except (RetryAfter, NetworkError) as refusal:
            wait = pause(refusal, failures).total_seconds()
            patience -= wait
            log.warning("an answer met %s; waiting %.1f s", type(refusal).__name__, wait)
            pace.hold(chat, wait)
            if patience < 0:
                raise NotNow from refusal
    raise AssertionError  # the count has no end


def pause(refusal: TelegramError, failures: int) -> timedelta:
    """How long to wait before the next attempt, after so many earlier ones that failed."""
    return told_wait(refusal) if isinstance(refusal, RetryAfter) else longer_each_time(failures)


def told_wait(refusal: RetryAfter) -> timedelta:
    """How long Telegram says to wait."""
    wait = refusal.retry_after  # seconds in PTB 22, a timedelta in its next major version and where that is asked for
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def longer_each_time(failures: int) -> timedelta:
    """1, 2, 4 … seconds up to LONGEST_WAIT, each cut by up to a half so that the messages do not return all at once."""
    seconds = min(2.0 ** min(failures, 20), LONGEST_WAIT)
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311  nothing secret about it


def _limits(chat: int, *, answer: bool) -> Sequence[Limit]:
    if chat < 0:
        return (BURST, GROUP_MINUTE) if answer else (GROUP, BURST, GROUP_MINUTE)
    return (BURST,) if answer else (PERSON, BURST)


def _form(message: Outgoing, text: str, mode: ParseMode | None) -> dict[str, Any]:
    return {
        "text": text,
        "parse_mode": mode,
        "reply_markup": markup(message.buttons),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
