"""The error handler: explains errors that the reader can correct, and logs all others.

A log line contains the type of an error and at most its traceback, never its message, which may quote a reader or a
token.
"""

import logging
import traceback

from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import render
from bot.context import Context
from bot.delivery import TOPIC_REFUSALS, concerns_chat
from bot.handlers.managed_chats import current_view
from bot.handlers.messages import QueryTooLong
from bot.handlers.replies import reply
from bot.permissions import NotAdministrator
from digests.chats import OutgoingMessage
from digests.errors import LimitReached, NoSuchIssue

_log = logging.getLogger(__name__)


async def handle_error(update: object, context: Context) -> None:
    """Handle the exception of a handler: log it unless the reader can correct it, and reply if possible."""
    error = context.error
    if is_write_refusal(error):
        log_write_refusal(context, error)
        return
    answer = _explanation(error, context)
    if answer is None:
        _log_error(error)
        if not _is_unreachable(error):
            context.services.metrics.count_failure()
        answer = OutgoingMessage(context.texts.html("error.unexpected"))
    if not isinstance(update, Update) or update.effective_chat is None or _is_unreachable(error):
        return
    try:
        await reply(update, context, answer)
    except TelegramError as refusal:
        if is_write_refusal(refusal):
            log_write_refusal(context, refusal)
        else:
            _log_error(refusal)


async def unknown_command(update: Update, context: Context) -> None:
    """Reply to a command that does not exist or is not available in this chat."""
    await reply(update, context, OutgoingMessage(context.texts.html("error.unknown_command")))


def is_write_refusal(error: Exception | None) -> bool:
    """True if Telegram does not allow the bot to write in this chat or topic."""
    if isinstance(error, BadRequest):
        return concerns_chat(error) or error.message.lower().startswith(TOPIC_REFUSALS)
    return isinstance(error, Forbidden)


def log_write_refusal(context: Context, refusal: Exception | None) -> None:
    """Log that a chat refuses the bot's messages."""
    _log.warning("chat %d does not let the bot write (%s)", context.chat.id, type(refusal).__name__)


def _explanation(error: Exception | None, context: Context) -> OutgoingMessage | None:
    """Return the reply to an error that the reader can correct; None for any other error."""
    html = context.texts.html
    match error:
        case NoSuchIssue():
            return render.missing_issue(error.day, error.near, context.language)
        case QueryTooLong():
            return OutgoingMessage(html("search.too_long", limit=error.limit))
        case LimitReached():
            full = html("subscribe.full", limit=context.services.config.limits.subscriptions)
            return render.subscriptions(current_view(context), notice=full)
        case NotAdministrator():
            return OutgoingMessage(
                html("permission.channel_lost") if error.back else html("permission.only_administrators")
            )
    return None


def _is_unreachable(error: Exception | None) -> bool:
    """True for an error of Telegram or the network after which a reply would fail too."""
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _log_error(error: Exception | None) -> None:
    place = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    _log.error("%s while answering an update\n%s", type(error).__name__, place.rstrip())
