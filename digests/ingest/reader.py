"""What a file of the archive holds of each day, counted as its articles pass: they need not be held together.

Files -> what was read of each. Reading is pure and costs most of a taking in, so it is done on all cores.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

from digests import pages as pages_module
from digests import segment
from digests.analysis import Labeller
from digests.errors import UnreadablePage
from digests.ingest.parallel import parallel_map
from digests.models import Article, Issue, Labels, SourceFile
from digests.pages import issue_date, ready_articles
from digests.pages.archive_notes import ArchiveNotes
from digests.pages.issue_date import IssueDate


@dataclass(slots=True)
class _OfDay:
    paper: str
    said: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=12))
    pages: set[int] = field(default_factory=set)
    articles: int = 0
    notices: int = 0
    quality: float = 0.0

    def add(self, article: Article) -> None:
        line = repr(article) if not self.articles else f"\n{article!r}"
        self.said.update(line.encode("utf-8", "surrogatepass"))
        if article.page is not None:
            self.pages.add(article.page)
        self.articles += 1
        self.notices += article.kind == "notice"
        self.quality += article.quality

    def part(self, day: date) -> Issue:
        return Issue(
            day=day,
            paper=self.paper,
            pages=tuple(sorted(self.pages)),
            articles=self.articles,
            notices=self.notices,
            quality=round(self.quality / self.articles, 4),
            fingerprint=self.said.hexdigest(),
        )


class SourceTally:
    """The articles of one file, counted."""

    def __init__(self) -> None:
        self._days: dict[date, _OfDay] = {}
        self._undated = 0

    def add(self, article: Article) -> None:
        if article.date is None:
            self._undated += 1
            return
        if article.date not in self._days:
            self._days[article.date] = _OfDay(article.paper)
        self._days[article.date].add(article)

    def source(self, name: str, fingerprint: str) -> SourceFile:
        """The record of the file with all that was added."""
        days = tuple(of_day.part(day) for day, of_day in sorted(self._days.items()))
        return SourceFile(name, fingerprint, days, undated=self._undated)


LARGE_FILE_BYTES = 5_000_000
"""Bytes from which on a file of ready articles is read in parts."""
LINES_PER_PART = 50
"""Lines of a part."""
TYPICAL_LINE_BYTES = 2_000
"""Bytes of a line, to tell beforehand about how many there are."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read: its name in the archive, where it lies, and its fingerprint."""

    name: str
    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read of a file; `problem` says why nothing could be."""

    file: FoundFile
    articles: tuple[Article, ...] = ()
    labels: tuple[Labels, ...] = ()
    """Of the articles, in their order."""
    quality: float = 1.0
    told: IssueDate | None = None
    """What a page without a known day tells of its day, where that lacks the year."""
    problem: str = ""
    lines: tuple[str, ...] = ()
    """What is wrong with single lines of ready articles; the others were read."""
    begins: bool = True
    ends: bool = True
    """False where a part of the file was read before, or more of it comes."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some lines of a large file of ready articles."""

    file: FoundFile
    lines: tuple[ready_articles.NumberedLine, ...]
    begins: bool
    ends: bool


def read_files(files: Iterable[FoundFile], notes: ArchiveNotes, labeller: Labeller) -> Iterator[ReadFile]:
    """Read the files in their order, a large one of ready articles in parts, so that it is never held as a whole."""
    read = partial(read_file, notes=notes, labeller=labeller)
    return parallel_map(read, (part for file in files for part in _parted(file)))


def expected_reads(files: Iterable[FoundFile]) -> int:
    """About how many files and parts `read_all` gives."""
    return sum(1 + _size(file) // (LINES_PER_PART * TYPICAL_LINE_BYTES) for file in files)


def _size(file: FoundFile) -> int:
    """The bytes of a large file of ready articles; 0 for any other."""
    try:
        size = file.path.stat().st_size if pages_module.holds_ready_articles(file.path) else 0
    except OSError:  # reading it will say so
        return 0
    return size if size > LARGE_FILE_BYTES else 0


def _parted(file: FoundFile) -> Iterator[FoundFile | FilePart]:
    if not _size(file):
        yield file
        return
    lines = iter(ready_articles.read_lines(file.path))
    part, begins = tuple(islice(lines, LINES_PER_PART)), True
    while part:
        following = tuple(islice(lines, LINES_PER_PART))
        yield FilePart(file, part, begins, ends=not following)
        part, begins = following, False


def read_file(file: FoundFile | FilePart, notes: ArchiveNotes, labeller: Labeller) -> ReadFile:
    """Read one file: a page, or ready articles; or a part of these."""
    if isinstance(file, FilePart):
        return _read_ready(file.file, file.lines, labeller, begins=file.begins, ends=file.ends)
    try:
        if pages_module.holds_ready_articles(file.path):
            return _read_ready(file, ready_articles.read_lines(file.path), labeller)
        name = file.path.name if Path(file.name).is_absolute() else file.name
        page = pages_module.load_page(file.path, notes, name=name)
    except (UnreadablePage, OSError) as error:
        return ReadFile(file, problem=str(error).removeprefix(f"{file.path}: "))
    reading = segment.parse_page(page)
    told = issue_date.from_text(page.text) if reading.page.date is None else None
    return ReadFile(file, reading.articles, tuple(map(labeller.label, reading.articles)), reading.quality, told)


def _read_ready(
    file: FoundFile,
    lines: Iterable[ready_articles.NumberedLine],
    labeller: Labeller,
    *,
    begins: bool = True,
    ends: bool = True,
) -> ReadFile:
    articles: list[Article] = []
    wrong: list[str] = []
    for line in lines:
        found = line if isinstance(line, UnreadablePage) else ready_articles.parse_article(*line)
        if isinstance(found, Article):
            articles.append(found)
        else:
            wrong.append(str(found))
    if wrong and not articles and begins:
        return ReadFile(file, problem=wrong[0], ends=ends)
    labels = tuple(map(labeller.label, articles))
    return ReadFile(file, tuple(articles), labels, lines=tuple(wrong), begins=begins, ends=ends)
