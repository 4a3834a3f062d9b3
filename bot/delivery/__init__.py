"""Outbox -> Telegram: in order in a chat, within Telegram's limits, one outcome for each kind of failure.

accepted                           the receipt is written
429                                that chat waits as long as told, the others go on
5xx, time-outs, lost connections   the part waits, longer each time; an answer lost on its way may repeat that part
403, or a 400 that means the same  the chat is inactive and its letters are held until it writes again
400 for the markup                 the same words go out as plain text
400 for a picture                  its text goes out alone
400 for a closed or deleted topic  the part goes to the forum's General topic; the subscriptions stay as they are
any other 400                      the part is given up and kept as failed
the group became a supergroup      chat and letters move to the new id
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from telegram import Bot, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.delivery.pictures import Pictures
from bot.delivery.sending import requested_delay, retry_delay, send_once
from bot.delivery.throttle import GROUP_LIMIT, Throttle
from bot.operations.metrics import Metrics
from digests.chats import OwedPart
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

BATCH_SIZE = 100
"""Parts taken from the outbox at a time; more than can be in flight or waiting for their chat's second."""
MAX_REQUESTS_IN_FLIGHT = 15
"""Requests at once: at 30 a second enough while answers take no longer than half a second."""
STOP_GRACE_SECONDS = 3.0
"""Seconds that requests in flight have to bring in their answers when delivery is stopped."""
MAX_CHAT_WAIT_SECONDS = GROUP_LIMIT[1] + 1
"""Seconds that a chat may have to wait and is still waited for; one that waits longer is left for a later run."""

CHAT_REFUSALS = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_send_plain_forbidden",
    "chat_restricted",
    "topic_closed",
    "peer_id_invalid",
    "group chat was deactivated",
)
"""Beginnings of what Telegram says with 400 where it means what it elsewhere says with 403."""
TOPIC_REFUSALS = ("topic_closed", "topic_deleted", "message thread not found")
"""Beginnings of what it says of one topic; the others of the forum are served all the same."""


