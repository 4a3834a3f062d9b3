"""Digests and issues: /today, /digest, /issues, and the buttons for an issue's contents, pages and sections.

A Show… button replies with a new message; a Turn… or Step… button edits the message that it belongs to.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from telegram import Update

from bot import callbacks, flows, render
from bot.context import Context
from bot.handlers.replies import MAX_ECHO_CHARS, edit_or_reply, reply, reply_text
from digests.chats import OutgoingMessage
from digests.dates import parse_day
from digests.text import shorten


async def today(update: Update, context: Context) -> None:
    """/today: reply with today's edition, which the configured plan selects; without one, with the list of issues."""
    services = context.services
    edition = services.edition(services.today)
    if edition:
        messages = await asyncio.to_thread(flows.render_edition, services, edition, context.chat.settings)
        await reply(update, context, *messages)
    else:
        await issues(update, context)


async def digest(update: Update, context: Context) -> None:
    """/digest 8月29日: reply with the digest of that day; without a day, with the list of issues."""
    if not context.argument or not context.services.archive.issues():
        await issues(update, context)
    elif day := await day_argument(update, context):
        await send_digest(update, context, day)


async def issues(update: Update, context: Context) -> None:
    """/issues: reply with the list of issues, newest first."""
    await reply(update, context, render.issue_list(context.services.archive.issues(), 0, context.language))


async def digest_pressed(update: Update, context: Context, callback: callbacks.ShowDigest) -> None:
    """Reply with the digest of the button's day."""
    await send_digest(update, context, callback.day)


async def scores_pressed(update: Update, context: Context, callback: callbacks.ShowScores) -> None:
    """Reply with the scores that rank the stories of a digest."""
    digest = await asyncio.to_thread(context.services.archive.digest, callback.day)
    await reply(update, context, *render.story_scores(digest, context.language))


async def today_pressed(update: Update, context: Context, _: callbacks.ShowNewestDigest) -> None:
    """Reply with today's edition, like /today."""
    await today(update, context)


async def issues_pressed(update: Update, context: Context, _: callbacks.ShowIssues) -> None:
    """Reply with the list of issues."""
    await issues(update, context)


async def issues_page_pressed(update: Update, context: Context, callback: callbacks.TurnIssues) -> None:
    """Show another part of the list of issues in the same message."""
    all_issues = context.services.archive.issues()
    await edit_or_reply(update, context, render.issue_list(all_issues, callback.offset, context.language))


async def day_argument(update: Update, context: Context) -> date | None:
    """Return the day in the command's argument; if it is not a day, reply with an explanation and return None."""
    services = context.services
    day = parse_day(context.argument, today=services.today, issues=[issue.day for issue in services.archive.issues()])
    if day is None:
        await reply_text(
            update, context, context.texts.html("day.unclear", text=shorten(context.argument, MAX_ECHO_CHARS))
        )
    return day


async def send_digest(update: Update, context: Context, day: date) -> None:
    """Reply with the digest of a day, and before it with the issue's card if pictures are on; raises NoSuchIssue."""
    digest = await asyncio.to_thread(context.services.archive.digest, day)
    card = (render.issue_card(digest, context.language),) if context.chat.settings.pictures else ()
    await reply(update, context, *card, *render.digest(digest, context.language))


async def card_pressed(update: Update, context: Context, callback: callbacks.ShowCard) -> None:
    """Reply with the card of an issue: a picture of its keywords and lead stories."""
    digest = await asyncio.to_thread(context.services.archive.digest, callback.day)
    await reply(update, context, render.issue_card(digest, context.language))


async def themes_pressed(update: Update, context: Context, callback: callbacks.ShowThemeChart) -> None:
    """Reply with a chart of an issue's stories by theme."""
    issue = context.services.archive.issue(callback.day)
    counts = await asyncio.to_thread(context.services.pictures.themes, callback.day)
    await reply(update, context, render.theme_counts(issue, counts, context.language))


