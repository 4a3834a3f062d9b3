"""Query x index -> ranked hits, each with an excerpt.

as asked       every hit that holds what is wanted; those where the characters only meet by accident are left out
近形           where that is little: articles with a form that looks like the word
loosely        where that is nothing: articles that hold some of the words, question words left out
suggestions    where that is nothing either: words that look or sound like the one asked for
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Literal, get_args

from digests import query as queries
from digests.language.characters import normalise_in_place
from digests.matching import ArticleMatcher
from digests.matching.term_meaning import allows_misreadings
from digests.models import Article, FacetValue, Hit, SearchResult, Snippet
from digests.query import And, DayOfYear, DayRange, Near, Not, Or, Query, Term
from digests.search import suggestions
from digests.search.compiler import query_words, term_words
from digests.search.index import Index
from digests.search.ranking import Question
from digests.search.snippets import snippet

FEW_HITS = 3
"""Up to so many hits are little: then misread forms are looked for, and articles that hold some of the words."""

MIN_QUESTION_WORDS = 4
"""From so many words on, plain words are a question: what answers it best need not hold every word of it."""

RERANKED_HITS = 40
"""Hits that are ranked anew by closeness."""

CHECKED_HITS = 60
CHECKED_NEAR_HITS = 600
"""So many hits are looked at one by one, so that the total is exact up to here; of words close together, more: the
index knows only roughly which are."""

_Scored = list[tuple[float, Article]]

Facet = Literal["month", "theme", "person", "place", "org"]
Facets = Mapping[Facet, tuple[FacetValue, ...]]
"""The most frequent first."""


def search(
    index: Index, asked: str, *, limit: int, offset: int = 0, newest: bool = False, today: date | None = None
) -> SearchResult:
    """The hits from `offset` on, the best (or the newest) first; raises QueryError where `asked` means nothing.

    Where no article matches the whole query, those that hold some of its words are given and the result says so. Where
    few do, such articles follow them on the first page; they do not count.
    """
    meant = queries.parse(asked, today=today)
    query, shown = suggestions.with_name_forms(meant, index), str(meant)
    if _is_question(query) and not newest:
        return _loosely(index, query, shown, limit, offset)
    total, found = _as_asked(index, query, limit, offset, newest=newest)
    wanted, wide = queries.wanted_terms(query), _unquoted(query)
    hits = [Hit(article, score, snippet(article, wanted)) for score, article in found]
    if total <= FEW_HITS:
        _, whole = _as_asked(index, query, FEW_HITS, 0, newest=newest) if offset else (total, found)
        alike = _misread(index, query, {article.id for _, article in whole})
        hits = (hits + alike[max(0, offset - total) :])[:limit]
        total += len(alike)
    if not total:
        if _is_plain(wide):
            some = _loosely(index, wide, shown, limit, offset)
            return replace(some, partial_only=True) if some.hits and wide != query else some
        return SearchResult(shown, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    if total <= FEW_HITS and offset == 0 and _is_plain(wide):
        known = {hit.article.id for hit in hits}
        others = [hit for hit in _loosely(index, wide, shown, limit, 0).hits if hit.article.id not in known]
        hits += [replace(hit, partial=True) for hit in others[: limit - len(hits)]]
    wider_queries = suggestions.wider_queries(meant) if total <= FEW_HITS else ()
    return SearchResult(shown, total, offset, tuple(hits), narrowable=True, wider_queries=wider_queries)


def facets(index: Index, asked: str, *, today: date | None = None) -> Facets:
    """How the hits of a search that is no question fall into months, themes, people, places and organisations."""
    query = queries.parse(asked, today=today)
    counted = index.facets(suggestions.with_name_forms(query, index))
    return {
        facet: tuple(
            FacetValue(value, count, suggestions.narrowed_query(query, facet, value)) for value, count in counted[facet]
        )
        for facet in get_args(Facet)
    }


def _is_question(query: Query) -> bool:
    """Whether the query is many plain words, or a sentence, without signs that say exactly what is wanted."""
    sentence = any(len(term_words(term)) >= MIN_QUESTION_WORDS for term in queries.wanted_terms(query))
    return _is_plain(query) and (sentence or len(_content(query)) >= MIN_QUESTION_WORDS)


def _unquoted(query: Query) -> Query:
    """`query` with its phrases as plain words, where it has plain words too.

    A sentence out of a paper quotes (推出“爱心礼包”) and does not mean that nothing else will do.
    """
    if not isinstance(query, And) or all(isinstance(part, Term) and part.exact for part in query.parts):
        return query
    return And(tuple(part._replace(exact=False) if isinstance(part, Term) else part for part in query.parts))


def _is_plain(query: Query) -> bool:
    parts = query.parts if isinstance(query, And) else (query,)
    plain = all(isinstance(part, Term) and not (part.exact or part.field or part.as_printed) for part in parts)
    return plain and len(_content(query)) > 1


def _as_asked(index: Index, query: Query, limit: int, offset: int, *, newest: bool) -> tuple[int, _Scored]:
    """The number of articles that match, and those from `offset` on; hits by accident of characters are passed over.

    The number is exact up to CHECKED; of more articles the characters alone are counted.
    """
    checked = CHECKED_NEAR_HITS if any(isinstance(part, Near) for part in _parts(query)) else CHECKED_HITS
    wanted = offset + limit
    total, hits = index.find(query, limit=checked + limit, newest=newest)
    first: Iterator[tuple[float, Article]] = islice(hits, checked)
    if not newest and len(query_words(query)) > 1:
        first = chain(_ranked(index, query, list(islice(first, RERANKED_HITS))), first)
    meant = (hit for hit in first if _is_meant(query, hit[1]))
    if total <= checked:
        kept = list(meant)
        return len(kept), kept[offset:wanted]
    kept = list(islice(meant, min(wanted, checked)))
    page = kept[offset:]
    if len(page) < limit:  # beyond those that are looked at, each is passed on
        if offset > len(kept):
            hits = index.find(query, limit=limit, offset=checked + offset - len(kept), newest=newest)[1]
        page += islice(hits, limit - len(page))
    return total, page


def _parts(query: Query) -> Iterator[Query]:
    """The query and all that it is made of."""
    yield query
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _parts(part)


def _is_meant(query: Query, article: Article) -> bool:
    """Whether the article holds the query's words as words, and not only their characters in a row."""
    return _holds(query, ArticleMatcher(article))


