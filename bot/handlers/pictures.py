"""Pictures that a reader asks for: an issue's card, and its themes."""

import asyncio

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers.replies import reply


async def card_pressed(update: Update, context: Context, press: presses.ShowCard) -> None:
    """A day's card, as a new message."""
    told = await asyncio.to_thread(context.services.archive.digest, press.day)
    await reply(update, context, render.card(told, context.language))


async def themes_pressed(update: Update, context: Context, press: presses.ShowThemes) -> None:
    """The themes of a day's issue, as a new message."""
    issue = context.services.archive.issue(press.day)
    counts = await asyncio.to_thread(context.services.pictures.themes, press.day)
    await reply(update, context, render.themes(issue, counts, context.language))
