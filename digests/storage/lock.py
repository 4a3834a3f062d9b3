"""The lock of a data folder, held by one process; the operating system releases it when the process ends."""

import contextlib
import os
from pathlib import Path
from types import TracebackType

import filelock

from digests.errors import DataFolderInUse, StateError

LOCK_FILE = ".lock"
PID_OFFSET = 1
"""Position of the process id in the file: on Windows the first byte is locked and cannot be read by others."""


class FolderLock:
    """Locks a data folder for this process until `release`, the end of a `with` block or the end of the process.

    The lock is on the open file, so a file left by a killed process locks nothing. The process id in the file is only
    used in the error message of another process.
    """

    def __init__(self, folder: Path) -> None:
        """Lock the folder; it is created (mode 0700) if it does not exist.

        Raises DataFolderInUse if the folder is already locked, StateError if it cannot be used.
        """
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateError(
                f"the data folder {folder} cannot be used: {error.strerror}; expected a folder that this user may read "
                "and write"
            ) from error
        try:
            self._acquire()
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Release the lock. The file is not deleted: otherwise two later processes could lock two different files."""
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
        with contextlib.suppress(OSError):  # if the disk is full, the process id is missing
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, b" " * PID_OFFSET + f"{os.getpid()}\n".encode())

    def _in_use(self) -> str:
        os.lseek(self._descriptor, PID_OFFSET, os.SEEK_SET)
        pid = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
        holder = f"process {pid}" if pid else "another process"
        return (
            f"the data folder {self._folder} is in use by {holder}: only one process may use a data folder; "
            f"stop that process, or give this one another folder with --data"
        )
