"""Build the stored digests that are missing or stale, on all cores.

A digest depends on the digests of the issues before it. Its fingerprint therefore includes their fingerprints: if one
digest changes, all later ones are stale.
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
from digests.digest.history import HISTORY_ISSUES
from digests.ingest.parallel import parallel_map
from digests.models import Article, Digest, Issue
from digests.storage.stores import DigestStore

MIN_DIGESTS_PER_WRITE = 200
"""Minimum number of digests between two writes of the store; a crash loses the digests since the last write."""


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

    def digest(self, issue: Issue, earlier: Iterable[date]) -> Digest:
        """Return the stored digest of `issue`, or build one if it is missing or stale.

        `earlier` are the days of earlier issues, newest first.
        """
        days = tuple(islice(earlier, HISTORY_ISSUES))
        fingerprints = [known for day in days if (known := self._store.fingerprint(day))]
        stored = self._store.get(issue.day)
        if stored and stored.fingerprint == digesting.fingerprint(issue, fingerprints, self._method):
            return stored
        history = [digest for day in days if (digest := self._store.get(day))]
        articles = self._articles(issue.day)
        return digesting.build(issue, articles, stories=self._stories, earlier=history, themes=self._themes)

    def update(
        self, issues: Collection[Issue], progress: Callable[[int, int], None], stopping: threading.Event
    ) -> None:
        """Build all missing or stale digests of `issues` (oldest first); remove digests of days without an issue.

        `progress` is called with the number of digests built so far and the total. `stopping` ends the update early.
        """
        fingerprints = self._store.fingerprints()
        for day in fingerprints.keys() - {issue.day for issue in issues}:
            self._store.remove(day)
        stale = self._stale(issues, fingerprints)
        articles = (self._articles(issue.day) for issue, _ in stale)
        found = parallel_map(partial(candidates.issue_candidates, themes=self._themes), articles)
        unsaved: list[Digest] = []
        recent: dict[date, Digest] = {}
        for count, ((issue, earlier), issue_candidates) in enumerate(zip(stale, found, strict=True), 1):
            known = (recent.get(day) or self._store.get(day) for day in earlier)
            history = [digest for digest in known if digest]
            digest = digesting.build_from_candidates(
                issue, issue_candidates, stories=self._stories, earlier=history, themes=self._themes
            )
            unsaved.append(digest)
            recent = {digest.day: digest for digest in (*history, digest)}
            progress(count, len(stale))
            # Each write rewrites the whole file; growing batches keep the total cost proportional to the count.
            if len(unsaved) >= max(MIN_DIGESTS_PER_WRITE, count // 2):
                self._store.put_many(unsaved)
                unsaved = []
            if stopping.is_set():
                break
        if unsaved:
            self._store.put_many(unsaved)

    def _stale(self, issues: Iterable[Issue], fingerprints: Mapping[date, str]) -> list[tuple[Issue, tuple[date, ...]]]:
        """Return the issues whose digest is missing or stale, each with the days its digest is compared with."""
        stale: list[tuple[Issue, tuple[date, ...]]] = []
        earlier: deque[tuple[date, str]] = deque(maxlen=HISTORY_ISSUES)  # days and fingerprints, newest first
        for issue in issues:
            fingerprint = digesting.fingerprint(issue, [known for _, known in earlier], self._method)
            if fingerprints.get(issue.day) != fingerprint:
                stale.append((issue, tuple(day for day, _ in earlier)))
            earlier.appendleft((issue.day, fingerprint))
        return stale
