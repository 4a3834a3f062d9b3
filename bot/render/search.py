"""What a search found.

Who somebody is.

A query that cannot be understood: what is wrong with it, and how it could be written instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from bot import callbacks
from bot.callbacks import Button, Callback, Row, mark
from bot.keyboards import button, rows
from bot.render.packing import BUTTONS_A_ROW
from bot.render.pieces import LABEL, Window, headline, marked, origin, said, turning
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.chats import Language, Outgoing
from digests.errors import QueryError
from digests.models import Hit, Narrower, SearchResult
from digests.search import Facet
from digests.text import shorten

HITS = 5
"""Hits in one message."""
CHOICES_A_ROW = 3


def search(result: SearchResult, lang: Language, *, newest: bool = False) -> Outgoing:
    """The hits with their excerpts, `newest` first or the best. The buttons find the query in the first line again."""
    say = texts(lang)
    window = Window(result.offset, HITS, result.total)
    hits = list(enumerate(result.hits, result.offset + 1))
    loose = say.say("search.loose") if result.loose else ""
    order = say.say("search.newest") if newest and result.narrowable else ""
    asked = say.say("search.head", query=said(result.query, say))
    head = lines(asked, join(" · ", [_count(window, say), order]), loose)
    meant = [say.say("search.word", word=word) for word in result.suggestions]
    instead = [say.say("search.meant", words=join(" · ", meant))] if meant else []
    shown = join("\n\n", [head, *instead, *(_hit(number, hit, say) for number, hit in hits)])
    return Outgoing(shown, _below(result, window, say, callbacks.TurnNewest if newest else callbacks.TurnHits))


def _count(window: Window, say: Texts) -> Html:
    if window.total == 0:
        return say.say("search.none")
    if window.is_whole:
        return say.say("search.total", count=window.total)
    return say.say("search.range", total=window.total, first=window.offset + 1, last=window.end)


def _hit(number: int, hit: Hit, say: Texts) -> Html:
    less = say.say("search.alike") if hit.alike else say.say("narrow.partial") if hit.partial else ""
    title = join(" ", filter(None, [say.say("search.hit", number=number, headline=headline(hit.article.title)), less]))
    return lines(title, origin(hit.article, say), marked(hit.excerpt))


def _below(result: SearchResult, window: Window, say: Texts, turn: Callable[[int], Callback]) -> tuple[Row, ...]:
    hits = enumerate(result.hits, result.offset + 1)
    labels = say.label("button.back"), say.label("button.onward")
    return (
        *rows((button(str(n), callbacks.ShowArticle(hit.article.id)) for n, hit in hits), BUTTONS_A_ROW),
        *turning(window, labels, turn),
        *rows(_orders(result, say, turn), CHOICES_A_ROW),
        *rows(_instead(result, say), 1),
        (button(say.label("button.follow"), callbacks.FollowSearch()),),
    )


def _orders(result: SearchResult, say: Texts, turn: Callable[[int], Callback]) -> Iterator[Button]:
    """Other ways to look at more hits than one message has: the other order, and fewer of them."""
    if result.total <= HITS or not result.narrowable:  # what answers a question is in one order alone
        return
    if turn is callbacks.TurnNewest:
        yield button(say.label("narrow.best"), callbacks.TurnHits(0))
    else:
        yield button(say.label("narrow.newest"), callbacks.TurnNewest(0))
    for name in get_args(Facet):
        yield button(say.label(f"narrow.by_{name}"), callbacks.ShowFacet(name))


def _instead(result: SearchResult, say: Texts) -> Iterator[Button]:
    for query in result.more:
        yield button(say.label("narrow.more", query=shorten(query, LABEL)), callbacks.AskInstead(mark(query)))
    for query in result.suggestions:
        yield button(say.label("narrow.meant", query=shorten(query, LABEL)), callbacks.AskInstead(mark(query)))


def facet(query: str, choices: Sequence[Narrower], lang: Language) -> Outgoing:
    """What a search can be narrowed to, each a button; the query stands in the first line, as above its hits."""
    say = texts(lang)
    values = (
        button(
            say.label("narrow.value", value=shorten(one.value, LABEL), count=one.count),
            callbacks.AskInstead(mark(one.query)),
        )
        for one in choices
    )
    back = button(say.label("narrow.back"), callbacks.TurnHits(0))
    head = lines(say.say("search.head", query=said(query, say)), say.say("narrow.head"))
    return Outgoing(head, (*rows(values, CHOICES_A_ROW), (back,)))


def person(name: str, titles: Sequence[str], found: SearchResult, lang: Language) -> Outgoing:
    """The titles that the paper gives somebody, and the newest stories that name him, as a search shows them."""
    say = texts(lang)
    listing = search(replace(found, hits=found.hits[:HITS]), lang, newest=True)
    first, _, rest = listing.text.partition("\n")
    who = say.say("person.is", name=name, titles=say.listed(titles)) if titles else say.say("person.named", name=name)
    return replace(listing, text=lines(Html(first), who, Html(rest)))


PLACE = 20
"""Characters of a place that was not understood."""

_REFUSAL = re.compile(r"(?:^|[\s(])(?:-|NOT\b|非)\s*[\w\"“「(]")


def unclear(query: str, error: QueryError, lang: Language, *, follow: bool = False) -> Outgoing:
    """What is wrong with `query`; with `follow` to somebody who wanted to subscribe to it, else to search."""
    say = texts(lang)
    example = "/subscribe " if follow else ""
    written = unicodedata.normalize("NFKC", query)  # as its places are counted
    place = written[error.at :] if error.at is not None else ""
    hint = say.say("unclear.suggestion", query=example + error.suggestion) if error.suggestion else Html()
    if place[:1] in ("(", ")"):
        return Outgoing(Html(say.say("unclear.parenthesis") + hint))
    if hint:
        return Outgoing(Html(say.say("unclear.place", place=shorten(place or written, PLACE)) + hint))
    if not any(map(str.isalnum, written)):
        return Outgoing(say.say("unclear.no_topic" if follow else "unclear.nothing"))
    if _REFUSAL.search(written):
        return Outgoing(say.say("unclear.refusal", query=f"{example}疫情 -外省"))
    return Outgoing(say.say("unclear.otherwise"))
