"""What goes wrong in a handler: what the reader can put right is said to him, anything else is logged as well.

Logs name the error and the place in the code, never its message: that may repeat what a reader wrote, or a token.
"""

import logging
import traceback

from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import render
from bot.context import Context
from bot.delivery import CHAT_REFUSALS, TOPIC_REFUSALS
from bot.handlers.managed_chats import current_view
from bot.handlers.messages import QueryTooLong
from bot.handlers.replies import reply
from bot.permissions import NotAdministrator
from digests.chats import OutgoingMessage
from digests.errors import LimitReached, NoSuchIssue

_log = logging.getLogger(__name__)


async def handle_error(update: object, context: Context) -> None:
    """The last handler of an update that could not be answered as asked."""
    error = context.error
    if is_write_refusal(error):
        log_write_refusal(context, error)
        return
    answer = _answer(error, context)
    if answer is None:
        _note(error)
        if not _is_out_of_reach(error):
            context.services.metrics.count_failure()
        answer = OutgoingMessage(context.texts.html("error.trouble"))
    if not isinstance(update, Update) or update.effective_chat is None or _is_out_of_reach(error):
        return
    try:
        await reply(update, context, answer)
    except TelegramError as refusal:
        log_write_refusal(context, refusal) if is_write_refusal(refusal) else _note(refusal)


async def unknown_command(update: Update, context: Context) -> None:
    """A command that there is not."""
    await reply(update, context, OutgoingMessage(context.texts.html("error.unknown_command")))


def is_write_refusal(error: Exception | None) -> bool:
    """Whether Telegram does not let the bot write in the chat or topic, so that nothing can be said there."""
    refused = isinstance(error, BadRequest) and error.message.lower().startswith((*CHAT_REFUSALS, *TOPIC_REFUSALS))
    return refused or isinstance(error, Forbidden)


def log_write_refusal(context: Context, refusal: Exception | None) -> None:
    """Tell the operator in which chat the bot is not heard; nobody else can be told."""
    _log.warning("chat %d does not let the bot write (%s)", context.chat.id, type(refusal).__name__)


def _answer(error: Exception | None, context: Context) -> OutgoingMessage | None:
    """The sentence for an error that a reader can do something about."""
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
            return OutgoingMessage(html("managing.back") if error.back else html("managing.only_administrators"))
    return None


def _is_out_of_reach(error: Exception | None) -> bool:
    """Whether Telegram cannot be reached, so that an answer would fail as well."""
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _note(error: Exception | None) -> None:
    place = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    _log.error("%s while answering an update\n%s", type(error).__name__, place.rstrip())
