"""Files that a crash or a power cut leaves either as they were or as they are to be."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, content: bytes, *, before: Callable[[], None] = lambda: None) -> None:
    """Put a private file with `content` in the place of `path`; durable on return. Raises OSError.

    The new version is complete on the disk before it gets the name, so the name always stands for one whole version.
    `before` is called just before that.
    """
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before()
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file to the disk, or a folder, without which a new name in it is not there after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
