"""Groups and channels: changes of the bot's membership, and /channel, which manages a channel from a private chat.

The bot takes no commands inside a channel; its administrators send them in their private chats with the bot.
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
from bot.handlers.replies import MAX_ECHO_CHARS, edit_or_reply, reply, reply_text
from bot.texts import language_of
from digests.chats import Channel, Chat, Language, OutgoingMessage
from digests.text import shorten

_REMOVED = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def membership_changed(update: Update, context: Context) -> None:
    """Activate or deactivate a chat after a change of the bot's membership or rights in it."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat = context.services, change.chat
    # The initial language of a new group is the language of the person who adds the bot.
    context.initial_language = language_of(change.from_user.language_code, services.config.language)
    if _can_write(change.new_chat_member, chat):
        await asyncio.to_thread(_activate, services, chat.id)
        if not _can_write(change.old_chat_member, chat):
            await _greet(update, context, change, context.initial_language)
    else:
        await asyncio.to_thread(_deactivate, services, chat.id)


async def _greet(update: Update, context: Context, change: ChatMemberUpdated, language: Language) -> None:
    if change.chat.type == TelegramChat.CHANNEL:
        await report_new_channel(context, change.chat, change.from_user)
    elif change.chat.type != TelegramChat.PRIVATE:  # a reader who unblocks the bot needs no greeting
        await asyncio.to_thread(context.services.chats.get_or_create, change.chat.id, language)
        bot = context.bot
        greeting = render.group_greeting(bot.username, context.language, reads_all=bot.can_read_all_group_messages)
        await reply(update, context, greeting)


def _can_write(member: ChatMember, chat: TelegramChat) -> bool:
    """True if the bot may write in the chat; in a channel, the bot needs the right to post."""
    if chat.type == TelegramChat.CHANNEL:
        return bool(getattr(member, "can_post_messages", False))
    return member.status not in _REMOVED and getattr(member, "is_member", True)


def _activate(services: Services, chat_id: int) -> None:
    if (chat := services.chats.get(chat_id)) and not chat.active:
        services.outbox.release(chat_id)  # first, so that after a crash the next call repeats both steps
        services.chats.update(chat_id, lambda chat: with_changes(chat, active=True))


def _deactivate(services: Services, chat_id: int) -> None:
    """Make a stored chat inactive and hold its messages; do nothing for a chat that is not stored."""
    if services.chats.update(chat_id, lambda chat: with_changes(chat, active=False)):
        services.outbox.hold(chat_id)


async def channel(update: Update, context: Context) -> None:
    """/channel @name: manage that channel; without a name, reply with the list of channels."""
    chat, name = update.effective_chat, message_text(update, context)
    context.target_id = context.chat.id
    if chat is None or chat.type != TelegramChat.PRIVATE:
        await reply_text(update, context, context.texts.html("channel.how"))
    elif name:
        await _manage_named(update, context, name)
    else:
        channels = [channel for channel in context.chat.channels if await _is_administered(update, context, channel.id)]
        await reply(update, context, render.channels(channels, context.chat.managed_channel, context.language))


async def manage_pressed(update: Update, context: Context, callback: callbacks.ManageChannel) -> str | None:
    """Make the channel the target of the commands in this private chat."""
    if context.chat.id < 0:  # only private chats manage channels
        return context.texts.plain("button.unknown")
    channel = await _get_chat(context, callback.channel)
    if channel is None or not await _is_administered(update, context, callback.channel):
        return context.texts.plain("channel.refused", name=str(callback.channel))
    await _manage(update, context, Channel(channel.id, channel.title or str(channel.id)))
    return None


async def manage_own_pressed(update: Update, context: Context, _: callbacks.ManageOwn) -> None:
    """Make this private chat the target of its own commands again."""
    await stop_managing(context)
    await edit_or_reply(update, context, OutgoingMessage(context.texts.html("channel.own")))


async def report_new_channel(context: Context, channel: TelegramChat, by: User) -> None:
    """Store the channel for `by`, who added the bot to it, and send `by` a message on managing the channel."""
    services, added = context.services, Channel(channel.id, channel.title or str(channel.id))
    await asyncio.to_thread(_add_channel, context, by.id, added)
    chat = services.chats.get(by.id)
    language = chat.settings.language if chat else language_of(by.language_code, services.config.language)
    message = render.channel_added(added, language)
    # Telegram refuses the message if the person has never written to the bot; /channel lists the channel anyway.
    with contextlib.suppress(Forbidden, BadRequest, ReplyTimeout):
        await send_with_retries(services.throttle, by.id, partial(context.bot.send_message, by.id), message)


async def _manage_named(update: Update, context: Context, name: str) -> None:
    channel = await _get_chat(context, "@" + name.rstrip("/").rpartition("/")[2].removeprefix("@"))
    is_channel = channel is not None and channel.type == TelegramChat.CHANNEL
    if channel is None or not is_channel or not await _is_administered(update, context, channel.id):
        refused = context.texts.html("channel.refused", name=shorten(name, MAX_ECHO_CHARS))
        return await reply_text(update, context, refused)
    return await _manage(update, context, Channel(channel.id, channel.title or name))


async def _get_chat(context: Context, chat: int | str) -> ChatFullInfo | None:
    """Return the chat with an id or a public @name; None if Telegram does not show it to the bot."""
    try:
        return await context.bot.get_chat(chat)
    except (BadRequest, Forbidden):
        return None


async def _manage(update: Update, context: Context, channel: Channel) -> None:
    await asyncio.to_thread(_add_channel, context, context.chat.id, channel, managed_channel=channel.id)
    context.target_id = channel.id
    await reply(update, context, render.channel_managed(current_view(context)))


async def _is_administered(update: Update, context: Context, channel_id: int) -> bool:
    """True if both the user and the bot are administrators of the channel."""
    permissions, user = context.services.permissions, update.effective_user
    if user is None or not await permissions.is_administrator(context.bot, channel_id, context.bot.id):
        return False
    return await permissions.is_administrator(context.bot, channel_id, user.id)


def _add_channel(context: Context, chat_id: int, channel: Channel, **changes: Any) -> None:
    """Add `channel` to a private chat's channels, replacing an earlier entry, and apply `changes` to the chat."""

    def add(chat: Chat) -> Chat:
        others = tuple(other for other in chat.channels if other.id != channel.id)
        return with_changes(chat, channels=(*others, channel), **changes)

    context.services.chats.update(chat_id, add, context.new_chat(chat_id))
