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
from datetime import datetime
from pathlib import Path

from digests.errors import DamagedFile, NewerFile, StateError, UsageError
from digests.storage import migrations, outbox_file
from digests.storage.backup_schedule import Retention, backup_name
from digests.storage.files import BadContent, NewerVersion, declared_version, decode_envelope, is_intact, replace_file
from digests.storage.manifest import (
    BACKUPS_FOLDER,
    MANIFEST_FILE,
    STATE_FILES,
    Manifest,
    backup_names,
    read_manifest,
    recovery_hint,
    write_manifest,
)

OUTBOX_FILE = "outbox.sqlite"
MIGRATIONS = {"chats.json": migrations.CHAT_MIGRATIONS, "digests.json": migrations.DIGEST_MIGRATIONS}
"""How each JSON file of the state comes to the form of today."""


def back_up(data: Path, folder: Path, now: datetime) -> Manifest:
    """Make `folder`, which is not there yet or empty, a backup of what the data folder holds at `now`.

    Raises UsageError where the folder is in use, DamagedFile or NewerFile where the state is not whole, StateError
    where the backup cannot be written; what was written of it is then taken away again.
    """
    try:
        found = [name for name in STATE_FILES if (data / name).exists()]
        if not found:
            raise UsageError(f"{data} holds no state of Jianbao; expected a data folder with {', '.join(STATE_FILES)}")
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; expected a folder that is not there yet")
        folder.chmod(0o700)
    except OSError as error:
        raise StateError(f"the backup {folder} cannot be made: {error.filename}: {error.strerror}") from error
    try:
        for name in found:
            copy_verified(data / name, folder / name)
        write_manifest(folder, now)
    except (OSError, StateError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(
            f"the backup {folder} could not be made ({error.strerror}); the backups before it are kept"
        ) from error
    return read_manifest(folder)


def run_backup_schedule(data: Path, now: datetime, rounds: Retention) -> Path | None:
    """Make the backup that is due at `now`, then drop what is no longer wanted; where the new one lies, if any."""
    names = backup_names(data)
    if not rounds.is_due(names, now):
        return None
    for name in names:
        # What a crash left of a backup; what a restore set aside because it was torn is no such thing.
        if not (data / BACKUPS_FOLDER / name / MANIFEST_FILE).exists() and not name.endswith("-before-restore"):
            _drop(data / BACKUPS_FOLDER / name)
    backup = back_up(data, data / BACKUPS_FOLDER / backup_name(now), now)
    for name in rounds.expired(backup_names(data)):
        _drop(data / BACKUPS_FOLDER / name)
    return backup.folder


def back_up_before_update(data: Path, now: datetime) -> None:
    """Make a backup where files of the data folder have an older form, before opening them brings them up."""
    if _needs_migration(data):
        back_up(data, data / BACKUPS_FOLDER / backup_name(now, "before-update"), now)


def _needs_migration(data: Path) -> bool:
    """Whether a file of the data folder has a form that opening it will change."""
    for name, steps in MIGRATIONS.items():
        with contextlib.suppress(FileNotFoundError), (data / name).open("rb") as file:
            if (declared_version(file.read(200)) or migrations.latest_version(steps)) < migrations.latest_version(
                steps
            ):
                return True
    return outbox_file.needs_migration(data / OUTBOX_FILE)


def copy_verified(source: Path, copy: Path) -> None:
    """A whole copy of one file of the state; raises DamagedFile, NewerFile, StateError, OSError."""
    if source.name == OUTBOX_FILE:
        outbox_file.copy_outbox(source, copy)
        outbox_file.verify_outbox(copy)
    else:
        content = source.read_bytes()  # it is replaced as a whole, never changed, so this is one version of it
        _look_into(source, content)
        replace_file(copy, content)


def verify_file(file: Path) -> None:
    """Raise DamagedFile, NewerFile or StateError where a file of the state is not whole or not known."""
    if file.name == OUTBOX_FILE:
        outbox_file.verify_outbox(file)
    else:
        _look_into(file, file.read_bytes())


def _look_into(file: Path, content: bytes) -> None:
    known = migrations.latest_version(MIGRATIONS[file.name])
    if is_intact(content, holds=file.stem, known=known):
        return
    try:
        decode_envelope(content, holds=file.stem, known=known)
    except NewerVersion as problem:
        raise NewerFile(file, problem.version, known) from None
    except BadContent as problem:
        raise DamagedFile(f"{file} {problem}; nothing was overwritten; {recovery_hint(file.parent)}") from None


def _drop(folder: Path) -> None:
    """Remove a backup; without its manifest it is none, so a crash in between leaves no half one."""
    try:
        (folder / MANIFEST_FILE).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise StateError(f"the old backup {folder} could not be removed: {error.strerror}") from error
