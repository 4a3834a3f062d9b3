"""Free text: done as bot/understanding.py understands it; the answer says what was understood."""

import asyncio
from dataclasses import replace as changed
from typing import Any

from telegram import Update

from bot import render, understanding
from bot.context import Context
from bot.handlers import managing, reading, searching, subscribing, trends
from bot.handlers.asking import asked
from bot.handlers.replies import reply, say
from digests.content import whois

KNOWN = 30
"""The newest articles that name somebody in which his titles are looked for."""


async def words(update: Update, context: Context) -> None:
    """What a reader says without a command."""
    services = context.services
    issues = [issue.day for issue in services.archive.issues()]
    wish = understanding.wish(asked(update, context), today=services.today, issues=issues)
    match wish:
        case understanding.WhoIs(name, question):
            await _who_is(update, context, name, question)
        case understanding.FindNewest(query):
            await searching.find(update, context, query, newest=True)
        case understanding.Find(query):
            await searching.find(update, context, query)
        case understanding.Follow() | understanding.Unfollow() | understanding.SendAt() | understanding.SendOn():
            await _change(update, context, wish)
        case _:
            await _read(update, context, wish)


async def _read(update: Update, context: Context, wish: understanding.Reading) -> None:
    match wish:
        case understanding.ReadNewest():
            await reading.today(update, context)
        case understanding.ReadDay(day):
            await reading.digest_of(update, context, day)
        case understanding.ReadWeek(day):
            await trends.period_of(update, context, "week", day)
        case understanding.ReadMonth(day):
            await trends.period_of(update, context, "month", day)


async def _change(update: Update, context: Context, wish: understanding.Changing) -> None:
    match wish:
        case understanding.Follow(query):
            await subscribing.subscribe_to(update, context, query)
        case understanding.Unfollow(query):
            await subscribing.unsubscribe_from(update, context, query)
        case understanding.SendAt(at):
            await _set(update, context, digest=True, digest_time=at)
        case understanding.SendOn(weekdays):
            await _set(update, context, digest=True, weekdays=weekdays)


async def _set(update: Update, context: Context, **values: Any) -> None:
    """Change how the digest comes, and say how it comes now."""
    await managing.change(
        update, context, lambda chat: (changed(chat, settings=changed(chat.settings, **values)), None)
    )
    await say(update, context, render.digest_comes(managing.seen(context)))


async def _who_is(update: Update, context: Context, name: str, question: str) -> None:
    """What the archive says of a person; a search for the question where it knows nobody of that name."""
    archive = context.services.archive
    found = await asyncio.to_thread(archive.search, f'人物:"{name}"', limit=KNOWN, newest=True)
    if not found.total or found.loose:
        await searching.find(update, context, question)
        return
    articles = [hit.article for hit in found.hits]
    titles = await asyncio.to_thread(whois.titles, name, articles)
    await reply(update, context, render.person(name, titles, found, context.language))
