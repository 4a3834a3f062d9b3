"""Search: query and index -> ranked hits, each with a snippet.

full matches      articles that match the whole query, without those where the characters of a word meet by accident
look-alikes       where these are few: articles with a form of the word that may be a misreading (近形)
partial matches   where there is none: articles that hold some of the words; question words do not count
suggestions       where there is none either: words that look or sound like the one in the query
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
from digests.models import Article, FacetValue, Hit, SearchResult
from digests.query import And, DayOfYear, DayRange, Near, Not, Or, Query, Term
from digests.search import suggestions
from digests.search.compiler import query_words, term_words
from digests.search.index import Index
from digests.search.ranking import Question
from digests.search.snippets import snippet

FEW_HITS = 3
"""Up to this total, look-alikes and partial matches are added and wider queries offered."""

MIN_QUESTION_WORDS = 4
"""Plain words from which on a query is a question: its best answer need not hold every word."""

RERANKED_HITS = 40
"""Best hits by BM25 that are ranked again by closeness."""

CHECKED_HITS = 60
"""Hits that are read and checked one by one, so that the total is exact up to here."""

CHECKED_NEAR_HITS = 600
"""The same for a query with words close together, of which the index knows only roughly where they stand."""

ScoredArticles = list[tuple[float, Article]]

Facet = Literal["month", "theme", "person", "place", "org"]
Facets = Mapping[Facet, tuple[FacetValue, ...]]
"""The values of each facet, the most frequent first."""

__all__ = ["Facet", "Facets", "facets", "search", "snippet"]


def search(
    index: Index, text: str, *, limit: int, offset: int = 0, newest: bool = False, today: date | None = None
) -> SearchResult:
    """Return the hits from `offset` on, the best (or the newest) first; raises QueryError for a query without meaning.

    Without a full match the hits are partial matches and the result says so. Few full matches are followed by partial
    ones on the first page; these do not count in the total.
    """
    typed = queries.parse(text, today=today)
    query, shown = suggestions.with_name_forms(typed, index), str(typed)
    if _is_question(query) and not newest:
        return _partial_matches(index, query, shown, limit, offset)
    total, found = _full_matches(index, query, limit, offset, newest=newest)
    terms, unquoted = queries.wanted_terms(query), _unquoted(query)
    hits = [Hit(article, score, snippet(article, terms)) for score, article in found]
    if total <= FEW_HITS:
        _, whole = _full_matches(index, query, FEW_HITS, 0, newest=newest) if offset else (total, found)
        look_alikes = _look_alikes(index, query, {article.id for _, article in whole})
        hits = (hits + look_alikes[max(0, offset - total) :])[:limit]
        total += len(look_alikes)
    if not total:
        if _is_plain(unquoted):
            partial = _partial_matches(index, unquoted, shown, limit, offset)
            return replace(partial, partial_only=True) if partial.hits and unquoted != query else partial
        return SearchResult(shown, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    if total <= FEW_HITS and offset == 0 and _is_plain(unquoted):
        known = {hit.article.id for hit in hits}
        partial = _partial_matches(index, unquoted, shown, limit, 0)
        others = [replace(hit, partial=True) for hit in partial.hits if hit.article.id not in known]
        hits += others[: limit - len(hits)]
    wider_queries = suggestions.wider_queries(typed) if total <= FEW_HITS else ()
    return SearchResult(shown, total, offset, tuple(hits), narrowable=True, wider_queries=wider_queries)


def facets(index: Index, text: str, *, today: date | None = None) -> Facets:
    """Count the full matches of a query by month, theme, person, place and organisation."""
    query = queries.parse(text, today=today)
    counts = index.facets(suggestions.with_name_forms(query, index))
    return {
        facet: tuple(
            FacetValue(value, count, suggestions.narrowed_query(query, facet, value)) for value, count in counts[facet]
        )
        for facet in get_args(Facet)
    }


# ---- kinds of queries


def _is_question(query: Query) -> bool:
    """True for many plain words, or a sentence, without operators that ask for an exact form."""
    is_sentence = any(len(term_words(term)) >= MIN_QUESTION_WORDS for term in queries.wanted_terms(query))
    return _is_plain(query) and (is_sentence or len(_content_words(query)) >= MIN_QUESTION_WORDS)


def _is_plain(query: Query) -> bool:
    """True for two or more plain words: no field, no quotation marks, no operator."""
    parts = query.parts if isinstance(query, And) else (query,)
    plain = all(isinstance(part, Term) and not (part.exact or part.field or part.as_printed) for part in parts)
    return plain and len(_content_words(query)) > 1


def _unquoted(query: Query) -> Query:
    """Return `query` with its phrases as plain words if it has plain words too.

    A sentence copied from a paper contains quotations (推出“爱心礼包”) that are not meant as exact phrases.
    """
    if not isinstance(query, And) or all(isinstance(part, Term) and part.exact for part in query.parts):
        return query
    return And(tuple(part._replace(exact=False) if isinstance(part, Term) else part for part in query.parts))


def _content_words(query: Query) -> list[str]:
    """Return the words of more than one character; single ones are mostly grammar."""
    return [word for word in query_words(query) if len(word) > 1]


# ---- full matches


def _full_matches(index: Index, query: Query, limit: int, offset: int, *, newest: bool) -> tuple[int, ScoredArticles]:
    """Return the number of full matches and a page of them, without those by accident of characters.

    The number is exact up to the hits that are checked; beyond, accidents count too.
    """
    checked = CHECKED_NEAR_HITS if any(isinstance(part, Near) for part in _parts(query)) else CHECKED_HITS
    end = offset + limit
    total, hits = index.find(query, limit=checked + limit, newest=newest)
    first: Iterator[tuple[float, Article]] = islice(hits, checked)
    if not newest and len(query_words(query)) > 1:
        first = chain(_reranked(index, query, list(islice(first, RERANKED_HITS))), first)
    meant = (hit for hit in first if _is_meant(query, ArticleMatcher(hit[1])))
    if total <= checked:
        kept = list(meant)
        return len(kept), kept[offset:end]
    kept = list(islice(meant, min(end, checked)))
    page = kept[offset:]
    if len(page) < limit:  # the page reaches beyond the checked hits
        if offset > len(kept):
            hits = index.find(query, limit=limit, offset=checked + offset - len(kept), newest=newest)[1]
        page += islice(hits, limit - len(page))
    return total, page


def _parts(query: Query) -> Iterator[Query]:
    """Yield the query and all parts of it, at every depth."""
    yield query
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _parts(part)


def _is_meant(query: Query, matcher: ArticleMatcher) -> bool:
    """True if the article, which the index found by characters, holds the words of the query as words."""
    match query:
        case Term():
            if query.exact or query.field or len(term_words(query)) > 1:
                return True  # for these the index is as exact as the matcher
            return matcher.contains(query)
        case Near():
            return matcher.match(query) is not None
        case And(parts):
            return all(_is_meant(part, matcher) for part in parts)
        case Or(parts):
            return any(_is_meant(part, matcher) for part in parts if _may_hold(part, matcher))
        case Not() | DayRange() | DayOfYear():
            return True


def _may_hold(query: Query, matcher: ArticleMatcher) -> bool:
    """False for a plain term whose characters the article lacks."""
    return not isinstance(query, Term) or bool(query.field) or normalise_in_place(query.text) in matcher.normalised_text


def _reranked(index: Index, query: Query, found: ScoredArticles) -> ScoredArticles:
    """Return the hits of a query of several words, the closest first.

    The rarity of a bigram counts only its occurrences outside dictionary words (schema.unsegmented_bigrams), so that
    bigrams which are words weigh most; this finds more than their rarity as words does.
    """
    if not found:
        return found
    articles = index.document_frequency("article", "what")

    def rarity(field: str, term: str) -> float:
        return math.log(1 + articles / (index.document_frequency(term, field) + 0.5))

    text = " ".join(term.text for term in queries.wanted_terms(query))
    question = Question(text, query_words(query), rarity)
    best = max(score for score, _ in found) or 1.0
    scored = [(question.closeness(article, score / best), article) for score, article in found]
    return sorted(scored, key=lambda hit: -hit[0])


# ---- look-alikes and partial matches


def _look_alikes(index: Index, query: Query, known: set[str]) -> list[Hit]:
    """Return the articles, but for the `known` ids, with a form that may be a misreading of a query of one term."""
    if not isinstance(query, Term) or not allows_misreadings(query):
        return []
    hits = []
    for score, article in index.find_misread(query, limit=CHECKED_HITS)[1]:
        reason = ArticleMatcher(article).match(query) if article.id not in known else None
        if reason and reason.rule == "alike":
            shown = reason.snippet if reason.where == "body" else snippet(article, [query], look_alikes=True)
            hits.append(Hit(article, score, shown, look_alike=True))
    return hits


def _partial_matches(index: Index, query: Query, shown: str, limit: int, offset: int) -> SearchResult:
    """Return articles that hold some of the words, else suggestions."""
    content = suggestions.without_question_words(query)
    total, found = index.find_any_word(content, limit=RERANKED_HITS + limit)
    if not total or len(_content_words(content)) < 2:
        return SearchResult(shown, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    best = _reranked(index, content, list(islice(found, RERANKED_HITS)))
    if offset > len(best):
        page = index.find_any_word(content, limit=limit, offset=offset)[1]
    else:
        page = islice(chain(best, found), offset, offset + limit)
    terms = [Term(word, exact=True) for word in _content_words(content)]
    hits = tuple(Hit(article, score, snippet(article, terms)) for score, article in page)
    words = [normalise_in_place(word) for term in queries.wanted_terms(query) for word in term_words(term)]
    partial_only = not any(_holds_all(words, article) for _, article in best)
    return SearchResult(shown, total, offset, hits, partial_only=partial_only)


def _holds_all(words: Sequence[str], article: Article) -> bool:
    text = normalise_in_place(f"{article.title} {article.kicker} {article.deck} {article.body}")
    return all(word in text for word in words)
