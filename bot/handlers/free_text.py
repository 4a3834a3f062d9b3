"""Free text: run the intent that bot/intents.py finds in a message without a command."""

import asyncio
from dataclasses import replace as with_changes
from typing import Any

from telegram import Update

from bot import intents, render
from bot.context import Context
from bot.handlers import digests, managed_chats, search, subscriptions, trends
from bot.handlers.messages import message_text
from bot.handlers.replies import reply, reply_text
from digests.analysis import names
from digests.chats import Chat

MAX_TITLE_ARTICLES = 30
"""Number of newest articles about a person that are searched for the person's titles."""


async def answer_free_text(update: Update, context: Context) -> None:
    """Answer a message without a command."""
    services = context.services
    issues = [issue.day for issue in services.archive.issues()]
    intent = intents.understand(message_text(update, context), today=services.today, issues=issues)
    match intent:
        case intents.WhoIs(name, question):
            await _who_is(update, context, name, question)
        case intents.SearchNewest(query):
            await search.answer_search(update, context, query, newest=True)
        case intents.Search(query):
            await search.answer_search(update, context, query)
        case intents.Subscribe() | intents.Unsubscribe() | intents.SetDigestTime() | intents.SetDigestWeekdays():
            await _change(update, context, intent)
        case _:
            await _read(update, context, intent)


async def _read(update: Update, context: Context, intent: intents.ReadIntent) -> None:
    match intent:
        case intents.ReadNewest():
            await digests.today(update, context)
        case intents.ReadDay(day):
            await digests.send_digest(update, context, day)
        case intents.ReadWeek(day):
            await trends.send_period(update, context, "week", day)
        case intents.ReadMonth(day):
            await trends.send_period(update, context, "month", day)


async def _change(update: Update, context: Context, intent: intents.ChangeIntent) -> None:
    match intent:
        case intents.Subscribe(query):
            await subscriptions.subscribe_to(update, context, query)
        case intents.Unsubscribe(query):
            await subscriptions.unsubscribe_from(update, context, query)
        case intents.SetDigestTime(at):
            await _set(update, context, digest=True, digest_time=at)
        case intents.SetDigestWeekdays(weekdays):
            await _set(update, context, digest=True, weekdays=weekdays)


async def _set(update: Update, context: Context, **values: Any) -> None:
    """Change settings of the daily digest and reply with its new schedule."""

    def change(chat: Chat) -> tuple[Chat, None]:
        return with_changes(chat, settings=with_changes(chat.settings, **values)), None

    await managed_chats.change_chat(update, context, change)
    await reply_text(update, context, render.digest_schedule(managed_chats.current_view(context)))


async def _who_is(update: Update, context: Context, name: str, question: str) -> None:
    """Reply with a person's titles and newest articles; search for the question if no article names the person."""
    archive = context.services.archive
    result = await asyncio.to_thread(archive.search, f'人物:"{name}"', limit=MAX_TITLE_ARTICLES, newest=True)
    if not result.total or result.partial_only:
        await search.answer_search(update, context, question)
        return
    articles = [hit.article for hit in result.hits]
    titles = await asyncio.to_thread(names.titles_of, name, articles)
    await reply(update, context, render.person(name, titles, result, context.language))
