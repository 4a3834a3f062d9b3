"""Reading the paper: digests, articles, issues.

Pictures that a reader asks for: an issue's card, and its themes.

Leafing through issues: to the one before or after, a section, a page as its table of contents.
"""

import asyncio
from collections.abc import Iterable
from datetime import date

from telegram import Update

from bot import callbacks, flows, render
from bot.callbacks import word_of
from bot.context import Context
from bot.handlers.replies import edit_or_reply, reply, reply_text
from digests.chats import OutgoingMessage
from digests.dates import parse_day
from digests.text import shorten

MAX_ECHO_CHARS = 40
"""Characters of a reader's own text that an answer repeats."""


async def today(update: Update, context: Context) -> None:
    """/today: the newest issue, whenever it appeared, or what else the operator chose for today."""
    services = context.services
    edition = services.edition(services.today)
    if edition:
        told = await asyncio.to_thread(flows.render_edition, services, edition, context.chat.settings)
        await reply(update, context, *told)
    else:
        await issues(update, context)


async def digest(update: Update, context: Context) -> None:
    """/digest 8月29日, or alone for the issues there are."""
    if not context.argument or not context.services.archive.issues():
        await issues(update, context)
    elif day := await day_argument(update, context):
        await send_digest(update, context, day)


async def issues(update: Update, context: Context) -> None:
    """/issues"""
    await reply(update, context, render.issue_list(context.services.archive.issues(), 0, context.language))


async def digest_pressed(update: Update, context: Context, callback: callbacks.ShowDigest) -> None:
    """A day's digest, as a new message."""
    await send_digest(update, context, callback.day)


async def scores_pressed(update: Update, context: Context, callback: callbacks.ShowScores) -> None:
    """What the order of a digest came from, as a new message."""
    told = await asyncio.to_thread(context.services.archive.digest, callback.day)
    await reply(update, context, *render.story_scores(told, context.language))


async def today_pressed(update: Update, context: Context, _: callbacks.ShowNewestDigest) -> None:
    """The digest that is newest now."""
    await today(update, context)


async def issues_pressed(update: Update, context: Context, _: callbacks.ShowIssues) -> None:
    """The list of issues, as a new message."""
    await issues(update, context)


async def issues_page_pressed(update: Update, context: Context, callback: callbacks.TurnIssues) -> None:
    """Another part of the list of issues, in place."""
    held = context.services.archive.issues()
    await edit_or_reply(update, context, render.issue_list(held, callback.offset, context.language))


async def day_argument(update: Update, context: Context) -> date | None:
    """The day after the command; where it is none, that is said."""
    services = context.services
    day = parse_day(context.argument, today=services.today, issues=[issue.day for issue in services.archive.issues()])
    if day is None:
        await reply_text(
            update, context, context.texts.html("day.unclear", text=shorten(context.argument, MAX_ECHO_CHARS))
        )
    return day


async def send_digest(update: Update, context: Context, day: date) -> None:
    """The digest of a day; raises NoSuchIssue."""
    told = await asyncio.to_thread(context.services.archive.digest, day)
    card = (render.issue_card(told, context.language),) if context.chat.settings.pictures else ()
    await reply(update, context, *card, *render.digest(told, context.language))


async def card_pressed(update: Update, context: Context, callback: callbacks.ShowCard) -> None:
    """A day's card, as a new message."""
    told = await asyncio.to_thread(context.services.archive.digest, callback.day)
    await reply(update, context, render.issue_card(told, context.language))


async def themes_pressed(update: Update, context: Context, callback: callbacks.ShowThemeChart) -> None:
    """The themes of a day's issue, as a new message."""
    issue = context.services.archive.issue(callback.day)
    counts = await asyncio.to_thread(context.services.pictures.themes, callback.day)
    await reply(update, context, render.theme_counts(issue, counts, context.language))


async def contents_pressed(update: Update, context: Context, callback: callbacks.ShowContents) -> None:
    """All that an issue holds, as a new message."""
    await reply(update, context, await _contents(context, callback.day, 0))


async def contents_page_pressed(update: Update, context: Context, callback: callbacks.TurnContents) -> None:
    """Another part of the contents, in place."""
    await edit_or_reply(update, context, await _contents(context, callback.day, callback.offset))


async def page_pressed(update: Update, context: Context, callback: callbacks.ShowPage) -> str | None:
    """What one page holds, as a new message."""
    if shown := await _page(context, callback.day, callback.page, 0):
        await reply(update, context, shown)
        return None
    return context.texts.plain("nothing.page")


async def page_part_pressed(update: Update, context: Context, callback: callbacks.TurnPage) -> str | None:
    """Another page or another part of one, in place."""
    if shown := await _page(context, callback.day, callback.page, callback.offset):
        await edit_or_reply(update, context, shown)
        return None
    return context.texts.plain("nothing.page")


async def section_pressed(update: Update, context: Context, callback: callbacks.ShowSection) -> str | None:
    """All articles of a section, as a new message."""
    if shown := await _section(context, callback.day, callback.theme, 0):
        await reply(update, context, shown)
        return None
    return context.texts.plain("nothing.section")


async def section_part_pressed(update: Update, context: Context, callback: callbacks.TurnSection) -> str | None:
    """Another part of a section, in place."""
    if shown := await _section(context, callback.day, callback.theme, callback.offset):
        await edit_or_reply(update, context, shown)
        return None
    return context.texts.plain("nothing.section")


async def adjacent_digest_pressed(update: Update, context: Context, callback: callbacks.StepDigest) -> str | None:
    """The digest of the next issue there is in one direction, in place."""
    days = (issue.day for issue in context.services.archive.issues())
    day = adjacent_day(days, callback.day, onward=callback.onward)
    if day is None:
        return context.texts.plain("nothing.newer" if callback.onward else "nothing.older")
    told = await asyncio.to_thread(context.services.archive.digest, day)
    first, *rest = render.digest(told, context.language)
    await edit_or_reply(update, context, first)
    await reply(update, context, *rest)
    return None


def adjacent_day(days: Iterable[date], day: date, *, onward: bool) -> date | None:
    """The one of `days` next to `day`, after it or before; None at the end of them."""
    if onward:
        return min((one for one in days if one > day), default=None)
    return max((one for one in days if one < day), default=None)


async def _contents(context: Context, day: date, offset: int) -> OutgoingMessage:
    archive = context.services.archive
    issue = archive.issue(day)
    articles = await asyncio.to_thread(archive.articles, day)
    return render.contents(issue, articles, offset, context.language)


async def _page(context: Context, day: date, number: int, offset: int) -> OutgoingMessage | None:
    """The contents of a page; None where it has none, raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    on_it = [article for article in await asyncio.to_thread(archive.articles, day) if article.page == number]
    return render.page_contents(issue, number, on_it, offset, context.language) if on_it else None


async def _section(context: Context, day: date, mark: int, offset: int) -> OutgoingMessage | None:
    """The articles of the theme with this mark; None where the issue has no such theme, raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    by_theme = await asyncio.to_thread(archive.sections, day)
    theme = word_of(mark, by_theme)
    return None if theme is None else render.section_contents(issue, theme, by_theme[theme], offset, context.language)
