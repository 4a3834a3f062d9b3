"""Match a query with an article and give the reason.

term_meaning.py decides whether a sentence means a term; this file matches terms and queries with the fields of an
article. A misread form of a term (近形) counts only if no sentence of the fields searched means the term as printed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from digests import text
from digests.language.normal_form import NormalText, normal_form, normal_text, term_form
from digests.matching.term_meaning import (
    Occurrence,
    allows_misreadings,
    close_spans,
    differing_in_one,
    doubtful_positions,
    find_meant,
    find_misread,
)
from digests.models import Article, Labels, Reason, Snippet, Span
from digests.query import And, DayOfYear, DayRange, Near, Not, Or, Query, Term

Where = Literal["headline", "kicker", "deck", "section", "byline", "body"]

_TITLE_FIELDS = ("headline", "kicker", "deck")

NO_LABELS = Labels()


def match_query(query: Query, article: Article, labels: Labels = NO_LABELS) -> Reason | None:
    """Return why `query` matches `article`: the reason of its first wanted term that matches; None without a match."""
    return ArticleMatcher(article, labels).match(query)


def article_fields(article: Article) -> Iterator[tuple[Where, str]]:
    """Yield the searchable fields of an article with their texts, headline first; the body paragraph by paragraph."""
    yield "headline", article.headline or ""
    yield "kicker", article.kicker
    yield "deck", article.deck
    for paragraph in article.paragraphs:
        yield "body", paragraph
    yield "section", article.section
    for name in article.byline:
        yield "byline", name


class FieldSentence(NamedTuple):
    """A sentence of an article's field in normal form, with its offset in its reading."""

    where: Where
    normalised: str
    start: int


class _Reading:
    """The texts of an article's fields in normal form, one per line, and their sentences."""

    def __init__(self, fields: Sequence[tuple[Where, str]], *, keep_spaces: bool = False) -> None:
        self._fields, self._keep_spaces = fields, keep_spaces
        self.printed = "\n".join(value for _, value in fields)
        self.text = normal_form(self.printed, keep_spaces=keep_spaces)

    @cached_property
    def _normal(self) -> NormalText:
        return normal_text(self.printed, keep_spaces=self._keep_spaces)

    @cached_property
    def sentences(self) -> list[FieldSentence]:
        field_starts = list(accumulate((len(value) + 1 for _, value in self._fields), initial=0))
        found = []
        for start, end in text.sentences(self.text):
            field = bisect_right(field_starts, self._normal.printed((start, end))[0]) - 1
            found.append(FieldSentence(self._fields[field][0], self.text[start:end], start))
        return found

    def snippet(self, sentence: FieldSentence, spans: Iterable[Span]) -> Snippet:
        """Return a sentence as printed, with spans of its normal form marked."""
        start, end = sentence.start, sentence.start + len(sentence.normalised)
        if self._normal.starts is None:
            return Snippet(self.printed[start:end], tuple(spans))
        first, last = self._normal.printed((start, end))
        printed = (self._normal.printed((start + begin, start + end)) for begin, end in spans)
        return Snippet(self.printed[first:last], tuple((begin - first, end - first) for begin, end in printed))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentences_with(self, normalised: str) -> Iterator[FieldSentence]:
        """Yield the sentences that contain `normalised` as a string."""
        at = self.text.find(normalised)
        while at >= 0:
            sentence = self._sentence_at(at)
            at += 1
            if sentence and normalised in sentence.normalised:
                yield sentence
                at = max(at, sentence.start + len(sentence.normalised))
            at = self.text.find(normalised, at)

    def sentences_resembling(self, normalised: str) -> Iterator[FieldSentence]:
        """Yield the sentences with a substring that differs from `normalised` in one look-alike character."""
        sentences = (self._sentence_at(start) for start, _ in differing_in_one(normalised, self.text))
        yield from dict.fromkeys(sentence for sentence in sentences if sentence)

    def _sentence_at(self, offset: int) -> FieldSentence | None:
        """Return the last sentence that begins at or before `offset`."""
        number = bisect_right(self._starts, offset)
        return self.sentences[number - 1] if number else None


