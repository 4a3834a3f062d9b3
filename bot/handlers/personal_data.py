"""Export and import: a chat's subscriptions and settings as a file.

/forget: all that is kept of a chat is deleted at once, for good.
"""

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
    """/export: the file, as an answer."""
    await require_permission(update, context)
    message = update.effective_message
    if not isinstance(message, Message):
        return
    words, content = context.texts, export_module.export_chat(context.target).encode()

    async def send(*, text: str, parse_mode: str | None, **_: object) -> Message:
        file = InputFile(content, filename=words.plain("export.file"))
        return await message.reply_document(file, caption=text, parse_mode=parse_mode, allow_sending_without_reply=True)

    caption = OutgoingMessage(words.html("export.caption"))
    try:
        await send_with_retries(context.services.throttle, context.chat.id, send, caption)
    except ReplyTimeout:
        await reply_text(update, context, words.html("error.trouble"))


async def import_(update: Update, context: Context) -> None:
    """/import as an answer to a file, or alone for what that means."""
    answered = update.message.reply_to_message if update.message else None
    if answered and answered.document:
        await _take_over(update, context, answered.document)
    else:
        await reply_text(update, context, context.texts.html("import.how"))


async def file_sent(update: Update, context: Context) -> None:
    """A file that may be an export, sent without a word."""
    if update.message and update.message.document:
        await _take_over(update, context, update.message.document)


async def _take_over(update: Update, context: Context, document: Document) -> None:
    await require_permission(update, context)
    try:
        content = await _fetched(document)
        outcome = await _imported(update, context, content, context.services.clock())
    except ImportRefused as refusal:
        await reply_text(update, context, context.texts.html(f"import.{refusal.why}"))
    else:
        await reply(update, context, render.import_report(outcome, current_view(context)))


async def _fetched(document: Document) -> bytes:
    """The content of a file; a huge one is not fetched. Raises ImportRefused."""
    if (document.file_size or 0) > export_module.MAX_EXPORT_BYTES:
        raise ImportRefused(
            "huge", f"the file has {document.file_size} bytes; expected at most {export_module.MAX_EXPORT_BYTES}"
        )
    file = await document.get_file()
    return bytes(await file.download_as_bytearray())


async def _imported(update: Update, context: Context, content: bytes, now: datetime) -> ImportResult:
    limit = context.services.config.limits.subscriptions
    forum = bool(update.effective_chat and update.effective_chat.is_forum)

    def take(chat: Chat) -> tuple[Chat, ImportResult]:
        outcome = export_module.import_chat(content, chat, now=now, limit=limit, forum=forum)
        return outcome.chat, outcome

    return await change_chat(update, context, take)


async def forget(update: Update, context: Context) -> None:
    """/forget: asks first."""
    await require_permission(update, context)
    await reply(update, context, render.confirm_forget(current_view(context)))


async def forget_pressed(update: Update, context: Context, callback: callbacks.Forget) -> None:
    """Delete it all, or keep it after all; nothing that this update does later keeps anything of the chat."""
    await require_permission(update, context)
    if not callback.sure:
        return await edit_or_reply(update, context, OutgoingMessage(context.texts.html("forget.kept")))
    done = OutgoingMessage(context.texts.html("forget.done"))  # before the chat's language is forgotten too
    forgotten = context.target.id
    await asyncio.to_thread(context.services.forget, forgotten)
    context.target_id, context.erased = context.chat.id, True
    with contextlib.suppress(TelegramError):  # who cannot be told now is told no more: it would have to be kept
        await edit_or_reply(update, context, done)
    return None
