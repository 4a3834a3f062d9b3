"""Files -> what was read of each, on all cores where there is much to read.

Reading is pure and costs most of a taking in, so it is done by processes beside this one; each loads the dictionary
once. Few files are read here: starting processes would take longer.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from digests import dates, labels, pages, segment, words
from digests.dates import IssueDate
from digests.errors import UnreadablePage
from digests.models import Article, Labels
from digests.pages import Notes

FEW = 40
"""Files up to this number are read by this process alone."""
CHUNK = 8
"""Files that a process reads at a time."""
AHEAD = 3
"""Chunks a process that wait to be taken from: bounds the memory, whatever the archive's size."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its name in the archive, where it lies, and its fingerprint."""

    name: str
    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file; `problem` says why nothing could be."""

    file: Found
    articles: tuple[Article, ...] = ()
    labels: tuple[Labels, ...] = ()
    """Of the articles, in their order."""
    quality: float = 1.0
    told: IssueDate | None = None
    """What a page without a known day tells of its day, where that lacks the year."""
    problem: str = ""
    lines: tuple[str, ...] = ()
    """What is wrong with single lines of ready articles; the others were read."""


def read_all(files: Iterable[Found], notes: Notes) -> Iterator[Read]:
    """Read the files in their order."""
    waiting = iter(files)
    first = list(islice(waiting, FEW + 1))
    if len(first) <= FEW or cores() == 1:
        for file in (*first, *waiting):
            yield read(file, notes)
    else:
        yield from _read_beside((*first, *waiting), notes)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _read_beside(files: tuple[Found, ...], notes: Notes) -> Iterator[Read]:
    chunks = (files[at : at + CHUNK] for at in range(0, len(files), CHUNK))
    # Not forked: this process has threads, whose locks a fork would copy in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), mp_context=context, initializer=_begin) as processes:
        under_way: deque[Future[list[Read]]] = deque()
        try:
            for chunk in chunks:
                under_way.append(processes.submit(_read_chunk, chunk, notes))
                if len(under_way) >= AHEAD * cores():
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            processes.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Ctrl-C is for the process that asked; it ends the others, and they end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    words.load()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # the queue that this process waits at will never be written to again


def _read_chunk(files: tuple[Found, ...], notes: Notes) -> list[Read]:
    return [read(file, notes) for file in files]


def read(file: Found, notes: Notes) -> Read:
    """Read one file: a page, or ready articles."""
    try:
        if pages.is_ready(file.path):
            return _read_ready(file)
        name = file.path.name if Path(file.name).is_absolute() else file.name
        page = pages.load_page(file.path, notes, name=name)
    except (UnreadablePage, OSError) as error:
        return Read(file, problem=str(error).removeprefix(f"{file.path}: "))
    reading = segment.read(page)
    told = dates.from_text(page.text) if reading.page.date is None else None
    return Read(file, reading.articles, tuple(map(labels.of, reading.articles)), reading.quality, told)


def _read_ready(file: Found) -> Read:
    articles: list[Article] = []
    wrong: list[str] = []
    for found in pages.ready_articles(file.path):
        if isinstance(found, Article):
            articles.append(found)
        else:
            wrong.append(str(found))
    if wrong and not articles:
        return Read(file, problem=wrong[0])
    return Read(file, tuple(articles), tuple(map(labels.of, articles)), lines=tuple(wrong))
