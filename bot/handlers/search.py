"""Searching: /search, the pages of what was found, and what is no text to search for.

From a search to others: for less of the same, for more of it, for what may have been meant.
"""

import asyncio
from functools import partial

from telegram import Update

from bot import callbacks, keyboards, render
from bot.context import Context
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.fragments import Window
from bot.render.search import HITS_PER_MESSAGE
from digests.chats import OutgoingMessage
from digests.errors import QueryError


async def search(update: Update, context: Context) -> None:
    """/search 防汛"""
    await answer_search(update, context, message_text(update, context))


async def unsupported_message(update: Update, context: Context) -> None:
    """A picture, a sticker, a voice."""
    await reply_text(update, context, context.texts.html("search.only_text"))


async def hits_turned(update: Update, context: Context, callback: callbacks.TurnHits | callbacks.TurnNewest) -> None:
    """Another part of the results, in place of the one shown."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        await reply_text(update, context, context.texts.html("search.lost"))
    else:
        newest = isinstance(callback, callbacks.TurnNewest)
        await edit_or_reply(update, context, await _found(context, query, callback.offset, newest=newest))


async def answer_search(update: Update, context: Context, query: str, *, newest: bool = False) -> None:
    """The answer to a search, the best or the `newest` first, as a new message; for no words, what to write."""
    if query:
        await reply(update, context, await _found(context, query, 0, newest=newest))
    else:
        await reply_text(update, context, context.texts.html("search.usage"))


async def _found(context: Context, query: str, offset: int, *, newest: bool) -> OutgoingMessage:
    """The hits from `offset` on; the last ones where the archive has become smaller than that."""
    look = partial(
        context.services.archive.search, query, limit=HITS_PER_MESSAGE, newest=newest, today=context.services.today
    )
    try:
        result = await asyncio.to_thread(look, offset=offset)
    except QueryError as error:
        return render.query_error(query, error, context.language)
    if offset and not result.hits:
        last = Window.at(offset, HITS_PER_MESSAGE, result.total).offset
        result = await asyncio.to_thread(look, offset=last)
    return render.search_results(result, context.language, newest=newest)


async def facet_pressed(update: Update, context: Context, callback: callbacks.ShowFacet) -> str | None:
    """What the results above could be narrowed to, in their place."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        return context.texts.plain("narrow.lost")
    try:
        count = partial(context.services.archive.facets, query, today=context.services.today)
        choices = (await asyncio.to_thread(count))[callback.facet]
    except QueryError:  # a query of an older program
        return context.texts.plain("narrow.gone")
    if not choices:
        return context.texts.plain("narrow.none")
    await edit_or_reply(update, context, render.facet_values(query, choices, context.language))
    return None


async def suggestion_pressed(update: Update, context: Context, callback: callbacks.SearchInstead) -> str | None:
    """A search for one of the queries offered, where the archive still offers it."""
    query = keyboards.query_above(update.effective_message)
    if query is None:
        return context.texts.plain("narrow.lost")
    try:
        offer = partial(context.services.archive.offered, query, today=context.services.today)
        chosen = callbacks.word_of(callback.query, await asyncio.to_thread(offer))
    except QueryError:
        chosen = None
    if chosen is None:
        return context.texts.plain("narrow.gone")
    await answer_search(update, context, chosen)
    return None
