"""Map a function over many items on all cores, in worker processes that each load the dictionary once."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import TypeVar

from digests.language import words

MAX_SERIAL_ITEMS = 40
"""Up to this many items are mapped in this process, because starting workers would take longer."""

ITEMS_PER_CHUNK = 8
"""Items sent to a worker at a time."""

CHUNKS_AHEAD_PER_PROCESS = 3
"""Maximum chunks per worker whose results have not been read yet; this limits memory."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def parallel_map(
    function: Callable[[Item], Result], items: Iterable[Item], *, crashed: Callable[[Item], Result] | None = None
) -> Iterator[Result]:
    """Yield `function(item)` for each item, in order; items are read as they are needed.

    `function` must be a module's function, or a partial of one, so that it can be pickled. If a worker process crashes,
    for example for lack of memory, the result of the item that crashed it is `crashed(item)`; without `crashed`,
    BrokenProcessPool is raised.
    """
    items = iter(items)
    first = list(islice(items, MAX_SERIAL_ITEMS + 1))
    if len(first) <= MAX_SERIAL_ITEMS or usable_cores() == 1:
        return map(function, chain(first, items))
    return _map_by_workers(function, chain(first, items), crashed)


def usable_cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    count: Callable[[], int | None] = getattr(os, "process_cpu_count", os.cpu_count)  # from Python 3.13 on
    return count() or 1


def _map_by_workers(
    function: Callable[[Item], Result], items: Iterator[Item], crashed: Callable[[Item], Result] | None
) -> Iterator[Result]:
    workers = usable_cores()
    pending: deque[tuple[tuple[Item, ...], Future[list[Result]]]] = deque()
    with _pool(workers) as pool:
        try:
            while chunk := tuple(islice(items, ITEMS_PER_CHUNK)):
                pending.append((chunk, pool.submit(_map_chunk, function, chunk)))
                if len(pending) >= CHUNKS_AHEAD_PER_PROCESS * workers:
                    yield from pending[0][1].result()
                    pending.popleft()
            while pending:
                yield from pending[0][1].result()
                pending.popleft()
        except BrokenProcessPool:
            if crashed is None:
                raise
            if chunk and (not pending or pending[-1][0] is not chunk):  # it could not be submitted any more
                pending.append((chunk, Future()))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if pending and crashed:
        yield from _map_after_crash(function, [item for chunk, _ in pending for item in chunk], items, crashed)


def _map_after_crash(
    function: Callable[[Item], Result],
    suspects: list[Item],
    items: Iterator[Item],
    crashed: Callable[[Item], Result],
) -> Iterator[Result]:
    """Map the suspects, one of which crashed its worker, by one worker that takes item after item, then the others."""
    if not _can_start_worker():  # no item is to blame
        yield from map(function, chain(suspects, items))
        return
    remaining = deque(suspects)
    while remaining:
        with _pool(1) as pool:
            try:
                while remaining:
                    yield pool.submit(function, remaining[0]).result()
                    remaining.popleft()
            except BrokenProcessPool:
                yield crashed(remaining.popleft())
    yield from _map_by_workers(function, items, crashed)


def _can_start_worker() -> bool:
    """True if workers can start at all."""
    with _pool(1) as pool:
        try:
            return pool.submit(int).result() == 0
        except BrokenProcessPool:
            return False


def _pool(workers: int) -> ProcessPoolExecutor:
    # Not "fork": this process has threads, and a fork would copy locks in the locked state.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)


def _start_worker() -> None:
    """Ignore Ctrl-C, which the parent handles; exit when the parent ends, even if it crashes; load the dictionary."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    words.load()


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # no further work can arrive


def _map_chunk(function: Callable[[Item], Result], chunk: tuple[Item, ...]) -> list[Result]:
    return [function(item) for item in chunk]
