"""Killing a piece of work in every gap between two changes of the file system."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "shutil.move", "sqlite3.connect"}
"""Events that Python reports before they happen."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def killed_everywhere(work: Callable[[], object]) -> Iterator[int]:
    """Do `work` in a process of its own that is killed before its first change, its second, and so on.

    Gives the number of the change after each kill, when the caller looks at what is left and sets it up anew; ends
    after the work was done whole.
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
        except BaseException as error:  # noqa: BLE001  the parent has to hear of it, not the test run
            print(f"instead of being killed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _die_at(fatal: int) -> None:
    changes = count(1)

    def hook(event: str, told: tuple[object, ...]) -> None:
        opening = event == "open" and isinstance(told[2], int) and told[2] & WRITING
        if (opening or event in CHANGES) and next(changes) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
