"""Whose subscriptions and settings an update concerns, and whether the one who asks may see and change them.

In a private chat everybody manages his own; in a group its administrators do, and everybody sees; a channel is seen and
managed from the private chat of its administrator. Every change goes through `change`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace as changed
from typing import TypeVar

from telegram import Chat as TelegramChat
from telegram import Update

from bot.context import Context
from bot.permissions import NotAdministrator
from bot.render.chats import ChatView
from digests.chats import Chat

Answer = TypeVar("Answer")


async def change_chat(update: Update, context: Context, how: Callable[[Chat], tuple[Chat, Answer]]) -> Answer:
    """Change what is kept of the chat that is meant; raises NotAdministrator, and what `how` raises."""
    await require_permission(update, context)
    return await context.change_target(how)


async def require_permission(update: Update, context: Context) -> None:
    """Raise NotAdministrator where the one who asks may not change the chat that is meant."""
    if await _may_change(update, context):
        return
    lost = context.chat.managed_channel == context.target.id
    if lost:
        await stop_managing(context)
    raise NotAdministrator(back=lost)


async def permitted_view(update: Update, context: Context) -> ChatView:
    """The chat that is meant, for the one who asks; raises NotAdministrator for somebody else's channel."""
    if _manages_from_afar(context):
        await require_permission(update, context)
    return current_view(context)


def current_view(context: Context) -> ChatView:
    """The chat that is meant, as it is now."""
    services, subject = context.services, context.target
    title = next((one.title for one in context.chat.channels if one.id == subject.id), "")
    return ChatView(
        chat=subject,
        language=context.language,
        config=services.config,
        now=services.clock(),
        topic=context.topic,
        channel=title or (str(subject.id) if _manages_from_afar(context) else ""),
    )


async def stop_managing(context: Context) -> None:
    """Let the commands of this private chat concern itself again."""
    context.target_id = context.chat.id
    await asyncio.to_thread(
        context.services.chats.update, context.chat.id, lambda chat: changed(chat, managed_channel=None)
    )


async def _may_change(update: Update, context: Context) -> bool:
    subject, chat, message, user = context.target.id, update.effective_chat, update.message, update.effective_user
    if chat is None or user is None:
        return False
    if subject == chat.id and chat.type == TelegramChat.PRIVATE:
        return True
    if message and message.sender_chat and message.sender_chat.id == subject:
        return True  # an administrator who writes anonymously: Telegram lets nobody else write as the group
    return await context.services.permissions.is_administrator(context.bot, subject, user.id)


def _manages_from_afar(context: Context) -> bool:
    return context.target.id != context.chat.id
