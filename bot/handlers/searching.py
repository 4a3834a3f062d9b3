"""Searching: /search, the pages of what was found, and what is no text to search for."""

import asyncio
from functools import partial

from telegram import Update

from bot import keyboards, presses, render
from bot.context import Context
from bot.handlers.asking import asked
from bot.handlers.replies import replace, reply, say
from bot.render.hits import HITS
from bot.render.paging import Window
from digests.errors import QueryError
from digests.readers import Outgoing


async def search(update: Update, context: Context) -> None:
    """/search 防汛"""
    await find(update, context, asked(update, context))


async def not_text(update: Update, context: Context) -> None:
    """A picture, a sticker, a voice."""
    await say(update, context, context.texts.say("search.only_text"))


async def hits_turned(update: Update, context: Context, press: presses.TurnHits | presses.TurnNewest) -> None:
    """Another part of the results, in place of the one shown."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        await say(update, context, context.texts.say("search.lost"))
    else:
        newest = isinstance(press, presses.TurnNewest)
        await replace(update, context, await _found(context, query, press.offset, newest=newest))


async def find(update: Update, context: Context, query: str, *, newest: bool = False) -> None:
    """The answer to a search, the best or the `newest` first, as a new message; for no words, what to write."""
    if query:
        await reply(update, context, await _found(context, query, 0, newest=newest))
    else:
        await say(update, context, context.texts.say("search.usage"))


async def _found(context: Context, query: str, offset: int, *, newest: bool) -> Outgoing:
    """The hits from `offset` on; the last ones where the archive has become smaller than that."""
    look = partial(context.services.archive.search, query, limit=HITS, newest=newest, today=context.services.today)
    try:
        result = await asyncio.to_thread(look, offset=offset)
    except QueryError as error:
        return render.unclear(query, error, context.language)
    if offset and not result.hits:
        last = Window.at(offset, HITS, result.total).offset
        result = await asyncio.to_thread(look, offset=last)
    return render.search(result, context.language, newest=newest)
