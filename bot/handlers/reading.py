"""Reading the paper: digests, articles, issues."""

import asyncio
from datetime import date

from telegram import Update

from bot import flows, presses, render
from bot.context import Context
from bot.handlers.replies import replace, reply, say
from digests.asking.days import parse_day
from digests.text import shorten

ECHO = 40
"""Characters of a reader's own text that an answer repeats."""


async def today(update: Update, context: Context) -> None:
    """/today: the newest issue, whenever it appeared, or what else the operator chose for today."""
    services = context.services
    edition = services.edition(services.today)
    if edition:
        told = await asyncio.to_thread(flows.edition_told, services, edition, context.chat.settings)
        await reply(update, context, *told)
    else:
        await issues(update, context)


async def digest(update: Update, context: Context) -> None:
    """/digest 8月29日, or alone for the issues there are."""
    if not context.words or not context.services.archive.issues():
        await issues(update, context)
    elif day := await day_asked(update, context):
        await digest_of(update, context, day)


async def article(update: Update, context: Context) -> None:
    """/article k7f3m-9wq2d"""
    if context.words:
        await article_of(update, context, context.words)
    else:
        await say(update, context, context.texts.say("article.usage"))


async def issues(update: Update, context: Context) -> None:
    """/issues"""
    await reply(update, context, render.issues(context.services.archive.issues(), 0, context.language))


async def digest_pressed(update: Update, context: Context, press: presses.ShowDigest) -> None:
    """A day's digest, as a new message."""
    await digest_of(update, context, press.day)


async def why_pressed(update: Update, context: Context, press: presses.ShowScores) -> None:
    """What the order of a digest came from, as a new message."""
    told = await asyncio.to_thread(context.services.archive.digest, press.day)
    await reply(update, context, *render.why(told, context.language))


async def today_pressed(update: Update, context: Context, _: presses.NewestDigest) -> None:
    """The digest that is newest now."""
    await today(update, context)


async def article_pressed(update: Update, context: Context, press: presses.ShowArticle) -> None:
    """An article, below the list it was chosen from."""
    await article_of(update, context, press.article)


async def read_on_pressed(update: Update, context: Context, press: presses.ReadOn) -> str | None:
    """A further part of a long article, below the one before it."""
    found = await asyncio.to_thread(context.services.archive.article, press.article)
    shown = found and render.article_part(found, press.part, context.language, share=_shares(context))
    if not shown:
        return context.texts.label("article.gone")
    await reply(update, context, shown)
    return None


async def issues_pressed(update: Update, context: Context, _: presses.ShowIssues) -> None:
    """The list of issues, as a new message."""
    await issues(update, context)


async def issues_turned(update: Update, context: Context, press: presses.TurnIssues) -> None:
    """Another part of the list of issues, in place."""
    held = context.services.archive.issues()
    await replace(update, context, render.issues(held, press.offset, context.language))


async def day_asked(update: Update, context: Context) -> date | None:
    """The day after the command; where it is none, that is said."""
    services = context.services
    day = parse_day(context.words, today=services.today, issues=[issue.day for issue in services.archive.issues()])
    if day is None:
        await say(update, context, context.texts.say("day.unclear", text=shorten(context.words, ECHO)))
    return day


async def digest_of(update: Update, context: Context, day: date) -> None:
    """The digest of a day; raises NoSuchIssue."""
    told = await asyncio.to_thread(context.services.archive.digest, day)
    card = (render.card(told, context.language),) if context.chat.settings.pictures else ()
    await reply(update, context, *card, *render.digest(told, context.language))


async def article_of(update: Update, context: Context, article_id: str) -> None:
    """The first part of an article; where it is gone, that is said."""
    found = await asyncio.to_thread(context.services.archive.article, article_id)
    if found:
        await reply(update, context, *render.article(found, context.language, share=_shares(context)))
    else:
        await say(update, context, context.texts.say("article.gone"))


def _shares(context: Context) -> bool:
    """Whether articles can be shared: without inline mode, which the operator turns on, the button leads nowhere."""
    return bool(context.bot.supports_inline_queries)
