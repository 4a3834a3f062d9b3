"""What a search found.

Who somebody is.

A query that cannot be understood: what is wrong with it, and how it could be written instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.fragments import MAX_LABEL_CHARS, Window, headline, highlighted, localised_query, origin, paging_row
from bot.render.packing import BUTTONS_PER_ROW
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, join, lines
from digests.chats import Language, OutgoingMessage
from digests.errors import QueryError
from digests.models import FacetValue, Hit, SearchResult
from digests.search import Facet
from digests.text import normalise_widths, shorten

HITS_PER_MESSAGE = 5
"""Hits in one message."""
CHOICES_PER_ROW = 3


def search_results(result: SearchResult, lang: Language, *, newest: bool = False) -> OutgoingMessage:
    """The hits with their excerpts, `newest` first or the best."""
    texts = texts_for(lang)
    window = Window(result.offset, HITS_PER_MESSAGE, result.total)
    hits = list(enumerate(result.hits, result.offset + 1))
    loose = texts.html("search.partial_matches") if result.partial_only else ""
    order = texts.html("search.newest") if newest and result.narrowable else ""
    asked = texts.html("search.query", query=localised_query(result.query, texts))
    head = lines(asked, join(" · ", [_count(window, texts), order]), loose)
    meant = [texts.html("search.suggestion", word=word) for word in result.suggestions]
    instead = [texts.html("search.suggestions", words=join(" · ", meant))] if meant else []
    shown = join("\n\n", [head, *instead, *(_hit(number, hit, texts) for number, hit in hits)])
    return OutgoingMessage(shown, _below(result, window, texts, newest=newest))


def _count(window: Window, texts: Texts) -> Html:
    if window.total == 0:
        return texts.html("search.none")
    if window.is_whole:
        return texts.html("search.total", count=window.total)
    return texts.html("search.range", total=window.total, first=window.offset + 1, last=window.end)


def _hit(number: int, hit: Hit, texts: Texts) -> Html:
    less = texts.html("search.misread") if hit.look_alike else texts.html("search.partial") if hit.partial else ""
    title = join(
        " ", filter(None, [texts.html("search.hit", number=number, headline=headline(hit.article.title)), less])
    )
    return lines(title, origin(hit.article, texts), highlighted(hit.snippet))


def _below(result: SearchResult, window: Window, texts: Texts, *, newest: bool) -> tuple[Row, ...]:
    hits = enumerate(result.hits, result.offset + 1)
    labels = texts.plain("button.previous"), texts.plain("button.next")
    return (
        *rows((button(str(n), callbacks.ShowArticle(hit.article.id)) for n, hit in hits), BUTTONS_PER_ROW),
        *paging_row(window, labels, lambda offset: callbacks.TurnHits(result.query, offset, newest)),
        *rows(_orders(result, texts, newest=newest), CHOICES_PER_ROW),
        *rows(_instead(result, texts), 1),
        (button(texts.plain("button.follow_search"), callbacks.FollowQuery(result.query)),),
    )


def _orders(result: SearchResult, texts: Texts, *, newest: bool) -> Iterator[Button]:
    """Other ways to look at more hits than one message has: the other order, and fewer of them."""
    if result.total <= HITS_PER_MESSAGE or not result.narrowable:  # what answers a question is in one order alone
        return
    other = texts.plain("button.best_first" if newest else "button.newest_first")
    yield button(other, callbacks.TurnHits(result.query, 0, newest=not newest))
    for name in get_args(Facet):
        yield button(texts.plain(f"button.refine_by_{name}"), callbacks.ShowFacet(result.query, name))


def _instead(result: SearchResult, texts: Texts) -> Iterator[Button]:
    for query in result.wider_queries:
        yield button(
            texts.plain("button.wider_query", query=shorten(query, MAX_LABEL_CHARS)), callbacks.RunSearch(query)
        )
    for query in result.suggestions:
        yield button(
            texts.plain("button.suggested_query", query=shorten(query, MAX_LABEL_CHARS)), callbacks.RunSearch(query)
        )


def facet_values(query: str, choices: Sequence[FacetValue], lang: Language) -> OutgoingMessage:
    """What a search can be narrowed to, each a button."""
    texts = texts_for(lang)
    values = (
        button(
            texts.plain("button.refine_value", value=shorten(one.value, MAX_LABEL_CHARS), count=one.count),
            callbacks.RunSearch(one.query),
        )
        for one in choices
    )
    back = button(texts.plain("button.back_to_results"), callbacks.TurnHits(query, 0, newest=False))
    head = lines(texts.html("search.query", query=localised_query(query, texts)), texts.html("refine.title"))
    return OutgoingMessage(head, (*rows(values, CHOICES_PER_ROW), (back,)))


def person(name: str, titles: Sequence[str], found: SearchResult, lang: Language) -> OutgoingMessage:
    """The titles that the paper gives somebody, and the newest stories that name him, as a search shows them."""
    texts = texts_for(lang)
    listing = search_results(replace(found, hits=found.hits[:HITS_PER_MESSAGE]), lang, newest=True)
    first, _, rest = listing.text.partition("\n")
    who = (
        texts.html("person.titles", name=name, titles=texts.listed(titles))
        if titles
        else texts.html("person.no_titles", name=name)
    )
    return replace(listing, text=lines(Html(first), who, Html(rest)))


MAX_ERROR_CHARS = 20
"""Characters of a place that was not understood."""

_REFUSAL = re.compile(r"(?:^|[\s(])(?:-|NOT\b|非)\s*[\w\"“「(]")


def query_error(query: str, error: QueryError, lang: Language, *, follow: bool = False) -> OutgoingMessage:
    """What is wrong with `query`; with `follow` to somebody who wanted to subscribe to it, else to search."""
    texts = texts_for(lang)
    example = "/subscribe " if follow else ""
    written = normalise_widths(query)  # as its places are counted
    place = written[error.at :] if error.at is not None else ""
    hint = texts.html("query_error.suggestion", query=example + error.suggestion) if error.suggestion else Html()
    if place[:1] in ("(", ")"):
        return OutgoingMessage(Html(texts.html("query_error.parenthesis") + hint))
    if hint:
        return OutgoingMessage(
            Html(texts.html("query_error.unclear_part", part=shorten(place or written, MAX_ERROR_CHARS)) + hint)
        )
    if not any(map(str.isalnum, written)):
        return OutgoingMessage(texts.html("query_error.no_topic" if follow else "query_error.empty"))
    if _REFUSAL.search(written):
        return OutgoingMessage(texts.html("query_error.only_exclusions", query=f"{example}疫情 -外省"))
    return OutgoingMessage(texts.html("query_error.unclear"))
