"""A chat's stored data: /export and /import of a file, and /forget, which deletes all of it."""

import asyncio
import contextlib
from datetime import datetime

from telegram import Document, InputFile, Message, Update
from telegram.error import TelegramError
from telegram.ext import filters

from bot import callbacks, render
from bot.context import Context
from bot.delivery.sending import send_with_retries
from bot.delivery.throttle import ReplyTimeout
from bot.handlers.managed_chats import change_chat, current_view, require_permission
from bot.handlers.replies import edit_or_reply, reply, reply_text
from digests.chats import Chat, OutgoingMessage
from digests.errors import ImportRefused
from digests.storage import personal_data as export_module
from digests.storage.personal_data import ImportResult

EXPORT_FILES = filters.Document.FileExtension("json")


async def export(update: Update, context: Context) -> None:
    """/export: send the chat's subscriptions and settings as a file."""
    await require_permission(update, context)
    message = update.effective_message
    if not isinstance(message, Message):
        return
    texts, content = context.texts, export_module.export_chat(context.target).encode()

    async def send(*, text: str, parse_mode: str | None, **_: object) -> Message:
        file = InputFile(content, filename=texts.plain("export.file_name"))
        return await message.reply_document(file, caption=text, parse_mode=parse_mode, allow_sending_without_reply=True)

    caption = OutgoingMessage(texts.html("export.caption"))
    try:
        await send_with_retries(context.services.throttle, context.chat.id, send, caption)
    except ReplyTimeout:
        await reply_text(update, context, texts.html("error.unexpected"))


async def import_(update: Update, context: Context) -> None:
    """/import in reply to a file: import the file; otherwise explain how to import."""
    replied_to = update.message.reply_to_message if update.message else None
    if replied_to and replied_to.document:
        await _import_file(update, context, replied_to.document)
    else:
        await reply_text(update, context, context.texts.html("import.how"))


async def file_sent(update: Update, context: Context) -> None:
    """Import a file that was sent without a command."""
    if update.message and update.message.document:
        await _import_file(update, context, update.message.document)


async def _import_file(update: Update, context: Context, document: Document) -> None:
    await require_permission(update, context)
    try:
        content = await _download(document)
        report = await _import(update, context, content, context.services.clock())
    except ImportRefused as refusal:
        await reply_text(update, context, context.texts.html(f"import.{refusal.why}"))
    else:
        await reply(update, context, render.import_report(report, current_view(context)))


async def _download(document: Document) -> bytes:
    """Return the content of a file; raises ImportRefused, without a download, if the file is over the size limit."""
    if (document.file_size or 0) > export_module.MAX_EXPORT_BYTES:
        raise ImportRefused(
            "huge", f"the file has {document.file_size} bytes; expected at most {export_module.MAX_EXPORT_BYTES}"
        )
    file = await document.get_file()
    return bytes(await file.download_as_bytearray())


async def _import(update: Update, context: Context, content: bytes, now: datetime) -> ImportResult:
    limit = context.services.config.limits.subscriptions
    forum = bool(update.effective_chat and update.effective_chat.is_forum)

    def import_into(chat: Chat) -> tuple[Chat, ImportResult]:
        outcome = export_module.import_chat(content, chat, now=now, limit=limit, forum=forum)
        return outcome.chat, outcome

    return await change_chat(update, context, import_into)


async def forget(update: Update, context: Context) -> None:
    """/forget: ask for confirmation before all data is deleted."""
    await require_permission(update, context)
    await reply(update, context, render.confirm_forget(current_view(context)))


async def forget_pressed(update: Update, context: Context, callback: callbacks.Forget) -> None:
    """Delete all stored data of the chat if the reader confirms; this update then stores no more data of the chat."""
    await require_permission(update, context)
    if not callback.sure:
        await edit_or_reply(update, context, OutgoingMessage(context.texts.html("forget.kept")))
        return
    done = OutgoingMessage(
        context.texts.html("forget.done")
    )  # rendered before the deletion, which includes the chat's language
    await asyncio.to_thread(context.services.forget, context.target.id)
    context.target_id, context.erased = context.chat.id, True
    with contextlib.suppress(TelegramError):  # not queued: the outbox would again store data of the chat
        await edit_or_reply(update, context, done)
    return
