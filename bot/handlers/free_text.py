"""Free text: done as bot/intents.py understands it; the answer says what was understood."""

import asyncio
from dataclasses import replace as changed
from typing import Any

from telegram import Update

from bot import intents, render
from bot.context import Context
from bot.handlers import digests, managed_chats, search, subscriptions, trends
from bot.handlers.messages import message_text
from bot.handlers.replies import reply, reply_text
from digests.analysis import names

MAX_TITLE_ARTICLES = 30
"""The newest articles that name somebody in which his titles are looked for."""


async def answer_free_text(update: Update, context: Context) -> None:
    """What a reader says without a command."""
    services = context.services
    issues = [issue.day for issue in services.archive.issues()]
    wish = intents.understand(message_text(update, context), today=services.today, issues=issues)
    match wish:
        case intents.WhoIs(name, question):
            await _who_is(update, context, name, question)
        case intents.SearchNewest(query):
            await search.answer_search(update, context, query, newest=True)
        case intents.Search(query):
            await search.answer_search(update, context, query)
        case intents.Subscribe() | intents.Unsubscribe() | intents.SetDigestTime() | intents.SetDigestWeekdays():
            await _change(update, context, wish)
        case _:
            await _read(update, context, wish)


async def _read(update: Update, context: Context, wish: intents.ReadIntent) -> None:
    match wish:
        case intents.ReadNewest():
            await digests.today(update, context)
        case intents.ReadDay(day):
            await digests.send_digest(update, context, day)
        case intents.ReadWeek(day):
            await trends.send_period(update, context, "week", day)
        case intents.ReadMonth(day):
            await trends.send_period(update, context, "month", day)


async def _change(update: Update, context: Context, wish: intents.ChangeIntent) -> None:
    match wish:
        case intents.Subscribe(query):
            await subscriptions.subscribe_to(update, context, query)
        case intents.Unsubscribe(query):
            await subscriptions.unsubscribe_from(update, context, query)
        case intents.SetDigestTime(at):
            await _set(update, context, digest=True, digest_time=at)
        case intents.SetDigestWeekdays(weekdays):
            await _set(update, context, digest=True, weekdays=weekdays)


async def _set(update: Update, context: Context, **values: Any) -> None:
    """Change how the digest comes, and say how it comes now."""
    await managed_chats.change_chat(
        update, context, lambda chat: (changed(chat, settings=changed(chat.settings, **values)), None)
    )
    await reply_text(update, context, render.digest_schedule(managed_chats.current_view(context)))


async def _who_is(update: Update, context: Context, name: str, question: str) -> None:
    """What the archive says of a person; a search for the question where it knows nobody of that name."""
    archive = context.services.archive
    found = await asyncio.to_thread(archive.search, f'人物:"{name}"', limit=MAX_TITLE_ARTICLES, newest=True)
    if not found.total or found.partial_only:
        await search.answer_search(update, context, question)
        return
    articles = [hit.article for hit in found.hits]
    titles = await asyncio.to_thread(names.titles_of, name, articles)
    await reply(update, context, render.person(name, titles, found, context.language))
