"""Delivery: sends the outbox to Telegram, in order per chat and within the rate limits, and records each outcome:

accepted                           write the receipt
429                                retry after the requested delay; other chats continue, more slowly
5xx, time-out, lost connection     retry with backoff; if only the answer was lost, the part arrives twice
accepted, the answer unreadable    write the receipt with UNKNOWN_MESSAGE_ID
403, or a 400 about the chat       make the chat inactive and hold its messages until the chat writes again
400 for the markup                 send the text without markup
400 for a picture                  send the caption as a text message
400 for a closed or deleted topic  send to the forum's General topic; keep the subscriptions of the topic
any other 400                      mark the part as failed
chat migrated                      move chat and messages to the new id and retry; a second time with backoff
any error of this program          log it and retry with backoff

An outbox message has one or more parts; each part is one Telegram message with its own receipt.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from telegram import Bot, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.delivery.http_client import AnswerUnreadable
from bot.delivery.pictures import Pictures
from bot.delivery.sending import backoff, requested_delay, send_once
from bot.delivery.throttle import GROUP_LIMIT, Throttle
from bot.operations.monitoring import Metrics
from digests.chats import OwedPart
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
InFlight = dict[asyncio.Task[bool], int]
"""Task of an open request -> chat id; the task returns True if Telegram accepted the part."""

BATCH_SIZE = 100
"""Maximum number of parts per query, one per chat; above MAX_REQUESTS_IN_FLIGHT, because some chats have to wait."""
MAX_REQUESTS_IN_FLIGHT = 15
"""Maximum number of open requests; enough for 30 messages a second if Telegram answers within 0.5 s."""
STOP_GRACE_SECONDS = 3.0
"""Seconds to wait for the answers to open requests when delivery is cancelled."""
MAX_CHAT_WAIT_SECONDS = GROUP_LIMIT[1] + 1
"""Parts of a chat that has to wait longer than this are skipped until a later query."""

UNKNOWN_MESSAGE_ID = 0
"""The receipt of a part that Telegram accepted without naming the message."""

_CHAT_REFUSAL = re.compile(
    r"""(private\ )?(chat|user|group|channel)\ not\ found
    | .*\bwrite\ access\b
    | (not\ enough | have\ no | need\ administrator)\ rights
    | (the\ )?(chat|user|group|channel)(\ chat)?\ (is|was)\ (deactivated|deleted|blocked|banned|private)
    | (chat|peer|channel|user|input_user|group|payment)_[a-z_]+\b   # the errors of Telegram's own protocol
    | topic_closed
    """,
    re.VERBOSE,
)
"""Lower-case 400 descriptions that concern the chat, not the message; they are handled like a 403."""
TOPIC_REFUSALS = ("topic_closed", "topic_deleted", "message thread not found")
"""Prefixes (lower case) of 400 descriptions that concern only one topic of a forum."""


class Delivery:
    """Sends the due parts of an outbox, one run at a time. An outbox must have only one Delivery."""

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
        """`throttle` is shared with all other senders that use `bot`; without `pictures` only texts are sent."""
        self._outbox = outbox
        self._chats = chats
        self._bot = bot
        self._clock = clock
        self._throttle = throttle or Throttle()
        self._pictures = pictures
        self._metrics = metrics or Metrics()
        self._run_lock = asyncio.Lock()
        self._receipts: dict[int, int] = {}  # part id -> Telegram's message id, not written yet

    async def run_once(self) -> int:
        """Send until nothing is due any more; return the number of parts that Telegram accepted.

        Raises StateError if the outbox or the chats cannot be written. Receipts that could not be written stay in
        memory; the next run writes them before it sends anything. When cancelled, waits up to STOP_GRACE_SECONDS for
        the answers to open requests.
        """
        async with self._run_lock:
            await self._write_receipts()
            self._throttle.drop_idle_chats()
            in_flight: InFlight = {}
            try:
                return await self._send_due(in_flight)
            finally:
                await _finish_requests(in_flight)

    async def _send_due(self, in_flight: InFlight) -> int:
        """Send batch after batch until nothing is due and no request is open; return the number of accepted parts."""
        accepted = 0
        while True:
            batch = await self._next_batch(busy=set(in_flight.values()))
            for part in batch:
                await self._throttle.acquire(part.chat)
                if len(in_flight) >= MAX_REQUESTS_IN_FLIGHT:
                    accepted += await _collect_results(in_flight, wait=True)
                in_flight[asyncio.create_task(self._deliver(part))] = part.chat
            if not in_flight:
                return accepted
            accepted += await _collect_results(in_flight, wait=not batch)

    async def _next_batch(self, busy: set[int]) -> list[OwedPart]:
        """Return the due parts of chats without an open request or a long wait, the shortest wait first."""
        due = await asyncio.to_thread(self._outbox.due, self._clock(), BATCH_SIZE)
        waits = {part.id: self._throttle.seconds_to_wait(part.chat) for part in due if part.chat not in busy}
        ready = [part for part in due if part.id in waits and waits[part.id] <= MAX_CHAT_WAIT_SECONDS]
        return sorted(ready, key=lambda part: waits[part.id])

    async def _deliver(self, part: OwedPart) -> bool:
        """Send a part and record the outcome; return True if Telegram accepted the part."""
        try:
            message = await self._send(part)
            message_id = message.message_id
        except AnswerUnreadable as error:
            log.warning("part %s (%s): %s", part.id, part.key, error)
            message_id = UNKNOWN_MESSAGE_ID
        except TelegramError as error:
            self._metrics.count_refused(type(error).__name__)
            await self._record_error(part, error)
            return False
        except Exception as error:  # one message that cannot be sent must not stop the messages of other chats
            self._metrics.count_refused(type(error).__name__)
            log.exception("part %s (%s) could not be sent", part.id, part.key)
            await self._retry(part, type(error).__name__, backoff(part.attempts))
            return False
        self._metrics.count_sent()
        self._receipts[part.id] = message_id
        await self._write_receipts()
        return True

    async def _send(self, part: OwedPart) -> Message:
        """Send a part to its topic, or to General if the topic is closed or deleted."""
        try:
            return await self._send_to_topic(part.topic, part)
        except BadRequest as refusal:
            if not _concerns_topic(part, refusal):
                raise
            log.warning("part %s: topic %s is closed or deleted (%s); sending to General", part.id, part.topic, refusal)
        await self._throttle.acquire(part.chat)
        return await self._send_to_topic(None, part)

    async def _send_to_topic(self, topic: int | None, part: OwedPart) -> Message:
        # None means the General topic, because Telegram refuses the thread id of that topic.
        send_text = partial(self._bot.send_message, part.chat, message_thread_id=topic)
        send_photo = partial(self._bot.send_photo, part.chat, message_thread_id=topic)
        photo = partial(self._pictures.send, send_photo) if self._pictures else None
        return await send_once(self._throttle, part.chat, send_text, part.message, photo=photo)

    async def _write_receipts(self) -> None:
        """Write the receipts in one transaction; on an error they stay in memory."""
        if receipts := dict(self._receipts):  # includes parts accepted during the last write
            await asyncio.to_thread(self._outbox.mark_many_sent, receipts, self._clock())
            for part_id in receipts:
                self._receipts.pop(part_id, None)

    async def _record_error(self, part: OwedPart, error: TelegramError) -> None:
        """Log the error and update the stores according to the table in the module docstring."""
        log.warning("part %s (%s): %s", part.id, part.key, error)
        match error:
            case RetryAfter():
                self._throttle.slow_down()
                self._throttle.pause(part.chat, requested_delay(error).total_seconds())
                await self._retry(part, error.message, requested_delay(error))
            case ChatMigrated() if error.new_chat_id != part.chat:
                await asyncio.to_thread(self._chats.move, part.chat, error.new_chat_id)
                await asyncio.to_thread(self._outbox.move, part.chat, error.new_chat_id)
                await self._retry(part, error.message, backoff(part.attempts) if part.attempts else timedelta())
            case Forbidden() | ChatMigrated():  # a chat that migrated to its own id cannot be reached either
                await self._hold(part.chat)
            case BadRequest() if _concerns_topic(part, error):  # General refused the part too
                await asyncio.to_thread(self._outbox.mark_failed, part.id, error.message)
            case BadRequest() if concerns_chat(error):
                await self._hold(part.chat)
            case BadRequest():
                await asyncio.to_thread(self._outbox.mark_failed, part.id, error.message)
            case _:
                await self._retry(part, error.message, backoff(part.attempts))

    async def _retry(self, part: OwedPart, problem: str, delay: timedelta) -> None:
        await asyncio.to_thread(self._outbox.retry, part.id, self._clock() + delay, problem)

    async def _hold(self, chat: int) -> None:
        """Make a chat inactive and hold its messages; delete the messages of a chat that is not stored."""
        # The chat is updated first: if the program crashes before it holds the messages, the part is sent and refused
        # again, and then the messages are held.
        if await asyncio.to_thread(self._chats.update, chat, lambda stored: replace(stored, active=False)):
            await asyncio.to_thread(self._outbox.hold, chat)
            if (stored := self._chats.get(chat)) and stored.active:  # reactivated since the update
                await asyncio.to_thread(self._outbox.release, chat)
        else:
            await asyncio.to_thread(self._outbox.delete_chat, chat)


def concerns_chat(refusal: BadRequest) -> bool:
    """True if the refusal concerns the chat, so that any other message would be refused too."""
    return bool(_CHAT_REFUSAL.match(refusal.message.lower()))


def _concerns_topic(part: OwedPart, refusal: BadRequest) -> bool:
    """True if the refusal concerns only the topic of the part, not the whole chat."""
    return bool(part.topic) and refusal.message.lower().startswith(TOPIC_REFUSALS)


async def _collect_results(in_flight: InFlight, *, wait: bool) -> int:
    """Remove the completed requests; return how many parts were accepted. With `wait`, wait until one completes."""
    done, _ = await asyncio.wait(in_flight, timeout=None if wait else 0, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        del in_flight[task]
    return sum(task.result() for task in done)


async def _finish_requests(in_flight: InFlight) -> None:
    """Wait up to STOP_GRACE_SECONDS for open requests, so that accepted parts get their receipts; cancel the rest."""
    if not in_flight:
        return
    _, late = await asyncio.wait(in_flight, timeout=STOP_GRACE_SECONDS)
    for task in late:
        task.cancel()
    for outcome in await asyncio.gather(*in_flight, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a request failed while delivery was stopping: %s", outcome)
