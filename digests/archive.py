"""The front door: take in pages, and answer for an issue, an article, a search.

    new pages   files -> index (intake.py) -> digests

Digests are built from what the index holds after a commit, so that a crash at any point leaves a state from which the
next taking in goes on.
"""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from digests import digest as digesting
from digests import jumps, reading, search
from digests.errors import NoSuchIssue, UsageError
from digests.index import Index
from digests.intake import Announce, TakenIn, TakingIn
from digests.models import Article, DayPart, Digest, Issue, SearchResult, Source
from digests.store import Digests
from digests.themes import Theme

BATCH = 200
"""Files between two commits: so much is done again after a crash."""

Progress = Callable[[int, int], None]


class Archive:
    """The newspaper's archive: page files in `folder`, what is derived of them in `index` and `digests`."""

    def __init__(
        self,
        folder: Path,
        index: Index,
        digests: Digests,
        *,
        stories: int = digesting.STORIES,
        themes: Sequence[Theme] | None = None,
    ) -> None:
        """`stories` a digest tells at most; `themes` are the operator's own, None the usual ones."""
        self.folder = folder
        self._index = index
        self._digests = digests
        self._stories = stories
        self._themes = themes
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
        return jumps.join(self._index.articles("day", day.isoformat()))

    def article(self, article_id: str) -> Article | None:
        """The article with this id; of a story in several pieces, the whole story whichever piece is asked for."""
        article = self._index.article(article_id)
        if article and article.date and jumps.is_piece(article):
            return jumps.whole(article, self._index.articles("day", article.date.isoformat()))
        return article

    def search(
        self, query: str, *, limit: int = 5, offset: int = 0, newest: bool = False, today: date | None = None
    ) -> SearchResult:
        """The articles that match `query`, the best (or `newest`) first; raises QueryError where it means nothing.

        `today` gives 上周 and 去年 in a query their meaning.
        """
        return search.search(self._index, query, limit=limit, offset=offset, newest=newest, today=today)

    def digest(self, day: date | None = None) -> Digest:
        """The digest of `day`, of the newest issue without one; raises NoSuchIssue, and UsageError without any."""
        newest = next(iter(self._issues), None)
        if newest is None:
            raise UsageError(f"the archive {self.folder} has no dated issue yet; expected page files in it")
        issue = self.issue(day or newest)
        stored = self._digests.get(issue.day)
        earlier = [told for before in self._before(issue) if (told := self._digests.get(before.day))]
        if stored and stored.fingerprint == self._fingerprint(issue, [told.fingerprint for told in earlier]):
            return stored
        return self._built(issue, earlier)

    def _before(self, issue: Issue) -> list[Issue]:
        """The issues that its digest looks back at, the newest first."""
        earlier = (other for day, other in self._issues.items() if day < issue.day)
        return list(islice(earlier, digesting.LOOK_BACK))

    # ---- changing

    def take_in(
        self,
        paths: Sequence[Path] | None = None,
        *,
        announce: Announce = lambda _: None,
        progress: Progress = lambda _done, _all: None,
        settled: datetime | None = None,
    ) -> TakenIn:
        """Take in the archive folder, or only `paths`, as far as they changed, then build the digests anew.

        `announce` is told the ids of new articles before the commit that makes them visible. With `settled` (now),
        files changed in the last seconds are left for the next time, as they may still be being copied. What vanished
        from the folder is withdrawn. A file that cannot be read is reported, and what was read of it before stays.
        """
        with self._changing:
            taking = TakingIn(self._index, self.folder, announce)
            files = taking.files(paths)
            changed = taking.changed(files, settled)
            for count, read in enumerate(reading.read_all(changed, taking.notes), 1):
                taking.take(read)
                progress(count, len(changed))
                if count % BATCH == 0:
                    self._commit(taking)
                if self._closing.is_set():
                    break
            else:
                taking.take_yearless()
                taking.withdraw_vanished()
            self._commit(taking)
            self._build_digests()
            return taking.report()

    def _commit(self, taking: TakingIn) -> None:
        """Make what was taken in so far visible; a digest asked for before it is stored is built for its reader."""
        taking.commit()
        self._issues = _issues(taking.sources)

    def _build_digests(self) -> None:
        """Bring the stored digests up to what the index holds and to the method of today, the oldest first.

        A digest looks back at those before it, so whatever changes one is in the fingerprints of those after it.
        """
        prints = self._digests.fingerprints()
        for day in prints.keys() - self._issues.keys():
            self._digests.remove(day)
        fresh: dict[date, Digest] = {}
        for issue in reversed(self.issues()):
            if self._closing.is_set():
                break
            before = self._before(issue)
            wanted = self._fingerprint(issue, [prints[other.day] for other in before if other.day in prints])
            if prints.get(issue.day) != wanted:
                earlier = [fresh.get(other.day) or self._digests.get(other.day) for other in before]
                fresh[issue.day] = self._built(issue, [told for told in earlier if told])
                prints[issue.day] = wanted
            if len(fresh) == BATCH:
                self._digests.put_many(list(fresh.values()))
                fresh = {}
        self._digests.put_many(list(fresh.values()))

    def _fingerprint(self, issue: Issue, earlier: Sequence[str]) -> str:
        return digesting.fingerprint(issue, stories=self._stories, earlier=earlier, choice=self._themes)

    def _built(self, issue: Issue, earlier: Sequence[Digest]) -> Digest:
        articles = self.articles(issue.day)
        return digesting.build(issue, articles, stories=self._stories, earlier=earlier, choice=self._themes)

    def check(self) -> list[str]:
        """What is wrong between the folder, the index and the digests, in plain words; empty where all is well."""
        taking = TakingIn(self._index, self.folder, lambda _: None)
        files = dict(taking.files(None))
        sources = self._index.sources()
        problems = [f"{trouble.file}: {trouble.problem}" for trouble in taking.report().troubles]
        problems += [f"{name} is not taken in yet" for name in sorted(files.keys() - sources.keys())]
        gone = [name for name in sources if not (self.folder / name).exists()]
        problems += [f"{name} was taken in and is gone from the archive" for name in sorted(gone)]
        held = sum(part.articles for source in sources.values() for part in source.days)
        held += sum(source.undated for source in sources.values())
        if held != self._index.count():
            problems.append(f"the index holds {self._index.count()} articles, its source records say {held}")
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


def _issues(sources: Iterable[Source]) -> dict[date, Issue]:
    """The issues that the sources make together, the newest first."""
    by_day: dict[date, list[DayPart]] = defaultdict(list)
    for source in sorted(sources, key=lambda source: source.name):
        for part in source.days:
            by_day[part.day].append(part)
    return {day: _issue(day, by_day[day]) for day in sorted(by_day, reverse=True)}


def _issue(day: date, parts: Sequence[DayPart]) -> Issue:
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