class Delivery:
    """Sends what the outbox owes. One instance works on an outbox, one run at a time."""

    def __init__(
        self,
        outbox: Outbox,
        chats: ChatStore,
        bot: Bot,
        clock: Clock,
        *,
        throttle: Throttle | None = None,
        pictures: Pictures | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """`throttle` is shared with all others that send by `bot`; without `pictures` texts go out alone.

        `metrics` learns what was accepted and what was not.
        """
        self._outbox = outbox
        self._chats = chats
        self._bot = bot
        self._clock = clock
        self._throttle = throttle or Throttle()
        self._pictures = pictures
        self._metrics = metrics or Metrics()
        self._alone = asyncio.Lock()
        self._receipts: dict[int, int] = {}

    async def run_once(self) -> int:
        """Send all that is due, until nothing more is; gives the number of parts that Telegram accepted.

        Raises StateError when the outbox or the chats cannot be written: what was accepted meanwhile is remembered,
        and nothing more is sent before it is in the outbox. Cancelled, it waits `GRACE` seconds for open answers.
        """
        async with self._alone:
            await self._file_receipts()
            self._throttle.drop_idle_chats()
            flying: dict[asyncio.Task[bool], int] = {}
            try:
                return await self._send_all(flying)
            finally:
                await _land(flying)

    async def _send_all(self, flying: dict[asyncio.Task[bool], int]) -> int:
        accepted = 0
        while True:
            batch = await self._batch(busy=set(flying.values()))
            for owed in batch:
                await self._throttle.acquire(owed.chat)
                if len(flying) >= MAX_REQUESTS_IN_FLIGHT:
                    accepted += await _landed(flying, wait=True)
                flying[asyncio.create_task(self._deliver(owed))] = owed.chat
            if not flying:
                return accepted
            accepted += await _landed(flying, wait=not batch)

    async def _batch(self, busy: set[int]) -> list[OwedPart]:
        """What may go now, chats that have to wait for their second last, so that nobody waits for them."""
        due = await asyncio.to_thread(self._outbox.due, self._clock(), BATCH_SIZE)
        waits = {owed.id: self._throttle.seconds_to_wait(owed.chat) for owed in due if owed.chat not in busy}
        return sorted(
            (owed for owed in due if waits.get(owed.id, MAX_CHAT_WAIT_SECONDS + 1) <= MAX_CHAT_WAIT_SECONDS),
            key=lambda owed: waits[owed.id],
        )

    async def _deliver(self, owed: OwedPart) -> bool:
        """Send one part and note what became of it; whether Telegram accepted it."""
        try:
            message = await self._attempt(owed)
        except TelegramError as refusal:
            self._metrics.count_refused(type(refusal).__name__)
            await self._refused(owed, refusal)
            return False
        self._metrics.count_sent()
        self._receipts[owed.id] = message.message_id
        await self._file_receipts()
        return True

    async def _attempt(self, owed: OwedPart) -> Message:
        try:
            return await self._attempt_in(owed.topic, owed)
        except BadRequest as refusal:
            if not _is_of_topic(owed, refusal):
                raise
            log.warning("part %s: topic %s refuses it (%s), sent to General", owed.id, owed.topic, refusal)
        await self._throttle.acquire(owed.chat)
        return await self._attempt_in(None, owed)

    async def _attempt_in(self, topic: int | None, owed: OwedPart) -> Message:
        # The General topic is None here, as Telegram refuses its number.
        text = partial(self._bot.send_message, owed.chat, message_thread_id=topic)
        picture = partial(self._bot.send_photo, owed.chat, message_thread_id=topic)
        photo = partial(self._pictures.send, picture) if self._pictures else None
        return await send_once(self._throttle, owed.chat, text, owed.message, photo=photo)

    async def _file_receipts(self) -> None:
        if receipts := dict(self._receipts):  # with those of answers that came while the last ones were filed
            await asyncio.to_thread(self._outbox.mark_many_sent, receipts, self._clock())
            for owed_id in receipts:
                self._receipts.pop(owed_id, None)

    async def _refused(self, owed: OwedPart, refusal: TelegramError) -> None:
        log.warning("part %s (%s): %s", owed.id, owed.key, refusal)
        match refusal:
            case RetryAfter():
                self._throttle.slow_down()
                self._throttle.pause(owed.chat, requested_delay(refusal).total_seconds())
                await self._again(owed, refusal)
            case ChatMigrated():
                await asyncio.to_thread(self._chats.move, owed.chat, refusal.new_chat_id)
                await asyncio.to_thread(self._outbox.move, owed.chat, refusal.new_chat_id)
            case Forbidden():
                await self._hold(owed.chat)
            case BadRequest() if _is_of_topic(owed, refusal):  # General is closed as well
                await asyncio.to_thread(self._outbox.mark_failed, owed.id, refusal.message)
            case BadRequest() if refusal.message.lower().startswith(CHAT_REFUSALS):
                await self._hold(owed.chat)
            case BadRequest():
                await asyncio.to_thread(self._outbox.mark_failed, owed.id, refusal.message)
            case _:
                await self._again(owed, refusal)

    async def _again(self, owed: OwedPart, refusal: TelegramError) -> None:
        due = self._clock() + retry_delay(refusal, owed.attempts)
        await asyncio.to_thread(self._outbox.retry, owed.id, due, refusal.message)

    async def _hold(self, chat: int) -> None:
        # In this order: a crash in between leaves a chat that is asked once more, not one that stays held unnoticed.
        if await asyncio.to_thread(self._chats.update, chat, lambda known: replace(known, active=False)):
            await asyncio.to_thread(self._outbox.hold, chat)
            if (known := self._chats.get(chat)) and known.active:  # it wrote again in between
                await asyncio.to_thread(self._outbox.release, chat)
        else:  # of a chat that is not known, or was forgotten meanwhile, nothing is kept
            await asyncio.to_thread(self._outbox.delete_chat, chat)


def _is_of_topic(owed: OwedPart, refusal: BadRequest) -> bool:
    """Whether one topic of a forum refuses the part, not the whole chat."""
    return bool(owed.topic) and refusal.message.lower().startswith(TOPIC_REFUSALS)


async def _landed(flying: dict[asyncio.Task[bool], int], *, wait: bool) -> int:
    """Take out the requests that are answered, waiting for one if told; how many were accepted."""
    done, _ = await asyncio.wait(flying, timeout=None if wait else 0, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        del flying[task]
    return sum(task.result() for task in done)


async def _land(flying: dict[asyncio.Task[bool], int]) -> None:
    """Let the open requests end, so that what Telegram accepted gets its receipt."""
    if not flying:
        return
    _, late = await asyncio.wait(flying, timeout=STOP_GRACE_SECONDS)
    for task in late:
        task.cancel()
    for outcome in await asyncio.gather(*flying, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a part in flight when delivery stopped: %s", outcome)
