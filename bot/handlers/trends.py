"""Many issues at once: a week, a month, and how much the paper writes of something."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace as replaced
from datetime import date

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.digests import day_argument, issues
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply
from bot.render.trends import PeriodKind
from bot.texts.markup import Html, lines
from digests.chats import OutgoingMessage
from digests.digest import trends
from digests.errors import NoSuchIssue

RISING_ISSUES = 60
"""The newest issues that show what is rising now."""
MAX_TREND_WORDS = 4
"""Words of one question; more tables are no glance any more."""

_BOUNDS: Mapping[PeriodKind, Callable[[date], tuple[date, date]]] = {"week": trends.week_of, "month": trends.month_of}


async def week(update: Update, context: Context) -> None:
    """/week, or /week 8月29日 for the week of that day."""
    await _period(update, context, "week")


async def month(update: Update, context: Context) -> None:
    """/month, or /month 8月29日 for the month of that day."""
    await _period(update, context, "month")


async def week_pressed(update: Update, context: Context, callback: callbacks.ShowWeek) -> None:
    """Another week, in place."""
    await _turned(update, context, "week", callback.day)


async def month_pressed(update: Update, context: Context, callback: callbacks.ShowMonth) -> None:
    """Another month, in place."""
    await _turned(update, context, "month", callback.day)


async def trend(update: Update, context: Context) -> None:
    """/trend 核酸 防汛, or alone for what is rising."""
    archive = context.services.archive
    words = list(dict.fromkeys(filter(None, (word.strip('"“”') for word in message_text(update, context).split()))))
    held = [issue.day for issue in archive.issues()]
    if not held:
        await issues(update, context)
    elif words:
        counted = await asyncio.to_thread(context.services.pictures.counts, words[:MAX_TREND_WORDS])
        await reply(
            update, context, render.word_trends(counted, len(held), context.language, left_out=words[MAX_TREND_WORDS:])
        )
    else:
        days = held[:RISING_ISSUES]
        risen = await asyncio.to_thread(lambda: trends.rising_keywords([archive.digest(day) for day in days]))
        await reply(update, context, render.rising_words(risen, len(days), len(held), context.language))


async def send_period(update: Update, context: Context, span: PeriodKind, day: date) -> None:
    """The week or month of `day` as a new message, before or after all issues the nearest; raises NoSuchIssue."""
    told = await _rolled_up(context, span, day)
    days = [issue.day for issue in context.services.archive.issues()]
    first, last = _BOUNDS[span](day)
    if not any(first <= one <= last for one in days):
        told = replaced(told, text=lines(context.texts.html("wish.nearest"), Html(told.text)))
    await reply(update, context, told)


async def _period(update: Update, context: Context, span: PeriodKind) -> None:
    held = context.services.archive.issues()
    if not held:
        await issues(update, context)
    elif not context.argument:
        await reply(update, context, await _rolled_up(context, span, held[0].day))
    elif day := await day_argument(update, context):
        await reply(update, context, await _rolled_up(context, span, day))


async def _turned(update: Update, context: Context, span: PeriodKind, day: date) -> None:
    await edit_or_reply(update, context, await _rolled_up(context, span, day))


async def _rolled_up(context: Context, span: PeriodKind, day: date) -> OutgoingMessage:
    """The week or month of `day`, at the ends of the archive the last one there is; raises NoSuchIssue in a gap."""
    archive = context.services.archive
    days = [issue.day for issue in archive.issues()]
    if not days:
        raise NoSuchIssue(day, [])
    first, last = _BOUNDS[span](min(max(day, days[-1]), days[0]))
    within = [one for one in days if first <= one <= last]
    told = await asyncio.to_thread(lambda: trends.summarise_period(map(archive.digest, within), (first, last)))
    if told is None:
        raise NoSuchIssue(day, sorted(days, key=lambda one: abs(one - day))[:3])
    newer = min((one for one in days if one > last), default=None)
    older = max((one for one in days if one < first), default=None)
    return render.period_review(told, span, context.language, newer=newer, older=older)