async def contents_pressed(update: Update, context: Context, callback: callbacks.ShowContents) -> None:
    """Reply with the contents of an issue."""
    await reply(update, context, await _contents(context, callback.day, 0))


async def contents_page_pressed(update: Update, context: Context, callback: callbacks.TurnContents) -> None:
    """Show another part of an issue's contents in the same message."""
    await edit_or_reply(update, context, await _contents(context, callback.day, callback.offset))


async def page_pressed(update: Update, context: Context, callback: callbacks.ShowPage) -> str | None:
    """Reply with the articles of one newspaper page."""
    message = await _page(context, callback.day, callback.page, 0)
    return await _send_or_explain(reply, update, context, message, context.texts.plain("contents.page_gone"))


async def page_part_pressed(update: Update, context: Context, callback: callbacks.TurnPage) -> str | None:
    """Show another part of a newspaper page, or another page, in the same message."""
    message = await _page(context, callback.day, callback.page, callback.offset)
    return await _send_or_explain(edit_or_reply, update, context, message, context.texts.plain("contents.page_gone"))


async def section_pressed(update: Update, context: Context, callback: callbacks.ShowSection) -> str | None:
    """Reply with the articles of a section."""
    message = await _section(context, callback.day, callback.theme, 0)
    return await _send_or_explain(reply, update, context, message, context.texts.plain("contents.section_gone"))


async def section_part_pressed(update: Update, context: Context, callback: callbacks.TurnSection) -> str | None:
    """Show another part of a section in the same message."""
    message = await _section(context, callback.day, callback.theme, callback.offset)
    return await _send_or_explain(edit_or_reply, update, context, message, context.texts.plain("contents.section_gone"))


async def adjacent_digest_pressed(update: Update, context: Context, callback: callbacks.StepDigest) -> str | None:
    """Show the digest of the previous or next issue in the same message; send the rest of a long digest after it."""
    days = (issue.day for issue in context.services.archive.issues())
    day = adjacent_day(days, callback.day, onward=callback.onward)
    if day is None:
        return context.texts.plain("digest.is_newest" if callback.onward else "digest.is_oldest")
    digest = await asyncio.to_thread(context.services.archive.digest, day)
    first, *rest = render.digest(digest, context.language)
    await edit_or_reply(update, context, first)
    await reply(update, context, *rest)
    return None


def adjacent_day(days: Iterable[date], day: date, *, onward: bool) -> date | None:
    """Return the nearest of `days` after `day` (`onward`) or before it; None if there is none."""
    if onward:
        return min((other for other in days if other > day), default=None)
    return max((other for other in days if other < day), default=None)


async def _send_or_explain(
    send: Callable[..., Awaitable[object]],
    update: Update,
    context: Context,
    message: OutgoingMessage | None,
    missing: str,
) -> str | None:
    """Send a message with `send`; without a message, return the text `missing`, which the press shows as a notice."""
    if message is None:
        return missing
    await send(update, context, message)
    return None


async def _contents(context: Context, day: date, offset: int) -> OutgoingMessage:
    archive = context.services.archive
    issue = archive.issue(day)
    articles = await asyncio.to_thread(archive.articles, day)
    return render.contents(issue, articles, offset, context.language)


async def _page(context: Context, day: date, number: int, offset: int) -> OutgoingMessage | None:
    """Return the articles of a page as a message; None if the page has no articles. Raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    articles = [article for article in await asyncio.to_thread(archive.articles, day) if article.page == number]
    return render.page_contents(issue, number, articles, offset, context.language) if articles else None


async def _section(context: Context, day: date, theme: str, offset: int) -> OutgoingMessage | None:
    """Return the articles of a theme as a message; None if the issue has no such theme. Raises NoSuchIssue."""
    archive = context.services.archive
    issue = archive.issue(day)
    articles = (await asyncio.to_thread(archive.sections, day)).get(theme)
    return render.section_contents(issue, theme, articles, offset, context.language) if articles else None
