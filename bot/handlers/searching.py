"""Searching: /search, and any other words that are meant for the bot."""

import asyncio
from functools import partial

from telegram import Update

from bot import keyboards, presses, render
from bot.context import Context
from bot.handlers.asking import asked
from bot.handlers.reading import day_meant, digest_of
from bot.handlers.replies import replace, reply, say
from bot.render.hits import HITS
from bot.render.paging import Window
from digests.errors import QueryError
from digests.readers import Outgoing


async def search(update: Update, context: Context) -> None:
    """/search 防汛"""
    await _search(update, context, asked(update, context))


async def words(update: Update, context: Context) -> None:
    """Free text: the digest of the day that it names, or a search for it."""
    said = asked(update, context)
    if day := day_meant(context, said):
        await digest_of(update, context, day)
    else:
        await _search(update, context, said)


async def not_text(update: Update, context: Context) -> None:
    """A picture, a sticker, a voice."""
    await say(update, context, context.texts.say("search.only_text"))


async def hits_turned(update: Update, context: Context, press: presses.TurnHits) -> None:
    """Another part of the results, in place of the one shown."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        await say(update, context, context.texts.say("search.lost"))
    else:
        await replace(update, context, await _found(context, query, press.offset))


async def _search(update: Update, context: Context, query: str) -> None:
    if query:
        await reply(update, context, await _found(context, query, 0))
    else:
        await say(update, context, context.texts.say("search.usage"))


async def _found(context: Context, query: str, offset: int) -> Outgoing:
    """The hits from `offset` on; the last ones where the archive has become smaller than that."""
    find = partial(context.services.archive.search, query, limit=HITS, today=context.services.today)
    try:
        result = await asyncio.to_thread(find, offset=offset)
    except QueryError as error:
        return render.unclear(query, error, context.language)
    if offset and not result.hits:
        last = Window.at(offset, HITS, result.total).offset
        result = await asyncio.to_thread(find, offset=last)
    return render.search(result, context.language)
