"""In which order updates are answered: one after another within a chat, all chats beside each other."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

AT_ONCE = 1024
"""Updates under way, those that wait behind another one of their chat included."""


class ChatByChat(BaseUpdateProcessor):
    """While one chat waits for Telegram, the others are answered; within a chat nobody overtakes."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        # A lock lives as long as somebody holds or awaits it.
        self._lines: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        line = self._lines.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with line:  # first come, first served
            await coroutine

    async def initialize(self) -> None:
        """Nothing has to be opened."""

    async def shutdown(self) -> None:
        """Nothing has to be closed."""
