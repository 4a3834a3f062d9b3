"""Pressed buttons: done by the handler of their kind, then answered.

The button spins until it is answered, which is the sign that something is under way. A handler that has nothing to show
gives a sentence instead, which comes up over the chat and leaves it as it is.
"""

import contextlib
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot import callbacks, deep_links
from bot.callbacks import Callback, decode, split_address
from bot.context import Context
from bot.handlers.errors import is_write_refusal, log_write_refusal
from bot.permissions import NotAdministrator

MAX_NOTICE_CHARS = 200
"""Characters that Telegram shows over a chat."""

CallbackHandler = Callable[[Update, Context, Any], Coroutine[Any, Any, str | None]]
"""What a button does; gives a sentence to show over the chat, None where the chat itself shows what came of it."""


def dispatch(
    handlers: Mapping[type[Callback], CallbackHandler],
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """The handler of all buttons; one that was never ours is answered with a word on what to do instead."""

    async def pressed(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        callback = decode(split_address(query.data)[0])
        if update.effective_chat and update.effective_chat.type == ChatType.CHANNEL:
            await _lead_away(query, context, callback)
            return
        notice = None
        try:
            if callback is None:
                notice = context.texts.plain("button.unknown")
            else:
                notice = await handlers[type(callback)](update, context, callback)
        except NotAdministrator as refusal:
            words = context.texts
            notice = words.plain("managing.back") if refusal.back else words.plain("managing.only_administrators")
        except TelegramError as refusal:
            if not is_write_refusal(refusal):
                raise
            log_write_refusal(context, refusal)
            notice = context.texts.plain("error.silenced")
        finally:
            await _answer(query, notice)

    return pressed


async def _lead_away(query: CallbackQuery, context: Context, callback: Callback | None) -> None:
    """Nobody is answered in a channel: open the private chat at what the button shows, or say where that is."""
    name = context.bot.username
    target: deep_links.Target | None = None
    match callback:
        case callbacks.ShowArticle(article):
            target = deep_links.ArticleLink(article)
        case callbacks.ShowDigest(day):
            target = deep_links.IssueLink(day)
    if target is None:
        await _answer(query, context.texts.plain("channel.press", name=name))
        return
    with contextlib.suppress(TelegramError):
        await query.answer(url=deep_links.url(name, target))


async def _answer(query: CallbackQuery, text: str | None) -> None:
    with contextlib.suppress(TelegramError):  # too late, or not reached: the press counts all the same
        await query.answer(text and text[:MAX_NOTICE_CHARS], show_alert=text is not None)
