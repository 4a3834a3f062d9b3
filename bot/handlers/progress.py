"""A sign that an answer is coming: "typing…" while it takes longer than a reader would notice.

A pressed button spins until it is answered, so that it needs no other sign.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import Chat, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.context import Context

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

UNNOTICED = 0.5
"""Seconds that an answer may take without a sign."""
SHOWN = 4.0
"""Seconds after which the sign is given again; Telegram shows it for five."""


def with_sign(handler: Handler) -> Handler:
    """The handler of a message that says "typing…" as long as it works."""

    @wraps(handler)
    async def working(update: Update, context: Context) -> None:
        sign = asyncio.create_task(_typing(update.effective_chat, context)) if update.effective_chat else None
        try:
            await handler(update, context)
        finally:
            if sign:
                sign.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await sign

    return working


async def _typing(chat: Chat, context: Context) -> None:
    await asyncio.sleep(UNNOTICED)
    while True:
        # While Telegram takes nothing for the chat, it would not take the sign either.
        if context.services.pace.wait(chat.id, answer=True) <= 0:
            with contextlib.suppress(TelegramError):  # the answer itself meets the same trouble and deals with it
                await chat.send_action(ChatAction.TYPING, message_thread_id=context.topic)
        await asyncio.sleep(SHOWN)
