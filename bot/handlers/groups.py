"""The bot is let into a chat or put out of it: a greeting, or silence until it is let in again."""

import asyncio
from dataclasses import replace as with_changes

from telegram import Chat as TelegramChat
from telegram import ChatMember, ChatMemberUpdated, Update

from bot import render
from bot.context import Context, Services
from bot.handlers.channels import found
from bot.handlers.replies import reply
from bot.texts import language_of
from digests.readers import Language

_OUT = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def membership(update: Update, context: Context) -> None:
    """Something about the bot's place in a chat has changed."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat = context.services, change.chat
    context.spoken = language_of(change.from_user.language_code, services.config.language)  # of who lets the bot in
    if _is_in(change.new_chat_member, chat):
        await asyncio.to_thread(_back, services, chat.id)
        if not _is_in(change.old_chat_member, chat):
            await _greet(update, context, change, context.spoken)
    else:
        await asyncio.to_thread(_out, services, chat.id)


async def _greet(update: Update, context: Context, change: ChatMemberUpdated, language: Language) -> None:
    if change.chat.type == TelegramChat.CHANNEL:
        await found(context, change.chat, change.from_user)
    elif change.chat.type != TelegramChat.PRIVATE:  # who unblocks the bot says what he wants by himself
        await asyncio.to_thread(context.services.chats.open, change.chat.id, language)
        await reply(update, context, render.group_greeting(context.bot.username, context.language))


def _is_in(member: ChatMember, chat: TelegramChat) -> bool:
    """Whether the bot may write there; in a channel it has to be an administrator who may post."""
    if chat.type == TelegramChat.CHANNEL:
        return bool(getattr(member, "can_post_messages", False))
    return member.status not in _OUT and getattr(member, "is_member", True)


def _back(services: Services, chat: int) -> None:
    if (known := services.chats.get(chat)) and not known.active:
        services.outbox.release(chat)  # before it is active again, so that a crash in between is made good next time
        services.chats.change(chat, lambda kept: with_changes(kept, active=True))


def _out(services: Services, chat: int) -> None:
    """Nothing is forgotten; and nothing is noted of a chat of which nothing is kept."""
    if services.chats.change(chat, lambda kept: with_changes(kept, active=False)):
        services.outbox.hold(chat)
