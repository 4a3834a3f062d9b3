"""Read files: file -> articles with their labels. This is most of the work of ingesting and runs on all cores.

A large file of ready articles is read in parts, so that it is never in memory as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from digests import pages, segment
from digests.analysis import Labeller
from digests.errors import UnreadablePage
from digests.ingest.parallel import parallel_map
from digests.models import Article, Labels
from digests.pages import issue_date, ready_articles
from digests.pages.archive_notes import ArchiveNotes
from digests.pages.issue_date import IssueDate

LARGE_FILE_BYTES = 5_000_000
"""A larger file of ready articles is read in parts."""

LINES_PER_PART = 50

TYPICAL_LINE_BYTES = 2_000
"""Typical size of a line of ready articles, to estimate the number of lines."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read."""

    name: str
    """Name in the archive: relative to its folder, absolute for a file elsewhere."""
    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some lines of a large file of ready articles."""

    file: FoundFile
    lines: tuple[ready_articles.NumberedLine, ...]
    is_first: bool = True
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The result of reading a file, or one part of it."""

    file: FoundFile
    articles: tuple[Article, ...] = ()
    labels: tuple[Labels, ...] = ()
    """Labels of the articles, in the same order."""
    quality: float = 1.0
    printed_day: IssueDate | None = None
    """The day in the text of a page that has no other date; the year may be missing."""
    problem: str = ""
    """Why nothing could be read."""
    line_problems: tuple[str, ...] = ()
    """Why single lines of ready articles could not be read."""
    is_first: bool = True
    is_last: bool = True


def read_files(files: Iterable[FoundFile], notes: ArchiveNotes, labeller: Labeller) -> Iterator[ReadFile]:
    """Yield the result of every file, or of every part of a large file, in order."""
    read = partial(read_file, notes=notes, labeller=labeller)
    return parallel_map(read, (part for file in files for part in _parts(file)))


def expected_reads(files: Iterable[FoundFile]) -> int:
    """Estimate how many files and parts `read_files` yields."""
    return sum(1 + _large_size(file) // (LINES_PER_PART * TYPICAL_LINE_BYTES) for file in files)


def _large_size(file: FoundFile) -> int:
    """Return the size in bytes of a large file of ready articles, 0 for any other file."""
    try:
        size = file.path.stat().st_size if pages.holds_ready_articles(file.path) else 0
    except OSError:  # `read_file` reports it
        return 0
    return size if size > LARGE_FILE_BYTES else 0


def _parts(file: FoundFile) -> Iterator[FoundFile | FilePart]:
    """Yield the parts of a large file of ready articles; yield any other file itself."""
    if not _large_size(file):
        yield file
        return
    lines = iter(ready_articles.read_lines(file.path))
    part, is_first = tuple(islice(lines, LINES_PER_PART)), True
    while part:
        following = tuple(islice(lines, LINES_PER_PART))
        yield FilePart(file, part, is_first, is_last=not following)
        part, is_first = following, False


def read_file(file: FoundFile | FilePart, notes: ArchiveNotes, labeller: Labeller) -> ReadFile:
    """Read a page, a file of ready articles, or a part of one."""
    if isinstance(file, FilePart):
        return _read_ready_articles(file, labeller)
    try:
        if pages.holds_ready_articles(file.path):
            return _read_ready_articles(FilePart(file, tuple(ready_articles.read_lines(file.path))), labeller)
        name = file.path.name if Path(file.name).is_absolute() else file.name
        page = pages.load_page(file.path, notes, name=name)
    except (UnreadablePage, OSError) as error:
        return ReadFile(file, problem=str(error).removeprefix(f"{file.path}: "))
    parsed = segment.parse_page(page)
    printed_day = issue_date.from_text(page.text) if parsed.page.date is None else None
    return ReadFile(file, parsed.articles, tuple(map(labeller.label, parsed.articles)), parsed.quality, printed_day)


def _read_ready_articles(part: FilePart, labeller: Labeller) -> ReadFile:
    """Parse lines of ready articles; mistakes in single lines are reported with the articles."""
    articles: list[Article] = []
    problems: list[str] = []
    for line in part.lines:
        found = line if isinstance(line, UnreadablePage) else ready_articles.parse_article(*line)
        if isinstance(found, Article):
            articles.append(found)
        else:
            problems.append(str(found))
    if problems and not articles and part.is_first:
        return ReadFile(part.file, problem=problems[0], is_last=part.is_last)
    return ReadFile(
        part.file,
        tuple(articles),
        tuple(map(labeller.label, articles)),
        line_problems=tuple(problems),
        is_first=part.is_first,
        is_last=part.is_last,
    )
