"""The first handler of every update: the chat it comes from is known from here on."""

import asyncio

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Context, Services


async def meet(update: Update, context: Context) -> None:
    """Know the chat of a new message or a pressed button; everything else goes no further.

    Nothing is stored of a chat that only reads: it is kept from its first choice on, and after it was forgotten anew.
    """
    chat = update.effective_chat
    if not (update.message or update.callback_query) or chat is None:
        raise ApplicationHandlerStop
    await asyncio.to_thread(_welcome_back, context.services, chat.id)


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


def _welcome_back(services: Services, chat: int) -> None:
    """A chat that had refused our messages and writes again gets what was held for it."""
    services.outbox.release(chat)  # before it is active again, so that a crash in between is made good next time
    known = services.chats.get(chat)
    if known and not known.active:
        services.chats.open(chat, known.settings.language)
