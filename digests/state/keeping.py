"""Making backups, also while another process works on the data folder, and dropping those no longer wanted.

What is copied is whole: each file is looked over before the backup is declared one, so that a torn file never takes the
place of a sound copy. The files are copied one after another (see PARTS for the order and why): chats may be a moment
newer than the outbox. That is a state in which a crash could have left the program as well, but for chats that are
written to again in that moment; a restore therefore makes the outbox hold back what the chats say.
"""

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

from digests.errors import NewerFile, StateError, TornFile, UsageError
from digests.state import migrations, outboxfile
from digests.state.backups import Rounds, name_of
from digests.state.durable import write_whole
from digests.state.envelope import Newer, Unsound, is_whole, unseal, version_said
from digests.state.manifest import FOLDER, NAME, PARTS, Manifest, made, read_manifest, remedy, write_manifest

OUTBOX = "outbox.sqlite"
STEPS = {"chats.json": migrations.CHATS, "digests.json": migrations.DIGESTS}
"""How each JSON file of the state comes to the form of today."""


def back_up(data: Path, folder: Path, now: datetime) -> Manifest:
    """Make `folder`, which is not there yet or empty, a backup of what the data folder holds at `now`.

    Raises UsageError where the folder is in use, TornFile or NewerFile where the state is not whole, StateError where
    the backup cannot be written; what was written of it is then taken away again.
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
            if (version_said(file.read(200)) or migrations.current(steps)) < migrations.current(steps):
                return True
    return outboxfile.is_older(data / OUTBOX)


def copy_part(source: Path, copy: Path) -> None:
    """A whole copy of one file of the state; raises TornFile, NewerFile, StateError, OSError."""
    if source.name == OUTBOX:
        outboxfile.copy_outbox(source, copy)
        outboxfile.look(copy)
    else:
        content = source.read_bytes()  # it is replaced as a whole, never changed, so this is one version of it
        _look_into(source, content)
        write_whole(copy, content)


def look_over(file: Path) -> None:
    """Raise TornFile, NewerFile or StateError where a file of the state is not whole or not known."""
    if file.name == OUTBOX:
        outboxfile.look(file)
    else:
        _look_into(file, file.read_bytes())


def _look_into(file: Path, content: bytes) -> None:
    known = migrations.current(STEPS[file.name])
    if is_whole(content, holds=file.stem, known=known):
        return
    try:
        unseal(content, holds=file.stem, known=known)
    except Newer as problem:
        raise NewerFile(file, problem.version, known) from None
    except Unsound as problem:
        raise TornFile(f"{file} {problem}; nothing was overwritten; {remedy(file.parent)}") from None


def _drop(folder: Path) -> None:
    """Remove a backup; without its manifest it is none, so a crash in between leaves no half one."""
    try:
        (folder / NAME).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise StateError(f"the old backup {folder} could not be removed: {error.strerror}") from error
