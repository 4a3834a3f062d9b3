"""The target chat of an update: its view, its changes, and the permissions to see and change it.

The target is the chat whose subscriptions and settings an update reads or changes. Readers manage their own private
chats. A group is managed by its administrators; all members can see its settings. A channel is seen and managed from
the private chats of its administrators. Handlers change subscriptions and settings only with `change_chat`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from telegram import Chat as TelegramChat
from telegram import Update

from bot.context import Context
from bot.permissions import NotAdministrator
from bot.render.chats import ChatView
from digests.chats import Chat

Result = TypeVar("Result")


async def change_chat(update: Update, context: Context, change: Callable[[Chat], tuple[Chat, Result]]) -> Result:
    """Store the changed target chat and return the result of `change`.

    Raises NotAdministrator, and any exception of `change`.
    """
    await require_permission(update, context)
    return await context.change_target(change)


async def require_permission(update: Update, context: Context) -> None:
    """Raise NotAdministrator if the sender may not change the target chat.

    A private chat that manages the target then stops managing it.
    """
    if await _may_change(update, context):
        return
    is_managed = context.chat.managed_channel == context.target.id
    if is_managed:
        await stop_managing(context)
    raise NotAdministrator(back=is_managed)


async def permitted_view(update: Update, context: Context) -> ChatView:
    """Return a view of the target chat; raises NotAdministrator for a channel that the sender does not administer."""
    if _is_managed_from_here(context):
        await require_permission(update, context)
    return current_view(context)


def current_view(context: Context) -> ChatView:
    """Return a view of the target chat as it is stored now."""
    services, target = context.services, context.target
    title = next((channel.title for channel in context.chat.channels if channel.id == target.id), "")
    return ChatView(
        chat=target,
        language=context.language,
        config=services.config,
        now=services.clock(),
        topic=context.topic,
        channel=title or (str(target.id) if _is_managed_from_here(context) else ""),
    )


async def stop_managing(context: Context) -> None:
    """Make the private chat its own target again."""
    context.target_id = context.chat.id
    await asyncio.to_thread(
        context.services.chats.update, context.chat.id, lambda chat: replace(chat, managed_channel=None)
    )


async def _may_change(update: Update, context: Context) -> bool:
    target, chat, message, user = context.target.id, update.effective_chat, update.message, update.effective_user
    if chat is None or user is None:
        return False
    if target == chat.id and chat.type == TelegramChat.PRIVATE:
        return True
    if message and message.sender_chat and message.sender_chat.id == target:
        return True  # Telegram lets only administrators write anonymously, as the group
    return await context.services.permissions.is_administrator(context.bot, target, user.id)


def _is_managed_from_here(context: Context) -> bool:
    return context.target.id != context.chat.id
