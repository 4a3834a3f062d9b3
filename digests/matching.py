"""Whether a query matches an article, and why.

Where a term is meant in a sentence is decided by occurring.py; here it is held against the fields of an article. A
misread form of a term (近形) counts only in an article that nowhere has the term as printed.
"""

from collections.abc import Iterator
from functools import cached_property, partial
from itertools import pairwise
from typing import Literal

from digests import text
from digests.models import Article, Excerpt, Labels, Reason, Rule, Span
from digests.occurring import forgiving, level, lone, meant, misread, occurrences
from digests.query import CLOSE, And, Between, Near, Not, Or, Query, Term, Yearly

__all__ = ["Reader", "fields", "level", "matches", "occurrences"]

Where = Literal["headline", "kicker", "deck", "section", "byline", "body"]

_TITLE = ("headline", "kicker", "deck")

NO_LABELS = Labels()


def matches(query: Query, article: Article, labels: Labels = NO_LABELS) -> Reason | None:
    """The reason why `query` matches `article`, that of its first wanted term; None where it does not."""
    return Reader(article, labels).matches(query)


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


class Reader:
    """An article opened for matching: its sentences are prepared once for all queries."""

    def __init__(self, article: Article, labels: Labels = NO_LABELS) -> None:
        self.article = article
        self._labels = labels
        self._reasons: dict[Term, Reason | None] = {}
        self._lone: dict[str, frozenset[int]] = {}

    def matches(self, query: Query) -> Reason | None:
        """The reason of the first wanted term; None where the query does not match."""
        match query:
            case Term():
                return self._term(query)
            case Near(parts):
                return self._near(parts)
            case Between() | Yearly():
                return self._label(str(query)) if query.holds(self.article.date) else None
            case Not(part):
                raise ValueError(f"-{part} alone matches nearly everything; the parser lets no such query pass")
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return next((reason for part in parts if (reason := self.matches(part))), None)

    def _all(self, parts: tuple[Query, ...]) -> Reason | None:
        first = None
        for part in parts:
            if isinstance(part, Not):
                if self.holds(part.part):
                    return None
                continue
            if not (reason := self.matches(part)):
                return None
            if first is None or (first.rule == "label" and reason.rule != "label"):
                first = reason
        return first

    def holds(self, query: Query) -> bool:
        """Like `matches`, also for what a refusal may hold: 防汛 -(招标 -演练)."""
        match query:
            case Not(part):
                return not self.holds(part)
            case And(parts):
                return all(self.holds(part) for part in parts)
            case Or(parts):
                return any(self.holds(part) for part in parts)
            case _:
                return self.matches(query) is not None

    @cached_property
    def sentences(self) -> list[tuple[Where, str, str]]:
        """Every sentence with its field, as printed and levelled."""
        return [
            (where, said, level(said))
            for where, value in fields(self.article)
            for said in (value[start:end] for start, end in text.sentences(value))
        ]

    @cached_property
    def row(self) -> str:
        """All that can be matched, levelled, field by field."""
        return "\n".join(level(value) for _, value in fields(self.article))

    def stands(self, term: Term) -> bool:
        """Whether `term` is meant anywhere in the article, as printed; quicker than finding the reason."""
        return any(True for _ in meant(term, self.row))

    def lone(self, levelled: str) -> frozenset[int]:
        """The places in a levelled sentence where something may be misread."""
        if levelled not in self._lone:
            self._lone[levelled] = lone(levelled)
        return self._lone[levelled]

    def _term(self, term: Term) -> Reason | None:
        if term not in self._reasons:
            self._reasons[term] = self._found(term)
        return self._reasons[term]

    def _found(self, term: Term) -> Reason | None:
        if term.field in ("page", "theme", "person", "place", "org"):
            return self._label(str(term)) if self._is_labelled(term) else None
        sentences = [s for s in self.sentences if _in_field(s[0], term)]
        wanted = level(term.text)
        if wanted in self.row:
            for where, said, levelled in sentences:
                if wanted in levelled and (found := list(meant(term, levelled))):
                    return _reason(term, where, said, found[0].rule, tuple(o.span for o in found))
        if not forgiving(term):
            return None
        for where, said, levelled in sentences:
            if wanted[0] not in levelled and wanted[1] not in levelled:
                continue
            if found := list(misread(term, levelled, self.lone(levelled))):
                return _reason(term, where, said, "alike", tuple(o.span for o in found))
        return None

    def _is_labelled(self, term: Term) -> bool:
        match term.field:
            case "page":
                return term.text == str(self.article.page)
            case "theme":
                values = self._labels.themes
            case "person":
                values = (*self._labels.people, *self.article.byline)
            case "place":
                values = self._labels.places
            case _:
                values = self._labels.organisations
        return any(level(term.text) in level(value) for value in values)

    def _label(self, term: str) -> Reason:
        return Reason(term, "headline", Excerpt(self.article.title), "label")

    def _near(self, parts: tuple[Term, ...]) -> Reason | None:
        """All the terms in one sentence, with at most CLOSE characters between two that follow each other."""
        for where, said, levelled in self.sentences:
            if not all(level(term.text) in levelled and _in_field(where, term) for term in parts):
                continue
            spans = [[o.span for o in meant(term, levelled)] for term in parts]
            if all(spans) and (close := _closest(spans)):
                return Reason(" ~ ".join(map(str, parts)), where, Excerpt(said, close), "word")
        return None


def _in_field(where: Where, term: Term) -> bool:
    match term.field:
        case "title":
            return where in _TITLE
        case "by":
            return where == "byline"
        case _:
            return True


def _reason(term: Term, where: Where, said: str, rule: Rule, spans: tuple[Span, ...]) -> Reason:
    return Reason(term=str(term), where=where, excerpt=Excerpt(said, spans), rule=rule)


def _closest(spans: list[list[Span]]) -> tuple[Span, ...]:
    """One span of each list such that no two neighbours are further apart than CLOSE; empty where there is none."""
    for anchor in spans[0]:
        nearest = [min(others, key=partial(_distance, anchor)) for others in spans[1:]]
        row = sorted([anchor, *nearest])
        if all(after[0] - before[1] <= CLOSE for before, after in pairwise(row)):
            return tuple(row)
    return ()


def _distance(one: Span, other: Span) -> int:
    return abs(one[0] - other[0])
