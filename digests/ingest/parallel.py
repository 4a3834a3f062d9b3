"""Work on many things on all cores, by processes beside this one; each loads the dictionary once.

Few things are worked on here: starting processes would take longer.
"""

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
"""Things up to this number are worked on by this process alone."""
ITEMS_PER_CHUNK = 8
"""Things that a process is given at a time."""
CHUNKS_AHEAD_PER_PROCESS = 3
"""Chunks a process that wait to be taken from: bounds the memory, whatever there is to do."""

Thing = TypeVar("Thing")
Done = TypeVar("Done")


def parallel_map(work: Callable[[Thing], Done], things: Iterable[Thing]) -> Iterator[Done]:
    """What `work` makes of each of the things, in their order.

    `work` has to be a function of a module, or a partial of one. The things are asked for as they are needed.
    """
    waiting = iter(things)
    first = list(islice(waiting, MAX_SERIAL_ITEMS + 1))
    if len(first) <= MAX_SERIAL_ITEMS or usable_cores() == 1:
        return map(work, chain(first, waiting))
    return _each_beside(work, chain(first, waiting))


def usable_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _each_beside(work: Callable[[Thing], Done], things: Iterator[Thing]) -> Iterator[Done]:
    # Not forked: this process has threads, whose locks a fork would copy in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(usable_cores(), mp_context=context, initializer=_begin) as processes:
        under_way: deque[Future[list[Done]]] = deque()
        try:
            while chunk := tuple(islice(things, ITEMS_PER_CHUNK)):
                under_way.append(processes.submit(_chunk, work, chunk))
                if len(under_way) >= CHUNKS_AHEAD_PER_PROCESS * usable_cores():
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


def _chunk(work: Callable[[Thing], Done], things: tuple[Thing, ...]) -> list[Done]:
    return [work(thing) for thing in things]
