"""Query -> tantivy query: articles are found by characters and ranked by words.

A term is found wherever its characters stand in a row, so that no match depends on how words are cut; articles that
hold it as a word rank higher, and the headline counts more than the body.
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
"""Weight of a word in the headline; in the body it is 1, where a word may be mentioned in passing."""

LEAD_WEIGHT = 0.5
"""Weight added for a word at the beginning of the body, for questions."""

PHRASE_WEIGHT = 2.0
"""Weight of a term of several words that stands as a whole, against its words apart."""

MAX_ORDERED_NEAR_TERMS = 3
"""Terms of a Near that are searched in every order; more have too many orders."""

_CHARACTER_FIELDS = {
    "title": "titlechars",
    "by": "by",
    "theme": "themes",
    "person": "people",
    "place": "places",
    "org": "orgs",
}
"""Field of the query language -> field of the index with its characters; all other terms stand in `chars`."""


class Compiler:
    """Compiles queries for one tantivy schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def compile(self, query: Query) -> tantivy.Query:  # noqa: PLR0911  one return per kind of query
        """Compile to a query for the articles that match `query`."""
        match query:
            case Term():
                return self._term(query)
            case Near(parts):
                return all_of([*(self._term(part) for part in parts), *self._close_together(parts)])
            case DayRange(first, last):
                return self.days(first, last)
            case DayOfYear(month, day):
                return _unscored(self.term("yearly", f"{month:02}-{day:02}"))
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
        """Compile to a query for articles with any word or bigram of `query`, scored by number and rarity."""
        parts = []
        for word in query_words(query):
            parts += [self.term("body", word), tantivy.Query.boost_query(self.term("lead", word), LEAD_WEIGHT)]
        texts = [normalise_in_place(term.text) for term in wanted_terms(query) if not term.exact]
        for bigram in dict.fromkeys(chain.from_iterable(map(bigrams, texts))):
            parts += [self.term("pairs", bigram), self.term("body", bigram)]  # `pairs` lacks dictionary words
        return any_of(parts)

    def weighted_words(self, words: Mapping[str, float]) -> tantivy.Query:
        """Compile to a query for articles with any of `words` in the body, scored by their weights."""
        return any_of([tantivy.Query.boost_query(self.term("body", word), weight) for word, weight in words.items()])

    def misread(self, term: Term) -> tantivy.Query:
        """Compile to a query for articles that hold `term` with one character replaced by a look-alike."""
        characters = _characters(term.text)
        queries = []
        for at, character in enumerate(characters):
            if alike := look_alikes(character):
                patterns = [re.escape(other) for other in characters]
                patterns[at] = f"[{alike}]"
                queries.append(tantivy.Query.regex_phrase_query(self._schema, _character_field(term), [*patterns]))
        return any_of(queries)

    def mentioning(self, terms: Sequence[Term]) -> tantivy.Query:
        """Compile to a query for every article with the characters of one of `terms`, as printed or one misread."""
        printed = [self._phrase(term) for term in terms]
        return any_of(printed + [self.misread(term) for term in terms if allows_misreadings(term)])

    def days(self, first: date | None, last: date | None) -> tantivy.Query:
        """Compile to a query for the articles of these days, both included; None leaves a side open."""
        bounds = (first or date.min).toordinal(), (last or date.max).toordinal()
        return _unscored(tantivy.Query.range_query(self._schema, "ordinal", tantivy.FieldType.Integer, *bounds))

    def term(self, field: str, value: str) -> tantivy.Query:
        """Compile to a query for one term of an index field."""
        return tantivy.Query.term_query(self._schema, field, value)

    def _clause(self, part: Query) -> tuple[tantivy.Occur, tantivy.Query]:
        if isinstance(part, Not):
            return tantivy.Occur.MustNot, self.compile(part.part)
        return tantivy.Occur.Must, self.compile(part)

    def _term(self, term: Term) -> tantivy.Query:
        if term.field == "page":
            return _unscored(self.term("page", term.text))
        phrase = self._phrase(term)
        if term.exact or term.field:
            return phrase
        words = [self._word(word) for word in term_words(term)]
        if len(words) == 1:
            return any_of([phrase, words[0]])
        return any_of([tantivy.Query.boost_query(phrase, PHRASE_WEIGHT), *([all_of(words)] if words else [])])

    def _phrase(self, term: Term) -> tantivy.Query:
        """Compile to a query for the characters of `term` in a row."""
        characters = _characters(term.text)
        if len(characters) == 1:
            return self.term(_character_field(term), characters[0])
        return tantivy.Query.phrase_query(self._schema, _character_field(term), [*characters])

    def _close_together(self, terms: Sequence[Term]) -> list[tantivy.Query]:
        """Exclude most articles that hold the terms far apart; the matcher decides on each hit."""
        field, *others = {_character_field(term) for term in terms}
        if others or len(terms) > MAX_ORDERED_NEAR_TERMS:
            return []
        slop = MAX_NEAR_GAP_CHARS * (len(terms) - 1)
        orders = [
            tantivy.Query.phrase_query(self._schema, field, list(chain.from_iterable(order)), slop)
            for order in permutations(_characters(term.text) for term in terms)
        ]
        return [_unscored(any_of(orders))]

    def _word(self, word: str) -> tantivy.Query:
        title = tantivy.Query.boost_query(self.term("title", word), TITLE_WEIGHT)
        return any_of([title, self.term("body", word)])


def term_words(term: Term) -> tuple[str, ...]:
    """Return the words of which a term consists."""
    return tuple(filter(_has_letters, words_module.cut(normalise_in_place(term.text))))


def query_words(query: Query) -> tuple[str, ...]:
    """Return the search words of all plain terms of `query`, each once; exact phrases are not cut."""
    texts = [normalise_in_place(term.text) for term in wanted_terms(query) if not term.exact]
    words = chain.from_iterable(map(words_module.cut_for_search, texts))
    return tuple(dict.fromkeys(filter(_has_letters, words)))


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Match what any of `queries` matches; nothing for none."""
    if not queries:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Match what all of `queries` match."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _character_field(term: Term) -> str:
    return _CHARACTER_FIELDS.get(term.field, "chars")


def _characters(text: str) -> list[str]:
    return [character for character in normalise_in_place(text) if not character.isspace()]


def _has_letters(word: str) -> bool:
    return any(character.isalnum() for character in word)
