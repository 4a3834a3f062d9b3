"""Pressed buttons: answered first, then done by the handler of their kind."""

import contextlib
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.context import Context
from bot.keyboards import decode
from bot.presses import Press

PressHandler = Callable[[Update, Context, Any], Coroutine[Any, Any, None]]


def by_kind(handlers: Mapping[type[Press], PressHandler]) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """The handler of all buttons; one that was never ours is answered with a word on what to do instead."""

    async def pressed(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        press = decode(query.data)
        if press is None:
            await _answer(query, context.texts.label("button.unknown"))
        else:
            await _answer(query)
            await handlers[type(press)](update, context, press)

    return pressed


async def _answer(query: CallbackQuery, text: str | None = None) -> None:
    with contextlib.suppress(TelegramError):  # too late, or not reached: it spins on for a while, and the press counts
        await query.answer(text, show_alert=text is not None)
