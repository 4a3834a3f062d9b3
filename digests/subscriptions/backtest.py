"""Back-test: the articles that a subscription would have reported if it had existed since the oldest issue.

The index finds candidates, the matcher selects the matching ones, and repeats are left out. Alerts use the same matcher
and the same rule for repeats, so a back-test and alerts give the same articles.
"""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, islice, repeat

from digests import text
from digests.analysis import Labeller
from digests.errors import JianbaoError
from digests.language.normal_form import normal_form, normal_text
from digests.matching import NO_LABELS, ArticleMatcher, article_fields
from digests.matching.subscription_matcher import required_terms
from digests.models import Article, Issue, Reason, Snippet
from digests.query import And, DayRange, Near, Not, Or, Query, Term, parse, wanted_terms
from digests.search.index import Index
from digests.subscriptions import alerts
from digests.subscriptions.refinements import propose_forms

ONE_YEAR = timedelta(days=365)
MAX_LOOK_ALIKES = 3
OLDER_SHARE = 0.1
"""Share of the articles read that is kept for the years before the last one, where counts are estimated."""
DAYS_PER_WEEK = 7
LABELLED_AT_ONCE = 32
"""Articles whose labels are found together, which is faster."""
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
    """The hits among the articles read, newest first, undated ones last."""
    total: int
    """Number of hits."""
    last_year: int
    """Number of hits in the 365 days up to the newest issue."""
    issues: int
    """Number of issues in the archive."""
    total_is_estimate: bool = False
    """True if only a sample of the candidates was read; `by_month` then has estimates too."""
    last_year_is_estimate: bool = False
    """True if only a sample of the last year's candidates was read."""
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


class BacktestStopped(JianbaoError):
    """The caller stopped the back-test before its end."""


def backtest(
    index: Index,
    query: str,
    issues: Sequence[Issue],
    whole: Callable[[Article], Article],
    labeller: Labeller,
    *,
    max_articles: int | None = None,
    stop: threading.Event | None = None,
) -> Backtest:
    """Return the back-test of `query` over `issues`, all issues of the index; raises QueryError.

    `whole` returns the complete story of an article that is one part of a continued story. With more candidates than
    `max_articles`, only a sample is read, as `plan_reading` says. Raises BacktestStopped once `stop` is set.
    """
    parsed = parse(query)
    newest = max((issue.day for issue in issues), default=date.min)
    candidates = _Candidates(index, parsed)
    plan = plan_reading(candidates.by_day(), newest, max_articles)
    matches: dict[str, BacktestHit] = {}
    look_alikes: list[LookAlike] = []
    for matcher in _matchers(candidates.read(plan), parsed, whole, labeller, stop or threading.Event()):
        if reason := matcher.match(parsed):
            matches[matcher.article.id] = BacktestHit(matcher.article, reason)
        elif look_alike := _look_alike(parsed, matcher):
            look_alikes = sorted([*look_alikes, look_alike], key=_newest_first)[:MAX_LOOK_ALIKES]
    in_order = sorted((match.article for match in matches.values()), key=alerts.issue_order)
    hits = tuple(matches[article.id] for article in alerts.without_repeats(in_order))[::-1]
    days = Counter(hit.article.date for hit in hits if hit.article.date)
    by_month, last_year = plan.estimate(days)
    total = sum(by_month.values()) + sum(hit.article.date is None for hit in hits)
    tighter, looser = propose_forms(parsed, [hit.reason for hit in hits])
    return Backtest(
        query=str(parsed),
        hits=tuple(sorted(hits, key=_newest_first)),
        total=total,
        last_year=last_year,
        issues=len(issues),
        total_is_estimate=plan.read is not None,
        last_year_is_estimate=not plan.reads_last_year,
        by_month=by_month,
        busiest=max(days.items(), key=lambda entry: (entry[1], entry[0]), default=None),
        look_alikes=tuple(look_alikes),
        tighter=tighter,
        looser=looser,
        firehose=total > max(FIREHOSE_MIN_HITS, FIREHOSE_HITS_PER_ISSUE * len(issues)),
    )


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """Which days of the candidates are read, and how the counts of the other days follow from them."""

    counts: Mapping[date, int]
    """Number of candidates by day."""
    newest: date
    read: frozenset[date] | None = None
    """The days to read; None means all candidates, also undated ones."""

    @property
    def reads_last_year(self) -> bool:
        """True if all candidates of the last year are read."""
        return self.read is None or self._part(in_last_year=True).keys() <= self.read

    def estimate(self, hits: Mapping[date, int]) -> tuple[Mapping[str, int], int]:
        """Return the hits by month, and those of the last year, from the hits by day among the articles read.

        The archive has two parts, the last year and the years before. Where a part was not read as a whole, its
        candidates are multiplied by the share of hits among those read.
        """
        by_month = Counter[str]()
        last_year = 0.0
        for in_last_year in (True, False):
            expected = self._expected_hits(self._part(in_last_year=in_last_year), hits)
            for month, days in groupby(sorted(expected), key=lambda day: str(day)[:7]):
                by_month[month] += round(sum(expected[day] for day in days))
            if in_last_year:
                last_year = sum(expected.values())
        return {month: count for month, count in sorted(by_month.items()) if count}, round(last_year)

    def _part(self, *, in_last_year: bool) -> Mapping[date, int]:
        """Return the days of the last year, or the days before it, with their candidates."""
        return {day: count for day, count in self.counts.items() if (self.newest - day < ONE_YEAR) == in_last_year}

    def _expected_hits(self, part: Mapping[date, int], hits: Mapping[date, int]) -> Mapping[date, float]:
        """Return the hits of each day of a part: as counted if the part was read as a whole, otherwise estimated."""
        read = part.keys() if self.read is None else part.keys() & self.read
        if len(read) == len(part):
            return {day: hits.get(day, 0) for day in part}
        candidates = sum(part[day] for day in read)
        share = sum(hits.get(day, 0) for day in read) / candidates if candidates else 0.0
        return {day: count * share for day, count in part.items()}


