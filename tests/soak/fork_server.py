"""A process that has everything loaded and is forked for each life, as a new Python would take seconds to load it.

It must be made before its maker has threads.
"""

import os
import select
import signal
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn

MAX_RUN_SECONDS = 100.0
"""Seconds after which a life that is to end by itself is ended all the same."""


class ForkServer:
    """Bears processes that do `live(order)`, one at a time."""

    def __init__(self, load: Callable[[], object], live: Callable[[Any], object]) -> None:
        self._orders, theirs = Pipe()
        self._process = os.fork()
        if not self._process:
            self._orders.close()
            load()
            theirs.send(None)
            _serve(theirs, live)
        theirs.close()
        self._orders.recv()

    def bear(self, order: Any, seconds: float = MAX_RUN_SECONDS) -> int:
        """One life, killed after so many seconds; how it ended: 0 by itself, -9 killed, 1 with an error."""
        self._orders.send((order, seconds))
        return int(self._orders.recv())

    def close(self) -> None:
        self._orders.close()
        os.waitpid(self._process, 0)


def _serve(orders: Connection, live: Callable[[Any], object]) -> NoReturn:
    while True:
        try:
            order, seconds = orders.recv()
        except EOFError:
            os._exit(0)
        process = os.fork()
        if not process:
            _live(live, order)
        orders.send(_ended(process, seconds))


def _live(live: Callable[[Any], object], order: Any) -> NoReturn:
    try:
        live(order)
    except BaseException:  # noqa: BLE001  a process of its own: nobody above hears of it
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _ended(process: int, seconds: float) -> int:
    handle = os.pidfd_open(process)
    try:
        if not select.select([handle], [], [], seconds)[0]:
            os.kill(process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    finally:
        os.close(handle)
