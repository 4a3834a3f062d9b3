"""From an article to what lies around it: related ones, the people and places it names."""

import asyncio
from itertools import islice

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers import searching
from bot.handlers.replies import reply
from bot.keyboards import word_of
from digests.content import labels
from digests.models import Article, Labels

RELATED = 5
"""Related articles that are shown: more are no glance."""
PEOPLE, PLACES = 6, 6
"""Names that get a button, the oftenest first."""


async def related_pressed(update: Update, context: Context, press: presses.ShowRelated) -> str | None:
    """Articles that tell of the same, as a new message."""
    archive = context.services.archive
    article = await asyncio.to_thread(archive.article, press.article)
    if article is None:
        return context.texts.label("article.gone")
    found = await asyncio.to_thread(archive.related, press.article, RELATED)
    others = [other for other in found if other.id != article.id]
    if not others:
        return context.texts.label("nothing.related")
    await reply(update, context, render.related(article, others, context.language))
    return None


async def names_pressed(update: Update, context: Context, press: presses.ShowNames) -> str | None:
    """The people and places that an article names, as a new message."""
    article, known = await _labelled(context, press.article)
    if article is None:
        return context.texts.label("article.gone")
    people, places = _named(known)
    if not people and not places:
        return context.texts.label("nothing.names")
    await reply(update, context, render.names(article, people, places, context.language))
    return None


async def name_pressed(update: Update, context: Context, press: presses.FindName) -> str | None:
    """A search for a person or a place."""
    article, known = await _labelled(context, press.article)
    if article is None:
        return context.texts.label("article.gone")
    people, places = _named(known)
    name = word_of(press.name, (*people, *places))
    if name is None:
        return context.texts.label("nothing.word")
    await searching.find(update, context, f'{"人物" if name in people else "地点"}:"{name}"')
    return None


async def _labelled(context: Context, article_id: str) -> tuple[Article | None, Labels]:
    """An article and the names that the index has it under."""
    article = await asyncio.to_thread(context.services.archive.article, article_id)
    return article, await asyncio.to_thread(labels.of, article) if article else Labels()


def _named(known: Labels) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people and places that get a button; nobody stands in both."""
    people = tuple(islice(known.people, PEOPLE))
    places = (place for place in known.places if place not in known.people)
    return people, tuple(islice(places, PLACES))
