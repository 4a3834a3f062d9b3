"""Inline mode: `@bot 防汛` in any chat offers what the paper wrote, to be sent there with a link back.

nothing        the stories of the newest digest
a day          the stories of its digest
an article     that one (a shared article comes this way)
anything else  a search
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
from bot.render.fragments import headline
from bot.texts import language_of, texts_for
from digests.chats import Language
from digests.dates import parse_day
from digests.errors import NoSuchIssue, QueryError
from digests.models import Article, Snippet
from digests.search.snippets import snippet
from digests.text import shorten, single_spaced

_log = logging.getLogger(__name__)

RESULTS_PER_PAGE = 10
"""Results at a time; Telegram takes 50 and asks for more as its reader scrolls."""
MAX_RESULTS = 500
"""Results after which there are no more: who scrolls so far searches better in the chat."""
CACHE_SECONDS = 60
"""Seconds for which Telegram may repeat an answer: so soon a new page may be in the archive."""
MAX_DESCRIPTION_CHARS = 100
"""Characters below the title of a result."""

_ARTICLE = re.compile(r"[0-9a-z]{5}-[0-9a-z]{5}")


@dataclass(frozen=True, slots=True)
class _Found:
    """What is offered, and where more begins."""

    offered: tuple[tuple[Article, Snippet], ...] = ()
    onward: int | None = None


async def answer_inline_query(update: Update, context: Context) -> None:
    """Answer an inline query; the language is the one that its sender speaks with the bot."""
    query = update.inline_query
    if query is None:
        return
    services, lang = context.services, _language(context.services, query.from_user.id, query.from_user.language_code)
    offset = _offset(query.offset)
    said = single_spaced(query.query)
    found = await asyncio.to_thread(_found, services, said, offset)
    bot = context.bot.username
    results = [_result(article, shown, bot, lang) for article, shown in found.offered]
    try:
        await query.answer(
            results,
            cache_time=CACHE_SECONDS,
            is_personal=True,  # in the language of this reader
            next_offset="" if found.onward is None else str(found.onward),
            button=None if results or offset else _instead(said, lang),
        )
    except BadRequest as refusal:  # its sender typed on meanwhile, and another query is on its way
        _log.info("an inline query was answered too late: %s", refusal.message)


def _offset(said: str) -> int:
    """Where a page of results begins, as an earlier answer said."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= len(str(MAX_RESULTS)) else 0


def _language(services: Services, user: int, code: str | None) -> Language:
    known = services.chats.get(user)
    return known.settings.language if known else language_of(code, services.config.language)


def _found(services: Services, said: str, offset: int) -> _Found:
    archive = services.archive
    if _ARTICLE.fullmatch(said) and (article := archive.article(said)):
        return _Found(((article, snippet(article, ())),) if not offset else ())
    issues = [issue.day for issue in archive.issues()]
    day = parse_day(said, issues, services.today) if said else next(iter(issues), None)
    try:
        if day or not said:
            return _stories(services, day, offset)
        hits = archive.search(said, limit=RESULTS_PER_PAGE, offset=offset, today=services.today)
    except (QueryError, NoSuchIssue):
        return _Found()
    end = offset + len(hits.hits)
    onward = end if end < min(hits.total, MAX_RESULTS) else None
    return _Found(tuple((hit.article, hit.snippet) for hit in hits.hits), onward)


def _stories(services: Services, day: date | None, offset: int) -> _Found:
    """The stories of a digest; raises NoSuchIssue."""
    if day is None:
        return _Found()
    told = services.archive.digest(day).stories
    held = ((services.archive.article(story.article), story) for story in told[offset : offset + RESULTS_PER_PAGE])
    end = offset + RESULTS_PER_PAGE
    offered = tuple((article, Snippet(story.quote)) for article, story in held if article)
    return _Found(offered, end if end < len(told) else None)


def _result(article: Article, shown: Snippet, bot: str, lang: Language) -> InlineQueryResultArticle:
    texts = texts_for(lang)
    url = deep_links.url(bot, deep_links.ArticleLink(article.id))
    return InlineQueryResultArticle(
        id=article.id,
        title=headline(article.title),
        description=shorten(
            " · ".join(filter(None, [render.plain_origin(article, lang), shown.text])), MAX_DESCRIPTION_CHARS
        ),
        input_message_content=InputTextMessageContent(
            render.shared_article(article, shown, url, lang),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(texts.plain("button.read"), url=url)]]),
    )


def _instead(said: str, lang: Language) -> InlineQueryResultsButton:
    """Where nothing was found: to the chat with the bot, with the same search where a link has room for it."""
    start = deep_links.encode_payload(deep_links.SearchLink(said)) or "inline"
    return InlineQueryResultsButton(texts_for(lang).plain("inline.nothing"), start_parameter=start)
