"""For the operator: state, taking in now, tomorrow's digest, the last errors, announcements.

Only chats that the configuration names under [access] admins get an answer; to others the commands do not exist.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram import Message, Update

from bot import flows
from bot.callbacks import RunAdminTask, SendAnnouncement
from bot.context import Context, state_counts
from bot.handlers.errors import unknown_command
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render import operator
from bot.render.packing import utf16_units
from bot.texts.markup import as_html
from digests.chats import Chat, OutgoingMessage
from digests.storage.outbox import OutboxEntry

MAX_ANNOUNCEMENT_UNITS = 3500
"""UTF-16 units of an announcement; it stands whole in the message that asks whether to send it."""


async def admin(update: Update, context: Context) -> None:
    """/admin"""
    if not _is_operator(context):
        return await unknown_command(update, context)
    return await reply(update, context, *await _state(context))


async def announce(update: Update, context: Context) -> None:
    """/announce Something that all chats are to know; asks back before it goes out."""
    if not _is_operator(context):
        return await unknown_command(update, context)
    text = (update.message.text or "").partition(" ")[2].strip() if update.message else ""
    if not text:
        return await reply_text(update, context, context.texts.html("admin.announce_how"))
    if utf16_units(text) > MAX_ANNOUNCEMENT_UNITS:
        return await reply_text(
            update,
            context,
            context.texts.html("admin.announce_long", count=utf16_units(text), limit=MAX_ANNOUNCEMENT_UNITS),
        )
    return await reply(update, context, operator.announcement(text, len(_reachable(context)), context.language))


async def task_pressed(update: Update, context: Context, callback: RunAdminTask) -> None:
    """A button below an answer to the operator; in the hands of others it is one we never made."""
    task = _TASKS.get(callback.task)
    if task is None or not _is_operator(context):
        return await unknown_command(update, context)
    first, *rest = await task(context)
    await edit_or_reply(update, context, first)
    return await reply(update, context, *rest)


async def announce_pressed(update: Update, context: Context, callback: SendAnnouncement) -> None:  # noqa: ARG001  no values in it
    """The operator has read the announcement above and wants it sent; pressed twice, it still goes out once."""
    if not _is_operator(context):
        return await unknown_command(update, context)
    asked = update.effective_message
    text = (asked.text or "").partition("\n\n")[2].strip() if isinstance(asked, Message) else ""
    if asked is None or not text:
        return await reply_text(update, context, context.texts.html("admin.announce_lost"))
    told = OutgoingMessage(as_html(text))
    letters = [
        OutboxEntry(chat.id, f"announce:{context.chat.id}:{asked.message_id}", (told,)) for chat in _reachable(context)
    ]
    await asyncio.to_thread(context.services.outbox.put_many, letters, context.services.clock())
    return await reply_text(update, context, context.texts.html("admin.announce_done", count=len(letters)))


async def _state(context: Context) -> tuple[OutgoingMessage, ...]:
    services = context.services
    held = await asyncio.to_thread(state_counts, services)
    newest = max((issue.day for issue in services.archive.issues()), default=None)
    return operator.system_state(held, newest, services.health.problems(services.clock()), context.language)


async def _take_in(context: Context) -> tuple[OutgoingMessage, ...]:
    return operator.ingest_report(await context.ingest_now(), context.language)


async def _plan(context: Context) -> tuple[OutgoingMessage, ...]:
    services, lang = context.services, context.language
    tomorrow = services.today + timedelta(days=1)
    edition = services.edition(tomorrow)
    if edition is None:
        return (operator.no_digest_preview(tomorrow, lang),)
    served = [
        chat
        for chat in _reachable(context)
        if chat.settings.digest and chat.subscriptions and tomorrow.weekday() in chat.settings.weekdays
    ]
    told = await asyncio.to_thread(flows.render_edition, services, edition, context.chat.settings)
    return (operator.digest_preview(tomorrow, len(served), lang), *told)


async def _errors(context: Context) -> tuple[OutgoingMessage, ...]:
    return operator.recent_errors(context.services.recent_warnings.lines, context.language)


def _reachable(context: Context) -> list[Chat]:
    return [chat for chat in context.services.chats.all() if chat.active]


def _is_operator(context: Context) -> bool:
    return context.chat.id in context.services.config.access.admins


_TASKS: dict[str, Callable[[Context], Coroutine[Any, Any, tuple[OutgoingMessage, ...]]]] = {
    "state": _state,
    "take": _take_in,
    "plan": _plan,
    "errors": _errors,
}