class ArticleMatcher:
    """Matches many queries with one article, which is split into sentences and normalised once.

    White space between Hanzi can be an accident of layout or recognition (防 汛), or separate names and phrases in
    print. So the article has two readings, without and with this white space, and a term is searched for in both.
    """

    def __init__(self, article: Article, labels: Labels = NO_LABELS) -> None:
        self.article = article
        self._labels = labels
        self._reasons: dict[Term, Reason | None] = {}
        self._doubtful: dict[str, Mapping[int, bool]] = {}
        self._possible_terms: Set[str] | None = None

    def restrict_terms(self, normalised: Set[str]) -> None:
        """Search only for terms whose normalised text is in the set.

        The caller guarantees that no other term of later queries occurs in the article, as printed or misread.
        """
        self._possible_terms = normalised

    def match(self, query: Query) -> Reason | None:
        """Return the reason of the first wanted term that matches; None if the query does not match."""
        match query:  # the most frequent kinds first
            case Term():
                return self._match_term(query)
            case And(parts):
                return self._match_all(parts)
            case Or(parts):
                return self._match_any(parts)
            case Near(parts):
                return self._match_near(parts)
            case DayRange() | DayOfYear():
                return self._label_reason(str(query)) if query.contains(self.article.date) else None
            case Not(part):
                raise ValueError(f"-{part} alone matches nearly everything; the parser rejects such a query")

    def _match_all(self, parts: tuple[Query, ...]) -> Reason | None:
        """Return the reason of the first part found in the text; if all are labels or days, that of the first part."""
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

    def _match_any(self, parts: tuple[Query, ...]) -> Reason | None:
        """Return the reason of the first part that matches."""
        for part in parts:
            if reason := self.match(part):
                return reason
        return None

    def satisfies(self, query: Query) -> bool:
        """True if the query matches. Unlike `match` it accepts Not, as in excluded groups: 防汛 -(招标 -演练)."""
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
    def _joined(self) -> _Reading:
        return _Reading(tuple(article_fields(self.article)))

    @cached_property
    def _spaced(self) -> tuple[_Reading, ...]:
        spaced = tuple((where, value) for where, value in article_fields(self.article) if len(value.split()) > 1)
        return (_Reading(spaced, keep_spaces=True),) if spaced else ()

    @property
    def readings(self) -> tuple[_Reading, ...]:
        """The reading without white space beside Hanzi, and one with it of the fields that have white space."""
        return (self._joined, *self._spaced)

    @property
    def normalised_text(self) -> str:
        """The texts of `article_fields` in normal form, one per line."""
        return self._joined.text

    @cached_property
    def normalised_labels(self) -> str:
        """The labels that terms are compared with, normalised, one per line; the byline is in `normalised_text`."""
        labels = self._labels
        return "\n".join(map(normal_form, (*labels.themes, *labels.people, *labels.places, *labels.organisations)))

    def contains(self, term: Term) -> bool:
        """True if any field of the article means `term` as printed; faster than finding the reason."""
        return _means(self._joined, term) or any(_means(reading, term) for reading in self._spaced)

    def doubtful_positions(self, normalised: str) -> Mapping[int, bool]:
        """Return `term_meaning.doubtful_positions` of a normalised sentence; cached."""
        if normalised not in self._doubtful:
            self._doubtful[normalised] = doubtful_positions(normalised)
        return self._doubtful[normalised]

    def _match_term(self, term: Term) -> Reason | None:
        """Return the reason of a term; cached, because queries share terms."""
        try:
            return self._reasons[term]
        except KeyError:
            reason = self._reasons[term] = self._find_reason(term)
            return reason

    def _find_reason(self, term: Term) -> Reason | None:
        """Return the reason of a term: as a label, as printed, or else misread; None if it does not match."""
        if term.field in ("page", "theme", "person", "place", "org", "paper"):
            return self._label_reason(str(term)) if self._has_label(term) else None
        normalised = term_form(term.text)
        if not self._is_possible(normalised):
            return None
        for reading in self.readings:
            for sentence in reading.sentences_with(normalised):
                if _is_in_field(sentence.where, term) and (found := list(find_meant(term, sentence.normalised))):
                    return _reason(str(term), reading, sentence, found)
        return self._find_misread_reason(term, normalised) if allows_misreadings(term) else None

    def _find_misread_reason(self, term: Term, normalised: str) -> Reason | None:
        for reading in self.readings:
            for sentence in reading.sentences_resembling(normalised):
                doubtful = self.doubtful_positions(sentence.normalised)
                if _is_in_field(sentence.where, term) and (
                    found := list(find_misread(term, sentence.normalised, doubtful))
                ):
                    return _reason(str(term), reading, sentence, found)
        return None

    def _is_possible(self, normalised: str) -> bool:
        return self._possible_terms is None or normalised in self._possible_terms

    def _has_label(self, term: Term) -> bool:
        """True if a label of the term's field contains the term; a page number must be equal."""
        match term.field:
            case "page":
                return term.text == str(self.article.page)
            case "theme":
                values = self._labels.themes
            case "person":
                values = (*self._labels.people, *self.article.byline)
            case "place":
                values = self._labels.places
            case "paper":
                values = (self.article.paper,)
            case _:
                values = self._labels.organisations
        return any(term_form(term.text) in normal_form(value) for value in values)

    def _label_reason(self, term: str) -> Reason:
        return Reason(term, "headline", Snippet(self.article.title), "label")

    def _match_near(self, terms: tuple[Term, ...]) -> Reason | None:
        """Return the reason if one sentence means all terms, with at most MAX_NEAR_GAP_CHARS between neighbours."""
        normalised = [term_form(term.text) for term in terms]
        if not all(map(self._is_possible, normalised)):
            return None
        for reading in self.readings:
            for sentence in reading.sentences_with(normalised[0]):
                if not all(
                    text in sentence.normalised and _is_in_field(sentence.where, term)
                    for text, term in zip(normalised, terms, strict=True)
                ):
                    continue
                spans = [[found.span for found in find_meant(term, sentence.normalised)] for term in terms]
                if all(spans) and (close := close_spans(spans)):
                    snippet = reading.snippet(sentence, close)
                    return Reason(" ~ ".join(map(str, terms)), sentence.where, snippet, "word")
        return None


def _is_in_field(where: Where, term: Term) -> bool:
    match term.field:
        case "title":
            return where in _TITLE_FIELDS
        case "by":
            return where == "byline"
        case _:
            return True


def _means(reading: _Reading, term: Term) -> bool:
    return any(True for _ in find_meant(term, reading.text))


def _reason(term: str, reading: _Reading, sentence: FieldSentence, found: Sequence[Occurrence]) -> Reason:
    snippet = reading.snippet(sentence, [occurrence.span for occurrence in found])
    return Reason(term, sentence.where, snippet, found[0].rule)
