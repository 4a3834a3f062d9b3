"""Outbox -> Telegram: in order in a chat, within Telegram's limits, one outcome for each kind of failure.

accepted                           the receipt is written
429                                that chat waits as long as told, the others go on
5xx, time-outs, lost connections   the part waits, longer each time; an answer lost on its way may repeat that part
403, or a 400 that means the same  the chat is inactive and its letters are held until it writes again
400 for the markup                 the same words go out as plain text
any other 400                      the part is given up and kept as failed
the group became a supergroup      chat and letters move to the new id
"""

import asyncio
import html
import logging
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from digests.models import Outgoing, Owed
from digests.outbox import Outbox
from digests.store import Chats

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[object]]

OVERALL = timedelta(seconds=1 / 30)
PRIVATE = timedelta(seconds=1)
GROUP = timedelta(seconds=3)
"""Between two messages: over all, to a person, to a group (Telegram allows 20 a minute there)."""

BATCH = 100
"""Parts taken from the outbox at a time; more than can be in flight or waiting for their chat's second."""
IN_FLIGHT = 32
"""Requests at once: at 30 a second enough while answers take no longer than a second."""
GRACE = 3.0
"""Seconds that requests in flight have to bring in their answers when delivery is stopped."""
LONGEST_WAIT = 300.0
"""Seconds between two attempts at most, when Telegram cannot be reached."""

REFUSALS = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "topic_closed",
    "peer_id_invalid",
    "group chat was deactivated",
)
"""Beginnings of what Telegram says with 400 where it means what it elsewhere says with 403."""

TAG = re.compile(r"</?(?:b|strong|i|em|u|ins|s|del|a|code|pre|blockquote|tg-spoiler)(?:\s[^>]*)?>", re.IGNORECASE)


