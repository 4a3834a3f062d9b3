"""Searches: /search, its result pages and facets, and the reply to messages that are not text."""

import asyncio
from functools import partial

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.fragments import Window
from bot.render.search import HITS_PER_MESSAGE
from digests.chats import OutgoingMessage
from digests.errors import QueryError


async def search(update: Update, context: Context) -> None:
    """/search 防汛: reply with the best results."""
    await answer_search(update, context, message_text(update, context))


async def unsupported_message(update: Update, context: Context) -> None:
    """Answer a picture, sticker or voice message with the notice that the bot can search only for text."""
    await reply_text(update, context, context.texts.html("search.only_text"))


async def answer_search(update: Update, context: Context, query: str, *, newest: bool = False) -> None:
    """Reply with the first results, sorted by rank or, if `newest`, by date; if `query` is empty, explain /search."""
    if query:
        await reply(update, context, await _results(context, query, 0, newest=newest))
    else:
        await reply_text(update, context, context.texts.html("search.usage"))


async def search_pressed(update: Update, context: Context, callback: callbacks.RunSearch) -> None:
    """Reply with the results of the button's search."""
    await answer_search(update, context, callback.query)


async def hits_turned(update: Update, context: Context, callback: callbacks.TurnHits) -> None:
    """Show another part of the results in the same message."""
    results = await _results(context, callback.query, callback.offset, newest=callback.newest)
    await edit_or_reply(update, context, results)


async def facet_pressed(update: Update, context: Context, callback: callbacks.ShowFacet) -> str | None:
    """Show the values of a facet in the same message, in place of the results."""
    try:
        count = partial(context.services.archive.facets, callback.query, today=context.services.today)
        choices = (await asyncio.to_thread(count))[callback.facet]
    except QueryError:  # a query that an older version of the program accepted
        return context.texts.plain("refine.gone")
    if not choices:
        return context.texts.plain("refine.none")
    await edit_or_reply(update, context, render.facet_values(callback.query, choices, context.language))
    return None


async def _results(context: Context, query: str, offset: int, *, newest: bool) -> OutgoingMessage:
    """Return the results from `offset` on; if the results now end before `offset`, return their last part."""
    page = partial(
        context.services.archive.search, query, limit=HITS_PER_MESSAGE, newest=newest, today=context.services.today
    )
    try:
        result = await asyncio.to_thread(page, offset=offset)
    except QueryError as error:
        return render.query_error(query, error, context.language)
    if offset and not result.hits:
        last = Window.at(offset, HITS_PER_MESSAGE, result.total).offset
        result = await asyncio.to_thread(page, offset=last)
    return render.search_results(result, context.language, newest=newest)
