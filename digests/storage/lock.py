"""One process a data folder: a lock that the system itself lets go of when its holder dies."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType

from digests.errors import DataFolderInUse, StateError

LOCK_FILE = ".lock"


class FolderLock:
    """Holds a data folder for this process from construction until `release` or the end of the process.

    The lock is on the open file, not in its existence: a killed process leaves `.lock` behind but no lock. The pid in
    the file only serves the sentence that the next process says. Usable in a `with` statement.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder, making it (mode 0700) where there is none.

        Raises DataFolderInUse when another holder has it, StateError when the folder cannot be used at all.
        """
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateError(f"the data folder {folder} cannot be used: {error.strerror}") from error
        try:
            self._take()
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Let the folder go; the file stays, because removing it would let two later holders lock two files."""
        os.close(self._descriptor)

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def _take(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(self._in_use()) from None
        except OSError as error:
            raise StateError(f"the data folder {self._folder} cannot be locked: {error.strerror}") from error
        with contextlib.suppress(OSError):  # on a full disk the lock holds all the same, only without the number
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def _in_use(self) -> str:
        pid = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
        holder = f"process {pid}" if pid else "another process"
        return (
            f"the data folder {self._folder} is in use by {holder}: one process works on a data folder; "
            f"stop that process, or give this one another folder with --data"
        )
