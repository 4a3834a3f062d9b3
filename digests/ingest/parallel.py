"""Map a function over many items on all cores, in worker processes that each load the dictionary once."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
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


def parallel_map(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `function(item)` for each item, in order; items are read as they are needed.

    `function` must be a module's function, or a partial of one, so that it can be pickled.
    """
    items = iter(items)
    first = list(islice(items, MAX_SERIAL_ITEMS + 1))
    if len(first) <= MAX_SERIAL_ITEMS or usable_cores() == 1:
        return map(function, chain(first, items))
    return _map_by_workers(function, chain(first, items))


def usable_cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    count: Callable[[], int | None] = getattr(os, "process_cpu_count", os.cpu_count)  # from Python 3.13 on
    return count() or 1


def _map_by_workers(function: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result]:
    # Not "fork": this process has threads, and a fork would copy locks in the locked state.
    context = multiprocessing.get_context("spawn")
    workers = usable_cores()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        pending: deque[Future[list[Result]]] = deque()
        try:
            while chunk := tuple(islice(items, ITEMS_PER_CHUNK)):
                pending.append(pool.submit(_map_chunk, function, chunk))
                if len(pending) >= CHUNKS_AHEAD_PER_PROCESS * workers:
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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
