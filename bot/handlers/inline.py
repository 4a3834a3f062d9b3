"""Inline mode: `@bot 防汛` in any chat lists articles that can be sent there, each with a link back to the bot.

Results by query:
    empty          the stories of the newest digest
    a day          the stories of that day's digest
    an article id  that article (an article's share button sends this query)
    other text     the hits of a search for the text
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import date

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot import deep_links, render
from bot.context import Context, Services
from bot.render.fragments import article_line
from bot.texts import language_of, texts_for
from digests.chats import Language
from digests.dates import parse_day
from digests.errors import NoSuchIssue, QueryError
from digests.models import Article, Snippet
from digests.search.snippets import snippet
from digests.text import shorten, single_spaced

_log = logging.getLogger(__name__)

RESULTS_PER_PAGE = 10
"""Maximum number of results in one answer (Telegram allows 50); when the user scrolls, Telegram requests more."""
MAX_RESULTS = 500
"""Maximum number of results of one search, in all its answers together."""
CACHE_SECONDS = 60
"""Seconds for which Telegram may cache an answer; short, so that new articles appear soon."""
MAX_DESCRIPTION_CHARS = 100
"""Maximum number of characters in the line below a result's title."""

_ARTICLE_ID = re.compile(r"[0-9a-z]{5}-[0-9a-z]{5}")


@dataclass(frozen=True, slots=True)
class _Results:
    articles: tuple[tuple[Article, Snippet], ...] = ()
    next_offset: int | None = None
    """Offset of the next answer; None after the last result."""


async def answer_inline_query(update: Update, context: Context) -> None:
    """Answer an inline query in the sender's language."""
    query = update.inline_query
    if query is None:
        return
    services, lang = context.services, _language(context.services, query.from_user.id, query.from_user.language_code)
    offset = _offset(query.offset)
    text = single_spaced(query.query)
    results = await asyncio.to_thread(_find, services, text, offset)
    answers = [_answer(article, snippet, context.bot.username, lang) for article, snippet in results.articles]
    try:
        await query.answer(
            answers,
            cache_time=CACHE_SECONDS,
            is_personal=True,  # the answer is in this user's language
            next_offset="" if results.next_offset is None else str(results.next_offset),
            button=None if answers or offset else _chat_button(text, lang),
        )
    except BadRequest as refusal:  # usually too late: the sender has typed more, which sends a new query
        _log.info("Telegram refused the answer to an inline query: %s", refusal.message)


def _offset(text: str) -> int:
    """Return the offset that an earlier answer set as `next_offset`; 0 for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_RESULTS)) else 0


def _language(services: Services, user: int, code: str | None) -> Language:
    """Return the language of the user's private chat; if it is not stored, that of the user's Telegram client."""
    chat = services.chats.get(user)
    return chat.settings.language if chat else language_of(code, services.config.language)


def _find(services: Services, text: str, offset: int) -> _Results:
    archive = services.archive
    if _ARTICLE_ID.fullmatch(text) and (article := archive.article(text)):
        return _Results(((article, snippet(article, ())),) if not offset else ())
    issues = [issue.day for issue in archive.issues()]
    day = parse_day(text, issues, services.today) if text else next(iter(issues), None)
    try:
        if day or not text:
            return _stories(services, day, offset)
        result = archive.search(text, limit=RESULTS_PER_PAGE, offset=offset, today=services.today)
    except (QueryError, NoSuchIssue):
        return _Results()
    end = offset + len(result.hits)
    next_offset = end if end < min(result.total, MAX_RESULTS) else None
    return _Results(tuple((hit.article, hit.snippet) for hit in result.hits), next_offset)


def _stories(services: Services, day: date | None, offset: int) -> _Results:
    """Return at most RESULTS_PER_PAGE stories of a day's digest, from `offset` on; none if `day` is None.

    Raises NoSuchIssue.
    """
    if day is None:
        return _Results()
    stories, end = services.archive.digest(day).stories, offset + RESULTS_PER_PAGE
    with_articles = ((services.archive.article(story.article), story) for story in stories[offset:end])
    articles = tuple((article, Snippet(story.quote)) for article, story in with_articles if article)
    return _Results(articles, end if end < len(stories) else None)


def _answer(article: Article, snippet: Snippet, bot: str, lang: Language) -> InlineQueryResultArticle:
    texts = texts_for(lang)
    url = deep_links.url(bot, deep_links.ArticleLink(article.id))
    return InlineQueryResultArticle(
        id=article.id,
        title=article_line(article),
        description=shorten(
            " · ".join(filter(None, [render.plain_origin(article, lang), snippet.text])), MAX_DESCRIPTION_CHARS
        ),
        input_message_content=InputTextMessageContent(
            render.shared_article(article, snippet, url, lang),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(texts.plain("button.read"), url=url)]]),
    )


def _chat_button(text: str, lang: Language) -> InlineQueryResultsButton:
    """Return the button for an answer without results.

    It opens the private chat with the bot and, if the query fits into a deep link, repeats the search in that chat.
    """
    start = deep_links.encode_payload(deep_links.SearchLink(text)) or "inline"
    return InlineQueryResultsButton(texts_for(lang).plain("search.nothing_inline"), start_parameter=start)
