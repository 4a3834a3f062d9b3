"""What runs around every handler: access control, returning chats, the typing action, and the order of updates.

admit               may this chat use the bot, and has it requests left in this minute?
reactivate_sender   makes a chat active again that writes after it had refused messages
group_migrated      moves what is stored when a group becomes a supergroup
with_typing_action  shows "typing…" while an answer takes long
PerChatProcessor    answers updates in order within a chat, and all chats side by side
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
from bot.operations.monitoring import Metrics
from bot.texts import Texts, language_of, texts_for

TYPING_DELAY_SECONDS = 0.5
"""Seconds an answer may take before "typing…" is shown."""
TYPING_REPEAT_SECONDS = 4.0
"""Seconds after which the typing action is sent again; Telegram shows it for five."""
MAX_CONCURRENT_UPDATES = 1024
"""Updates accepted at once, including those that wait for an earlier one of the same chat."""

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


async def admit(update: Update, context: Context) -> None:
    """Stop updates of chats without access and of chats over the rate limit; tell them so once a minute."""
    services, sender, user = context.services, sender_id(update), update.effective_user
    access, rate_limit = services.config.access, services.rate_limit
    if not access.admits(sender) and not (user and access.admits(user.id)):
        if _expects_answer(update) and rate_limit.may_notify(sender):
            await _reject(update, context, "closed", id=str(sender))
    elif _expects_answer(update) and not rate_limit.allows(sender, access.per_minute):
        if rate_limit.may_notify(sender):
            await _reject(update, context, "too_much", count=access.per_minute)
    else:
        return
    raise ApplicationHandlerStop


def _expects_answer(update: Update) -> bool:
    """True for a command, a message to the bot, a pressed button or an inline query; False for talk in a group."""
    message = update.message
    if message is None:
        return bool(update.callback_query or update.inline_query)
    if message.chat.type == ChatType.PRIVATE:
        return True
    return bool((message.text or "").startswith("/") or TO_BOT.filter(message))


async def _reject(update: Update, context: Context, reason: str, **values: object) -> None:
    texts = _sender_texts(update, context)
    with contextlib.suppress(TelegramError):  # a rejection is not worth a retry
        if update.callback_query:
            await update.callback_query.answer(texts.plain(f"access.{reason}", **values), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        else:
            await reply_text(update, context, texts.html(f"access.{reason}", **values))


def _sender_texts(update: Update, context: Context) -> Texts:
    """Texts in the chat's language, or in the sender's for a chat that is not stored."""
    chat = context.services.chats.get(sender_id(update))
    code = update.effective_user.language_code if update.effective_user else None
    return texts_for(chat.settings.language if chat else language_of(code, context.services.config.language))


async def reactivate_sender(update: Update, context: Context) -> None:
    """Reactivate the chat of a new message or a pressed button; stop all other updates.

    Nothing is stored for a chat that only reads: it is stored from its first setting or subscription on.
    """
    chat = update.effective_chat
    if not (update.message or update.callback_query) or chat is None:
        raise ApplicationHandlerStop
    await asyncio.to_thread(reactivate, context.services, chat.id)


def reactivate(services: Services, chat_id: int) -> None:
    """Release the held messages of a chat that had refused messages and writes again."""
    services.outbox.release(chat_id)  # before the chat is active, so that a crash in between is repaired next time
    chat = services.chats.get(chat_id)
    if chat and not chat.active:
        services.chats.get_or_create(chat_id, chat.settings.language)


async def group_migrated(update: Update, context: Context) -> None:
    """Move everything stored for a group to its supergroup; Telegram reports the change in either of the two."""
    message = update.effective_message
    if message is None:
        return
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    services = context.services
    # The chat first: a message that is sent to the old id in between is refused there and then moved.
    await asyncio.to_thread(services.chats.move, old, new)
    await asyncio.to_thread(services.outbox.move, old, new)


def with_typing_action(handler: Handler) -> Handler:
    """Wrap a message handler so that "typing…" is shown while it takes long.

    Buttons need no such sign: Telegram shows them spinning until they are answered.
    """

    @wraps(handler)
    async def wrapped(update: Update, context: Context) -> None:
        typing = asyncio.create_task(_keep_typing(update.effective_chat, context)) if update.effective_chat else None
        try:
            await handler(update, context)
        finally:
            if typing:
                typing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await typing

    return wrapped


async def _keep_typing(chat: Chat, context: Context) -> None:
    await asyncio.sleep(TYPING_DELAY_SECONDS)
    while True:
        # While Telegram accepts nothing for the chat, it would refuse the typing action as well.
        if context.services.throttle.seconds_to_wait(chat.id, reply=True) <= 0:
            with contextlib.suppress(TelegramError):  # the answer itself runs into the same error and handles it
                await chat.send_action(ChatAction.TYPING, message_thread_id=context.topic)
        await asyncio.sleep(TYPING_REPEAT_SECONDS)


class PerChatProcessor(BaseUpdateProcessor):
    """Runs the updates of a chat one after another, those of different chats concurrently.

    Two kinds of updates are dropped because a newer or an identical one makes them superfluous: a button pressed again
    while its first press is being answered, and an inline query whose sender has typed on.
    """

    def __init__(self, metrics: Metrics) -> None:
        """`metrics` records the seconds that each answer took."""
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._metrics = metrics
        # Weak values: a lock disappears when no update holds or awaits it.
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._running_presses: set[Hashable] = set()
        self._newest_inline: dict[int, int] = {}  # sender -> update id of the newest inline query

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if isinstance(update, Update) and update.inline_query:
            await self._process_inline_query(update, coroutine)
        elif isinstance(update, Update) and (press := _press_key(update)):
            await self._process_press(update, press, coroutine)
        else:
            await self._process_in_order((sender_id(update), "chat"), coroutine)

    async def _process_inline_query(self, update: Update, coroutine: Awaitable[Any]) -> None:
        sender = sender_id(update)
        self._newest_inline[sender] = update.update_id
        try:
            # Apart from the sender's own chat, so that neither waits for the other.
            async with self._lock((sender, "inline")):
                if self._newest_inline.get(sender) == update.update_id:
                    await self._run(coroutine)
                else:
                    _drop(coroutine)
        finally:
            if self._newest_inline.get(sender) == update.update_id:
                self._newest_inline.pop(sender)

    async def _process_press(self, update: Update, press: Hashable, coroutine: Awaitable[Any]) -> None:
        if press in self._running_presses:
            _drop(coroutine)
            await _stop_spinning(update)
            return
        self._running_presses.add(press)
        try:
            await self._process_in_order((sender_id(update), "chat"), coroutine)
        finally:
            self._running_presses.discard(press)

    async def _process_in_order(self, key: Hashable, coroutine: Awaitable[Any]) -> None:
        async with self._lock(key):
            await self._run(coroutine)

    def _lock(self, key: Hashable) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    async def _run(self, coroutine: Awaitable[Any]) -> None:
        with self._metrics.time_update():
            await coroutine

    async def initialize(self) -> None:
        """Do nothing; the base class requires the method."""

    async def shutdown(self) -> None:
        """Do nothing; the base class requires the method."""


def _press_key(update: Update) -> Hashable:
    """Message, button and user of a pressed button; None for any other update."""
    query = update.callback_query
    if query is None or query.message is None:
        return None
    return query.message.chat.id, query.message.message_id, query.data, query.from_user.id


def _drop(coroutine: Awaitable[Any]) -> None:
    """Close the coroutine of an update that is not answered, so that Python does not warn about it."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()


async def _stop_spinning(update: Update) -> None:
    if update.callback_query:
        with contextlib.suppress(TelegramError):
            await update.callback_query.answer()


def sender_id(update: object) -> int:
    """Id of the chat an update comes from, of the user where it has no chat, 0 where it has neither."""
    if not isinstance(update, Update):
        return 0
    sender = update.effective_chat or update.effective_user
    return sender.id if sender else 0
