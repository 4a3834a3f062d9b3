"""Read files: file -> articles with their labels. This is most of the work of ingesting and runs on all cores.

A large file of ready articles is read in parts, so that it is never in memory as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

from digests import pages, segment
from digests.analysis import Labeller
from digests.errors import UnreadablePage
from digests.guard import Problem, guard
from digests.ingest.parallel import parallel_map
from digests.models import Article, Labels
from digests.pages import issue_date, ready_articles
from digests.pages.archive_notes import ArchiveNotes
from digests.pages.issue_date import IssueDate

LARGE_FILE_BYTES = 5_000_000
"""A larger file of ready articles is read in parts."""

LINES_PER_PART, BYTES_PER_PART = 50, 1_000_000
"""A part ends with the line that reaches either."""

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
    structure: float = 1.0
    printed_day: IssueDate | None = None
    """The day in the text of a page that has no other date; the year may be missing."""
    problem: str = ""
    """Why nothing could be read."""
    is_temporary: bool = False
    """True if the `problem` may pass although the file does not change, such as a missing permission."""
    is_broken_off: bool = False
    """True if the rest of the file cannot be read."""
    line_problems: tuple[str, ...] = ()
    """Why single lines of ready articles could not be read."""
    is_first: bool = True
    is_last: bool = True


def read_files(files: Iterable[FoundFile], notes: ArchiveNotes, labeller: Labeller) -> Iterator[ReadFile]:
    """Yield the result of every file, or of every part of a large file, in order; a file that fails is a problem."""
    read = partial(read_file, notes=notes, labeller=labeller)
    return parallel_map(read, (part for file in files for part in _parts(file)), crashed=_crashed)


def _crashed(part: FoundFile | FilePart) -> ReadFile:
    problem = "the process that read it crashed, probably for lack of memory; split the file, or take it away"
    if isinstance(part, FilePart):
        return ReadFile(part.file, problem=problem, is_first=part.is_first, is_last=part.is_last)
    return ReadFile(part, problem=problem)


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
    """Yield a page itself, and a file of ready articles as one part, or in several parts if it is large."""
    if not pages.holds_ready_articles(file.path):
        yield file
        return
    lines = ready_articles.read_lines(file.path)
    first = list(_lines_up_to(lines, LARGE_FILE_BYTES))
    following = next(lines, None)
    if following is None:
        yield FilePart(file, tuple(first))
        return
    lines = chain(first, (following,), lines)
    part, is_first = tuple(_lines_up_to(lines, BYTES_PER_PART, LINES_PER_PART)), True
    while part:
        following_part = tuple(_lines_up_to(lines, BYTES_PER_PART, LINES_PER_PART))
        yield FilePart(file, part, is_first, is_last=not following_part)
        part, is_first = following_part, False


def _lines_up_to(
    lines: Iterator[ready_articles.NumberedLine], max_bytes: int, max_lines: int | None = None
) -> Iterator[ready_articles.NumberedLine]:
    """Yield lines until they have at least `max_bytes` in all, or `max_lines` lines."""
    size = 0
    for line in islice(lines, max_lines):
        yield line
        size += 0 if isinstance(line, UnreadablePage) else len(line[1])
        if size >= max_bytes:
            return


def read_file(file: FoundFile | FilePart, notes: ArchiveNotes, labeller: Labeller) -> ReadFile:
    """Read a page, or a part of a file of ready articles; a failure of any kind is a problem of this file alone."""
    found = file.file if isinstance(file, FilePart) else file
    problems: list[Problem] = []
    with guard(found.name, problems):
        try:
            return (
                _read_ready_articles(file, labeller)
                if isinstance(file, FilePart)
                else _read_page(file, notes, labeller)
            )
        except (UnreadablePage, OSError) as error:
            is_temporary = isinstance(error, OSError) or isinstance(error.__cause__, OSError)
            return ReadFile(found, problem=str(error).removeprefix(f"{found.path}: "), is_temporary=is_temporary)
    return ReadFile(found, problem=problems[0].problem)


def _read_page(file: FoundFile, notes: ArchiveNotes, labeller: Labeller) -> ReadFile:
    name = file.path.name if Path(file.name).is_absolute() else file.name
    page = pages.load_page(file.path, notes, name=name)
    parsed = segment.parse_page(page)
    printed_day = issue_date.from_text(page.text) if parsed.page.date is None else None
    labels = tuple(labeller.label_all(parsed.articles))
    return ReadFile(file, parsed.articles, labels, parsed.quality, parsed.structure, printed_day)


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
    broken_off = [line for line in part.lines if isinstance(line, ready_articles.BrokenOff)]
    is_temporary = any(line.is_temporary for line in broken_off)
    if problems and not articles and part.is_first:
        return ReadFile(part.file, problem=problems[0], is_temporary=is_temporary, is_last=part.is_last)
    return ReadFile(
        part.file,
        tuple(articles),
        tuple(labeller.label_all(articles)),
        line_problems=tuple(problems),
        is_broken_off=bool(broken_off),
        is_temporary=is_temporary,
        is_first=part.is_first,
        is_last=part.is_last,
    )
