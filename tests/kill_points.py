"""Kill a function before each of its changes to the file system."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "shutil.move", "sqlite3.connect"}
"""Audit events that Python raises before the change."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def kill_at_every_change(work: Callable[[], object]) -> Iterator[int]:
    """Run `work` in a process of its own that is killed before its first change, its second, and so on.

    Yield the number of the change after each kill, so that the caller can check the result and set up the next run. End
    when the work was completed.
    """
    for fatal in count(1):
        if not _killed_at(fatal, work):
            return
        yield fatal


def _killed_at(fatal: int, work: Callable[[], object]) -> bool:
    process = os.fork()
    if not process:
        _die_at(fatal)
        try:
            work()
        except BaseException as error:  # noqa: BLE001  reported to the parent by the exit status
            print(f"instead of being killed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    exit_code = os.waitstatus_to_exitcode(status)
    assert exit_code in (-signal.SIGKILL, 0)
    return exit_code == -signal.SIGKILL


def _die_at(fatal: int) -> None:
    changes = count(1)

    def hook(event: str, args: tuple[object, ...]) -> None:
        opening = event == "open" and isinstance(args[2], int) and args[2] & WRITING
        if (opening or event in CHANGES) and next(changes) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
