"""Commands of the operator: /admin (state, ingest, tomorrow's digest, recent errors) and /announce.

Only the chats listed in the configuration under [access] admins may use them; other chats get the reply to an unknown
command.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram import Update

from bot import flows
from bot.callbacks import RunAdminTask, SendAnnouncement
from bot.context import Context, state_counts
from bot.handlers.errors import unknown_command
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render import operator
from bot.render.packing import utf16_units
from bot.texts import as_html
from digests.chats import Chat, OutgoingMessage
from digests.storage.outbox import OutboxEntry

MAX_ANNOUNCEMENT_UNITS = 3500
"""Maximum number of UTF-16 units of an announcement; the message that asks for confirmation contains all of it."""


async def admin(update: Update, context: Context) -> None:
    """/admin: reply with the state of the program and a button for each task."""
    if not _is_operator(context):
        return await unknown_command(update, context)
    await reply(update, context, *await _state(context))
    return None


async def announce(update: Update, context: Context) -> None:
    """/announce TEXT: show the announcement and ask for confirmation before it is sent to all active chats."""
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
    await reply(update, context, operator.announcement(text, len(_active_chats(context)), context.language))
    return None


async def task_pressed(update: Update, context: Context, callback: RunAdminTask) -> None:
    """Run the button's task and show its result in the same message."""
    task = _TASKS.get(callback.task)
    if task is None or not _is_operator(context):
        return await unknown_command(update, context)
    first, *rest = await task(context)
    await edit_or_reply(update, context, first)
    await reply(update, context, *rest)
    return None


async def announce_pressed(update: Update, context: Context, callback: SendAnnouncement) -> None:
    """Queue the announcement for all active chats.

    The outbox key contains the id of the confirmation message, so a second press of its button queues nothing.
    """
    if not _is_operator(context):
        return await unknown_command(update, context)
    preview = update.effective_message
    key = f"announce:{context.chat.id}:{preview.message_id if preview else 0}"
    message = OutgoingMessage(as_html(callback.text))
    entries = [OutboxEntry(chat.id, key, (message,)) for chat in _active_chats(context)]
    await asyncio.to_thread(context.services.outbox.add_many, entries, context.services.clock())
    return await reply_text(update, context, context.texts.html("admin.announce_done", count=len(entries)))


async def _state(context: Context) -> tuple[OutgoingMessage, ...]:
    services = context.services
    counts = await asyncio.to_thread(state_counts, services)
    newest = max((issue.day for issue in services.archive.issues()), default=None)
    problems = services.health.problems()
    files = (*services.archive.file_problems, *await asyncio.to_thread(services.archive.unsure_papers))
    return operator.system_state(counts, newest, problems, context.language, files=files)


async def _ingest(context: Context) -> tuple[OutgoingMessage, ...]:
    return operator.ingest_report(await context.ingest_now(), context.language)


async def _preview(context: Context) -> tuple[OutgoingMessage, ...]:
    services, lang = context.services, context.language
    tomorrow = services.today + timedelta(days=1)
    edition = services.edition(tomorrow)
    if edition is None:
        return (operator.no_digest_preview(tomorrow, lang),)
    recipients = [
        chat
        for chat in _active_chats(context)
        if chat.settings.digest and chat.subscriptions and tomorrow.weekday() in chat.settings.weekdays
    ]
    digest = await asyncio.to_thread(flows.render_edition, services, edition, context.chat.settings)
    return (operator.digest_preview(tomorrow, len(recipients), lang), *digest)


async def _errors(context: Context) -> tuple[OutgoingMessage, ...]:
    return operator.recent_errors(context.services.recent_warnings.lines, context.language)


def _active_chats(context: Context) -> list[Chat]:
    return [chat for chat in context.services.chats.all() if chat.active]


def _is_operator(context: Context) -> bool:
    return context.chat.id in context.services.config.access.admins


_TASKS: dict[str, Callable[[Context], Coroutine[Any, Any, tuple[OutgoingMessage, ...]]]] = {
    "state": _state,
    "take": _ingest,
    "plan": _preview,
    "errors": _errors,
}
