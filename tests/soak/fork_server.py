"""A process that has all modules and dictionaries loaded and is forked for each run, which saves seconds per run.

Make it before the test process starts threads, as a fork copies only one thread.
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
"""Seconds after which a complete run that has not ended is killed."""


class ForkServer:
    """Forks processes that call `run(assignment)`, one at a time."""

    def __init__(self, preload: Callable[[], object], run_assigned: Callable[[Any], object]) -> None:
        self._requests, server_end = Pipe()
        self._process = os.fork()
        if not self._process:
            self._requests.close()
            preload()
            server_end.send(None)
            _serve(server_end, run_assigned)
        server_end.close()
        self._requests.recv()

    def run(self, assignment: Any, seconds: float = MAX_RUN_SECONDS) -> int:
        """Run once, kill it after `seconds`; return the exit code: 0 by itself, -9 killed, 1 with an error."""
        self._requests.send((assignment, seconds))
        return int(self._requests.recv())

    def close(self) -> None:
        self._requests.close()
        os.waitpid(self._process, 0)


def _serve(requests: Connection, run_assigned: Callable[[Any], object]) -> NoReturn:
    while True:
        try:
            assignment, seconds = requests.recv()
        except EOFError:
            os._exit(0)
        process = os.fork()
        if not process:
            _run_child(run_assigned, assignment)
        requests.send(_exit_code(process, seconds))


def _run_child(run_assigned: Callable[[Any], object], assignment: Any) -> NoReturn:
    try:
        run_assigned(assignment)
    except BaseException:  # noqa: BLE001  a process of its own: nobody above hears of it
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _exit_code(process: int, seconds: float) -> int:
    handle = os.pidfd_open(process)
    try:
        if not select.select([handle], [], [], seconds)[0]:
            os.kill(process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    finally:
        os.close(handle)
