"""Articles: /article, the parts of a long article, related articles, and searches for the names in an article."""

import asyncio
from itertools import islice

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.replies import reply, reply_text
from digests.models import Article, Labels

MAX_RELATED_ARTICLES = 5
"""Maximum number of related articles in one reply, so that the list fits on a screen."""
MAX_PEOPLE_BUTTONS, MAX_PLACE_BUTTONS = 6, 6
"""Maximum number of people, and of places, that get a button; the most frequent names are chosen."""


async def article(update: Update, context: Context) -> None:
    """/article k7f3m-9wq2d: reply with the article with that id."""
    if context.argument:
        await send_article(update, context, context.argument)
    else:
        await reply_text(update, context, context.texts.html("article.usage"))


async def article_pressed(update: Update, context: Context, callback: callbacks.ShowArticle) -> None:
    """Reply with the first part of the article."""
    await send_article(update, context, callback.article)


async def read_on_pressed(update: Update, context: Context, callback: callbacks.ShowArticlePart) -> str | None:
    """Reply with the button's part of a long article."""
    article = await asyncio.to_thread(context.services.archive.article, callback.article)
    part = article and render.article_part(article, callback.part, context.language, share=_can_share(context))
    if not part:
        return context.texts.plain("article.not_found")
    await reply(update, context, part)
    return None


async def send_article(update: Update, context: Context, article_id: str) -> None:
    """Reply with the first part of the article, or say that the archive does not have it."""
    article = await asyncio.to_thread(context.services.archive.article, article_id)
    if article:
        await reply(update, context, *render.article(article, context.language, share=_can_share(context)))
    else:
        await reply_text(update, context, context.texts.html("article.not_found"))


def _can_share(context: Context) -> bool:
    """True if the bot's inline mode, which the share button needs, is turned on."""
    return bool(context.bot.supports_inline_queries)


async def related_pressed(update: Update, context: Context, callback: callbacks.ShowRelated) -> str | None:
    """Reply with the articles most closely related to the article."""
    archive = context.services.archive
    article = await asyncio.to_thread(archive.article, callback.article)
    if article is None:
        return context.texts.plain("article.not_found")
    found = await asyncio.to_thread(archive.related, callback.article, MAX_RELATED_ARTICLES)
    others = [other for other in found if other.id != article.id]
    if not others:
        return context.texts.plain("related.none")
    await reply(update, context, render.related_articles(article, others, context.language))
    return None


async def names_pressed(update: Update, context: Context, callback: callbacks.ShowNames) -> str | None:
    """Reply with a button for each person and place that the article names."""
    article, labels = await _labelled(context, callback.article)
    if article is None:
        return context.texts.plain("article.not_found")
    people, places = _button_names(labels)
    if not people and not places:
        return context.texts.plain("names.none")
    await reply(update, context, render.people_and_places(article, people, places, context.language))
    return None


async def _labelled(context: Context, article_id: str) -> tuple[Article | None, Labels]:
    """Return the article with its labels; None and empty labels if the archive does not have it."""
    archive = context.services.archive
    article = await asyncio.to_thread(archive.article, article_id)
    return article, await asyncio.to_thread(archive.labeller.label, article) if article else Labels()


def _button_names(labels: Labels) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the people and the places that get a button; a name in both lists is a person."""
    people = tuple(islice(labels.people, MAX_PEOPLE_BUTTONS))
    places = (place for place in labels.places if place not in labels.people)
    return people, tuple(islice(places, MAX_PLACE_BUTTONS))
