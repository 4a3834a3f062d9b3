"""Reading the paper: the greeting, digests, contents, articles, issues."""

import asyncio
from datetime import date

from telegram import Update
from telegram.constants import ChatType

from bot import flows, presses, render
from bot.context import Context
from bot.handlers.replies import replace, reply, say
from bot.texts.markup import join
from digests.days import parse_day
from digests.text import shorten

ECHO = 40
"""Characters of a reader's own text that an answer repeats."""


async def start(update: Update, context: Context) -> None:
    """/start"""
    await reply(update, context, render.greeting(context.language))


async def usage(update: Update, context: Context) -> None:
    """/help; in a group with a word on when the bot listens there."""
    text = context.texts.say("help.text", time=context.digest_time)
    if update.effective_chat and update.effective_chat.type != ChatType.PRIVATE:
        text = join("\n\n", [text, context.texts.say("help.group", name=context.bot.name)])
    await say(update, context, text)


async def today(update: Update, context: Context) -> None:
    """/today: the newest issue, whenever it appeared, or what else the operator chose for today."""
    services = context.services
    edition = services.edition(services.today)
    if edition:
        told = await asyncio.to_thread(flows.edition_told, services, edition, context.language)
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
        await _article(update, context, context.words)
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
    """An article in full, below the list it was chosen from."""
    await _article(update, context, press.article)


async def contents_pressed(update: Update, context: Context, press: presses.ShowContents) -> None:
    """All that an issue holds, as a new message."""
    issue = context.services.archive.issue(press.day)
    articles = await asyncio.to_thread(context.services.archive.articles, press.day)
    await reply(update, context, render.contents(issue, articles, 0, context.language))


async def contents_turned(update: Update, context: Context, press: presses.TurnContents) -> None:
    """Another part of the contents, in place."""
    issue = context.services.archive.issue(press.day)
    articles = await asyncio.to_thread(context.services.archive.articles, press.day)
    await replace(update, context, render.contents(issue, articles, press.offset, context.language))


async def issues_pressed(update: Update, context: Context, _: presses.ShowIssues) -> None:
    """The list of issues, as a new message."""
    await issues(update, context)


async def issues_turned(update: Update, context: Context, press: presses.TurnIssues) -> None:
    """Another part of the list of issues, in place."""
    held = context.services.archive.issues()
    await replace(update, context, render.issues(held, press.offset, context.language))


def day_meant(context: Context, said: str) -> date | None:
    """The day that these words are, if they are nothing else."""
    held = context.services.archive.issues()
    return parse_day(said, today=context.services.today, issues=[issue.day for issue in held])


async def day_asked(update: Update, context: Context) -> date | None:
    """The day after the command; where it is none, that is said."""
    day = day_meant(context, context.words)
    if day is None:
        await say(update, context, context.texts.say("day.unclear", text=shorten(context.words, ECHO)))
    return day


async def digest_of(update: Update, context: Context, day: date) -> None:
    """The digest of a day; raises NoSuchIssue."""
    told = await asyncio.to_thread(context.services.archive.digest, day)
    await reply(update, context, *render.digest(told, context.language))


async def _article(update: Update, context: Context, article_id: str) -> None:
    found = await asyncio.to_thread(context.services.archive.article, article_id)
    if found:
        await reply(update, context, *render.article(found, context.language))
    else:
        await say(update, context, context.texts.say("article.gone"))
