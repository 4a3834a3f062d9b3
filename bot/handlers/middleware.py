"""The first handler of every update: the chat it comes from is known from here on.

Before anything else: who may use the bot, and how often. Who is turned away is told so once a minute.

A sign that an answer is coming: "typing…" while it takes longer than a reader would notice.

A pressed button spins until it is answered, so that it needs no other sign.

In which order updates are answered: one after another within a chat, all chats beside each other.

What its sender has made idle meanwhile is not done: a button pressed again while it is being answered, and an inline
query that was typed on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from functools import wraps
from typing import Any
from weakref import WeakValueDictionary

from telegram import Chat, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, BaseUpdateProcessor

from bot.context import Context, Services
from bot.handlers.messages import TO_BOT
from bot.handlers.replies import reply_text
from bot.operations.metrics import Metrics
from bot.texts import Texts, language_of, texts_for


async def first_contact(update: Update, context: Context) -> None:
    """Know the chat of a new message or a pressed button; everything else goes no further.

    Nothing is stored of a chat that only reads: it is kept from its first choice on, and after it was forgotten anew.
    """
    chat = update.effective_chat
    if not (update.message or update.callback_query) or chat is None:
        raise ApplicationHandlerStop
    await asyncio.to_thread(_welcome_back, context.services, chat.id)


async def group_migrated(update: Update, context: Context) -> None:
    """A group became a supergroup, told in the one or in the other: everything of the chat goes along at once."""
    message = update.effective_message
    if message is None:
        return
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    services = context.services
    # In this order: what is still owed to the old id is moved when it is refused there.
    await asyncio.to_thread(services.chats.move, old, new)
    await asyncio.to_thread(services.outbox.move, old, new)


def _welcome_back(services: Services, chat: int) -> None:
    """A chat that had refused our messages and writes again gets what was held for it."""
    services.outbox.release(chat)  # before it is active again, so that a crash in between is made good next time
    known = services.chats.get(chat)
    if known and not known.active:
        services.chats.open(chat, known.settings.language)


async def admit(update: Update, context: Context) -> None:
    """Let the update through, or end it here."""
    access, visits, who = context.services.config.access, context.services.rate_limit, sender_id(update)
    person = update.effective_user
    if not access.admits(who) and not (person and access.admits(person.id)):
        if _expects_answer(update) and visits.may_notify(who):
            await _turn_away(update, context, "closed", id=str(who))
    elif _expects_answer(update) and not visits.allows(who, access.per_minute):
        if visits.may_notify(who):
            await _turn_away(update, context, "too_much", count=access.per_minute)
    else:
        return
    raise ApplicationHandlerStop


def _expects_answer(update: Update) -> bool:
    """Whether somebody asked us something: not what people in a group say to each other."""
    message = update.message
    if message is None:
        return bool(update.callback_query or update.inline_query)
    if message.chat.type == ChatType.PRIVATE:
        return True
    return bool((message.text or "").startswith("/") or TO_BOT.filter(message))


async def _turn_away(update: Update, context: Context, why: str, **values: object) -> None:
    words = _texts(update, context)
    with contextlib.suppress(TelegramError):  # whom we do not serve need not hear it at any price
        if update.callback_query:
            await update.callback_query.answer(words.plain(f"access.{why}", **values), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        else:
            await reply_text(update, context, words.html(f"access.{why}", **values))


def _texts(update: Update, context: Context) -> Texts:
    """The chat's language where it is known; nobody is noted down for being turned away."""
    known = context.services.chats.get(sender_id(update))
    code = update.effective_user.language_code if update.effective_user else None
    return texts_for(known.settings.language if known else language_of(code, context.services.config.language))


Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

TYPING_DELAY_SECONDS = 0.5
"""Seconds that an answer may take without a sign."""
TYPING_REPEAT_SECONDS = 4.0
"""Seconds after which the sign is given again; Telegram shows it for five."""


def with_typing_action(handler: Handler) -> Handler:
    """The handler of a message that says "typing…" as long as it works."""

    @wraps(handler)
    async def working(update: Update, context: Context) -> None:
        sign = asyncio.create_task(_typing(update.effective_chat, context)) if update.effective_chat else None
        try:
            await handler(update, context)
        finally:
            if sign:
                sign.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await sign

    return working


async def _typing(chat: Chat, context: Context) -> None:
    await asyncio.sleep(TYPING_DELAY_SECONDS)
    while True:
        # While Telegram takes nothing for the chat, it would not take the sign either.
        if context.services.throttle.seconds_to_wait(chat.id, reply=True) <= 0:
            with contextlib.suppress(TelegramError):  # the answer itself meets the same trouble and deals with it
                await chat.send_action(ChatAction.TYPING, message_thread_id=context.topic)
        await asyncio.sleep(TYPING_REPEAT_SECONDS)


MAX_CONCURRENT_UPDATES = 1024
"""Updates under way, those that wait behind another one of their chat included."""


class PerChatProcessor(BaseUpdateProcessor):
    """While one chat waits for Telegram, the others are answered; within a chat nobody overtakes."""

    def __init__(self, metrics: Metrics) -> None:
        """`metrics` learns how long each answer took."""
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._metrics = metrics
        # A lock lives as long as somebody holds or awaits it.
        self._lines: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[Hashable] = set()
        self._typed: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        who, press = sender_id(update), _press(update)
        if press in self._under_way:
            _drop(coroutine)
            await _acknowledge(update)
            return
        if press:
            self._under_way.add(press)
        if typed := isinstance(update, Update) and update.inline_query is not None and update.update_id:
            self._typed[who] = typed
        try:
            # First come, first served; who types in another chat does not wait for an answer in his own.
            async with self._lines.setdefault((who, bool(typed)), asyncio.Lock()):
                if typed and self._typed.get(who) != typed:
                    _drop(coroutine)
                else:
                    with self._metrics.time_update():
                        await coroutine
        finally:
            self._under_way.discard(press)
            if self._typed.get(who) == typed:
                self._typed.pop(who)

    async def initialize(self) -> None:
        """Nothing has to be opened."""

    async def shutdown(self) -> None:
        """Nothing has to be closed."""


def _press(update: object) -> Hashable:
    """Who presses which button; None for anything but a press."""
    query = update.callback_query if isinstance(update, Update) else None
    if query is None or query.message is None:
        return None
    return query.message.chat.id, query.message.message_id, query.data, query.from_user.id


def _drop(coroutine: Awaitable[Any]) -> None:
    """Leave an update without an answer."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()


async def _acknowledge(update: object) -> None:
    """Let a button that was pressed again stop spinning; its first press is being answered."""
    if isinstance(update, Update) and update.callback_query:
        with contextlib.suppress(TelegramError):
            await update.callback_query.answer()


def sender_id(update: object) -> int:
    """The id of the chat that an update is from, of the person where it is from no chat, 0 where from nobody."""
    if not isinstance(update, Update):
        return 0
    who = update.effective_chat or update.effective_user
    return who.id if who else 0
