"""Query -> tantivy's query: found by characters, ranked by words.

A term is found where its characters stand in a row, so that nothing is lost to the cutting of words; articles that hold
it as a word come first, and the headline counts more than the body.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain, permutations

import tantivy

from digests.language import words as words_module
from digests.language.characters import look_alikes, normalise_in_place
from digests.matching.term_meaning import allows_misreadings
from digests.query import MAX_NEAR_GAP_CHARS, And, DayOfYear, DayRange, Near, Not, Or, Query, Term, wanted_terms
from digests.search.schema import bigrams

TITLE_WEIGHT = 3.0
"""A word of the headline says what the article is about; a word of the body may be said in passing."""

LEAD_WEIGHT = 0.5
"""A word of the beginning counts so much more when a whole question is looked for."""

PHRASE_WEIGHT = 2.0

MAX_ORDERED_NEAR_TERMS = 3
"""Words of a Near that are looked for in every order; of more there are too many orders."""

_FIELD_ROWS = {
    "title": "titlechars",
    "by": "by",
    "theme": "themes",
    "person": "people",
    "place": "places",
    "org": "orgs",
}


class Compiler:
    """Makes the queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def compile(self, query: Query) -> tantivy.Query:  # noqa: PLR0911  one return a kind of query
        """What finds the articles that match `query`."""
        match query:
            case Term():
                return self._wanted(query)
            case Near(parts):
                return all_of([*(self._wanted(part) for part in parts), *self._together(parts)])
            case DayRange(first, last):
                return self.days(first, last)
            case DayOfYear(month, day):
                return tantivy.Query.const_score_query(self.term("yearly", f"{month:02}-{day:02}"), 0.0)
            case Not(part):
                everything = tantivy.Query.all_query()
                return tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, everything), (tantivy.Occur.MustNot, self.compile(part))]
                )
            case And(parts):
                return tantivy.Query.boolean_query([self._clause(part) for part in parts])
            case Or(parts):
                return any_of([self.compile(part) for part in parts])

    def any_word(self, query: Query) -> tantivy.Query:
        """What finds the articles that hold any word of `query`, those with more and rarer ones first."""
        parts = []
        for word in query_words(query):
            parts += [self.term("body", word), tantivy.Query.boost_query(self.term("lead", word), LEAD_WEIGHT)]
        for pair in dict.fromkeys(
            pair for term in wanted_terms(query) if not term.exact for pair in bigrams(normalise_in_place(term.text))
        ):
            parts += [self.term("pairs", pair), self.term("body", pair)]  # a word of two is kept as a word
        return any_of(parts)

    def weighted_words(self, words: Mapping[str, float]) -> tantivy.Query:
        """What finds the articles that hold any of `words`, each counted with its weight."""
        return any_of([tantivy.Query.boost_query(self.term("body", word), weight) for word, weight in words.items()])

    def misread(self, term: Term) -> tantivy.Query:
        """What finds the articles that hold `term` with one character that only looks like the right one."""
        wanted = [char for char in normalise_in_place(term.text) if not char.isspace()]
        field = _FIELD_ROWS.get(term.field, "chars")
        ways = []
        for at, char in enumerate(wanted):
            if alike := look_alikes(char):
                row: list[str | tuple[int, str]] = [re.escape(one) for one in wanted]
                row[at] = f"[{alike}]"
                ways.append(tantivy.Query.regex_phrase_query(self._schema, field, row))
        return any_of(ways)

    def mentioning(self, terms: Sequence[Term]) -> tantivy.Query:
        """What finds every article that holds the characters of one of `terms`, as printed or misread in one."""
        rows = [self._row(term.text, _FIELD_ROWS.get(term.field, "chars")) for term in terms]
        return any_of(rows + [self.misread(term) for term in terms if allows_misreadings(term)])

    def days(self, first: date | None, last: date | None) -> tantivy.Query:
        """What finds the articles of these days, both included; None leaves a side open."""
        return tantivy.Query.const_score_query(self._days(first or date.min, last or date.max), 0.0)

    def term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)

    def _clause(self, part: Query) -> tuple[tantivy.Occur, tantivy.Query]:
        if isinstance(part, Not):
            return tantivy.Occur.MustNot, self.compile(part.part)
        return tantivy.Occur.Must, self.compile(part)

    def _days(self, first: date, last: date) -> tantivy.Query:
        bounds = first.toordinal(), last.toordinal()
        return tantivy.Query.range_query(self._schema, "ordinal", tantivy.FieldType.Integer, *bounds)

    def _wanted(self, term: Term) -> tantivy.Query:
        if term.field == "page":
            return tantivy.Query.const_score_query(self.term("page", term.text), 0.0)
        row = self._row(term.text, _FIELD_ROWS.get(term.field, "chars"))
        if term.exact or term.field:
            return row
        parts = term_words(term)
        if len(parts) == 1:
            return any_of([row, self._word(parts[0])])
        together = [self._word(word) for word in parts]
        return any_of([tantivy.Query.boost_query(row, PHRASE_WEIGHT), *([all_of(together)] if together else [])])

    def _row(self, text: str, field: str) -> tantivy.Query:
        """The characters of `text` in a row."""
        row: list[str | tuple[int, str]] = [c for c in normalise_in_place(text) if not c.isspace()]
        if len(row) == 1:
            return self.term(field, str(row[0]))
        return tantivy.Query.phrase_query(self._schema, field, row)

    def _together(self, parts: Sequence[Term]) -> list[tantivy.Query]:
        """What leaves out most articles that hold the words of a Near far apart; the reader of a hit decides."""
        field, *others = {_FIELD_ROWS.get(part.field, "chars") for part in parts}
        if others or len(parts) > MAX_ORDERED_NEAR_TERMS:
            return []
        said = [[char for char in normalise_in_place(part.text) if not char.isspace()] for part in parts]
        slop = MAX_NEAR_GAP_CHARS * (len(parts) - 1)
        orders = [
            tantivy.Query.phrase_query(self._schema, field, list(chain.from_iterable(order)), slop)
            for order in permutations(said)
        ]
        return [tantivy.Query.const_score_query(any_of(orders), 0.0)]

    def _word(self, word: str) -> tantivy.Query:
        title = tantivy.Query.boost_query(self.term("title", word), TITLE_WEIGHT)
        return any_of([title, self.term("body", word)])


def term_words(term: Term) -> tuple[str, ...]:
    """The words that a term is made of."""
    return tuple(word for word in words_module.cut(normalise_in_place(term.text)) if any(c.isalnum() for c in word))


def query_words(query: Query) -> tuple[str, ...]:
    """The words that `query` is made of; phrases in quotation marks are meant whole."""
    loose = [
        word
        for term in wanted_terms(query)
        if not term.exact
        for word in words_module.cut_for_search(normalise_in_place(term.text))
    ]
    return tuple(dict.fromkeys(word for word in loose if any(c.isalnum() for c in word)))


def any_of(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    if not parts:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def all_of(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])
