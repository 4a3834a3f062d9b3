"""Where a term stands in a text, and whether a query matches an article and why.

Characters meet by accident: 长治 stands in 校长治学 as a string and is not meant there. So an occurrence counts only
where no word of the text crosses its edge: 小店 inside the longer 小店区 counts, 长治 half in 校长 and half in 治学
does not. A phrase in quotation marks counts wherever it stands.
"""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from digests import text, words
from digests.models import Article, Excerpt, Reason, Span
from digests.query import And, Not, Or, Query, Term

Where = Literal["headline", "kicker", "deck", "section", "byline", "body"]


def matches(query: Query, article: Article) -> Reason | None:
    """The reason why `query` matches `article`, that of its first wanted term; None where it does not."""
    match query:
        case Term():
            return _reason(query, article)
        case Not(part):
            raise ValueError(f"-{part} alone matches nearly everything; the parser lets no such query pass")
        case And(parts):
            return _all(parts, article)
        case Or(parts):
            return next((reason for part in parts if (reason := matches(part, article))), None)


def _all(parts: tuple[Query, ...], article: Article) -> Reason | None:
    first = None
    for part in parts:
        if isinstance(part, Not):
            if _holds(part.part, article):
                return None
            continue
        if not (reason := matches(part, article)):
            return None
        first = first or reason
    return first


def _holds(query: Query, article: Article) -> bool:
    """Like `matches`, also for what a refusal may hold: 防汛 -(招标 -演练)."""
    match query:
        case Not(part):
            return not _holds(part, article)
        case And(parts):
            return all(_holds(part, article) for part in parts)
        case Or(parts):
            return any(_holds(part, article) for part in parts)
        case Term():
            return _reason(query, article) is not None


def fields(article: Article) -> Iterator[tuple[Where, str]]:
    """What of an article can be matched, the most telling first."""
    yield "headline", article.headline or ""
    yield "kicker", article.kicker
    yield "deck", article.deck
    for paragraph in article.paragraphs:
        yield "body", paragraph
    yield "section", article.section
    for name in article.byline:
        yield "byline", name


def _reason(term: Term, article: Article) -> Reason | None:
    for where, value in fields(article):
        for sentence in text.sentences(value):
            said = value[slice(*sentence)]
            if spans := occurrences(term, said):
                return Reason(term=str(term), where=where, excerpt=Excerpt(said, spans))
    return None


def occurrences(term: Term, said: str) -> tuple[Span, ...]:
    """Where `term` is meant in `said`, as spans of it; width and letter case do not matter."""
    found = tuple(_found(level(term.text), level(said)))
    if not found or term.exact:
        return found
    edges = [(token.start, token.end) for token in words.tokens(said)]
    return tuple(span for span in found if not any(_crosses(edge, span) for edge in edges))


def level(said: str) -> str:
    """`said` with width and letter case folded, each character in its place (so ㎡, which would become two, stays)."""
    if said.isascii():
        return said.lower()
    return "".join(folded if len(folded := unicodedata.normalize("NFKC", c).casefold()) == 1 else c for c in said)


def _found(term: str, said: str) -> Iterator[Span]:
    at = said.find(term)
    while at >= 0:
        yield at, at + len(term)
        at = said.find(term, at + len(term))


def _crosses(word: Span, span: Span) -> bool:
    return word[0] < span[0] < word[1] < span[1] or span[0] < word[0] < span[1] < word[1]