class Pace:
    """Who may send when: one message at a time over all, and one at a time to a chat, each with its distance."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._free: dict[int, datetime] = {}

    def free(self, chat: int) -> datetime:
        """From when on the chat may get a message."""
        return self._free.get(chat, self._clock())

    async def turn(self, chat: int) -> None:
        """Wait until a message may go to the chat; it counts as sent."""
        await self._until(self.free(chat))
        turn = max(self._next, self._clock())
        self._next = turn + OVERALL
        self._free[chat] = turn + (GROUP if chat < 0 else PRIVATE)
        await self._until(turn)

    def forget_past(self) -> None:
        """Drop the chats that are free again; there may be many."""
        now = self._clock()
        self._free = {chat: free for chat, free in self._free.items() if free > now}

    async def _until(self, moment: datetime) -> None:
        while (wait := (moment - self._clock()).total_seconds()) > 0:
            await self._sleep(wait)


class Delivery:
    """Sends what the outbox owes. One instance works on an outbox, one run at a time."""

    def __init__(self, outbox: Outbox, chats: Chats, bot: Bot, clock: Clock, *, sleep: Sleep = asyncio.sleep) -> None:
        self._outbox = outbox
        self._chats = chats
        self._bot = bot
        self._clock = clock
        self._pace = Pace(clock, sleep)
        self._alone = asyncio.Lock()
        self._receipts: dict[int, int] = {}

    async def run_once(self) -> int:
        """Send all that is due, until nothing more is; gives the number of parts that Telegram accepted.

        Raises StateError when the outbox or the chats cannot be written: what was accepted meanwhile is remembered,
        and nothing more is sent before it is in the outbox. Cancelled, it waits `GRACE` seconds for open answers.
        """
        async with self._alone:
            await self._file_receipts()
            self._pace.forget_past()
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
                await self._pace.turn(owed.chat)
                if len(flying) >= IN_FLIGHT:
                    accepted += await _landed(flying, wait=True)
                flying[asyncio.create_task(self._deliver(owed))] = owed.chat
            if not flying:
                return accepted
            accepted += await _landed(flying, wait=not batch)

    async def _batch(self, busy: set[int]) -> list[Owed]:
        """What may go now, chats that have to wait for their second last, so that nobody waits for them."""
        due = await asyncio.to_thread(self._outbox.due, self._clock(), BATCH)
        return sorted((owed for owed in due if owed.chat not in busy), key=lambda owed: self._pace.free(owed.chat))

    async def _deliver(self, owed: Owed) -> bool:
        """Send one part and note what became of it; whether Telegram accepted it."""
        try:
            message = await self._send(owed)
        except TelegramError as refusal:
            await self._refused(owed, refusal)
            return False
        self._receipts[owed.id] = message.message_id
        await self._file_receipts()
        return True

    async def _file_receipts(self) -> None:
        for owed_id, telegram_id in tuple(self._receipts.items()):
            await asyncio.to_thread(self._outbox.sent, owed_id, telegram_id, self._clock())
            self._receipts.pop(owed_id, None)

    async def _send(self, owed: Owed) -> Message:
        try:
            return await self._send_text(owed, owed.message.text, ParseMode.HTML)
        except BadRequest as refusal:
            if "can't parse entities" not in refusal.message.lower():
                raise
            log.warning("part %s (%s): markup refused, sent as plain text: %s", owed.id, owed.key, refusal)
        await self._pace.turn(owed.chat)
        return await self._send_text(owed, plain(owed.message.text), None)

    async def _send_text(self, owed: Owed, text: str, mode: ParseMode | None) -> Message:
        return await self._bot.send_message(
            owed.chat,
            text,
            parse_mode=mode,
            reply_markup=_keyboard(owed.message),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _refused(self, owed: Owed, refusal: TelegramError) -> None:
        log.warning("part %s (%s): %s", owed.id, owed.key, refusal)
        match refusal:
            case RetryAfter():
                await self._again(owed, told_wait(refusal), refusal)
            case ChatMigrated():
                await asyncio.to_thread(self._chats.move, owed.chat, refusal.new_chat_id)
                await asyncio.to_thread(self._outbox.move, owed.chat, refusal.new_chat_id)
            case Forbidden():
                await self._hold(owed.chat)
            case BadRequest() if refusal.message.lower().startswith(REFUSALS):
                await self._hold(owed.chat)
            case BadRequest():
                await asyncio.to_thread(self._outbox.give_up, owed.id, refusal.message)
            case _:
                await self._again(owed, _longer_each_time(owed.attempts), refusal)

    async def _again(self, owed: Owed, wait: timedelta, refusal: TelegramError) -> None:
        await asyncio.to_thread(self._outbox.retry, owed.id, self._clock() + wait, refusal.message)

    async def _hold(self, chat: int) -> None:
        # In this order: a crash in between leaves a chat that is asked once more, not one that stays held unnoticed.
        await asyncio.to_thread(self._chats.change, chat, lambda known: replace(known, active=False))
        await asyncio.to_thread(self._outbox.hold, chat)


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
    _, late = await asyncio.wait(flying, timeout=GRACE)
    for task in late:
        task.cancel()
    for outcome in await asyncio.gather(*flying, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a part in flight when delivery stopped: %s", outcome)


def _keyboard(message: Outgoing) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in message.buttons]
    return InlineKeyboardMarkup(rows)


def _longer_each_time(attempts: int) -> timedelta:
    """1, 2, 4 … seconds up to LONGEST_WAIT, each cut by up to a half so that the parts do not return all at once."""
    seconds = min(2.0 ** min(attempts, 20), LONGEST_WAIT)
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311  nothing secret about it


def told_wait(refusal: RetryAfter) -> timedelta:
    """How long Telegram says to wait."""
    wait = refusal.retry_after  # seconds in PTB 22, a timedelta in its next major version and where that is asked for
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def plain(text: str) -> str:
    """The words of Telegram HTML; a `<` that begins none of its tags is a word like others."""
    return html.unescape(TAG.sub("", text))
