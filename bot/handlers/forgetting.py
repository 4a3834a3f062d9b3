"""/forget: all that is kept of a chat is deleted at once, for good."""

import asyncio
import contextlib

from telegram import Update
from telegram.error import TelegramError

from bot import render, wishes
from bot.context import Context
from bot.handlers.managing import permit, seen
from bot.handlers.replies import replace, reply
from digests.readers import Outgoing


async def forget(update: Update, context: Context) -> None:
    """/forget: asks first."""
    await permit(update, context)
    await reply(update, context, render.forgetting(seen(context)))


async def forget_pressed(update: Update, context: Context, press: wishes.Forget) -> None:
    """Delete it all, or keep it after all; nothing that this update does later keeps anything of the chat."""
    await permit(update, context)
    if not press.sure:
        return await replace(update, context, Outgoing(context.texts.say("forget.kept")))
    done = Outgoing(context.texts.say("forget.done"))  # before the chat's language is forgotten too
    forgotten = context.subject.id
    await asyncio.to_thread(context.services.forget, forgotten)
    context.about, context.forgotten = context.chat.id, True
    with contextlib.suppress(TelegramError):  # who cannot be told now is told no more: it would have to be kept
        await replace(update, context, done)
    return None
