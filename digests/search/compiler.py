"""Query -> tantivy query: articles are found by characters and ranked by words.

A term is found wherever its characters occur in a row, however the text is cut into words; a term of several words is
also found if these words occur apart. Articles in which a word of the query is also a word after segmentation rank
higher than those that only contain its characters. Headlines count more than bodies.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import chain, permutations

import tantivy

from digests.language import words as words_module
from digests.language.characters import look_alikes
from digests.language.normal_form import normal_form
from digests.matching.term_meaning import allows_misreadings
from digests.query import MAX_NEAR_GAP_CHARS, And, DayOfYear, DayRange, Near, Not, Or, Query, Term, wanted_terms
from digests.search.schema import bigrams

TITLE_WEIGHT = 3.0
"""Weight of a word in the headline; its weight in the body is 1."""

LEAD_WEIGHT = 0.5
"""Additional weight of a word at the beginning of the body; used by `any_word`."""

PHRASE_WEIGHT = 2.0
"""Weight of a term of several words as a phrase; the weight of its separate words is 1."""

MAX_ORDERED_NEAR_TERMS = 3
"""A Near of at most this many terms is searched in every order; more terms have too many orders."""

_CHARACTER_FIELDS = {
    "title": "titlechars",
    "by": "by",
    "theme": "themes",
    "person": "people",
    "place": "places",
    "org": "orgs",
    "paper": "papers",
}
"""Field of the query language -> field of the index with its characters; all other terms are searched in `chars`."""


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
        """Compile to a query for articles with any word or bigram of `query`, scored by their number and rarity."""
        parts = []
        for word in query_words(query):
            parts += [self.term("body", word), tantivy.Query.boost_query(self.term("lead", word), LEAD_WEIGHT)]
        texts = [normal_form(term.text) for term in wanted_terms(query) if not term.exact]
        for bigram in dict.fromkeys(chain.from_iterable(map(bigrams, texts))):
            parts += [self.term("pairs", bigram), self.term("body", bigram)]  # `pairs` omits words of the article
        return any_of(parts)

    def weighted_words(self, words: Mapping[str, float]) -> tantivy.Query:
        """Compile to a query for articles with any of `words` in the body, scored by their weights."""
        return any_of([tantivy.Query.boost_query(self.term("body", word), weight) for word, weight in words.items()])

    def misread(self, term: Term) -> tantivy.Query:
        """Compile to a query for articles that contain `term` with one character replaced by a look-alike."""
        characters = _characters(term.text)
        queries = []
        for at, character in enumerate(characters):
            if alike := look_alikes(character):
                patterns = [re.escape(other) for other in characters]
                patterns[at] = f"[{alike}]"
                queries.append(tantivy.Query.regex_phrase_query(self._schema, _character_field(term), [*patterns]))
        return any_of(queries)

    def mentioning(
        self, terms: Sequence[Term], first: date | None, last: date | None, days: Collection[date] | None = None
    ) -> tantivy.Query:
        """Compile to a query for the articles with one of `terms`, as printed or with one character misread.

        Without `terms`, every article is found. `first`, `last` and `days` limit the days; None is no limit.
        """
        conditions = []
        if terms:
            printed = [self._phrase(term) for term in terms]
            conditions.append(any_of(printed + [self.misread(term) for term in terms if allows_misreadings(term)]))
        if first or last:
            conditions.append(self.days(first, last))
        if days is not None:
            listed = [day.isoformat() for day in days]
            conditions.append(tantivy.Query.term_set_query(self._schema, "day", listed))
        return all_of(conditions) if len(conditions) > 1 else conditions[0] if conditions else tantivy.Query.all_query()

    def days(self, first: date | None, last: date | None) -> tantivy.Query:
        """Compile to a query for the articles of these days, both included; None is no bound."""
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
        """Compile to a query for the term as a phrase.

        If it has neither a field nor quotation marks, articles with only its separate words match too.
        """
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
        """Return a condition that excludes most articles with the terms far apart; the matcher checks each hit."""
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
        """Compile to a query for one word, in the headline or the body."""
        title = tantivy.Query.boost_query(self.term("title", word), TITLE_WEIGHT)
        return any_of([title, self.term("body", word)])


def term_words(term: Term) -> tuple[str, ...]:
    """Cut a term into words."""
    return tuple(filter(_has_letters, words_module.cut(normal_form(term.text))))


def query_words(query: Query) -> tuple[str, ...]:
    """Return the search words of all plain terms of `query`, each once; exact phrases are not cut."""
    texts = [normal_form(term.text) for term in wanted_terms(query) if not term.exact]
    words = chain.from_iterable(map(words_module.cut_for_search, texts))
    return tuple(dict.fromkeys(filter(_has_letters, words)))


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return a query that matches if any of `queries` does; without `queries` it matches nothing."""
    if not queries:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return a query that matches if all of `queries` do."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _character_field(term: Term) -> str:
    return _CHARACTER_FIELDS.get(term.field, "chars")


def _characters(text: str) -> list[str]:
    """Return the normalised characters of a text without spaces."""
    return [character for character in normal_form(text) if not character.isspace()]


def _has_letters(word: str) -> bool:
    return any(character.isalnum() for character in word)
