"""Search results, values to refine a search by, a person's titles and newest articles, and query errors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.fragments import (
    MAX_LABEL_CHARS,
    Window,
    article_button,
    article_line,
    highlighted,
    localised_query,
    origin,
    paging_row,
)
from bot.render.packing import BUTTONS_PER_ROW
from bot.texts import Html, Texts, join, lines, texts_for
from digests.chats import Language, OutgoingMessage
from digests.errors import QueryError
from digests.models import FacetValue, Hit, SearchResult
from digests.query import written_form
from digests.search import Facet
from digests.text import shorten

HITS_PER_MESSAGE = 5
CHOICES_PER_ROW = 3
MAX_ERROR_CHARS = 20
"""Maximum number of characters quoted from the part of a query that is not understood."""
EXAMPLE_WITH_EXCLUSION = "疫情 -外省"

_EXCLUSION = re.compile(r"(?:^|[\s(])(?:-|NOT\b|非)\s*[\w\"“「(]")


def search_results(result: SearchResult, lang: Language, *, newest: bool = False) -> OutgoingMessage:
    """Return one part of the hits with their snippets; `newest` is true if they are sorted by day, newest first."""
    texts = texts_for(lang)
    query = texts.html("search.query", query=localised_query(result.query, texts))
    return _results(query, result, texts, newest=newest)


def person(name: str, titles: Sequence[str], result: SearchResult, lang: Language) -> OutgoingMessage:
    """Return the titles that the paper prints with a person's name, and the newest articles that name the person."""
    texts = texts_for(lang)
    query = texts.html("search.query", query=localised_query(result.query, texts))
    if titles:
        about = texts.html("person.titles", name=name, titles=texts.listed(titles))
    else:
        about = texts.html("person.no_titles", name=name)
    first_hits = replace(result, hits=result.hits[:HITS_PER_MESSAGE])
    return _results(lines(query, about), first_hits, texts, newest=True)


def facet_values(query: str, values: Sequence[FacetValue], lang: Language) -> OutgoingMessage:
    """Return the values to refine a search by, with a button for each value and a button back to the results."""
    texts = texts_for(lang)
    buttons = (
        button(
            texts.plain("button.refine_value", value=shorten(value.value, MAX_LABEL_CHARS), count=value.count),
            callbacks.RunSearch(value.query),
        )
        for value in values
    )
    back = button(texts.plain("button.back_to_results"), callbacks.TurnHits(query, 0, newest=False))
    text = lines(texts.html("search.query", query=localised_query(query, texts)), texts.html("refine.title"))
    return OutgoingMessage(text, (*rows(buttons, CHOICES_PER_ROW), (back,)))


def query_error(query: str, error: QueryError, lang: Language, *, follow: bool = False) -> OutgoingMessage:
    """Return the explanation of a query error; `follow` is true if the reader wanted to subscribe to the query."""
    texts = texts_for(lang)
    command = "/subscribe " if follow else ""
    written = written_form(query)
    wrong = written[error.at :] if error.at is not None else ""
    hint = texts.html("query_error.suggestion", query=command + error.suggestion) if error.suggestion else Html()
    if wrong[:1] in ("(", ")"):
        text = Html(texts.html("query_error.parenthesis") + hint)
    elif hint:
        part = shorten(wrong or written, MAX_ERROR_CHARS)
        text = Html(texts.html("query_error.unclear_part", part=part) + hint)
    elif not any(map(str.isalnum, written)):
        text = texts.html("query_error.no_topic" if follow else "query_error.empty")
    elif _EXCLUSION.search(written):
        text = texts.html("query_error.only_exclusions", query=command + EXAMPLE_WITH_EXCLUSION)
    else:
        text = texts.html("query_error.unclear")
    return OutgoingMessage(text)


def _results(title: Html, result: SearchResult, texts: Texts, *, newest: bool) -> OutgoingMessage:
    """Return one part of the hits below `title`, the number of hits, remarks and suggested queries."""
    window = Window(result.offset, HITS_PER_MESSAGE, result.total)
    order = texts.html("search.newest") if newest and result.narrowable else ""
    remark = texts.html("search.partial_matches") if result.partial_only else ""
    head = lines(title, join(" · ", [_count(window, texts), order]), remark)
    words = [texts.html("search.suggestion", word=word) for word in result.suggestions]
    suggestions = [texts.html("search.suggestions", words=join(" · ", words))] if words else []
    hits = (_hit(number, hit, texts) for number, hit in enumerate(result.hits, result.offset + 1))
    return OutgoingMessage(join("\n\n", [head, *suggestions, *hits]), _buttons(result, window, texts, newest=newest))


def _count(window: Window, texts: Texts) -> Html:
    if window.total == 0:
        return texts.html("search.none")
    if window.is_whole:
        return texts.html("search.total", count=window.total)
    return texts.html("search.range", total=window.total, first=window.offset + 1, last=window.end)


def _hit(number: int, hit: Hit, texts: Texts) -> Html:
    remark = texts.html("search.misread") if hit.look_alike else texts.html("search.partial") if hit.partial else ""
    title = texts.html("search.hit", number=number, headline=article_line(hit.article))
    return lines(join(" ", [title, remark]), origin(hit.article, texts), highlighted(hit.snippet))


def _buttons(result: SearchResult, window: Window, texts: Texts, *, newest: bool) -> tuple[Row, ...]:
    hits = enumerate(result.hits, result.offset + 1)
    return (
        *rows((article_button(number, hit.article.id) for number, hit in hits), BUTTONS_PER_ROW),
        *paging_row(window, texts, lambda offset: callbacks.TurnHits(result.query, offset, newest)),
        *rows(_order_and_facets(result, texts, newest=newest), CHOICES_PER_ROW),
        *rows(_other_queries(result, texts), 1),
        (button(texts.plain("button.follow_search"), callbacks.FollowQuery(result.query)),),
    )


def _order_and_facets(result: SearchResult, texts: Texts, *, newest: bool) -> Iterator[Button]:
    """Yield buttons for the other sort order and for each facet, if there are more hits than one message shows."""
    if result.total <= HITS_PER_MESSAGE or not result.narrowable:  # partial hits have only one order
        return
    order = texts.plain("button.best_first" if newest else "button.newest_first")
    yield button(order, callbacks.TurnHits(result.query, 0, newest=not newest))
    for facet in get_args(Facet):
        yield button(texts.plain(f"button.refine_by_{facet}"), callbacks.ShowFacet(result.query, facet))


def _other_queries(result: SearchResult, texts: Texts) -> Iterator[Button]:
    """Yield a button for each wider and each suggested query."""
    for query in result.wider_queries:
        label = texts.plain("button.wider_query", query=shorten(localised_query(query, texts), MAX_LABEL_CHARS))
        yield button(label, callbacks.RunSearch(query))
    for query in result.suggestions:
        label = texts.plain("button.suggested_query", query=shorten(localised_query(query, texts), MAX_LABEL_CHARS))
        yield button(label, callbacks.RunSearch(query))
