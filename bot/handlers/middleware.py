"""Code that runs before and around the handlers: access, reactivation, migration, typing action, order of updates.

check_access         rejects chats without access and chats over the rate limit
reactivate_sender    reactivates a chat that refused messages and now writes again
move_migrated_group  moves the stored data of a group that becomes a supergroup
with_typing_action   shows "typing…" while a handler takes long
PerChatProcessor     processes the updates of each chat in order, and different chats concurrently
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from functools import wraps
from typing import Any
from weakref import WeakValueDictionary

from telegram import Chat, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, BaseUpdateProcessor

from bot.context import Context, Services
from bot.handlers.messages import TO_BOT
from bot.handlers.replies import reply_text
from bot.operations.monitoring import Metrics
from bot.texts import Texts, language_of, texts_for

TYPING_DELAY_SECONDS = 0.5
"""Seconds from the start of a handler until "typing…" is shown."""
TYPING_REPEAT_SECONDS = 4.0
"""Seconds after which the typing action is sent again; Telegram shows it for five."""
MAX_CONCURRENT_UPDATES = 1024
"""Maximum number of updates in progress, including those that wait for an earlier update of the same chat."""

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


async def check_access(update: Update, context: Context) -> None:
    """Stop the updates of chats without access or over the rate limit; notify each such chat at most once a minute."""
    if _is_automatic(update):
        raise ApplicationHandlerStop
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


def _is_automatic(update: Update) -> bool:
    """True for a message of another bot, or a channel's post that Telegram forwards into its discussion group.

    Two bots that answer each other would never end. Administrators who write anonymously, and people who write as a
    channel, are bots to Telegram too, but their messages have a `sender_chat`.
    """
    message, user = update.effective_message, update.effective_user
    if not isinstance(message, Message) or update.callback_query:
        return False
    return bool(message.is_automatic_forward or (user and user.is_bot and message.sender_chat is None))


def _expects_answer(update: Update) -> bool:
    """True for a pressed button, an inline query, a private message, and a group's command or message to the bot."""
    message = update.message
    if message is None:
        return bool(update.callback_query or update.inline_query)
    if message.chat.type == ChatType.PRIVATE:
        return True
    return bool((message.text or "").startswith("/") or TO_BOT.filter(message))


async def _reject(update: Update, context: Context, reason: str, **values: object) -> None:
    texts = _sender_texts(update, context)
    with contextlib.suppress(TelegramError):  # a failure to send the rejection is ignored
        if update.callback_query:
            await update.callback_query.answer(texts.plain(f"access.{reason}", **values), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        else:
            await reply_text(update, context, texts.html(f"access.{reason}", **values))


def _sender_texts(update: Update, context: Context) -> Texts:
    """Return the texts in the chat's language, or in the sender's if the chat is not stored."""
    chat = context.services.chats.get(sender_id(update))
    code = update.effective_user.language_code if update.effective_user else None
    return texts_for(chat.settings.language if chat else language_of(code, context.services.config.language))


async def reactivate_sender(update: Update, context: Context) -> None:
    """Reactivate the chat of a new message or a pressed button; stop all other updates.

    This does not store a new chat; its first setting or subscription does.
    """
    chat = update.effective_chat
    if not (update.message or update.callback_query) or chat is None:
        raise ApplicationHandlerStop
    await asyncio.to_thread(reactivate, context.services, chat.id)


def reactivate(services: Services, chat_id: int) -> None:
    """Release the held messages of a chat, and make the chat active if it is stored."""
    services.outbox.release(chat_id)  # first, so that after a crash the next call repeats both steps
    chat = services.chats.get(chat_id)
    if chat and not chat.active:
        services.chats.get_or_create(chat_id, chat.settings.language)


async def move_migrated_group(update: Update, context: Context) -> None:
    """Move everything stored for a group to its supergroup.

    Telegram reports the migration in the old group, the new supergroup, or both.
    """
    message = update.effective_message
    if message is None:
        return
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    services = context.services
    # The chat moves first: if a message is sent to the old id before the outbox moves, Telegram refuses the message
    # with ChatMigrated, and delivery moves the outbox.
    await asyncio.to_thread(services.chats.move, old, new)
    await asyncio.to_thread(services.outbox.move, old, new)


def with_typing_action(handler: Handler) -> Handler:
    """Wrap a message handler so that "typing…" is shown while it takes long.

    Handlers of buttons need no typing action: Telegram shows progress on the button itself.
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
        # While the chat must wait for Telegram's limits, the typing action would be refused as well.
        if context.services.throttle.seconds_to_wait(chat.id, reply=True) <= 0:
            with contextlib.suppress(TelegramError):  # if the error persists, sending the reply raises it too
                await chat.send_action(ChatAction.TYPING, message_thread_id=context.topic)
        await asyncio.sleep(TYPING_REPEAT_SECONDS)


class PerChatProcessor(BaseUpdateProcessor):
    """Processes the updates of one chat one after another, and those of different chats concurrently.

    Two kinds of updates are skipped: a second press of a button while the first is being processed, and an inline query
    if a newer inline query of the same sender arrives before its processing starts.
    """

    def __init__(self, metrics: Metrics) -> None:
        """`metrics` records the seconds that each update takes."""
        super().__init__(MAX_CONCURRENT_UPDATES)
        self._metrics = metrics
        # Weak values: a lock is deleted when no update holds it or waits for it.
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
            # A separate lock: inline queries and updates of the sender's private chat do not wait for each other.
            async with self._lock((sender, "inline")):
                if self._newest_inline.get(sender) == update.update_id:
                    await self._run(coroutine)
                else:
                    _close_unanswered(coroutine)
        finally:
            if self._newest_inline.get(sender) == update.update_id:
                self._newest_inline.pop(sender)

    async def _process_press(self, update: Update, press: Hashable, coroutine: Awaitable[Any]) -> None:
        if press in self._running_presses:
            _close_unanswered(coroutine)
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
    """Return a key for the message, button and user of a press; None for any other update."""
    query = update.callback_query
    if query is None or query.message is None:
        return None
    return query.message.chat.id, query.message.message_id, query.data, query.from_user.id


def _close_unanswered(coroutine: Awaitable[Any]) -> None:
    """Close the coroutine of a skipped update, so that Python does not warn that it was never awaited."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()


async def _stop_spinning(update: Update) -> None:
    if update.callback_query:
        with contextlib.suppress(TelegramError):
            await update.callback_query.answer()


def sender_id(update: object) -> int:
    """Return the id of an update's chat; if the update has no chat, the id of its user; if it has neither, 0."""
    if not isinstance(update, Update):
        return 0
    sender = update.effective_chat or update.effective_user
    return sender.id if sender else 0
