"""Whether a query matches an article, and why.

Where a term is meant in a sentence is decided by occurring.py; here it is held against the fields of an article. A
misread form of a term (近形) counts only in an article that nowhere has the term as printed.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from itertools import pairwise
from typing import Literal, NamedTuple

from digests import text
from digests.language.characters import normalise_in_place
from digests.matching.term_meaning import (
    Occurrence,
    allows_misreadings,
    differing_in_one,
    doubtful_positions,
    find_meant,
    find_misread,
    occurrences,
)
from digests.models import Article, Labels, Reason, Snippet, Span
from digests.query import MAX_NEAR_GAP_CHARS, And, DayOfYear, DayRange, Near, Not, Or, Query, Term

__all__ = ["ArticleMatcher", "article_fields", "match_query", "occurrences"]

Where = Literal["headline", "kicker", "deck", "section", "byline", "body"]

_TITLE = ("headline", "kicker", "deck")

NO_LABELS = Labels()


def match_query(query: Query, article: Article, labels: Labels = NO_LABELS) -> Reason | None:
    """The reason why `query` matches `article`, that of its first wanted term; None where it does not."""
    return ArticleMatcher(article, labels).match(query)


def article_fields(article: Article) -> Iterator[tuple[Where, str]]:
    """What of an article can be matched, the most telling first."""
    yield "headline", article.headline or ""
    yield "kicker", article.kicker
    yield "deck", article.deck
    for paragraph in article.paragraphs:
        yield "body", paragraph
    yield "section", article.section
    for name in article.byline:
        yield "byline", name


class Sentence(NamedTuple):
    """A sentence of an article with its field, as printed and levelled, and where it begins in the article's row."""

    where: Where
    said: str
    levelled: str
    start: int