def _holds(query: Query, reader: ArticleMatcher) -> bool:
    match query:
        case Term():
            if query.exact or query.field or len(term_words(query)) > 1:
                return True  # the index knows these as well as the reader does
            return reader.contains(query)
        case Near():
            return reader.match(query) is not None
        case And(parts):
            return all(_holds(part, reader) for part in parts)
        case Or(parts):
            return any(_holds(part, reader) for part in parts if _found_in(part, reader))
        case Not() | DayRange() | DayOfYear():
            return True


def _found_in(query: Query, reader: ArticleMatcher) -> bool:
    """Whether the characters of a plain term stand in the article at all."""
    return not isinstance(query, Term) or bool(query.field) or normalise_in_place(query.text) in reader.normalised_text


def _ranked(index: Index, query: Query, found: _Scored) -> _Scored:
    """The hits of a question of several words, the closest first.

    A pair's rarity is that of the pair apart (documents.pairs_apart): pairs that are words weigh most, which found more
    than their rarity as words did.
    """
    if not found:
        return found
    size = index.document_frequency("article", "what")

    def rarity(field: str, term: str) -> float:
        return math.log(1 + size / (index.document_frequency(term, field) + 0.5))

    asked = Question(" ".join(term.text for term in queries.wanted_terms(query)), query_words(query), rarity)
    best = max(score for score, _ in found) or 1.0
    anew = [(asked.closeness(article, score / best), article) for score, article in found]
    return sorted(anew, key=lambda hit: -hit[0])


def _misread(index: Index, query: Query, known: set[str]) -> list[Hit]:
    """Articles that hold a form which looks like the term of a query of one term."""
    if not isinstance(query, Term) or not allows_misreadings(query):
        return []
    hits = []
    for score, article in index.find_misread(query, limit=CHECKED_HITS)[1]:
        reason = ArticleMatcher(article).match(query) if article.id not in known else None
        if reason and reason.rule == "alike":
            shown = reason.snippet if reason.where == "body" else snippet(article, [query], alike=True)
            hits.append(Hit(article, score, shown, look_alike=True))
    return hits


def _loosely(index: Index, query: Query, shown: str, limit: int, offset: int) -> SearchResult:
    """Hits that hold some of the words; without any, what else could have been meant."""
    loose = suggestions.without_question_words(query)
    total, found = index.find_any_word(loose, limit=RERANKED_HITS + limit)
    if not total or len(_content(loose)) < 2:
        return SearchResult(shown, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    ranked = _ranked(index, loose, list(islice(found, RERANKED_HITS)))
    if offset > len(ranked):
        page = index.find_any_word(loose, limit=limit, offset=offset)[1]
    else:
        page = islice(chain(ranked, found), offset, offset + limit)
    wanted = [Term(word, exact=True) for word in _content(loose)]
    hits = tuple(Hit(article, score, snippet(article, wanted)) for score, article in page)
    every = [normalise_in_place(word) for term in queries.wanted_terms(query) for word in term_words(term)]
    return SearchResult(
        shown, total, offset, hits, partial_only=not any(_holds_all(every, article) for _, article in ranked)
    )


def _holds_all(words: Sequence[str], article: Article) -> bool:
    said = normalise_in_place(f"{article.title} {article.kicker} {article.deck} {article.body}")
    return all(word in said for word in words)


def _content(query: Query) -> list[str]:
    """The words of a query that say something: those of more than one character."""
    return [word for word in query_words(query) if len(word) > 1]


def query_snippet(query: Query, article: Article) -> Snippet:
    """The excerpt of `article` that shows best what `query` wants."""
    return snippet(article, queries.wanted_terms(query))


__all__: Sequence[str] = ("facets", "query_snippet", "search", "snippet")
