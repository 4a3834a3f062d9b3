"""Back-test: the articles that a subscription would have reported if it had existed since the oldest issue.

The index finds candidates, the matcher selects the matching ones, and repeats are left out. Alerts use the same matcher
and the same rule for repeats, so a back-test and alerts give the same articles.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from digests import text
from digests.analysis import Labeller
from digests.language.characters import normalise_in_place
from digests.matching import NO_LABELS, ArticleMatcher, article_fields
from digests.matching.subscription_matcher import required_terms
from digests.models import Article, Issue, Labels, Reason, Snippet
from digests.query import And, DayRange, Near, Not, Or, Query, Term, parse, wanted_terms
from digests.search.index import Index
from digests.subscriptions import alerts
from digests.subscriptions.refinements import propose_forms

ONE_YEAR = timedelta(days=365)
MAX_LOOK_ALIKES = 3
FIREHOSE_HITS_PER_ISSUE = 3
FIREHOSE_MIN_HITS = 10
"""A firehose has more hits than this and, on average, more than FIREHOSE_HITS_PER_ISSUE hits an issue."""


@dataclass(frozen=True, slots=True)
class BacktestHit:
    """An article that would have been reported, and the reason for its match."""

    article: Article
    reason: Reason


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An article that contains a term's characters but not the term as a word (长治 in 校长治学), and its sentence."""

    article: Article
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Backtest:
    """The result for one query."""

    query: str
    """The query in its normal form."""
    hits: tuple[BacktestHit, ...]
    """All hits, newest first, undated ones last."""
    last_year: int
    """Number of hits in the 365 days up to the newest issue."""
    issues: int
    """Number of issues in the archive."""
    by_month: Mapping[str, int] = field(default_factory=dict)
    """Number of hits by month (2022-08), oldest first; months without hits are missing."""
    busiest: tuple[date, int] | None = None
    """The day with the most hits (the latest such day) and its number of hits; None if no hit is dated."""
    look_alikes: tuple[LookAlike, ...] = ()
    """At most MAX_LOOK_ALIKES, newest first."""
    tighter: tuple[str, ...] = ()
    """Queries that match fewer articles on the same subject."""
    looser: tuple[str, ...] = ()
    """Queries that match more articles on the same subject."""
    firehose: bool = False
    """True if the subscription would report too many articles to read."""

    @property
    def total(self) -> int:
        return len(self.hits)


def backtest(
    index: Index, query: str, issues: Sequence[Issue], whole: Callable[[Article], Article], labeller: Labeller
) -> Backtest:
    """Return the back-test of `query` over `issues`, all issues of the index; raises QueryError.

    `whole` returns the complete story of an article that is one part of a continued story.
    """
    parsed = parse(query)
    label = labeller.label if _needs_labels(parsed) else _no_labels
    matchers = [ArticleMatcher(article, label(article)) for article in _candidates(index, parsed, whole)]
    matches = {
        matcher.article.id: BacktestHit(matcher.article, reason)
        for matcher in matchers
        if (reason := matcher.match(parsed))
    }
    in_order = sorted((match.article for match in matches.values()), key=alerts.issue_order)
    hits = tuple(matches[article.id] for article in alerts.without_repeats(in_order))[::-1]
    days = Counter(hit.article.date for hit in hits if hit.article.date)
    newest = max((issue.day for issue in issues), default=date.min)
    tighter, looser = propose_forms(parsed, [hit.reason for hit in hits])
    return Backtest(
        query=str(parsed),
        hits=tuple(sorted(hits, key=lambda hit: hit.article.date or date.min, reverse=True)),
        last_year=sum(count for day, count in days.items() if newest - day < ONE_YEAR),
        issues=len(issues),
        by_month=dict(sorted(Counter(f"{day:%Y-%m}" for day in days.elements()).items())),
        busiest=max(days.items(), key=lambda entry: (entry[1], entry[0]), default=None),
        look_alikes=tuple(islice(_look_alikes(parsed, matchers, matches.keys()), MAX_LOOK_ALIKES)),
        tighter=tighter,
        looser=looser,
        firehose=len(hits) > max(FIREHOSE_MIN_HITS, FIREHOSE_HITS_PER_ISSUE * len(issues)),
    )


def _candidates(index: Index, query: Query, whole: Callable[[Article], Article]) -> Iterable[Article]:
    """Return all articles that the query may match; the parts of a continued story are returned as one article."""
    terms = required_terms(query)
    if terms:
        found = index.mentioning(terms)
    else:
        parts = query.parts if isinstance(query, And) else (query,)
        days = next((part for part in parts if isinstance(part, DayRange)), None)
        found = index.between(days.first, days.last) if days else index.between(None, None)
    return {article.id: article for article in map(whole, found)}.values()


def _needs_labels(query: Query) -> bool:
    """True if the query searches labels: themes, persons, places or organisations."""
    match query:
        case Term():
            return query.field in ("theme", "person", "place", "org")
        case Not(part):
            return _needs_labels(part)
        case And(parts) | Or(parts) | Near(parts):
            return any(map(_needs_labels, parts))
        case _:
            return False


def _no_labels(_: Article) -> Labels:
    return NO_LABELS


def _look_alikes(query: Query, matchers: Iterable[ArticleMatcher], matched: Collection[str]) -> Iterator[LookAlike]:
    """Yield unmatched articles that contain the characters of a plain term, newest first."""
    plain = [term for term in wanted_terms(query) if not term.exact and not term.field]
    for matcher in sorted(matchers, key=lambda matcher: matcher.article.date or date.min, reverse=True):
        if matcher.article.id in matched:
            continue
        for term in plain:
            if normalise_in_place(term.text) in matcher.normalised_text and not matcher.contains(term):
                yield LookAlike(matcher.article, _sentence_with(matcher.article, normalise_in_place(term.text)))
                break


def _sentence_with(article: Article, characters: str) -> Snippet:
    """Return the first sentence that contains the characters, with the characters marked; without one, the title."""
    for _, value in article_fields(article):
        for start, end in text.sentences(value):
            sentence = value[start:end]
            at = normalise_in_place(sentence).find(characters)
            if at >= 0:
                return Snippet(sentence, ((at, at + len(characters)),))
    return Snippet(article.title)
