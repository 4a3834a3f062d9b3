"""From an article to what lies around it: related ones, the people and places it names."""

import asyncio
from itertools import islice

from telegram import Update

from bot import callbacks, render
from bot.callbacks import word_of
from bot.context import Context
from bot.handlers import search
from bot.handlers.replies import reply, reply_text
from digests import analysis
from digests.models import Article, Labels


async def article(update: Update, context: Context) -> None:
    """/article k7f3m-9wq2d"""
    if context.argument:
        await send_article(update, context, context.argument)
    else:
        await reply_text(update, context, context.texts.html("article.usage"))


async def article_pressed(update: Update, context: Context, callback: callbacks.ShowArticle) -> None:
    """An article, below the list it was chosen from."""
    await send_article(update, context, callback.article)


async def read_on_pressed(update: Update, context: Context, callback: callbacks.ShowArticlePart) -> str | None:
    """A further part of a long article, below the one before it."""
    found = await asyncio.to_thread(context.services.archive.article, callback.article)
    shown = found and render.article_part(found, callback.part, context.language, share=_shares(context))
    if not shown:
        return context.texts.plain("article.gone")
    await reply(update, context, shown)
    return None


async def send_article(update: Update, context: Context, article_id: str) -> None:
    """The first part of an article; where it is gone, that is said."""
    found = await asyncio.to_thread(context.services.archive.article, article_id)
    if found:
        await reply(update, context, *render.article(found, context.language, share=_shares(context)))
    else:
        await reply_text(update, context, context.texts.html("article.gone"))


def _shares(context: Context) -> bool:
    """Whether articles can be shared: without inline mode, which the operator turns on, the button leads nowhere."""
    return bool(context.bot.supports_inline_queries)


MAX_RELATED_ARTICLES = 5
"""Related articles that are shown: more are no glance."""
MAX_PEOPLE_BUTTONS, MAX_PLACE_BUTTONS = 6, 6
"""Names that get a button, the oftenest first."""


async def related_pressed(update: Update, context: Context, callback: callbacks.ShowRelated) -> str | None:
    """Articles that tell of the same, as a new message."""
    archive = context.services.archive
    article = await asyncio.to_thread(archive.article, callback.article)
    if article is None:
        return context.texts.plain("article.gone")
    found = await asyncio.to_thread(archive.related, callback.article, MAX_RELATED_ARTICLES)
    others = [other for other in found if other.id != article.id]
    if not others:
        return context.texts.plain("nothing.related")
    await reply(update, context, render.related_articles(article, others, context.language))
    return None


async def names_pressed(update: Update, context: Context, callback: callbacks.ShowNames) -> str | None:
    """The people and places that an article names, as a new message."""
    article, known = await _labelled(context, callback.article)
    if article is None:
        return context.texts.plain("article.gone")
    people, places = _named(known)
    if not people and not places:
        return context.texts.plain("nothing.names")
    await reply(update, context, render.people_and_places(article, people, places, context.language))
    return None


async def name_pressed(update: Update, context: Context, callback: callbacks.SearchName) -> str | None:
    """A search for a person or a place."""
    article, known = await _labelled(context, callback.article)
    if article is None:
        return context.texts.plain("article.gone")
    people, places = _named(known)
    name = word_of(callback.name, (*people, *places))
    if name is None:
        return context.texts.plain("nothing.word")
    await search.answer_search(update, context, f'{"人物" if name in people else "地点"}:"{name}"')
    return None


async def _labelled(context: Context, article_id: str) -> tuple[Article | None, Labels]:
    """An article and the names that the index has it under."""
    article = await asyncio.to_thread(context.services.archive.article, article_id)
    return article, await asyncio.to_thread(analysis.labels_of, article) if article else Labels()


def _named(known: Labels) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people and places that get a button; nobody stands in both."""
    people = tuple(islice(known.people, MAX_PEOPLE_BUTTONS))
    places = (place for place in known.places if place not in known.people)
    return people, tuple(islice(places, MAX_PLACE_BUTTONS))
