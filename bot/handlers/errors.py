"""What goes wrong in a handler: what the reader can put right is said to him, anything else is logged as well.

Logs name the error and the place in the code, never its message: that may repeat what a reader wrote, or a token.
"""

import logging
import traceback

from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot import render
from bot.context import Context
from bot.handlers.asking import TooLong
from bot.handlers.replies import reply
from digests.errors import LimitReached, NoSuchIssue
from digests.readers import Outgoing

_log = logging.getLogger(__name__)


async def failed(update: object, context: Context) -> None:
    """The last handler of an update that could not be answered as asked."""
    error = context.error
    answer = _answer(error, context)
    if answer is None:
        _note(error)
        answer = Outgoing(context.texts.say("error.trouble"))
    if not isinstance(update, Update) or _refused(error):
        return
    try:
        await reply(update, context, answer)
    except TelegramError as refusal:
        _note(refusal)


async def unknown_command(update: Update, context: Context) -> None:
    """A command that there is not."""
    await reply(update, context, Outgoing(context.texts.say("error.unknown_command")))


def _answer(error: Exception | None, context: Context) -> Outgoing | None:
    """The sentence for an error that a reader can do something about."""
    say = context.texts.say
    match error:
        case NoSuchIssue():
            return render.near(error.day, error.near, context.language)
        case TooLong():
            return Outgoing(say("search.too_long", limit=error.limit))
        case LimitReached():
            config = context.services.config
            full = say("subscribe.full", limit=config.limits.subscriptions)
            return render.subscriptions(context.chat, config.digest.time, notice=full)
    return None


def _refused(error: Exception | None) -> bool:
    """Whether Telegram cannot be reached or refuses us, so that an answer would fail as well."""
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _note(error: Exception | None) -> None:
    place = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    _log.error("%s while answering an update\n%s", type(error).__name__, place.rstrip())
