"""Many issues at once: a week, a month, and how much the paper writes of something."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers.asking import asked
from bot.handlers.reading import day_asked, issues
from bot.handlers.replies import replace, reply
from bot.render.periods import Span
from digests import trends
from digests.archive import Archive
from digests.errors import NoSuchIssue
from digests.readers import Outgoing

COUNTED = 1000
"""The newest issues that words are counted in: about a second; more takes longer than a reader waits."""
COMPARED = 60
"""The newest issues that show what is rising now."""
WORDS = 4
"""Words of one question; more tables are no glance any more."""

_BOUNDS: Mapping[Span, Callable[[date], tuple[date, date]]] = {"week": trends.week, "month": trends.month}


async def week(update: Update, context: Context) -> None:
    """/week, or /week 8月29日 for the week of that day."""
    await _period(update, context, "week")


async def month(update: Update, context: Context) -> None:
    """/month, or /month 8月29日 for the month of that day."""
    await _period(update, context, "month")


async def week_turned(update: Update, context: Context, press: presses.ShowWeek) -> None:
    """Another week, in place."""
    await _turned(update, context, "week", press.day)


async def month_turned(update: Update, context: Context, press: presses.ShowMonth) -> None:
    """Another month, in place."""
    await _turned(update, context, "month", press.day)


async def trend(update: Update, context: Context) -> None:
    """/trend 核酸 防汛, or alone for what is rising."""
    archive = context.services.archive
    words = list(dict.fromkeys(filter(None, (word.strip('"“”') for word in asked(update, context).split()))))
    held = [issue.day for issue in archive.issues()]
    if not held:
        await issues(update, context)
    elif words:
        counted = await asyncio.to_thread(_counted, archive, words[:WORDS], held[:COUNTED])
        await reply(update, context, render.trend(counted, len(held), context.language, left_out=words[WORDS:]))
    else:
        days = held[:COMPARED]
        risen = await asyncio.to_thread(lambda: trends.rising([archive.digest(day) for day in days]))
        await reply(update, context, render.rising(risen, len(days), len(held), context.language))


def _counted(archive: Archive, words: Sequence[str], days: Sequence[date]) -> dict[str, list[trends.Count]]:
    """The counts of each word, issue by issue, so that no more than one issue is held in memory."""
    counted: dict[str, list[trends.Count]] = {word: [] for word in words}
    for day in sorted(days):
        issue = {day: archive.articles(day)}
        for word in words:
            counted[word] += trends.counts(word, issue)
    return counted


async def _period(update: Update, context: Context, span: Span) -> None:
    held = context.services.archive.issues()
    if not held:
        await issues(update, context)
    elif not context.words:
        await reply(update, context, await _rolled_up(context, span, held[0].day))
    elif day := await day_asked(update, context):
        await reply(update, context, await _rolled_up(context, span, day))


async def _turned(update: Update, context: Context, span: Span, day: date) -> None:
    await replace(update, context, await _rolled_up(context, span, day))


async def _rolled_up(context: Context, span: Span, day: date) -> Outgoing:
    """The week or month of `day`, at the ends of the archive the last one there is; raises NoSuchIssue in a gap."""
    archive = context.services.archive
    days = [issue.day for issue in archive.issues()]
    if not days:
        raise NoSuchIssue(day, [])
    first, last = _BOUNDS[span](min(max(day, days[-1]), days[0]))
    within = [one for one in days if first <= one <= last]
    told = await asyncio.to_thread(lambda: trends.period(map(archive.digest, within), (first, last)))
    if told is None:
        raise NoSuchIssue(day, sorted(days, key=lambda one: abs(one - day))[:3])
    newer = min((one for one in days if one > last), default=None)
    older = max((one for one in days if one < first), default=None)
    return render.period(told, span, context.language, newer=newer, older=older)
