"""Build the stored digests that are missing or stale, on all cores.

A digest depends on the digests of the issues before it. Its fingerprint therefore includes their fingerprints: if one
digest changes, all later ones are stale. A digest that cannot be built is left out of the history of the later ones,
and the next update tries again. The digests of a month are stored in one write; a crash loses those since the last one.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice

from digests import digest as digesting
from digests.analysis.themes import Theme
from digests.digest import candidates
from digests.digest.candidates import Candidate
from digests.digest.history import HISTORY_ISSUES, EarlierIssue
from digests.errors import DigestFailed
from digests.guard import Problem, guard
from digests.ingest.parallel import parallel_map
from digests.models import Article, Digest, Issue
from digests.storage.digest_months import day_month
from digests.storage.stores import DigestStore

Candidates = tuple[Candidate, ...]


class DigestBuilder:
    """Builds digests with a fixed maximum number of stories and fixed themes."""

    def __init__(
        self, store: DigestStore, articles: Callable[[date], Sequence[Article]], stories: int, themes: Sequence[Theme]
    ) -> None:
        """`articles` returns the articles of the issue of a day."""
        self._store = store
        self._articles = articles
        self._stories = stories
        self._themes = themes
        self._method = digesting.method_fingerprint(stories, themes)
        self._failed: frozenset[date] = frozenset()
        """The issues whose digest could not be built at the last update."""

    def digest(self, issue: Issue, earlier: Iterable[date]) -> Digest:
        """Return the stored digest of `issue`, or build one if it is missing or stale; raises DigestFailed.

        `earlier` are the days of earlier issues, newest first.
        """
        days = tuple(islice(earlier, HISTORY_ISSUES))
        fingerprints = [known for day in days if (known := self._store.fingerprint(day))]
        stored = self._store.get(issue.day)
        if stored and stored.fingerprint == digesting.fingerprint(issue, fingerprints, self._method):
            return stored
        found = _candidates_or_problem(self._articles_or_problem(issue), self._themes)
        built = self._build(issue, found, self._history(days, {}).values())
        if isinstance(built, Problem):
            raise DigestFailed(str(built))
        return built

    def update(
        self, issues: Collection[Issue], progress: Callable[[int, int], None], stopping: threading.Event
    ) -> list[Problem]:
        """Build all missing or stale digests of `issues` (oldest first); remove digests of days without an issue.

        `progress` is called with the number of digests built so far and the total. `stopping` ends the update early.
        Return the digests that could not be built.
        """
        fingerprints = self._store.fingerprints()
        self._store.remove_many(fingerprints.keys() - {issue.day for issue in issues})
        stale = self._stale(issues, fingerprints)
        issue_articles = (self._articles_or_problem(issue) for issue, _ in stale)
        find_candidates = partial(_candidates_or_problem, themes=self._themes)
        found = parallel_map(find_candidates, issue_articles, crashed=_crashed)
        unsaved: list[Digest] = []
        recent: dict[date, EarlierIssue] = {}
        problems: dict[date, Problem] = {}
        for count, ((issue, earlier), issue_candidates) in enumerate(zip(stale, found, strict=True), 1):
            recent = self._history(earlier, recent)
            if unsaved and day_month(unsaved[0].day) != day_month(issue.day):
                self._store.put_many(unsaved)
                unsaved = []
            digest = self._build(issue, issue_candidates, recent.values())
            if isinstance(digest, Problem):
                problems[issue.day] = digest
                self._store.remove_many([issue.day])
            else:
                unsaved.append(digest)
                recent[digest.day] = EarlierIssue(digest)
            progress(count, len(stale))
            if stopping.is_set():
                break
        if unsaved:
            self._store.put_many(unsaved)
        self._failed = frozenset(problems)
        return list(problems.values())

    def _history(self, days: Iterable[date], known: Mapping[date, EarlierIssue]) -> dict[date, EarlierIssue]:
        """Return the issues of `days` that have a digest; those not in `known` are read from the store."""
        issues: dict[date, EarlierIssue] = {}
        for day in days:
            if day in known:
                issues[day] = known[day]
            elif past := self._store.past(day):
                issues[day] = EarlierIssue(past)
        return issues

    def _articles_or_problem(self, issue: Issue) -> tuple[str, Sequence[Article] | Problem]:
        """Return the name of a digest and the articles of its issue."""
        problems: list[Problem] = []
        with guard(_name(issue), problems):
            return _name(issue), self._articles(issue.day)
        return _name(issue), problems[0]

    def _build(
        self, issue: Issue, issue_candidates: Candidates | Problem, history: Iterable[EarlierIssue]
    ) -> Digest | Problem:
        if isinstance(issue_candidates, Problem):
            return issue_candidates
        problems: list[Problem] = []
        with guard(_name(issue), problems):
            return digesting.build_from_candidates(
                issue, issue_candidates, stories=self._stories, earlier=tuple(history), themes=self._themes
            )
        return problems[0]

    def _stale(self, issues: Iterable[Issue], fingerprints: Mapping[date, str]) -> list[tuple[Issue, tuple[date, ...]]]:
        """Return the issues whose digest is missing or stale, each with the days its digest is compared with."""
        stale: list[tuple[Issue, tuple[date, ...]]] = []
        earlier: deque[tuple[date, str]] = deque(maxlen=HISTORY_ISSUES)  # days and fingerprints, newest first
        for issue in issues:
            known = [fingerprint for day, fingerprint in earlier if day not in self._failed]
            fingerprint = digesting.fingerprint(issue, known, self._method)
            if fingerprints.get(issue.day) != fingerprint:
                stale.append((issue, tuple(day for day, _ in earlier)))
            earlier.appendleft((issue.day, fingerprint))
        return stale


def _name(issue: Issue) -> str:
    return f"the digest of {issue.day} ({issue.paper or 'paper not known'})"


def _crashed(named_articles: tuple[str, Sequence[Article] | Problem]) -> Problem:
    return Problem(named_articles[0], "ended its process, probably for lack of memory")


def _candidates_or_problem(
    named_articles: tuple[str, Sequence[Article] | Problem], themes: Sequence[Theme]
) -> Candidates | Problem:
    """Return the candidates among the articles of an issue, in a worker process."""
    name, articles = named_articles
    if isinstance(articles, Problem):
        return articles
    problems: list[Problem] = []
    with guard(name, problems):
        return candidates.issue_candidates(articles, themes)
    return problems[0]
