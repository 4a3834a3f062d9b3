"""What a search found."""

from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from bot import presses
from bot.keyboards import Button, Row, button, mark, rows
from bot.presses import Press
from bot.render.fit import BUTTONS_A_ROW
from bot.render.paging import Window, turning
from bot.render.pieces import LABEL, headline, marked, origin, said
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.models import Hit, Narrower, SearchResult
from digests.readers import Language, Outgoing
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
    return Outgoing(shown, _below(result, window, say, presses.TurnNewest if newest else presses.TurnHits))


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


def _below(result: SearchResult, window: Window, say: Texts, turn: Callable[[int], Press]) -> tuple[Row, ...]:
    hits = enumerate(result.hits, result.offset + 1)
    labels = say.label("button.back"), say.label("button.onward")
    return (
        *rows((button(str(n), presses.ShowArticle(hit.article.id)) for n, hit in hits), BUTTONS_A_ROW),
        *turning(window, labels, turn),
        *rows(_orders(result, say, turn), CHOICES_A_ROW),
        *rows(_instead(result, say), 1),
        (button(say.label("button.follow"), presses.FollowSearch()),),
    )


def _orders(result: SearchResult, say: Texts, turn: Callable[[int], Press]) -> Iterator[Button]:
    """Other ways to look at more hits than one message has: the other order, and fewer of them."""
    if result.total <= HITS or not result.narrowable:  # what answers a question is in one order alone
        return
    if turn is presses.TurnNewest:
        yield button(say.label("narrow.best"), presses.TurnHits(0))
    else:
        yield button(say.label("narrow.newest"), presses.TurnNewest(0))
    for name in get_args(Facet):
        yield button(say.label(f"narrow.by_{name}"), presses.ShowFacet(name))


def _instead(result: SearchResult, say: Texts) -> Iterator[Button]:
    for query in result.more:
        yield button(say.label("narrow.more", query=shorten(query, LABEL)), presses.AskInstead(mark(query)))
    for query in result.suggestions:
        yield button(say.label("narrow.meant", query=shorten(query, LABEL)), presses.AskInstead(mark(query)))


def facet(query: str, choices: Sequence[Narrower], lang: Language) -> Outgoing:
    """What a search can be narrowed to, each a button; the query stands in the first line, as above its hits."""
    say = texts(lang)
    values = (
        button(
            say.label("narrow.value", value=shorten(one.value, LABEL), count=one.count),
            presses.AskInstead(mark(one.query)),
        )
        for one in choices
    )
    back = button(say.label("narrow.back"), presses.TurnHits(0))
    head = lines(say.say("search.head", query=said(query, say)), say.say("narrow.head"))
    return Outgoing(head, (*rows(values, CHOICES_A_ROW), (back,)))
