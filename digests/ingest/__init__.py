"""Taking in: files -> articles -> index.

It is incremental: a file whose size, time, notes and method of reading are as they were is not read again. The index
changes by atomic commits, so that a crash at any point leaves a state from which the next taking in goes on.
"""

import hashlib
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from digests import pages, segment
from digests.ingest.reader import FoundFile, ReadFile, SourceTally
from digests.matching import article_fields
from digests.models import Article, NewArticle, SourceFile
from digests.pages import archive_notes, issue_date
from digests.search.index import Index
from digests.segment.quality import POOR_QUALITY
from digests.text import article_id, containment, jaccard_similarity, shingles

Announce = Callable[[Sequence[NewArticle]], None]

SAME_ARTICLE_RESEMBLANCE = 0.6
"""Resemblance from which on an article of a changed file is the one that stood there before, corrected or read better;
and share of an article's text that the file held before, from which on it is no news, only parted differently."""
SETTLING_SECONDS = 5.0
"""Seconds after its last change until a file counts as complete."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that could not be taken in, or something wrong in one, and what."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one taking in did."""

    read: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    articles: int = 0
    new: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    low_quality: tuple[tuple[str, float], ...] = ()
    """Pages that are badly read, with their quality."""
    problems: tuple[FileProblem, ...] = ()


