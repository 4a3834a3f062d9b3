"""Taking in: files -> pages -> segment -> index.

It is incremental: a file whose size, time, notes and method of reading are as they were is not read again. The index
changes by atomic commits, so that a crash at any point leaves a state from which the next taking in goes on.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from digests import pages, segment
from digests.errors import ArchiveNotesError, UnreadablePage
from digests.index import Index
from digests.models import Article, DayPart, Source
from digests.text import article_id

Announce = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be taken in, and why."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What one taking in did."""

    read: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    articles: int = 0
    new: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


class TakingIn:
    """One taking in, from the first file to the report."""

    def __init__(self, index: Index, folder: Path, announce: Announce) -> None:
        self._index = index
        self._folder = folder
        self._announce = announce
        self._known = index.sources()
        self._claimed: dict[str, str] = {}  # ids put since the last commit, with their sources
        self._fresh: list[str] = []
        self._new: list[str] = []
        self._undated: list[str] = []
        self._troubles: list[Trouble] = []
        self._read = self._unchanged = self._withdrawn = self._articles = 0
        try:
            self._notes = pages.load_notes(folder)
        except ArchiveNotesError as error:
            self._notes = pages.Notes()
            self._troubles.append(Trouble(pages.NOTES, str(error)))

    def files(self, paths: Sequence[Path] | None) -> list[tuple[str, Path]]:
        """The files to look at with their names: all of the folder, or `paths` with what is below them."""
        if paths is None:
            return [(path.relative_to(self._folder).as_posix(), path) for path in pages.find(self._folder)]
        files = [file for path in paths for file in (pages.find(path) if path.is_dir() else [path])]
        return [(self._name(file), file) for file in files]

    def _name(self, path: Path) -> str:
        absolute, folder = path.resolve(), self._folder.resolve()
        if absolute.is_relative_to(folder):
            return absolute.relative_to(folder).as_posix()
        return absolute.as_posix()

    def take(self, name: str, path: Path, settled_by: datetime | None) -> None:
        """Read one file if it changed."""
        try:
            fingerprint, changed = self._fingerprint(name, path)
            known = self._known.get(name)
            if known and known.fingerprint == fingerprint:
                self._unchanged += 1
                return
            if settled_by and changed > settled_by.timestamp():
                return
            articles = self._placed(name, list(self._articles_of(name, path)))
        except (UnreadablePage, OSError) as error:
            self._troubles.append(Trouble(name, str(error)))
            return
        self._index.replace(_source(name, fingerprint, articles), articles)
        self._read += 1
        self._articles += len(articles)
        if any(article.date is None for article in articles):
            self._undated.append(name)

    def _fingerprint(self, name: str, path: Path) -> tuple[str, float]:
        stat = path.stat()
        note = repr((self._notes.paper, self._notes.pages.get(name)))
        parts = f"{stat.st_size} {stat.st_mtime_ns} {segment.METHOD} {note}"
        return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest(), stat.st_mtime

    def _articles_of(self, name: str, path: Path) -> Iterator[Article]:
        if name.endswith((".jsonl", ".jsonl.gz")):
            yield from pages.ready_articles(path)
        else:
            page_name = Path(name).name if Path(name).is_absolute() else name
            yield from segment.read(pages.load_page(path, self._notes, name=page_name)).articles

    def _placed(self, name: str, articles: list[Article]) -> list[Article]:
        """The articles with ids that no other source has; equal texts in two sources are two articles."""
        placed = []
        for article in articles:
            again = 0
            while self._owner(article.id) not in (None, name):
                again += 1
                article = replace(article, id=article_id(article.body or article.title, again))  # noqa: PLW2901
            if self._owner(article.id) is None:
                self._fresh.append(article.id)
            self._claimed[article.id] = name
            placed.append(article)
        return placed

    def _owner(self, wanted: str) -> str | None:
        return self._claimed.get(wanted) or self._index.owner(wanted)

    def withdraw_all_but(self, found: set[str]) -> None:
        """Withdraw what was taken in from the folder and is not in it any more."""
        gone = [name for name in self._known if not Path(name).is_absolute() and name not in found]
        if gone and not found:  # a folder that is not mounted looks empty
            problem = f"the folder has no page file any more; {len(gone)} files taken in before are kept"
            self._troubles.append(Trouble(str(self._folder), problem))
            return
        for name in gone:
            self._index.withdraw(name)
        self._withdrawn += len(gone)

    def commit(self) -> None:
        """Announce what is new, then make it visible."""
        if self._fresh:
            self._announce(self._fresh)
        self._index.commit()
        self._new += self._fresh
        self._fresh, self._claimed = [], {}

    def report(self) -> TakenIn:
        return TakenIn(
            read=self._read,
            unchanged=self._unchanged,
            withdrawn=self._withdrawn,
            articles=self._articles,
            new=tuple(self._new),
            undated=tuple(self._undated),
            troubles=tuple(self._troubles),
        )


def settled_by(now: datetime) -> datetime:
    """Files changed after this moment may still be being copied."""
    return now - timedelta(seconds=3)


def _source(name: str, fingerprint: str, articles: Sequence[Article]) -> Source:
    by_day: dict[date, list[Article]] = defaultdict(list)
    for article in articles:
        if article.date:
            by_day[article.date].append(article)
    days = tuple(_day_part(day, of_day) for day, of_day in sorted(by_day.items()))
    return Source(name, fingerprint, days, undated=sum(article.date is None for article in articles))


def _day_part(day: date, articles: Sequence[Article]) -> DayPart:
    said = hashlib.blake2b("\n".join(map(repr, articles)).encode("utf-8", "surrogatepass"), digest_size=12)
    return DayPart(
        day=day,
        paper=articles[0].paper,
        pages=tuple(sorted({article.page for article in articles if article.page is not None})),
        articles=len(articles),
        notices=sum(article.kind == "notice" for article in articles),
        quality=round(sum(article.quality for article in articles) / len(articles), 4),
        fingerprint=said.hexdigest(),
    )
