"""Ingesting: page files -> articles -> index.

A file is skipped if its size, modification time, notes and reading method are unchanged. Commits of the index are
atomic, so after a crash at any point the next run can continue.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from digests import pages, segment
from digests.ingest.article_ids import ArticleIds
from digests.ingest.reader import FoundFile, ReadFile
from digests.models import Article, Issue, NewArticle, SourceFile
from digests.pages import archive_notes, issue_date
from digests.search.index import Index
from digests.segment.quality import POOR_QUALITY

Announce = Callable[[Sequence[NewArticle]], None]
"""Called before a commit with the articles that are new or changed in it."""

SETTLING_SECONDS = 5.0
"""Seconds without a change after which a file counts as complete."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that could not be ingested, or a mistake in a file."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of one run: numbers of files and of `articles`, and details.

    Files are `read`, `unchanged` or `withdrawn`, that is, removed from the index because they no longer exist.
    """

    read: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    articles: int = 0
    new: tuple[str, ...] = ()
    """Ids of the new articles."""
    undated: tuple[str, ...] = ()
    """Files with articles whose day is unknown."""
    low_quality: tuple[tuple[str, float], ...] = ()
    """Files of poorly recognised pages with their quality from 0 to 1."""
    problems: tuple[FileProblem, ...] = ()


class Ingest:
    """One ingest run, from the list of files to the report."""

    def __init__(self, index: Index, folder: Path, announce: Announce) -> None:
        self._index = index
        self._folder = folder
        self._announce = announce
        self._sources = index.sources()
        self._ids = ArticleIds(index)
        self._news: list[NewArticle] = []  # since the last commit
        self._new: list[str] = []
        self._without_year: list[ReadFile] = []
        self._large_file: _RecordBuilder | None = None  # the file whose parts are being stored
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
        """The records of all ingested files, including the changes of this run."""
        return self._sources.values()

    # ---- which files to read

    def files(self, paths: Sequence[Path] | None) -> list[tuple[str, Path]]:
        """Return the page files in `paths`, or in the whole folder for None, with their names in the archive."""
        if paths is not None:
            files = [file for path in paths for file in (pages.find_page_files(path) if path.is_dir() else [path])]
            return [(self._name(file), file) for file in files]
        found = [(path.relative_to(self._folder).as_posix(), path) for path in pages.find_page_files(self._folder)]
        own = {name for name in self._sources if not Path(name).is_absolute()}
        self._vanished = own - {name for name, _ in found}
        if not found and self._vanished:  # probably an unmounted folder
            problem = f"the folder has no page file any more; {len(self._vanished)} files ingested before are kept"
            self._problems.append(FileProblem(str(self._folder), problem))
            self._vanished = set()
        return found

    def _name(self, path: Path) -> str:
        """Return a file's name in the archive: relative to the folder, absolute for a file elsewhere."""
        absolute, folder = path.resolve(), self._folder.resolve()
        if absolute.is_relative_to(folder):
            return absolute.relative_to(folder).as_posix()
        return absolute.as_posix()

    def changed(self, files: Iterable[tuple[str, Path]], now: datetime | None) -> list[FoundFile]:
        """Return the files to read: new and changed ones and, if there are any of these, also undated ones.

        The day of an undated file may now be known from its neighbours.

        With `now`, files changed in the last SETTLING_SECONDS are left for the next run, because their copying may not
        be complete. If archive.toml cannot be read, known files are not read again, because their notes are missing.
        """
        changed, unchanged = [], []
        for name, path in files:
            try:
                fingerprint, modified = self._fingerprint(name, path)
            except OSError as error:
                self._problems.append(FileProblem(name, f"cannot be read: {error.strerror}"))
                continue
            file, known = FoundFile(name, path, fingerprint), self._sources.get(name)
            if known and (known.fingerprint == fingerprint or self._without_notes):
                unchanged.append(file)
            # A time in the future is unreliable: the clocks of other machines differ.
            elif now is None or abs(now.timestamp() - modified) > SETTLING_SECONDS:
                changed.append(file)
        undated = [file for file in unchanged if changed and self._sources[file.name].undated]
        self._unchanged = len(unchanged) - len(undated)
        return sorted(changed + undated, key=lambda file: file.name)

    def _fingerprint(self, name: str, path: Path) -> tuple[str, float]:
        """Return a hash of the file's size, times, notes and reading method, and its modification time."""
        stat = path.stat()
        note = repr((self.notes.paper, self.notes.pages.get(name)))
        parts = f"{stat.st_size} {stat.st_mtime_ns} {segment.METHOD_VERSION} {note}"
        return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest(), stat.st_mtime

    # ---- storing what was read

    def store(self, read: ReadFile) -> None:
        """Replace the articles of a file in the index by those read; an unreadable file keeps its former articles."""
        if not (read.is_first or self._large_file):
            return  # a later part of a large file whose first part could not be read
        self._problems += [FileProblem(read.file.name, problem) for problem in read.line_problems]
        if read.problem:
            self._problems.append(FileProblem(read.file.name, read.problem))
        elif read.printed_day and read.printed_day.day is None:
            self._without_year.append(read)
        elif read.is_first and read.is_last:
            self._store_file(read)
        else:
            self._store_part(read)

    def store_pages_without_year(self) -> None:
        """Store the pages that print only month and day, with the year inferred from neighbouring pages."""
        days = {name: source.days[0].day for name, source in self._sources.items() if source.days}
        for read in self._without_year:
            before, after = _neighbours(read.file.name, days)
            day = issue_date.from_neighbours(read.printed_day, before, after) if read.printed_day else None
            articles = tuple(replace(article, date=day) for article in read.articles) if day else read.articles
            self._store_file(replace(read, articles=articles))
        self._without_year = []

    def _store_file(self, read: ReadFile) -> None:
        """Replace a file that was read as a whole."""
        name = read.file.name
        known = name in self._sources
        articles, news = self._ids.identify(name, read.articles, known=known, vanished=self._vanished)
        record = _RecordBuilder()
        record.add(articles)
        source = record.source(name, read.file.fingerprint)
        self._index.replace(source, articles, read.labels)
        self._news += news
        self._articles += len(articles)
        self._count(source)
        if read.quality < POOR_QUALITY:
            self._low_quality.append((name, read.quality))

    def _store_part(self, read: ReadFile) -> None:
        """Store one part of a large file; its record is stored with the last part."""
        name = read.file.name
        if read.is_first:
            self._index.remove_source(name)
        record = self._large_file = self._large_file or _RecordBuilder()
        articles, news = self._ids.identify_part(name, read.articles, vanished=self._vanished)
        record.add(articles)
        self._index.add_articles(name, articles, read.labels)
        self._news += news
        self._articles += len(articles)
        if read.is_last:
            source = record.source(name, read.file.fingerprint)
            self._index.put_source(source)
            self._count(source)
            self._large_file = None

    def _count(self, source: SourceFile) -> None:
        """Remember the record of a file that was read, and count the file."""
        self._sources[source.name] = source
        self._read += 1
        if source.undated:
            self._undated.append(source.name)

    def remove_vanished(self) -> None:
        """Remove ingested files that the folder no longer contains."""
        for name in self._vanished:
            self._index.remove_source(name)
            del self._sources[name]
        self._withdrawn += len(self._vanished)

    def commit(self) -> None:
        """Announce new and changed articles, then commit; if parts of a large file are missing, roll back instead."""
        if self._large_file:
            self._index.rollback()
            self._sources, self._large_file = self._index.sources(), None
            self._news = []
        if self._news:
            self._announce(self._news)
        self._index.commit()
        self._new += [article.id for article in self._news if article.former is None]
        self._news = []
        self._ids.forget()

    def report(self) -> IngestReport:
        """Return the result of the run so far."""
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


