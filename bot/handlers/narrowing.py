"""From a search to others: for less of the same, for more of it, for what may have been meant."""

import asyncio
from functools import partial

from telegram import Update

from bot import keyboards, presses, render
from bot.context import Context
from bot.handlers import searching
from bot.handlers.replies import replace
from digests.errors import QueryError


async def facet_pressed(update: Update, context: Context, press: presses.ShowFacet) -> str | None:
    """What the results above could be narrowed to, in their place."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        return context.texts.label("narrow.lost")
    try:
        count = partial(context.services.archive.facets, query, today=context.services.today)
        choices = (await asyncio.to_thread(count))[press.facet]
    except QueryError:  # a query of an older program
        return context.texts.label("narrow.gone")
    if not choices:
        return context.texts.label("narrow.none")
    await replace(update, context, render.facet(query, choices, context.language))
    return None


async def instead_pressed(update: Update, context: Context, press: presses.AskInstead) -> str | None:
    """A search for one of the queries offered, where the archive still offers it."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        return context.texts.label("narrow.lost")
    try:
        offer = partial(context.services.archive.offered, query, today=context.services.today)
        chosen = keyboards.word_of(press.query, await asyncio.to_thread(offer))
    except QueryError:
        chosen = None
    if chosen is None:
        return context.texts.label("narrow.gone")
    await searching.find(update, context, chosen)
    return None
