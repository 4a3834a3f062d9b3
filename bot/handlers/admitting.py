"""Before anything else: who may use the bot, and how often. Who is turned away is told so once a minute."""

import contextlib

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.context import Context
from bot.handlers.asking import ADDRESSED
from bot.handlers.order import asker
from bot.handlers.replies import say
from bot.texts import Texts, language_of, texts


async def admit(update: Update, context: Context) -> None:
    """Let the update through, or end it here."""
    access, visits, who = context.services.config.access, context.services.visits, asker(update)
    person = update.effective_user
    if not access.admits(who) and not (person and access.admits(person.id)):
        if _expects_answer(update) and visits.may_tell(who):
            await _turn_away(update, context, "closed", id=str(who))
    elif _expects_answer(update) and not visits.welcome(who, access.per_minute):
        if visits.may_tell(who):
            await _turn_away(update, context, "too_much", count=access.per_minute)
    else:
        return
    raise ApplicationHandlerStop


def _expects_answer(update: Update) -> bool:
    """Whether somebody asked us something: not what people in a group say to each other."""
    message = update.message
    if message is None:
        return bool(update.callback_query or update.inline_query)
    if message.chat.type == ChatType.PRIVATE:
        return True
    return bool((message.text or "").startswith("/") or ADDRESSED.filter(message))


async def _turn_away(update: Update, context: Context, why: str, **values: object) -> None:
    words = _texts(update, context)
    with contextlib.suppress(TelegramError):  # whom we do not serve need not hear it at any price
        if update.callback_query:
            await update.callback_query.answer(words.label(f"access.{why}", **values), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        else:
            await say(update, context, words.say(f"access.{why}", **values))


def _texts(update: Update, context: Context) -> Texts:
    """The chat's language where it is known; nobody is noted down for being turned away."""
    known = context.services.chats.get(asker(update))
    code = update.effective_user.language_code if update.effective_user else None
    return texts(known.settings.language if known else language_of(code, context.services.config.language))