def _neighbours(name: str, days: dict[str, date]) -> tuple[date | None, date | None]:
    """Return the days of the dated files just before and after `name` in its folder, sorted by name."""
    folder = PurePosixPath(name).parent
    names = sorted(other for other in days if PurePosixPath(other).parent == folder)
    before = [other for other in names if other < name]
    after = [other for other in names if other > name]
    return (days[before[-1]] if before else None), (days[after[0]] if after else None)


class _RecordBuilder:
    """Builds the record of one file from its articles, part by part."""

    def __init__(self) -> None:
        self._days: dict[date, _Day] = {}
        self._undated = 0

    def add(self, articles: Iterable[Article]) -> None:
        for article in articles:
            if article.date is None:
                self._undated += 1
            else:
                self._days.setdefault(article.date, _Day(article.paper)).add(article)

    def source(self, name: str, fingerprint: str) -> SourceFile:
        """Return the record of all articles added so far."""
        days = tuple(counted.issue(day) for day, counted in sorted(self._days.items()))
        return SourceFile(name, fingerprint, days, undated=self._undated)


@dataclass(slots=True)
class _Day:
    """Counts of the articles of one day in one file, from which the Issue of the day is built."""

    paper: str
    pages: set[int] = field(default_factory=set)
    articles: int = 0
    notices: int = 0
    quality: float = 0.0
    fingerprint: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=12))

    def add(self, article: Article) -> None:
        line = repr(article) if not self.articles else f"\n{article!r}"
        self.fingerprint.update(line.encode("utf-8", "surrogatepass"))
        if article.page is not None:
            self.pages.add(article.page)
        self.articles += 1
        self.notices += article.kind == "notice"
        self.quality += article.quality

    def issue(self, day: date) -> Issue:
        return Issue(
            day=day,
            paper=self.paper,
            pages=tuple(sorted(self.pages)),
            articles=self.articles,
            notices=self.notices,
            quality=round(self.quality / self.articles, 4),
            fingerprint=self.fingerprint.hexdigest(),
        )
