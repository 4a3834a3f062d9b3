"""Query x index -> ranked hits, each with an excerpt.

as asked       every hit that holds what is wanted; those where the characters only meet by accident are left out
近形           where that is little: articles with a form that looks like the word
loosely        where that is nothing: articles that hold some of the words, question words left out
suggestions    where that is nothing either: words that look or sound like the one asked for
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from digests import query as queries
from digests import suggesting
from digests.closeness import Question
from digests.compiling import loose_words, words_of
from digests.excerpts import excerpt
from digests.index import Index
from digests.matching import Reader, level
from digests.models import Article, Excerpt, Hit, SearchResult
from digests.occurring import forgiving
from digests.query import And, Between, Near, Not, Or, Query, Term, Yearly

FEW = 3
"""Up to so many hits are little: then misread forms are looked for."""

QUESTION = 4
"""From so many words on, plain words are a question: what answers it best need not hold every word of it."""

RANKED = 40
"""Hits that are ranked anew by closeness."""

CHECKED = 60
"""So many hits are looked at one by one, so that the total is exact up to here."""

_Scored = list[tuple[float, Article]]


def search(
    index: Index, asked: str, *, limit: int, offset: int = 0, newest: bool = False, today: date | None = None
) -> SearchResult:
    """The hits from `offset` on, the best (or the newest) first; raises QueryError where `asked` means nothing.

    Where no article matches the whole query, those that hold some of its words are given and the result says so.
    """
    query = suggesting.with_name_forms(queries.parse(asked, today=today), index)
    shown = str(queries.parse(asked, today=today))
    if _is_question(query) and not newest:
        return _loosely(index, query, shown, limit, offset)
    total, found = _as_asked(index, query, limit, offset, newest=newest)
    wanted = queries.terms(query)
    hits = [Hit(article, score, excerpt(article, wanted)) for score, article in found]
    if total <= FEW and offset == 0 and (alike := _misread(index, query, {hit.article.id for hit in hits})):
        total += len(alike)
        hits = (hits + alike)[:limit]
    if 0 < total < limit and offset == 0 and _is_plain(query):
        rest = _loosely(index, query, shown, limit, 0)
        known = {hit.article.id for hit in hits}
        hits += [replace(hit, partial=True) for hit in rest.hits if hit.article.id not in known][: limit - len(hits)]
        total = max(total, len(hits))
    if total:
        facets = index.facets(query)
        fewer, more = suggesting.fewer_and_more(query, total, facets)
        return SearchResult(shown, total, offset, tuple(hits), facets=facets, fewer=fewer, more=more)
    if _is_plain(query):
        return _loosely(index, query, shown, limit, offset)
    return SearchResult(shown, 0, offset, (), suggestions=suggesting.meant_instead(query, index))


def _is_question(query: Query) -> bool:
    """Whether the query is many plain words, without signs that say exactly what is wanted."""
    return _is_plain(query) and len(_content(query)) >= QUESTION


def _is_plain(query: Query) -> bool:
    parts = query.parts if isinstance(query, And) else (query,)
    plain = all(isinstance(part, Term) and not (part.exact or part.field or part.sure) for part in parts)
    return plain and len(_content(query)) > 1


def _as_asked(index: Index, query: Query, limit: int, offset: int, *, newest: bool) -> tuple[int, _Scored]:
    """The number of articles that match, and those asked for; hits by accident of characters are passed over."""
    several = not newest and len(loose_words(query)) > 1
    reach = max(offset + limit + FEW, RANKED if several else 0)
    total, found = index.find(query, limit=reach, newest=newest)
    if several and offset < RANKED:
        found = _ranked(index, query, found[:RANKED]) + found[RANKED:]
    if total <= len(found):
        found = [hit for hit in found if _is_meant(query, hit[1])]
        return len(found), found[offset : offset + limit]
    kept: _Scored = []
    for looked, hit in enumerate(found):
        if looked >= CHECKED or _is_meant(query, hit[1]):
            kept.append(hit)
        else:
            total -= 1
        if len(kept) == offset + limit:
            break
    return total, kept[offset:]


def _is_meant(query: Query, article: Article) -> bool:
    """Whether the article holds the query's words as words, and not only their characters in a row."""
    return _holds(query, Reader(article))


def _holds(query: Query, reader: Reader) -> bool:
    match query:
        case Term():
            if query.exact or query.field or len(words_of(query)) > 1:
                return True  # the index knows these as well as the reader does
            return reader.stands(query)
        case Near():
            return reader.matches(query) is not None
        case And(parts):
            return all(_holds(part, reader) for part in parts)
        case Or(parts):
            return any(_holds(part, reader) for part in parts if _found_in(part, reader))
        case Not() | Between() | Yearly():
            return True


def _found_in(query: Query, reader: Reader) -> bool:
    """Whether the characters of a plain term stand in the article at all."""
    return not isinstance(query, Term) or bool(query.field) or level(query.text) in reader.row


def _ranked(index: Index, query: Query, found: _Scored) -> _Scored:
    """The hits of a question of several words, the closest first."""
    if not found:
        return found
    size = index.count()

    def rarity(field: str, term: str) -> float:
        return math.log(1 + size / (index.frequency(term, field) + 0.5))

    asked = Question(" ".join(term.text for term in queries.terms(query)), loose_words(query), rarity)
    best = max(score for score, _ in found) or 1.0
    anew = [(asked.closeness(article, score / best), article) for score, article in found]
    return sorted(anew, key=lambda hit: -hit[0])


def _misread(index: Index, query: Query, known: set[str]) -> list[Hit]:
    """Articles that hold a form which looks like the term of a query of one term."""
    if not isinstance(query, Term) or not forgiving(query):
        return []
    hits = []
    for score, article in index.find_misread(query, limit=CHECKED)[1]:
        reason = Reader(article).matches(query) if article.id not in known else None
        if reason and reason.rule == "alike":
            shown = reason.excerpt if reason.where == "body" else excerpt(article, [query], alike=True)
            hits.append(Hit(article, score, shown, alike=True))
    return hits


def _loosely(index: Index, query: Query, shown: str, limit: int, offset: int) -> SearchResult:
    """Hits that hold some of the words; without any, what else could have been meant."""
    loose = suggesting.without_question_words(query)
    total, found = index.find_any(loose, limit=max(RANKED, offset + limit))
    if not total or len(_content(loose)) < 2:
        return SearchResult(shown, 0, offset, (), suggestions=suggesting.meant_instead(query, index))
    ranked = _ranked(index, loose, found[:RANKED]) + found[RANKED:]
    wanted = [Term(word, exact=True) for word in _content(loose)]
    hits = tuple(Hit(article, score, excerpt(article, wanted)) for score, article in ranked[offset : offset + limit])
    whole = index.find(query, limit=1)[0]
    return SearchResult(shown, total, offset, hits, loose=not whole)


def _content(query: Query) -> list[str]:
    """The words of a query that say something: those of more than one character."""
    return [word for word in loose_words(query) if len(word) > 1]


def marked(query: Query, article: Article) -> Excerpt:
    """The excerpt of `article` that shows best what `query` wants."""
    return excerpt(article, queries.terms(query))


__all__: Sequence[str] = ("excerpt", "marked", "search")
