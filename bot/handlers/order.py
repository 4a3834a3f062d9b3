"""In which order updates are answered: one after another within a chat, all chats beside each other.

What its sender has made idle meanwhile is not done: a button pressed again while it is being answered, and an inline
query that was typed on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine, Hashable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.metrics import Metrics

AT_ONCE = 1024
"""Updates under way, those that wait behind another one of their chat included."""


class ChatByChat(BaseUpdateProcessor):
    """While one chat waits for Telegram, the others are answered; within a chat nobody overtakes."""

    def __init__(self, metrics: Metrics) -> None:
        """`metrics` learns how long each answer took."""
        super().__init__(AT_ONCE)
        self._metrics = metrics
        # A lock lives as long as somebody holds or awaits it.
        self._lines: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[Hashable] = set()
        self._typed: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        who, press = asker(update), _press(update)
        if press in self._under_way:
            _drop(coroutine)
            await _acknowledge(update)
            return
        if press:
            self._under_way.add(press)
        if typed := isinstance(update, Update) and update.inline_query is not None and update.update_id:
            self._typed[who] = typed
        try:
            # First come, first served; who types in another chat does not wait for an answer in his own.
            async with self._lines.setdefault((who, bool(typed)), asyncio.Lock()):
                if typed and self._typed.get(who) != typed:
                    _drop(coroutine)
                else:
                    with self._metrics.answering():
                        await coroutine
        finally:
            self._under_way.discard(press)
            if self._typed.get(who) == typed:
                self._typed.pop(who)

    async def initialize(self) -> None:
        """Nothing has to be opened."""

    async def shutdown(self) -> None:
        """Nothing has to be closed."""


def _press(update: object) -> Hashable:
    """Who presses which button; None for anything but a press."""
    query = update.callback_query if isinstance(update, Update) else None
    if query is None or query.message is None:
        return None
    return query.message.chat.id, query.message.message_id, query.data, query.from_user.id


def _drop(coroutine: Awaitable[Any]) -> None:
    """Leave an update without an answer."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()


async def _acknowledge(update: object) -> None:
    """Let a button that was pressed again stop spinning; its first press is being answered."""
    if isinstance(update, Update) and update.callback_query:
        with contextlib.suppress(TelegramError):
            await update.callback_query.answer()


def asker(update: object) -> int:
    """The id of the chat that an update is from, of the person where it is from no chat, 0 where from nobody."""
    if not isinstance(update, Update):
        return 0
    who = update.effective_chat or update.effective_user
    return who.id if who else 0
