"""The bot is let into a chat or put out of it: a greeting, or silence until it is let in again.

Channels: nobody can talk to the bot there, so their administrators manage them from their private chats.
"""

import asyncio
import contextlib
from dataclasses import replace as with_changes
from functools import partial
from typing import Any

from telegram import Chat as TelegramChat
from telegram import ChatFullInfo, ChatMember, ChatMemberUpdated, Update, User
from telegram.error import BadRequest, Forbidden

from bot import callbacks, render
from bot.context import Context, Services
from bot.delivery.sending import send_with_retries
from bot.delivery.throttle import ReplyTimeout
from bot.handlers.managed_chats import current_view, stop_managing
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.texts import language_of
from digests.chats import Channel, Chat, Language, OutgoingMessage
from digests.text import shorten

_OUT = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def membership_changed(update: Update, context: Context) -> None:
    """Something about the bot's place in a chat has changed."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat = context.services, change.chat
    context.initial_language = language_of(
        change.from_user.language_code, services.config.language
    )  # of who lets the bot in
    if _is_in(change.new_chat_member, chat):
        await asyncio.to_thread(_back, services, chat.id)
        if not _is_in(change.old_chat_member, chat):
            await _greet(update, context, change, context.initial_language)
    else:
        await asyncio.to_thread(_out, services, chat.id)


async def _greet(update: Update, context: Context, change: ChatMemberUpdated, language: Language) -> None:
    if change.chat.type == TelegramChat.CHANNEL:
        await report_new_channel(context, change.chat, change.from_user)
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


MAX_ECHO_CHARS = 40
"""Characters of a reader's own text that an answer repeats."""


async def channel(update: Update, context: Context) -> None:
    """/channel @name, or alone for the channels that are known."""
    chat, name = update.effective_chat, message_text(update, context)
    context.target_id = context.chat.id
    if chat is None or chat.type != TelegramChat.PRIVATE:
        await reply_text(update, context, context.texts.html("channel.how"))
    elif name:
        await _manage_named(update, context, name)
    else:
        held = [one for one in context.chat.channels if await _administers(update, context, one.id)]
        await reply(update, context, render.channels(held, context.chat.managed_channel, context.language))


async def manage_pressed(update: Update, context: Context, callback: callbacks.ManageChannel) -> str | None:
    """Let commands concern this channel from now on."""
    if context.chat.id < 0:  # a group manages itself alone
        return context.texts.plain("button.unknown")
    try:
        known = await context.bot.get_chat(callback.channel)
    except (BadRequest, Forbidden):
        known = None
    if known is None or not await _administers(update, context, callback.channel):
        return context.texts.plain("channel.refused", name=str(callback.channel))
    await _manage(update, context, Channel(known.id, known.title or str(known.id)))
    return None


async def manage_own_pressed(update: Update, context: Context, _: callbacks.ManageOwn) -> None:
    """Let commands concern this chat itself again."""
    await stop_managing(context)
    await edit_or_reply(update, context, OutgoingMessage(context.texts.html("channel.own")))


async def report_new_channel(context: Context, channel: TelegramChat, by: User) -> None:
    """The bot may post in a channel now: tell the one who let it in, in his private chat if he has one with the bot."""
    services, made = context.services, Channel(channel.id, channel.title or str(channel.id))
    language = language_of(by.language_code, services.config.language)
    await asyncio.to_thread(_keep, context, by.id, made)
    known = services.chats.get(by.id)
    message = render.channel_added(made, known.settings.language if known else language)
    with contextlib.suppress(Forbidden, BadRequest, ReplyTimeout):  # he never wrote to the bot: /channel finds it
        await send_with_retries(services.throttle, by.id, partial(context.bot.send_message, by.id), message)


async def _manage_named(update: Update, context: Context, name: str) -> None:
    known = await _named(context, name)
    if known is None or not await _administers(update, context, known.id):
        refused = context.texts.html("channel.refused", name=shorten(name, MAX_ECHO_CHARS))
        return await reply_text(update, context, refused)
    return await _manage(update, context, Channel(known.id, known.title or name))


async def _named(context: Context, name: str) -> ChatFullInfo | None:
    """The channel that is called @name, or t.me/name; None where there is none."""
    public = "@" + name.rstrip("/").rpartition("/")[2].removeprefix("@")
    try:
        known = await context.bot.get_chat(public)
    except (BadRequest, Forbidden):
        return None
    return known if known.type == TelegramChat.CHANNEL else None


async def _manage(update: Update, context: Context, channel: Channel) -> None:
    await asyncio.to_thread(_keep, context, context.chat.id, channel, managed_channel=channel.id)
    context.target_id = channel.id
    await reply(update, context, render.channel_managed(current_view(context)))


async def _administers(update: Update, context: Context, channel: int) -> bool:
    """Whether both the reader and the bot are administrators there."""
    rights, user = context.services.permissions, update.effective_user
    if user is None or not await rights.is_administrator(context.bot, channel, context.bot.id):
        return False
    return await rights.is_administrator(context.bot, channel, user.id)


def _keep(context: Context, chat_id: int, channel: Channel, **values: Any) -> None:
    """Note in somebody's private chat that he looks after a channel."""

    def keep(chat: Chat) -> Chat:
        others = tuple(one for one in chat.channels if one.id != channel.id)
        return with_changes(chat, channels=(*others, channel), **values)

    context.services.chats.change(chat_id, keep, context.new_chat(chat_id))
