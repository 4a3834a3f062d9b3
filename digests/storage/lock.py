"""One process per data folder: a lock that the operating system releases when its holder dies."""

import contextlib
import os
from pathlib import Path
from types import TracebackType

import filelock

from digests.errors import DataFolderInUse, StateError

LOCK_FILE = ".lock"
PID_OFFSET = 1
"""Where the holder's process id is written: Windows lets no other process read the first byte, which it locks."""


class FolderLock:
    """Locks a data folder for this process until `release`, the end of a `with` block or the end of the process.

    The open file is locked, so the file that a killed process leaves behind locks nothing. The process id in it only
    serves the error that the next process raises.
    """

    def __init__(self, folder: Path) -> None:
        """Lock the folder, creating it (mode 0700) if it does not exist.

        Raises DataFolderInUse if another holder has locked it, StateError if the folder cannot be used.
        """
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateError(f"the data folder {folder} cannot be used: {error.strerror}") from error
        try:
            self._acquire()
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Release the folder. The file stays: removing it would let two later holders lock two different files."""
        os.close(self._descriptor)

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def _acquire(self) -> None:
        try:
            acquired = filelock.lock_descriptor(self._descriptor, blocking=False)
        except OSError as error:
            raise StateError(f"the data folder {self._folder} cannot be locked: {error.strerror}") from error
        if not acquired:
            raise DataFolderInUse(self._in_use())
        with contextlib.suppress(OSError):  # on a full disk the lock is held without the process id
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, b" " * PID_OFFSET + f"{os.getpid()}\n".encode())

    def _in_use(self) -> str:
        os.lseek(self._descriptor, PID_OFFSET, os.SEEK_SET)
        pid = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
        holder = f"process {pid}" if pid else "another process"
        return (
            f"the data folder {self._folder} is in use by {holder}: one process works on a data folder; "
            f"stop that process, or give this one another folder with --data"
        )
