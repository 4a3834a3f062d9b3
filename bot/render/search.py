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
    loose = texts.html("search.loose") if result.partial_only else ""
    order = texts.html("search.newest") if newest and result.narrowable else ""
    asked = texts.html("search.head", query=localised_query(result.query, texts))
    head = lines(asked, join(" · ", [_count(window, texts), order]), loose)
    meant = [texts.html("search.word", word=word) for word in result.suggestions]
    instead = [texts.html("search.meant", words=join(" · ", meant))] if meant else []
    shown = join("\n\n", [head, *instead, *(_hit(number, hit, texts) for number, hit in hits)])
    return OutgoingMessage(shown, _below(result, window, texts, newest=newest))


def _count(window: Window, texts: Texts) -> Html:
    if window.total == 0:
        return texts.html("search.none")
    if window.is_whole:
        return texts.html("search.total", count=window.total)
    return texts.html("search.range", total=window.total, first=window.offset + 1, last=window.end)


def _hit(number: int, hit: Hit, texts: Texts) -> Html:
    less = texts.html("search.alike") if hit.look_alike else texts.html("narrow.partial") if hit.partial else ""
    title = join(
        " ", filter(None, [texts.html("search.hit", number=number, headline=headline(hit.article.title)), less])
    )
    return lines(title, origin(hit.article, texts), highlighted(hit.snippet))


def _below(result: SearchResult, window: Window, texts: Texts, *, newest: bool) -> tuple[Row, ...]:
    hits = enumerate(result.hits, result.offset + 1)
    labels = texts.plain("button.back"), texts.plain("button.onward")
    return (
        *rows((button(str(n), callbacks.ShowArticle(hit.article.id)) for n, hit in hits), BUTTONS_PER_ROW),
        *paging_row(window, labels, lambda offset: callbacks.TurnHits(result.query, offset, newest)),
        *rows(_orders(result, texts, newest=newest), CHOICES_PER_ROW),
        *rows(_instead(result, texts), 1),
        (button(texts.plain("button.follow"), callbacks.FollowQuery(result.query)),),
    )


def _orders(result: SearchResult, texts: Texts, *, newest: bool) -> Iterator[Button]:
    """Other ways to look at more hits than one message has: the other order, and fewer of them."""
    if result.total <= HITS_PER_MESSAGE or not result.narrowable:  # what answers a question is in one order alone
        return
    other = texts.plain("narrow.best" if newest else "narrow.newest")
    yield button(other, callbacks.TurnHits(result.query, 0, newest=not newest))
    for name in get_args(Facet):
        yield button(texts.plain(f"narrow.by_{name}"), callbacks.ShowFacet(result.query, name))


def _instead(result: SearchResult, texts: Texts) -> Iterator[Button]:
    for query in result.wider_queries:
        yield button(texts.plain("narrow.more", query=shorten(query, MAX_LABEL_CHARS)), callbacks.RunSearch(query))
    for query in result.suggestions:
        yield button(texts.plain("narrow.meant", query=shorten(query, MAX_LABEL_CHARS)), callbacks.RunSearch(query))


def facet_values(query: str, choices: Sequence[FacetValue], lang: Language) -> OutgoingMessage:
    """What a search can be narrowed to, each a button."""
    texts = texts_for(lang)
    values = (
        button(
            texts.plain("narrow.value", value=shorten(one.value, MAX_LABEL_CHARS), count=one.count),
            callbacks.RunSearch(one.query),
        )
        for one in choices
    )
    back = button(texts.plain("narrow.back"), callbacks.TurnHits(query, 0, newest=False))
    head = lines(texts.html("search.head", query=localised_query(query, texts)), texts.html("narrow.head"))
    return OutgoingMessage(head, (*rows(values, CHOICES_PER_ROW), (back,)))


def person(name: str, titles: Sequence[str], found: SearchResult, lang: Language) -> OutgoingMessage:
    """The titles that the paper gives somebody, and the newest stories that name him, as a search shows them."""
    texts = texts_for(lang)
    listing = search_results(replace(found, hits=found.hits[:HITS_PER_MESSAGE]), lang, newest=True)
    first, _, rest = listing.text.partition("\n")
    who = (
        texts.html("person.is", name=name, titles=texts.listed(titles))
        if titles
        else texts.html("person.named", name=name)
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
    hint = texts.html("unclear.suggestion", query=example + error.suggestion) if error.suggestion else Html()
    if place[:1] in ("(", ")"):
        return OutgoingMessage(Html(texts.html("unclear.parenthesis") + hint))
    if hint:
        return OutgoingMessage(
            Html(texts.html("unclear.place", place=shorten(place or written, MAX_ERROR_CHARS)) + hint)
        )
    if not any(map(str.isalnum, written)):
        return OutgoingMessage(texts.html("unclear.no_topic" if follow else "unclear.nothing"))
    if _REFUSAL.search(written):
        return OutgoingMessage(texts.html("unclear.refusal", query=f"{example}疫情 -外省"))
    return OutgoingMessage(texts.html("unclear.otherwise"))