class ArticleMatcher:
    """An article opened for matching: its sentences are prepared once for all queries."""

    def __init__(self, article: Article, labels: Labels = NO_LABELS) -> None:
        self.article = article
        self._labels = labels
        self._reasons: dict[Term, Reason | None] = {}
        self._doubts: dict[str, Mapping[int, bool]] = {}
        self._standing: Set[str] | None = None

    def restrict_terms(self, standing: Set[str]) -> None:
        """Have only those terms looked for of which the levelled text is among `standing`.

        No other term of the queries to come may stand in the article or its labels, as printed or misread.
        """
        self._standing = standing

    def match(self, query: Query) -> Reason | None:
        """The reason of the first wanted term; None where the query does not match."""
        match query:  # the most frequent kinds first
            case Term():
                return self._term(query)
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return self._any(parts)
            case Near(parts):
                return self._near(parts)
            case DayRange() | DayOfYear():
                return self._label(str(query)) if query.contains(self.article.date) else None
            case Not(part):
                raise ValueError(f"-{part} alone matches nearly everything; the parser lets no such query pass")

    def _all(self, parts: tuple[Query, ...]) -> Reason | None:
        first = None
        for part in parts:
            if isinstance(part, Not):
                if self.satisfies(part.part):
                    return None
                continue
            if not (reason := self.match(part)):
                return None
            if first is None or (first.rule == "label" and reason.rule != "label"):
                first = reason
        return first

    def _any(self, parts: tuple[Query, ...]) -> Reason | None:
        for part in parts:
            if reason := self.match(part):
                return reason
        return None

    def satisfies(self, query: Query) -> bool:
        """Like `matches`, also for what a refusal may hold: 防汛 -(招标 -演练)."""
        match query:
            case Not(part):
                return not self.satisfies(part)
            case And(parts):
                return all(self.satisfies(part) for part in parts)
            case Or(parts):
                return any(self.satisfies(part) for part in parts)
            case _:
                return self.match(query) is not None

    @cached_property
    def normalised_text(self) -> str:
        """All that can be matched, levelled, field by field."""
        return "\n".join(normalise_in_place(value) for _, value in article_fields(self.article))

    @cached_property
    def normalised_labels(self) -> str:
        """All labels that terms are held against, levelled; those that are in `row` too are left out."""
        known = self._labels
        return "\n".join(map(normalise_in_place, (*known.themes, *known.people, *known.places, *known.organisations)))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Every sentence in the order of `row`."""
        found, before = [], 0
        for where, value in article_fields(self.article):
            for start, end in text.sentences(value):
                first, last = before + start, before + end
                found.append(Sentence(where, value[start:end], self.normalised_text[first:last], first))
            before += len(value) + 1
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def contains(self, term: Term) -> bool:
        """Whether `term` is meant anywhere in the article, as printed; quicker than finding the reason."""
        return any(True for _ in find_meant(term, self.normalised_text))

    def doubtful_positions(self, levelled: str) -> Mapping[int, bool]:
        """The places in a levelled sentence where something may be misread."""
        if levelled not in self._doubts:
            self._doubts[levelled] = doubtful_positions(levelled)
        return self._doubts[levelled]

    def _term(self, term: Term) -> Reason | None:
        try:
            return self._reasons[term]
        except KeyError:
            found = self._reasons[term] = self._found(term)
            return found

    def _found(self, term: Term) -> Reason | None:
        if term.field in ("page", "theme", "person", "place", "org"):
            return self._label(str(term)) if self._is_labelled(term) else None
        wanted = normalise_in_place(term.text)
        if not self._may_stand(wanted):
            return None
        for sentence in self._holding(wanted):
            if _in_field(sentence.where, term) and (found := list(find_meant(term, sentence.levelled))):
                return _reason(term, sentence, found)
        if not allows_misreadings(term):
            return None
        for sentence in self._resembling(wanted):
            if _in_field(sentence.where, term) and (
                found := list(find_misread(term, sentence.levelled, self.doubtful_positions(sentence.levelled)))
            ):
                return _reason(term, sentence, found)
        return None

    def _may_stand(self, wanted: str) -> bool:
        return self._standing is None or wanted in self._standing

    def _holding(self, wanted: str) -> Iterator[Sentence]:
        """The sentences that hold the characters of `wanted` in a row."""
        at = self.normalised_text.find(wanted)
        while at >= 0:
            sentence = self._sentence(at)
            at += 1
            if sentence and wanted in sentence.levelled:
                yield sentence
                at = max(at, sentence.start + len(sentence.levelled))
            at = self.normalised_text.find(wanted, at)

    def _resembling(self, wanted: str) -> Iterator[Sentence]:
        """The sentences that hold all characters of `wanted` but one that looks like it."""
        sentences = (self._sentence(start) for start, _ in differing_in_one(wanted, self.normalised_text))
        yield from dict.fromkeys(sentence for sentence in sentences if sentence)

    def _sentence(self, at: int) -> Sentence | None:
        """The last sentence that begins at `at` or before."""
        number = bisect_right(self._starts, at)
        return self.sentences[number - 1] if number else None

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
        return any(normalise_in_place(term.text) in normalise_in_place(value) for value in values)

    def _label(self, term: str) -> Reason:
        return Reason(term, "headline", Snippet(self.article.title), "label")

    def _near(self, parts: tuple[Term, ...]) -> Reason | None:
        """All the terms in one sentence, with at most CLOSE characters between two that follow each other."""
        wanted = [normalise_in_place(term.text) for term in parts]
        if not all(map(self._may_stand, wanted)):
            return None
        for where, said, levelled, _ in self._holding(wanted[0]):
            if not all(one in levelled and _in_field(where, term) for one, term in zip(wanted, parts, strict=True)):
                continue
            spans = [[o.span for o in find_meant(term, levelled)] for term in parts]
            if all(spans) and (close := _closest(spans)):
                return Reason(" ~ ".join(map(str, parts)), where, Snippet(said, close), "word")
        return None


def _in_field(where: Where, term: Term) -> bool:
    match term.field:
        case "title":
            return where in _TITLE
        case "by":
            return where == "byline"
        case _:
            return True


def _reason(term: Term, sentence: Sentence, found: Sequence[Occurrence]) -> Reason:
    spans = tuple(occurrence.span for occurrence in found)
    return Reason(str(term), sentence.where, Snippet(sentence.said, spans), found[0].rule)


def _closest(spans: list[list[Span]]) -> tuple[Span, ...]:
    """One span of each list such that no two neighbours are further apart than CLOSE; empty where there is none."""
    for anchor in spans[0]:
        nearest = [min(others, key=partial(_distance, anchor)) for others in spans[1:]]
        row = sorted([anchor, *nearest])
        if all(after[0] - before[1] <= MAX_NEAR_GAP_CHARS for before, after in pairwise(row)):
            return tuple(row)
    return ()


def _distance(one: Span, other: Span) -> int:
    return abs(one[0] - other[0])
