"""/start, alone and from a deep link."""

from telegram import Update

from bot import links, render
from bot.context import Context
from bot.handlers import reading, searching
from bot.handlers.replies import reply


async def start(update: Update, context: Context) -> None:
    """The greeting; from a deep link the article, the issue or the search that it leads to."""
    match links.read(context.words):
        case links.ToArticle(article):
            await reading.article_of(update, context, article)
        case links.ToIssue(day):
            await reading.digest_of(update, context, day)
        case links.ToSearch(query):
            await searching.find(update, context, query)
        case None:
            await reply(update, context, render.greeting(context.language))