def plan_reading(counts: Mapping[date, int], newest: date, max_articles: int | None) -> ReadingPlan:
    """Plan to read at most about `max_articles` candidates of the days in `counts`; None reads all.

    The last year is read as a whole if it leaves OLDER_SHARE of `max_articles` for earlier days; of earlier days, and
    of a year with more candidates, every n-th day is read.
    """
    if max_articles is None or sum(counts.values()) <= max_articles:
        return ReadingPlan(counts, newest)
    year = {day: count for day, count in counts.items() if newest - day < ONE_YEAR}
    older = {day: count for day, count in counts.items() if day not in year}
    older_budget = int(max_articles * OLDER_SHARE) if older else 0
    return ReadingPlan(counts, newest, _spread(year, max_articles - older_budget) | _spread(older, older_budget))


def _spread(counts: Mapping[date, int], budget: int) -> frozenset[date]:
    """Return every n-th day, from the newest on, with about `budget` candidates in all."""
    step = max(1, math.ceil(sum(counts.values()) / max(budget, 1)))
    if step % DAYS_PER_WEEK == 0:  # otherwise only the issues of one weekday, with their own sections, would be read
        step += 1
    return frozenset(sorted(counts, reverse=True)[::step])


class _Candidates:
    """The articles that a query may match, found by the index."""

    def __init__(self, index: Index, query: Query) -> None:
        self._index = index
        self._terms = required_terms(query)
        parts = query.parts if isinstance(query, And) else (query,)
        days = next((part for part in parts if isinstance(part, DayRange)), DayRange(None, None))
        self._first, self._last = days.first, days.last

    def by_day(self) -> Mapping[date, int]:
        """Return the number of dated candidates by day, without reading them."""
        return self._index.mention_days(self._terms, self._first, self._last)

    def read(self, plan: ReadingPlan) -> Iterator[Article]:
        """Yield the candidates that the plan names."""
        return self._index.mentioning(self._terms, self._first, self._last, plan.read)


def _matchers(
    candidates: Iterable[Article],
    query: Query,
    whole: Callable[[Article], Article],
    labeller: Labeller,
    stop: threading.Event,
) -> Iterator[ArticleMatcher]:
    """Yield a matcher for each candidate; the parts of a continued story are one candidate."""
    wholes = map(whole, candidates)
    seen: set[str] = set()
    while group := tuple(islice(wholes, LABELLED_AT_ONCE)):
        if stop.is_set():
            raise BacktestStopped("the back-test was stopped")
        new = list({article.id: article for article in group if article.id not in seen}.values())
        seen.update(article.id for article in new)
        labels = labeller.label_all(new) if _needs_labels(query) else repeat(NO_LABELS)
        yield from map(ArticleMatcher, new, labels)


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


def _look_alike(query: Query, matcher: ArticleMatcher) -> LookAlike | None:
    """Return an unmatched article with the sentence that contains the characters of a plain term; None without one."""
    for term in wanted_terms(query):
        characters = normal_form(term.text)
        if not term.exact and not term.field and characters in matcher.normalised_text and not matcher.contains(term):
            return LookAlike(matcher.article, _sentence_with(matcher.article, characters))
    return None


def _newest_first(item: BacktestHit | LookAlike) -> int:
    """Return the sort key for the newest day first, undated articles last."""
    return -(item.article.date or date.min).toordinal()


def _sentence_with(article: Article, characters: str) -> Snippet:
    """Return the first sentence that contains the characters, with the characters marked; without one, the title."""
    for _, value in article_fields(article):
        for start, end in text.sentences(value):
            sentence = value[start:end]
            normal = normal_text(sentence)
            at = normal.text.find(characters)
            if at >= 0:
                return Snippet(sentence, (normal.printed((at, at + len(characters))),))
    return Snippet(article.title)
