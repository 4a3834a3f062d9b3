"""The front door: take in pages, and answer for an issue, an article, a search.

    new pages   files -> index (intake.py) -> digests

Digests are built from what the index holds after a commit, so that a crash at any point leaves a state from which the
next taking in goes on.
"""

import hashlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice, tee
from pathlib import Path
from typing import Literal

from digests import digest as digesting
from digests import search
from digests.analysis import Labeller
from digests.digest import candidates
from digests.digest.history import HISTORY_ISSUES
from digests.errors import NoSuchIssue, UsageError
from digests.ingest import Announce, Ingest, IngestReport, reader
from digests.ingest.parallel import parallel_map
from digests.models import Article, Digest, Issue, SearchResult, SourceFile
from digests.search import Facets
from digests.search import related as relating
from digests.search.index import Index
from digests.segment import continued
from digests.storage.stores import DigestStore
from digests.subscriptions.backtest import Backtest, backtest

FILES_PER_COMMIT = 200
"""Files between two commits: so much is done again after a crash."""

Phase = Literal["labelling", "reading", "building"]
Progress = Callable[[Phase, int, int], None]
"""Called with the phase, how many articles, files or digests of it are done, and of how many."""


class Archive:
    """The newspaper's archive: page files in `folder`, what is derived of them in `index` and `digests`."""

    def __init__(
        self,
        folder: Path,
        index: Index,
        digests: DigestStore,
        *,
        stories: int = digesting.MAX_STORIES,
        labeller: Labeller | None = None,
    ) -> None:
        """`stories` is the most that a digest has; without a `labeller` the built-in themes count."""
        self.folder = folder
        self._index = index
        self._digests = digests
        self._stories = stories
        self.labeller = labeller or Labeller()
        self._method = digesting.method_fingerprint(stories, self.labeller.themes)
        self._changing = threading.Lock()
        self._closing = threading.Event()
        self._issues = _issues(index.sources().values())

    # ---- answering

    def issues(self) -> list[Issue]:
        """All issues, the newest first."""
        return list(self._issues.values())

    def issue(self, day: date) -> Issue:
        """The issue of `day`; raises NoSuchIssue, which names the nearest ones."""
        issues = self._issues  # a taking in may put another in its place at any time
        if day not in issues:
            raise NoSuchIssue(day, sorted(issues, key=lambda other: abs(other - day))[:3])
        return issues[day]

    def articles(self, day: date) -> list[Article]:
        """The articles of the issue of `day` in page order, stories that jump to another page made whole."""
        return continued.join_continued(self._index.articles("day", day.isoformat()))

    def sections(self, day: date) -> dict[str, list[Article]]:
        """The stories of the issue of `day` by what they are about first; "" for those about nothing known."""
        by_theme: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles(day):
            if article.kind not in candidates.UNRANKED_KINDS:
                by_theme[next(iter(self.labeller.theme_names(article)), "")].append(article)
        return dict(by_theme)

    def article(self, article_id: str) -> Article | None:
        """The article with this id; of a story in several pieces, the whole story whichever piece is asked for."""
        article = self._index.article(article_id)
        if article and article.date and continued.is_continued(article):
            return continued.whole_story(article, self._index.articles("day", article.date.isoformat()))
        return article

    def story(self, article_id: str) -> tuple[Article, frozenset[str]] | None:
        """The same with the ids of all its pieces, by any of which it may have been known before it was whole."""
        article = self._index.article(article_id)
        if article and article.date and continued.is_continued(article):
            of_day = self._index.articles("day", article.date.isoformat())
            return continued.whole_story(article, of_day), continued.piece_ids(article, of_day)
        return (article, frozenset({article.id})) if article else None

    def search(
        self, query: str, *, limit: int = 5, offset: int = 0, newest: bool = False, today: date | None = None
    ) -> SearchResult:
        """The articles that match `query`, the best (or `newest`) first; raises QueryError where it means nothing.

        `today` gives 上周 and 去年 in a query their meaning.
        """
        return search.search(self._index, query, limit=limit, offset=offset, newest=newest, today=today)

    def facets(self, query: str, *, today: date | None = None) -> Facets:
        """How the articles that match `query` fall into months, themes, people, places and organisations."""
        return search.facets(self._index, query, today=today)

    def backtest(self, query: str) -> Backtest:
        """What a subscription to `query` would have brought so far; raises QueryError where it means nothing."""
        return backtest(self._index, query, self.issues(), self._whole, self.labeller)

    def _whole(self, article: Article) -> Article:
        return (self.article(article.id) or article) if continued.is_continued(article) else article

    def related(self, article_id: str, limit: int = 5) -> list[Article]:
        """At most `limit` articles that tell of the same as this one, the closest first; none for an unknown id."""
        story = self.story(article_id)
        return relating.related(self._index, story[0], limit=limit, pieces=story[1]) if story else []

    def digest(self, day: date | None = None) -> Digest:
        """The digest of `day`, of the newest issue without one; raises NoSuchIssue, and UsageError without any."""
        newest = next(iter(self._issues), None)
        if newest is None:
            undated = sum(source.undated for source in self._index.sources().values())
            why = f"the day of its {undated} articles is not known; say it in archive.toml" if undated else ""
            raise UsageError(f"the archive {self.folder} has no dated issue yet; {why or 'expected page files in it'}")
        issue = self.issue(day or newest)
        stored = self._digests.get(issue.day)
        days = [other.day for other in self._before(issue)]
        prints = [mark for other in days if (mark := self._digests.fingerprint(other))]
        if stored and stored.fingerprint == digesting.fingerprint(issue, prints, self._method):
            return stored
        return self._built(issue, [one for other in days if (one := self._digests.get(other))])

    def _before(self, issue: Issue) -> list[Issue]:
        """The issues that its digest looks back at, the newest first."""
        earlier = (other for day, other in self._issues.items() if day < issue.day)
        return list(islice(earlier, HISTORY_ISSUES))

    # ---- changing

    def ingest(
        self,
        paths: Sequence[Path] | None = None,
        *,
        announce: Announce = lambda _: None,
        progress: Progress = lambda _phase, _done, _all: None,
        settled: datetime | None = None,
    ) -> IngestReport:
        """Take in the archive folder, or only `paths`, as far as they changed, then build the digests anew.

        `announce` is told of new articles, and of those that read anew, before the commit that makes them visible. With
        `settled` (now), files changed in the last seconds are left for the next time, as they may still be being
        copied. What vanished from the folder is withdrawn. A file that cannot be read is reported, and what was read of
        it before stays.
        """
        with self._changing:
            self._relabel(progress)
            taking = Ingest(self._index, self.folder, announce)
            files = taking.files(paths)
            changed = taking.changed(files, settled)
            whole = reader.expected_reads(changed)
            for count, read in enumerate(reader.read_files(changed, taking.notes, self.labeller), 1):
                taking.take(read)
                progress("reading", count, max(count, whole))
                if count % FILES_PER_COMMIT == 0 and read.ends:
                    self._commit(taking)
                if self._closing.is_set():
                    break
            else:
                taking.take_yearless()
                taking.withdraw_vanished()
            self._commit(taking)
            self._build_digests(progress)
            return taking.report()

    def _relabel(self, progress: Progress) -> None:
        """Label all articles anew, in one commit, where the labels in the index were found with other themes."""
        if self._index.labels_fingerprint() == self.labeller.fingerprint:
            return
        whole = self._index.count()
        stored, unlabelled = tee(self._index.stored_articles())
        labels = parallel_map(self.labeller.label, (article for _, article in unlabelled))
        self._index.remove_articles()
        for count, ((source, article), found) in enumerate(zip(stored, labels, strict=True), 1):
            self._index.add_articles(source, [article], [found])
            progress("labelling", count, whole)
            if self._closing.is_set():
                self._index.rollback()  # the next start labels them
                return
        self._index.put_labels_fingerprint(self.labeller.fingerprint)
        self._index.commit()

    def _commit(self, taking: Ingest) -> None:
        """Make what was taken in so far visible; a digest asked for before it is stored is built for its reader."""
        taking.commit()
        self._issues = _issues(taking.sources)

    def _build_digests(self, progress: Progress) -> None:
        """Bring the stored digests up to what the index holds and to the method of today, the oldest first.

        A digest looks back at those before it, so whatever changes one is in the fingerprints of those after it.
        """
        prints = self._digests.fingerprints()
        for day in prints.keys() - self._issues.keys():
            self._digests.remove(day)
        stale = self._stale(prints)
        articles = (self.articles(issue.day) for issue, _ in stale)
        found = parallel_map(partial(candidates.issue_candidates, themes=self.labeller.themes), articles)
        unsaved: list[Digest] = []
        recent: dict[date, Digest] = {}
        for count, ((issue, before), of_issue) in enumerate(zip(stale, found, strict=True), 1):
            known = (recent.get(day) or self._digests.get(day) for day in before)
            earlier = [digest for digest in known if digest]
            unsaved.append(
                digesting.build_from_candidates(
                    issue, of_issue, stories=self._stories, earlier=earlier, themes=self.labeller.themes
                )
            )
            recent = {digest.day: digest for digest in (*earlier, unsaved[-1])}
            progress("building", count, len(stale))
            # Each write is of the whole file: growing batches keep a backfill's cost in proportion to its length.
            if len(unsaved) >= max(FILES_PER_COMMIT, count // 2):
                self._digests.put_many(unsaved)
                unsaved = []
            if self._closing.is_set():
                break
        if unsaved:
            self._digests.put_many(unsaved)

    def _stale(self, prints: Mapping[date, str]) -> list[tuple[Issue, tuple[date, ...]]]:
        """The issues whose digests are to be built, the oldest first, each with the days that its digest looks back at.

        `prints` are the fingerprints of the digests there are.
        """
        stale: list[tuple[Issue, tuple[date, ...]]] = []
        before: deque[tuple[date, str]] = deque(maxlen=HISTORY_ISSUES)  # with their fingerprints, the newest first
        for issue in reversed(self.issues()):
            wanted = digesting.fingerprint(issue, [fingerprint for _, fingerprint in before], self._method)
            if prints.get(issue.day) != wanted:
                stale.append((issue, tuple(day for day, _ in before)))
            before.appendleft((issue.day, wanted))
        return stale

    def _built(self, issue: Issue, earlier: Sequence[Digest]) -> Digest:
        articles = self.articles(issue.day)
        return digesting.build(issue, articles, stories=self._stories, earlier=earlier, themes=self.labeller.themes)

    def check(self) -> list[str]:
        """What is wrong between the folder, the index and the digests, in plain words; empty where all is well."""
        taking = Ingest(self._index, self.folder, lambda _: None)
        files = dict(taking.files(None))
        sources = self._index.sources()
        problems = [f"{trouble.file}: {trouble.problem}" for trouble in taking.report().problems]
        problems += [f"{name} is not taken in yet" for name in sorted(files.keys() - sources.keys())]
        gone = [name for name in sources if not (self.folder / name).exists()]
        problems += [f"{name} was taken in and is gone from the archive" for name in sorted(gone)]
        held = sum(part.articles for source in sources.values() for part in source.days)
        held += sum(source.undated for source in sources.values())
        if held != self._index.count():
            problems.append(f"the index holds {self._index.count()} articles, its source records say {held}")
        if sources and self._index.labels_fingerprint() != self.labeller.fingerprint:
            problems.append("the articles are labelled with other themes than those of the configuration")
        stored = self._digests.fingerprints()
        problems += [f"the digest of {day} is missing" for day in self._issues if day not in stored]
        problems += [f"the digest of {day} has no issue" for day in stored if day not in self._issues]
        return problems

    def stop_soon(self) -> None:
        """Let a taking in that is under way end after the file it is at; what it read so far is kept."""
        self._closing.set()

    def close(self) -> None:
        """Release the index's writer, once nothing is under way."""
        self.stop_soon()
        with self._changing:
            self._index.close()


def _issues(sources: Iterable[SourceFile]) -> dict[date, Issue]:
    """The issues that the sources make together, the newest first."""
    by_day: dict[date, list[Issue]] = defaultdict(list)
    for source in sorted(sources, key=lambda source: source.name):
        for part in source.days:
            by_day[part.day].append(part)
    return {day: _issue(day, by_day[day]) for day in sorted(by_day, reverse=True)}


def _issue(day: date, parts: Sequence[Issue]) -> Issue:
    articles = sum(part.articles for part in parts)
    together = "".join(part.fingerprint for part in parts)
    return Issue(
        day=day,
        paper="、".join(dict.fromkeys(part.paper for part in parts if part.paper)),
        pages=tuple(sorted({page for part in parts for page in part.pages})),
        articles=articles,
        notices=sum(part.notices for part in parts),
        quality=round(sum(part.quality * part.articles for part in parts) / articles, 4),
        fingerprint=hashlib.blake2b(together.encode(), digest_size=12).hexdigest(),
    )