class Ingest:
    """One taking in, from the first file to the report."""

    def __init__(self, index: Index, folder: Path, announce: Announce) -> None:
        self._index = index
        self._folder = folder
        self._announce = announce
        self._known = index.sources()
        self._claimed: dict[str, str] = {}  # ids put since the last commit, with their sources
        self._fresh: list[NewArticle] = []
        self._new: list[str] = []
        self._yearless: list[ReadFile] = []
        self._parted: SourceTally | None = None  # of a large file whose end is still to come
        self._undated: list[str] = []
        self._low_quality: list[tuple[str, float]] = []
        self._read = self._unchanged = self._withdrawn = self._articles = 0
        self._vanished: set[str] = set()
        notes, note_problems = archive_notes.read_notes(folder)
        self.notes = notes or archive_notes.ArchiveNotes()
        self._without_notes = notes is None
        self._problems = [FileProblem(archive_notes.NOTES_FILE, problem) for problem in note_problems]

    @property
    def sources(self) -> Iterable[SourceFile]:
        """What the index holds, with all that was put and withdrawn so far."""
        return self._known.values()

    def files(self, paths: Sequence[Path] | None) -> list[tuple[str, Path]]:
        """The files to look at with their names: all of the folder, or `paths` with what is below them."""
        if paths is not None:
            files = [file for path in paths for file in (pages.find_page_files(path) if path.is_dir() else [path])]
            return [(self._name(file), file) for file in files]
        found = [(path.relative_to(self._folder).as_posix(), path) for path in pages.find_page_files(self._folder)]
        own = {name for name in self._known if not Path(name).is_absolute()}
        self._vanished = own - {name for name, _ in found}
        if not found and self._vanished:  # a folder that is not mounted looks empty
            problem = f"the folder has no page file any more; {len(self._vanished)} files taken in before are kept"
            self._problems.append(FileProblem(str(self._folder), problem))
            self._vanished = set()
        return found

    def _name(self, path: Path) -> str:
        absolute, folder = path.resolve(), self._folder.resolve()
        if absolute.is_relative_to(folder):
            return absolute.relative_to(folder).as_posix()
        return absolute.as_posix()

    def changed(self, files: Iterable[tuple[str, Path]], now: datetime | None) -> list[FoundFile]:
        """Those of the files that have to be read: new or changed ones, and ones whose day a neighbour may tell now.

        With `now`, files changed in the last seconds are left for the next time: they may still be being copied. While
        archive.toml cannot be read at all, what was read with its help stays as it is.
        """
        found, unchanged = [], []
        for name, path in files:
            try:
                fingerprint, modified = self._fingerprint(name, path)
            except OSError as error:
                self._problems.append(FileProblem(name, f"cannot be read: {error.strerror}"))
                continue
            file, known = FoundFile(name, path, fingerprint), self._known.get(name)
            if known and (known.fingerprint == fingerprint or self._without_notes):
                unchanged.append(file)
            # A time to come says nothing of when the file was written; clocks and zones of other machines differ.
            elif now is None or abs(now.timestamp() - modified) > SETTLING_SECONDS:
                found.append(file)
        again = [file for file in unchanged if found and self._known[file.name].undated]
        self._unchanged = len(unchanged) - len(again)
        return sorted(found + again, key=lambda file: file.name)

    def _fingerprint(self, name: str, path: Path) -> tuple[str, float]:
        stat = path.stat()
        note = repr((self.notes.paper, self.notes.pages.get(name)))
        parts = f"{stat.st_size} {stat.st_mtime_ns} {segment.METHOD_VERSION} {note}"
        return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest(), stat.st_mtime

    def take(self, read: ReadFile) -> None:
        """Put what was read of a file in the place of what it held before; an unreadable one leaves that as it is."""
        if not (read.begins or self._parted):
            return  # of a large file whose beginning holds no article
        self._problems += [FileProblem(read.file.name, problem) for problem in read.lines]
        if read.problem:
            self._problems.append(FileProblem(read.file.name, read.problem))
        elif read.told and read.told.day is None:
            self._yearless.append(read)
        elif read.begins and read.ends:
            self._put(read)
        else:
            self._put_part(read)

    def take_yearless(self) -> None:
        """Put the pages that tell their month and day, with the year where the pages before and after give it."""
        dated = {name: source.days[0].day for name, source in self._known.items() if source.days}
        for read in self._yearless:
            before, after = _neighbours(read.file.name, dated)
            day = issue_date.from_neighbours(read.told, before, after) if read.told else None
            articles = tuple(replace(article, date=day) for article in read.articles) if day else read.articles
            self._put(replace(read, articles=articles))
        self._yearless = []

    def _put(self, read: ReadFile) -> None:
        name = read.file.name
        articles = self._named(name, read.articles)
        tally = SourceTally()
        for article in articles:
            tally.add(article)
        source = tally.source(name, read.file.fingerprint)
        self._index.replace(source, articles, read.labels)
        self._note(source)
        self._articles += len(articles)
        if read.quality < POOR_QUALITY:
            self._low_quality.append((name, read.quality))

    def _note(self, source: SourceFile) -> None:
        self._known[source.name] = source
        self._read += 1
        if source.undated:
            self._undated.append(source.name)

    def _put_part(self, read: ReadFile) -> None:
        """Put the articles of one part of a large file; its record comes with the last one."""
        name = read.file.name
        if read.begins:
            self._index.remove_source(name)
        tally = self._parted = self._parted or SourceTally()
        articles = self._named_alone(name, read.articles)
        for article in articles:
            tally.add(article)
        self._index.add_articles(name, articles, read.labels)
        self._articles += len(articles)
        if read.ends:
            source = tally.source(name, read.file.fingerprint)
            self._index.put_source(source)
            self._note(source)
            self._parted = None

    def _named_alone(self, name: str, articles: Sequence[Article]) -> list[Article]:
        """The articles of a part under free ids; an article is the one that stood there before if it has its id."""
        named = []
        for article in articles:
            known = article.id not in self._claimed and self._owner(article.id) in (name, *self._vanished)
            own = article.id if known else self._free_id(name, article, self._claimed)
            former = self._index.article(own) if known else None
            named.append(replace(article, id=own))
            if former is None or _reads_anew(former, named[-1]):
                self._fresh.append(NewArticle(own, article.date, late=former is not None, former=former))
            self._claimed[own] = name
        return named

    def _named(self, name: str, articles: Sequence[Article]) -> list[Article]:
        """The articles under the ids they had before, and under ids that no other article has; new ones are noted."""
        held = self._index.articles("source", name) if name in self._known else []
        formerly = {article.id: article for article in held}
        before = dict(formerly)
        said = shingles("".join(article.body for article in before.values()))
        for article in articles:
            before.pop(article.id, None)
        named: dict[str, Article] = {}
        for article in articles:
            known = self._owner(article.id) in (name, *self._vanished) and article.id not in named
            kept = article.id if known else self._former(article, before)
            if kept:
                before.pop(kept, None)
            own = kept or self._free_id(name, article, named)
            named[own] = replace(article, id=own)
            if own in formerly:
                if _reads_anew(formerly[own], named[own]):
                    self._fresh.append(NewArticle(own, article.date, late=True, former=formerly[own]))
            elif not kept and containment(shingles(article.body), said) < SAME_ARTICLE_RESEMBLANCE:
                self._fresh.append(NewArticle(own, article.date, late=bool(held) and article.n is not None))
        self._claimed |= dict.fromkeys(named, name)
        return list(named.values())

    def _former(self, article: Article, before: dict[str, Article]) -> str | None:
        """The id of the article that stood there before and is this one, corrected or read better."""
        alike = ((jaccard_similarity(article.body, former.body), former.id) for former in before.values())
        closest, former_id = max(alike, default=(0.0, None))
        return former_id if closest >= SAME_ARTICLE_RESEMBLANCE else None

    def _free_id(self, name: str, article: Article, named: Container[str]) -> str:
        """Its own id; where another article has that, one of its own: equal texts in two places are two articles."""
        wanted, again = article.id, 0
        while wanted in named or self._owner(wanted) not in (None, name):
            again += 1
            wanted = article_id(article.body or article.title, again)
        return wanted

    def _owner(self, wanted: str) -> str | None:
        return self._claimed.get(wanted) or self._index.source_of(wanted)

    def withdraw_vanished(self) -> None:
        """Withdraw what was taken in from the folder and is not in it any more."""
        for name in self._vanished:
            self._index.remove_source(name)
            del self._known[name]
        self._withdrawn += len(self._vanished)

    def commit(self) -> None:
        """Announce what is new, then make it visible; what a large file has so far goes if its end is missing."""
        if self._parted:
            self._index.rollback()
            self._known, self._parted = self._index.sources(), None
            self._fresh, self._claimed = [], {}
        if self._fresh:
            self._announce(self._fresh)
        self._index.commit()
        self._new += [news.id for news in self._fresh if news.former is None]
        self._fresh, self._claimed = [], {}

    def report(self) -> IngestReport:
        return IngestReport(
            read=self._read,
            unchanged=self._unchanged,
            withdrawn=self._withdrawn,
            articles=self._articles,
            new=tuple(self._new),
            undated=tuple(self._undated),
            low_quality=tuple(self._low_quality),
            problems=tuple(self._problems),
        )


def _reads_anew(former: Article, article: Article) -> bool:
    """Whether a subscription could find in `article` what it did not find before."""
    return (*article_fields(former), former.date, former.page) != (*article_fields(article), article.date, article.page)


def _neighbours(name: str, dated: dict[str, date]) -> tuple[date | None, date | None]:
    """The days of the files that stand before and after `name` in its folder."""
    folder = PurePosixPath(name).parent
    names = sorted(other for other in dated if PurePosixPath(other).parent == folder)
    before = [other for other in names if other < name]
    after = [other for other in names if other > name]
    return (dated[before[-1]] if before else None), (dated[after[0]] if after else None)
