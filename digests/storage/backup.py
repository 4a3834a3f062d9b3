"""Which backups there should be: when one is due, and which are no longer wanted (pure; the moment is passed in).

A backup is known by its folder's name: its moment, and after a dash why it was made outside the usual round.

    2026-11-22T204107Z   2026-11-22T204107Z-before-restore   2026-11-22T204107Z-before-update

All that is asked here follows from the names, so a restart or a machine that slept loses nothing.

Making backups, also while another process works on the data folder, and dropping those no longer wanted.

What is copied is whole: each file is looked over before the backup is declared one, so that a torn file never takes the
place of a sound copy. The files are copied one after another (see PARTS for the order and why): chats may be a moment
newer than the outbox. That is a state in which a crash could have left the program as well, but for chats that are
written to again in that moment; a restore therefore makes the outbox hold back what the chats say.
"""

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digests.errors import DamagedFile, NewerFile, StateError, UsageError
from digests.storage import files, outbox_file
from digests.storage.files import Newer, Unsound, is_whole, unseal, version_said, write_whole
from digests.storage.manifest import (
    _LENGTH,
    FOLDER,
    NAME,
    PARTS,
    Manifest,
    is_name,
    made,
    name_of,
    read_manifest,
    remedy,
    write_manifest,
)

_HOUR = len("2026-11-22T20")
_DAY = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Rounds:
    """Of how many hours and of how many days the newest backup is kept; hours and days without one do not count."""

    hourly: int
    daily: int

    def due(self, names: Iterable[str], now: datetime) -> bool:
        """Whether the hour (the day, where none is kept hourly) of `now` has no backup yet."""
        length = _HOUR if self.hourly else _DAY
        this = name_of(now)[:length]
        return bool(self.hourly or self.daily) and all(name[:length] != this for name in names if is_usual(name))

    def surplus(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are no longer wanted, the oldest first.

        A backup outside the usual round is kept for as long as there is a usual one that is older.
        """
        known = sorted(name for name in names if is_name(name))
        usual = [name for name in known if is_usual(name)]
        wanted = _newest(usual, _HOUR, self.hourly) | _newest(usual, _DAY, self.daily)
        since = min(wanted, default="")
        return [name for name in known if name not in wanted and (is_usual(name) or name < since)]


def is_usual(name: str) -> bool:
    """Whether the backup belongs to the hourly and daily round."""
    return is_name(name) and len(name) == _LENGTH


def _newest(names: list[str], length: int, count: int) -> set[str]:
    """The last of the sorted names with each beginning of that length, of the last `count` beginnings."""
    last = {name[:length]: name for name in names}
    return set(list(last.values())[-count:]) if count else set()


OUTBOX = "outbox.sqlite"
STEPS = {"chats.json": files.CHATS, "digests.json": files.DIGESTS}
"""How each JSON file of the state comes to the form of today."""


def back_up(data: Path, folder: Path, now: datetime) -> Manifest:
    """Make `folder`, which is not there yet or empty, a backup of what the data folder holds at `now`.

    Raises UsageError where the folder is in use, DamagedFile or NewerFile where the state is not whole, StateError
    where the backup cannot be written; what was written of it is then taken away again.
    """
    try:
        found = [name for name in PARTS if (data / name).exists()]
        if not found:
            raise UsageError(f"{data} holds no state of Jianbao; expected a data folder with {', '.join(PARTS)}")
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; expected a folder that is not there yet")
        folder.chmod(0o700)
    except OSError as error:
        raise StateError(f"the backup {folder} cannot be made: {error.filename}: {error.strerror}") from error
    try:
        for name in found:
            copy_part(data / name, folder / name)
        write_manifest(folder, now)
    except (OSError, StateError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(
            f"the backup {folder} could not be made ({error.strerror}); the backups before it are kept"
        ) from error
    return read_manifest(folder)


def keep(data: Path, now: datetime, rounds: Rounds) -> Path | None:
    """Make the backup that is due at `now`, then drop what is no longer wanted; where the new one lies, if any."""
    names = made(data)
    if not rounds.due(names, now):
        return None
    for name in names:
        # What a crash left of a backup; what a restore set aside because it was torn is no such thing.
        if not (data / FOLDER / name / NAME).exists() and not name.endswith("-before-restore"):
            _drop(data / FOLDER / name)
    backup = back_up(data, data / FOLDER / name_of(now), now)
    for name in rounds.surplus(made(data)):
        _drop(data / FOLDER / name)
    return backup.folder


def keep_before_update(data: Path, now: datetime) -> None:
    """Make a backup where files of the data folder have an older form, before opening them brings them up."""
    if _is_older(data):
        back_up(data, data / FOLDER / name_of(now, "before-update"), now)


def _is_older(data: Path) -> bool:
    """Whether a file of the data folder has a form that opening it will change."""
    for name, steps in STEPS.items():
        with contextlib.suppress(FileNotFoundError), (data / name).open("rb") as file:
            if (version_said(file.read(200)) or files.current(steps)) < files.current(steps):
                return True
    return outbox_file.is_older(data / OUTBOX)


def copy_part(source: Path, copy: Path) -> None:
    """A whole copy of one file of the state; raises DamagedFile, NewerFile, StateError, OSError."""
    if source.name == OUTBOX:
        outbox_file.copy_outbox(source, copy)
        outbox_file.look(copy)
    else:
        content = source.read_bytes()  # it is replaced as a whole, never changed, so this is one version of it
        _look_into(source, content)
        write_whole(copy, content)


def look_over(file: Path) -> None:
    """Raise DamagedFile, NewerFile or StateError where a file of the state is not whole or not known."""
    if file.name == OUTBOX:
        outbox_file.look(file)
    else:
        _look_into(file, file.read_bytes())


def _look_into(file: Path, content: bytes) -> None:
    known = files.current(STEPS[file.name])
    if is_whole(content, holds=file.stem, known=known):
        return
    try:
        unseal(content, holds=file.stem, known=known)
    except Newer as problem:
        raise NewerFile(file, problem.version, known) from None
    except Unsound as problem:
        raise DamagedFile(f"{file} {problem}; nothing was overwritten; {remedy(file.parent)}") from None


def _drop(folder: Path) -> None:
    """Remove a backup; without its manifest it is none, so a crash in between leaves no half one."""
    try:
        (folder / NAME).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise StateError(f"the old backup {folder} could not be removed: {error.strerror}") from error
