"""From an article to following it: its keywords, people and places as subscriptions."""

import asyncio
from itertools import islice

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers import subscribing
from bot.handlers.replies import reply
from bot.keyboards import word_of
from digests import keywords, query
from digests.content import labels
from digests.errors import QueryError
from digests.models import Article

EACH = 4
"""Keywords, people and places that are offered, so many of each."""
LOOKED = 12
"""Keywords from which those offered are taken."""


async def following_pressed(update: Update, context: Context, press: presses.OfferFollowing) -> str | None:
    """What of an article can be followed, as a new message."""
    article = await asyncio.to_thread(context.services.archive.article, press.article)
    if article is None:
        return context.texts.label("article.gone")
    words = await asyncio.to_thread(candidates, article)
    if not words:
        return context.texts.label("nothing.following")
    await reply(update, context, render.following(article, words, context.language))
    return None


async def word_pressed(update: Update, context: Context, press: presses.FollowWord) -> str | None:
    """Subscribe to one of these words."""
    article = await asyncio.to_thread(context.services.archive.article, press.article)
    if article is None:
        return context.texts.label("article.gone")
    word = word_of(press.word, await asyncio.to_thread(candidates, article))
    if word is None:
        return context.texts.label("nothing.word")
    await subscribing.subscribe_to(update, context, word)
    return None


def candidates(article: Article) -> tuple[str, ...]:
    """Words of an article that can be followed, as queries: keywords, people, places, each word once.

    Of the keywords those of three and more characters come first: 锂电池隔膜 says what is meant, 投产 is everywhere.
    """
    known = labels.of(article)
    said = sorted((keyword.text for keyword in keywords.of_article(article, LOOKED)), key=lambda word: len(word) < 3)
    words = (word for kind in (said, known.people, known.places) for word in islice(filter(_is_topic, kind), EACH))
    return tuple(dict.fromkeys(words))


def _is_topic(word: str) -> bool:
    """Whether the word means itself as a query."""
    return len(word) > 1 and _as_query(word) == word


def _as_query(word: str) -> str:
    try:
        return str(query.parse(word))
    except QueryError:
        return ""
