"""The first handler of every update: the chat it comes from is known from here on."""

import asyncio

from telegram import Chat as TelegramChat
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Context, Services
from bot.texts import language_of
from digests.readers import Language


async def meet(update: Update, context: Context) -> None:
    """Open the chat of a new message or a pressed button; everything else goes no further."""
    chat = update.effective_chat
    if not (update.message or update.callback_query) or chat is None or chat.type == TelegramChat.CHANNEL:
        raise ApplicationHandlerStop
    services = context.services
    code = update.effective_user.language_code if update.effective_user else None
    await asyncio.to_thread(_open, services, chat.id, language_of(code, services.config.language))


async def moved(update: Update, context: Context) -> None:
    """A group became a supergroup, told in the one or in the other: everything of the chat goes along at once."""
    message = update.effective_message
    if message is None:
        return
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    services = context.services
    # In this order: what is still owed to the old id is moved when it is refused there.
    await asyncio.to_thread(services.chats.move, old, new)
    await asyncio.to_thread(services.outbox.move, old, new)


def _open(services: Services, chat: int, language: Language) -> None:
    """A chat that had refused our messages and writes again gets what was held for it."""
    known = services.chats.get(chat)
    if known and not known.active:
        services.outbox.release(chat)  # before it is active again, so that a crash in between is made good next time
    services.chats.open(chat, language)
