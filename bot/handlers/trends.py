"""Views of many issues: the /week and /month reviews, and /trend, which shows how often words occur over time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace as with_changes
from datetime import date

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.digests import adjacent_day, day_argument, issues
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply
from bot.render.trends import PeriodKind
from bot.texts import Html, lines
from digests import dates
from digests.chats import OutgoingMessage
from digests.digest import trends
from digests.errors import NoSuchIssue

RISING_ISSUES = 60
"""Number of newest issues whose keywords are compared to find rising keywords."""
MAX_TREND_WORDS = 4
"""Maximum number of words in one /trend, so that the chart and the tables stay readable."""

NEAREST_ISSUES = 3
"""Number of issues offered for a period without issues."""

_BOUNDS: Mapping[PeriodKind, Callable[[date], tuple[date, date]]] = {"week": dates.week_of, "month": dates.month_of}


async def week(update: Update, context: Context) -> None:
    """/week 8月29日: reply with the review of the week that contains the day; without a day, of the newest week."""
    await _period(update, context, "week")


async def month(update: Update, context: Context) -> None:
    """/month 8月29日: reply with the review of the month that contains the day; without a day, of the newest month."""
    await _period(update, context, "month")


async def week_pressed(update: Update, context: Context, callback: callbacks.ShowWeek) -> None:
    """Show another week in the same message."""
    await edit_or_reply(update, context, await _review(context, "week", callback.day))


async def month_pressed(update: Update, context: Context, callback: callbacks.ShowMonth) -> None:
    """Show another month in the same message."""
    await edit_or_reply(update, context, await _review(context, "month", callback.day))


async def trend(update: Update, context: Context) -> None:
    """/trend 核酸 防汛: reply with how often the words occur; without words, with the rising keywords."""
    archive = context.services.archive
    words = list(dict.fromkeys(filter(None, (word.strip('"“”') for word in message_text(update, context).split()))))
    days = [issue.day for issue in archive.issues()]
    if not days:
        await issues(update, context)
    elif words:
        counts = {word: await asyncio.to_thread(archive.term_counts, word) for word in words[:MAX_TREND_WORDS]}
        await reply(update, context, render.word_trends(counts, context.language, left_out=words[MAX_TREND_WORDS:]))
    else:
        newest = days[:RISING_ISSUES]
        stored = await asyncio.to_thread(lambda: [past for day in newest if (past := archive.past_digest(day))])
        rising = trends.rising_keywords(stored)
        await reply(update, context, render.rising_words(rising, len(stored), len(days), context.language))


async def send_period(update: Update, context: Context, kind: PeriodKind, day: date) -> None:
    """Reply with the review of the week or month of `day`.

    For a period before or after all issues, reply with the first or last period that has issues, and a note that says
    so. Raises NoSuchIssue for any other period without issues.
    """
    review = await _review(context, kind, day)
    first, last = _BOUNDS[kind](day)
    if not any(first <= issue.day <= last for issue in context.services.archive.issues()):
        review = with_changes(review, text=lines(context.texts.html("period.nearest"), Html(review.text)))
    await reply(update, context, review)


async def _period(update: Update, context: Context, kind: PeriodKind) -> None:
    """Reply to /week and /month."""
    all_issues = context.services.archive.issues()
    if not all_issues:
        await issues(update, context)
    elif not context.argument:
        await reply(update, context, await _review(context, kind, all_issues[0].day))
    elif day := await day_argument(update, context):
        await reply(update, context, await _review(context, kind, day))


async def _review(context: Context, kind: PeriodKind, day: date) -> OutgoingMessage:
    """Return the review of the week or month of `day`.

    For a day before or after all issues, return the review of the first or last period that has issues. Raises
    NoSuchIssue for any other period without issues.
    """
    archive = context.services.archive
    days = [issue.day for issue in archive.issues()]
    if not days:
        raise NoSuchIssue(day, [])
    first, last = _BOUNDS[kind](min(max(day, days[-1]), days[0]))
    inside = [issue_day for issue_day in days if first <= issue_day <= last]
    period = await asyncio.to_thread(lambda: trends.summarise_period(map(archive.digest, inside), (first, last)))
    if period is None:
        raise NoSuchIssue(day, sorted(days, key=lambda issue_day: abs(issue_day - day))[:NEAREST_ISSUES])
    newer, older = adjacent_day(days, last, onward=True), adjacent_day(days, first, onward=False)
    return render.period_review(period, kind, context.language, newer=newer, older=older)
