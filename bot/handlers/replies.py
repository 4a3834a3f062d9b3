"""How an answer goes back: as new messages, or in place of the message whose button was pressed."""

from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.context import Context
from bot.keyboards import markup
from bot.texts.markup import Html
from digests.models import Outgoing

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def reply(update: Update, context: Context, *messages: Outgoing) -> None:
    """Answer with new messages, in a group as replies to what was asked."""
    for message in messages:
        await _send(update, context, message)


async def say(update: Update, context: Context, text: Html) -> None:
    """Answer with one sentence."""
    await _send(update, context, Outgoing(text))


async def replace(update: Update, context: Context, message: Outgoing) -> None:
    """Put `message` where the button stood; below, where Telegram no longer lets that message be changed."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return await _send(update, context, message)
    try:
        await query.edit_message_text(**_form(message))
    except BadRequest as refusal:
        if "not modified" not in str(refusal).lower():  # pressed twice: it shows that already
            await _send(update, context, message)
    return None


async def _send(update: Update, context: Context, message: Outgoing) -> None:
    asked = update.effective_message
    if isinstance(asked, Message):
        await asked.reply_text(**_form(message), allow_sending_without_reply=True)
    elif update.effective_chat:  # the message with the button is too old for Telegram to show it to bots
        await context.bot.send_message(update.effective_chat.id, **_form(message))


def _form(message: Outgoing) -> dict[str, Any]:
    keyboard: InlineKeyboardMarkup | None = markup(message.buttons)
    return {
        "text": message.text,
        "parse_mode": ParseMode.HTML,
        "reply_markup": keyboard,
        "link_preview_options": _NO_PREVIEW,
    }
