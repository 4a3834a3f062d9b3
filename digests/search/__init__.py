"""Search: query and index -> ranked hits, each with a snippet.

full matches      articles that match the whole query, with every word as a word
look-alikes       articles with a form that may be a misreading (近形); added if at most FEW_HITS articles match fully
partial matches   articles that contain any of the words except question words; added if there are at most FEW_HITS
                  hits; for a question, only partial matches are searched for
suggestions       words that look or sound like those of the query; returned if nothing is found
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Literal, get_args

from digests import query as queries
from digests.language.normal_form import normal_form, term_form
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
"""If there are at most this many hits, look-alikes and partial matches are added and wider queries are offered."""

MIN_QUESTION_WORDS = 4
"""A query of at least this many plain words is a question; its best answer need not contain every word."""

RERANKED_HITS = 40
"""Number of best BM25 hits that are reranked by closeness."""

CHECKED_HITS = 60
"""Number of hits that are checked one by one; totals up to this number are exact."""

CHECKED_NEAR_HITS = 600
"""Used instead of CHECKED_HITS for queries with ~, because the index also finds words that are too far apart."""

ScoredArticles = list[tuple[float, Article]]

Facet = Literal["month", "theme", "person", "place", "org"]
Facets = Mapping[Facet, tuple[FacetValue, ...]]
"""The values of each facet, most frequent first."""

__all__ = ["Facet", "Facets", "facets", "search", "snippet"]


def search(
    index: Index, text: str, *, limit: int, offset: int = 0, newest: bool = False, today: date | None = None
) -> SearchResult:
    """Return the hits from `offset` on, the best (or the newest) first.

    For questions (unless `newest`) and queries without a full match, partial matches are returned; `partial_only` is
    True if none of them matches completely. If there are few full matches, partial matches follow on the first page
    and do not count in the total.
    Raises QueryError for a query that cannot be parsed.
    """
    typed = queries.parse(text, today=today)
    query, query_text = suggestions.with_name_forms(typed, index), str(typed)
    if _is_question(query) and not newest:
        return _partial_matches(index, query, query_text, limit, offset)
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
            partial = _partial_matches(index, unquoted, query_text, limit, offset)
            return replace(partial, partial_only=True) if partial.hits and unquoted != query else partial
        return SearchResult(query_text, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    if total <= FEW_HITS and offset == 0 and _is_plain(unquoted):
        known = {hit.article.id for hit in hits}
        partial = _partial_matches(index, unquoted, query_text, limit, 0)
        others = [replace(hit, partial=True) for hit in partial.hits if hit.article.id not in known]
        hits += others[: limit - len(hits)]
    wider_queries = suggestions.wider_queries(typed) if total <= FEW_HITS else ()
    return SearchResult(query_text, total, offset, tuple(hits), narrowable=True, wider_queries=wider_queries)


def facets(index: Index, text: str, *, today: date | None = None) -> Facets:
    """Count the articles that the index finds for a query by month, theme, person, place and organisation."""
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
    """True for plain words if one term is a sentence, or if there are at least MIN_QUESTION_WORDS content words."""
    is_sentence = any(len(term_words(term)) >= MIN_QUESTION_WORDS for term in queries.wanted_terms(query))
    return _is_plain(query) and (is_sentence or len(_content_words(query)) >= MIN_QUESTION_WORDS)


def _is_plain(query: Query) -> bool:
    """True for two or more words of several characters without fields, quotation marks and operators."""
    parts = query.parts if isinstance(query, And) else (query,)
    plain = all(isinstance(part, Term) and not (part.exact or part.field or part.as_printed) for part in parts)
    return plain and len(_content_words(query)) > 1


def _unquoted(query: Query) -> Query:
    """Return `query` with its quoted phrases as plain words, unless it consists of phrases only.

    A sentence copied from a newspaper may contain quotations (推出“爱心礼包”); these need not match exactly.
    """
    if not isinstance(query, And) or all(isinstance(part, Term) and part.exact for part in query.parts):
        return query
    return And(tuple(part._replace(exact=False) if isinstance(part, Term) else part for part in query.parts))


def _content_words(query: Query) -> list[str]:
    """Return the words of more than one character; words of one character are mostly grammatical."""
    return [word for word in query_words(query) if len(word) > 1]


# ---- full matches


def _full_matches(index: Index, query: Query, limit: int, offset: int, *, newest: bool) -> tuple[int, ScoredArticles]:
    """Return the number of full matches and one page of them; hits that contain a term, but not as a word, are removed.

    The number is exact if all hits were checked (see CHECKED_HITS); otherwise it includes unchecked ones.
    """
    max_checked = CHECKED_NEAR_HITS if any(isinstance(part, Near) for part in _parts(query)) else CHECKED_HITS
    end = offset + limit
    total, hits = index.find(query, limit=max_checked + limit, newest=newest)
    first: Iterator[tuple[float, Article]] = islice(hits, max_checked)
    if not newest and len(query_words(query)) > 1:
        first = chain(_reranked(index, query, list(islice(first, RERANKED_HITS))), first)
    checked_hits = (hit for hit in first if _holds_as_words(query, ArticleMatcher(hit[1])))
    if total <= max_checked:
        kept = list(checked_hits)
        return len(kept), kept[offset:end]
    kept = list(islice(checked_hits, min(end, max_checked)))
    page = kept[offset:]
    if len(page) < limit:  # the page reaches beyond the checked hits
        if offset > len(kept):
            hits = index.find(query, limit=limit, offset=max_checked + offset - len(kept), newest=newest)[1]
        page += islice(hits, limit - len(page))
    return total, page


def _parts(query: Query) -> Iterator[Query]:
    """Yield the query and, at every depth, the parts of And and Or."""
    yield query
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _parts(part)


def _holds_as_words(query: Query, matcher: ArticleMatcher) -> bool:
    """True if the article contains the words of the query as words; the index finds articles by characters."""
    match query:
        case Term():
            if query.exact or query.field or len(term_words(query)) > 1:
                return True  # for these the index is as exact as the matcher
            return matcher.contains(query)
        case Near():
            return matcher.match(query) is not None
        case And(parts):
            return all(_holds_as_words(part, matcher) for part in parts)
        case Or(parts):
            return any(_holds_as_words(part, matcher) for part in parts if _has_characters(part, matcher))
        case Not() | DayRange() | DayOfYear():
            return True


def _has_characters(query: Query, matcher: ArticleMatcher) -> bool:
    """True unless the query is a plain term whose characters the article lacks."""
    return not isinstance(query, Term) or bool(query.field) or term_form(query.text) in matcher.normalised_text


def _reranked(index: Index, query: Query, found: ScoredArticles) -> ScoredArticles:
    """Return the hits of a query of several words, ordered by closeness.

    A bigram's rarity counts only occurrences outside dictionary words (schema.unsegmented_bigrams), so bigrams that are
    words weigh most. Ranking by the rarity of words instead gives worse results.
    """
    if not found:
        return found
    articles = index.document_frequency("article", "what")

    def rarity(field: str, term: str) -> float:
        return math.log(1 + articles / (index.document_frequency(term, field) + 0.5))

    text = "\n".join(term.text for term in queries.wanted_terms(query))
    question = Question(text, query_words(query), rarity)
    best = max(score for score, _ in found) or 1.0
    scored = [(question.closeness(article, score / best), article) for score, article in found]
    return sorted(scored, key=lambda hit: -hit[0])


# ---- look-alikes and partial matches


def _look_alikes(index: Index, query: Query, known: set[str]) -> list[Hit]:
    """Return the articles, except those with `known` ids, that match a query of one term only by a misread form."""
    if not isinstance(query, Term) or not allows_misreadings(query):
        return []
    hits = []
    for score, article in index.find_misread(query, limit=CHECKED_HITS)[1]:
        reason = ArticleMatcher(article).match(query) if article.id not in known else None
        if reason and reason.rule == "alike":
            marked = reason.snippet if reason.where == "body" else snippet(article, [query], look_alikes=True)
            hits.append(Hit(article, score, marked, look_alike=True))
    return hits


def _partial_matches(index: Index, query: Query, query_text: str, limit: int, offset: int) -> SearchResult:
    """Return articles that contain any of the words; if there are none, or only one content word, suggestions."""
    content = suggestions.without_question_words(query)
    total, found = index.find_any_word(content, limit=RERANKED_HITS + limit)
    if not total or len(_content_words(content)) < 2:
        return SearchResult(query_text, 0, offset, (), suggestions=suggestions.similar_words(query, index))
    best = _reranked(index, content, list(islice(found, RERANKED_HITS)))
    if offset > len(best):
        page = index.find_any_word(content, limit=limit, offset=offset)[1]
    else:
        page = islice(chain(best, found), offset, offset + limit)
    terms = [Term(word, exact=True) for word in _content_words(content)]
    hits = tuple(Hit(article, score, snippet(article, terms)) for score, article in page)
    words = [normal_form(word) for term in queries.wanted_terms(query) for word in term_words(term)]
    partial_only = not any(_contains_all(words, article) for _, article in best)
    return SearchResult(query_text, total, offset, hits, partial_only=partial_only)


def _contains_all(words: Sequence[str], article: Article) -> bool:
    """True if the article contains the characters of every word."""
    text = normal_form("\n".join((article.title, article.kicker, article.deck, article.body)))
    return all(word in text for word in words)
