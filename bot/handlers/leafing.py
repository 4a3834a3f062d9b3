"""Leafing through issues: to the one before or after, a section, a page as its table of contents."""

import asyncio
from collections.abc import Iterable
from datetime import date

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers.replies import replace, reply
from bot.keyboards import word_of
from digests.readers import Outgoing


async def contents_pressed(update: Update, context: Context, press: presses.ShowContents) -> None:
    """All that an issue holds, as a new message."""
    await reply(update, context, await _contents(context, press.day, 0))


async def contents_turned(update: Update, context: Context, press: presses.TurnContents) -> None:
    """Another part of the contents, in place."""
    await replace(update, context, await _contents(context, press.day, press.offset))


async def page_pressed(update: Update, context: Context, press: presses.ShowPage) -> str | None:
    """What one page holds, as a new message."""
    if shown := await _page(context, press.day, press.page, 0):
        await reply(update, context, shown)
        return None
    return context.texts.label("nothing.page")


async def page_turned(update: Update, context: Context, press: presses.TurnPage) -> str | None:
    """Another page or another part of one, in place."""
    if shown := await _page(context, press.day, press.page, press.offset):
        await replace(update, context, shown)
        return None
    return context.texts.label("nothing.page")


async def section_pressed(update: Update, context: Context, press: presses.ShowSection) -> str | None:
    """All articles of a section, as a new message."""
    if shown := await _section(context, press.day, press.theme, 0):
        await reply(update, context, shown)
        return None
    return context.texts.label("nothing.section")


async def section_turned(update: Update, context: Context, press: presses.TurnSection) -> str | None:
    """Another part of a section, in place."""
    if shown := await _section(context, press.day, press.theme, press.offset):
        await replace(update, context, shown)
        return None
    return context.texts.label("nothing.section")


async def digest_stepped(update: Update, context: Context, press: presses.StepDigest) -> str | None:
    """The digest of the next issue there is in one direction, in place."""
    days = (issue.day for issue in context.services.archive.issues())
    day = neighbour(days, press.day, onward=press.onward)
    if day is None:
        return context.texts.label("nothing.newer" if press.onward else "nothing.older")
    told = await asyncio.to_thread(context.services.archive.digest, day)
    first, *rest = render.digest(told, context.language)
    await replace(update, context, first)
    await reply(update, context, *rest)
    return None


def neighbour(days: Iterable[date], day: date, *, onward: bool) -> date | None:
    """The one of `days` next to `day`, after it or before; None at the end of them."""
    if onward:
        return min((one for one in days if one > day), default=None)
    return max((one for one in days if one < day), default=None)


async def _contents(context: Context, day: date, offset: int) -> Outgoing:
    archive = context.services.archive
    issue = archive.issue(day)
    articles = await asyncio.to_thread(archive.articles, day)
    return render.contents(issue, articles, offset, context.language)


async def _page(context: Context, day: date, number: int, offset: int) -> Outgoing | None:
    """The contents of a page; None where it has none, raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    on_it = [article for article in await asyncio.to_thread(archive.articles, day) if article.page == number]
    return render.page(issue, number, on_it, offset, context.language) if on_it else None


async def _section(context: Context, day: date, mark: int, offset: int) -> Outgoing | None:
    """The articles of the theme with this mark; None where the issue has no such theme, raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    by_theme = await asyncio.to_thread(archive.sections, day)
    theme = word_of(mark, by_theme)
    return None if theme is None else render.section(issue, theme, by_theme[theme], offset, context.language)
