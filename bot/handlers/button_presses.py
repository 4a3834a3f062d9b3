"""Pressed buttons: decode the callback data, run the handler of the callback, and answer the press.

Telegram shows a progress indicator on the button until the press is answered. A handler that neither sends nor
edits a message returns a notice, which Telegram shows in a popup.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, TelegramError

from bot import callbacks, deep_links
from bot.callbacks import Callback, ExpiredText, decode, decode_legacy, split_address, stored_ids
from bot.context import Context
from bot.handlers.errors import is_write_refusal, log_write_refusal
from bot.permissions import NotAdministrator

MAX_NOTICE_CHARS = 200
"""Maximum number of characters that Telegram accepts for a notice."""

CallbackHandler = Callable[[Update, Context, Any], Coroutine[Any, Any, str | None]]
"""Handles a pressed button; returns a notice, or None if a message shows the result."""


def dispatch(
    handlers: Mapping[type[Callback], CallbackHandler],
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Return the handler of all buttons.

    It answers an unknown or expired button with a notice that says what to do instead.
    """

    async def pressed(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        if update.effective_chat and update.effective_chat.type == ChatType.CHANNEL:
            await _open_private_chat(query, context)
            return
        notice = None
        try:
            callback = await _callback(query, context)
            if callback is None:
                notice = context.texts.plain("button.unknown")
            else:
                notice = await handlers[type(callback)](update, context, callback)
        except ExpiredText:
            notice = context.texts.plain("button.expired")
        except NotAdministrator as refusal:
            notice = context.texts.plain(
                "permission.channel_lost" if refusal.back else "permission.only_administrators"
            )
        except TelegramError as refusal:
            if not is_write_refusal(refusal):
                raise
            log_write_refusal(context, refusal)
            notice = context.texts.plain("error.may_not_write")
        finally:
            await _answer(query, notice)

    return pressed


async def _callback(query: CallbackQuery, context: Context) -> Callback | None:
    """Return the callback of the pressed button; None for unknown data. Raises ExpiredText."""
    data, _ = split_address(query.data)
    services = context.services
    stored: dict[str, str] = {}
    if ids := stored_ids(data):
        stored = await asyncio.to_thread(services.outbox.button_texts.read, context.chat.id, ids, services.clock())
    return decode(data, stored) or decode_legacy(data, query.message)


async def _open_private_chat(query: CallbackQuery, context: Context) -> None:
    """Answer a press in a channel, where the bot does not reply, with a link to its private chat."""
    name = context.bot.username
    target: deep_links.Target | None = None
    callback = None
    with contextlib.suppress(ExpiredText):
        callback = decode(split_address(query.data)[0])
    match callback:
        case callbacks.ShowArticle(article):
            target = deep_links.ArticleLink(article)
        case callbacks.ShowDigest(day):
            target = deep_links.IssueLink(day)
    if target is None:
        await _answer(query, context.texts.plain("channel.open_private_chat", name=name))
        return
    with contextlib.suppress(TelegramError):
        await query.answer(url=deep_links.url(name, target))


async def _answer(query: CallbackQuery, notice: str | None) -> None:
    """Answer a press; after a network error once more, because the reader sees an unanswered button as busy."""
    with contextlib.suppress(TelegramError):  # too late, or no connection; the handler has already finished
        answer = partial(query.answer, notice and notice[:MAX_NOTICE_CHARS], show_alert=notice is not None)
        try:
            await answer()
        except BadRequest:
            raise
        except NetworkError:
            await answer()
