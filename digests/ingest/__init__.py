"""Ingesting: page files -> articles -> index.

A file is skipped if its size, modification time, notes and reading method are unchanged. Commits of the index are
atomic, so after a crash at any point the next run can continue.
"""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import starmap
from pathlib import Path, PurePosixPath

from digests import segment
from digests.guard import Problem, guard
from digests.ingest.article_ids import ArticleIds
from digests.ingest.reader import FoundFile, ReadFile
from digests.ingest.source_record import MAX_KEPT_PROBLEMS, RecordBuilder
from digests.models import NewArticle, SourceFile
from digests.pages import archive_notes, issue_date
from digests.pages.archive_notes import NOTES_FILE
from digests.pages.folder import readable_name, scan_folder
from digests.search.index import Index
from digests.segment.certainty import UNSURE
from digests.segment.quality import POOR_QUALITY

Announce = Callable[[Sequence[NewArticle]], None]
"""Called before a commit with the articles that are new or changed in it."""

SETTLING_SECONDS = 3.0
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
    unsure: tuple[tuple[str, float], ...] = ()
    """Files of pages whose division into articles is not sure, with their structure from 0 to 1."""
    problems: tuple[FileProblem, ...] = ()
    """What could not be ingested, in this run or an earlier one, and has not changed since."""
    left_out: tuple[FileProblem, ...] = ()
    """Files that are no pages, links out of the folder, and notes on files that are not there."""


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
        self._large_file: RecordBuilder | None = None  # the file whose parts are being stored
        self._undated: list[str] = []
        self._low_quality: list[tuple[str, float]] = []
        self._unsure: list[tuple[str, float]] = []
        self._read = self._unchanged = self._withdrawn = self._articles = 0
        self._vanished: set[str] = set()
        self._left_out: list[FileProblem] = []
        notes, note_problems = archive_notes.read_notes(folder)
        self.notes = notes or archive_notes.ArchiveNotes()
        self._without_notes = notes is None
        self._problems = [FileProblem(NOTES_FILE, problem) for problem in note_problems]

    @property
    def sources(self) -> Iterable[SourceFile]:
        """The records of all ingested files, including the changes of this run."""
        return self._sources.values()

    # ---- which files to read

    def files(self, paths: Sequence[Path] | None) -> list[tuple[str, Path]]:
        """Return the page files in `paths`, or in the whole folder for None, with their names in the archive."""
        if paths is not None:
            return [(self._name(file), file) for path in paths for file in self._files_at(path)]
        scan = scan_folder(self._folder)
        self._problems += starmap(FileProblem, scan.unreadable)
        self._left_out += starmap(FileProblem, scan.left_out)
        found = {name for name, _ in scan.pages}
        missing = sorted(name for name in self.notes.pages if name not in found)
        self._left_out += [FileProblem(NOTES_FILE, f"page {name!r} is not in {self._folder}") for name in missing]
        own = {name for name in self._sources if not Path(name).is_absolute()}
        self._vanished = {name for name in own - found if not _is_below(name, scan.unreadable)}
        if not found and self._vanished:  # probably an unmounted folder
            problem = f"the folder has no page file any more; {len(self._vanished)} files ingested before are kept"
            self._problems.append(FileProblem(str(self._folder), problem))
            self._vanished = set()
        return list(scan.pages)

    def _files_at(self, path: Path) -> list[Path]:
        """Return the page files of a folder, or a file itself."""
        if not path.is_dir():
            return [path]
        scan = scan_folder(path)
        self._problems += starmap(FileProblem, scan.unreadable)
        self._left_out += starmap(FileProblem, scan.left_out)
        return [file for _, file in scan.pages]

    def _name(self, path: Path) -> str:
        """Return a file's name in the archive: relative to the folder, absolute for a file elsewhere."""
        absolute, folder = path.resolve(), self._folder.resolve()
        if absolute.is_relative_to(folder):
            return readable_name(absolute.relative_to(folder).as_posix())
        return readable_name(absolute.as_posix())

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
                self._problems += [FileProblem(name, problem) for problem in known.problems]
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
        """Replace the articles of a file in the index by those read; a file that fails keeps its former articles.

        Raises StateError if the index or the outbox cannot be used; any other failure is a problem of this file.
        """
        failed: list[Problem] = []
        with guard(read.file.name, failed):
            self._store(read)
        for problem in failed:
            self._fail(replace(read, problem=problem.problem))

    def _store(self, read: ReadFile) -> None:
        if not (read.is_first or self._large_file):
            return  # a later part of a large file whose first part could not be read
        if read.problem or (read.is_broken_off and read.is_first and read.file.name in self._sources):
            self._fail(read)
            return
        self._problems += [FileProblem(read.file.name, problem) for problem in read.line_problems]
        if read.printed_day and read.printed_day.day is None:
            self._without_year.append(read)
        elif read.is_first and read.is_last:
            self._store_file(read)
        else:
            self._store_part(read)

    def _fail(self, read: ReadFile) -> None:
        """Record that a file could not be ingested, so that it is tried again only when it has changed."""
        name = read.file.name
        problems = (read.problem, *read.line_problems) if read.problem else read.line_problems
        self._problems += [FileProblem(name, problem) for problem in problems]
        if read.is_temporary or self._large_file:
            return
        former = self._sources.get(name) or SourceFile(name, "", (), undated=0)
        failed = replace(former, fingerprint=read.file.fingerprint, problems=problems[:MAX_KEPT_PROBLEMS])
        self._index.put_source(failed)
        self._sources[name] = failed

    def store_pages_without_year(self) -> None:
        """Store the pages that print only month and day, with the year inferred from neighbouring pages."""
        days = {name: source.days[0].day for name, source in self._sources.items() if source.days}
        dated: dict[PurePosixPath, list[str]] = defaultdict(list)
        for name in sorted(days):
            dated[PurePosixPath(name).parent].append(name)
        for read in self._without_year:
            before, after = _neighbours(read.file.name, dated, days)
            day = issue_date.from_neighbours(read.printed_day, before, after) if read.printed_day else None
            articles = tuple(replace(article, date=day) for article in read.articles) if day else read.articles
            self._store_file(replace(read, articles=articles))
        self._without_year = []

    def _store_file(self, read: ReadFile) -> None:
        """Replace a file that was read as a whole."""
        name = read.file.name
        known = name in self._sources
        articles, news = self._ids.identify(name, read.articles, known=known, vanished=self._vanished)
        record = RecordBuilder()
        record.add(articles)
        record.problems += read.line_problems
        record.structure = read.structure
        source = record.source(name, read.file.fingerprint)
        self._index.replace(source, articles, read.labels)
        self._news += news
        self._articles += len(articles)
        self._count(source)
        if read.quality < POOR_QUALITY:
            self._low_quality.append((name, read.quality))
        if read.structure < UNSURE:
            self._unsure.append((name, read.structure))

    def _store_part(self, read: ReadFile) -> None:
        """Store one part of a large file; its record is stored with the last part."""
        name = read.file.name
        if read.is_first:
            self._index.remove_source(name)
        record = self._large_file = self._large_file or RecordBuilder()
        articles, news = self._ids.identify_part(name, read.articles, vanished=self._vanished)
        record.add(articles)
        record.problems += read.line_problems
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
            unsure=tuple(self._unsure),
            problems=tuple(self._problems),
            left_out=tuple(self._left_out),
        )


def _is_below(name: str, folders: Iterable[tuple[str, str]]) -> bool:
    """True if the file is in one of `folders` (names with a reason), which cannot be read at the moment."""
    return any(folder == "." or name.startswith(folder.rstrip("/") + "/") or name == folder for folder, _ in folders)


def _neighbours(
    name: str, dated: Mapping[PurePosixPath, Sequence[str]], days: Mapping[str, date]
) -> tuple[date | None, date | None]:
    """Return the days of the dated files just before and after `name` in its folder; `dated` has sorted names."""
    names = dated.get(PurePosixPath(name).parent, ())
    at = bisect_left(names, name)
    after = next((other for other in names[at : at + 2] if other != name), None)
    return (days[names[at - 1]] if at else None), (days[after] if after else None)
