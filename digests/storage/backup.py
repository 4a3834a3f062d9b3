"""Make backups, also while another process uses the data folder, and delete expired ones.

Each copied file is verified before the folder becomes a backup, so a damaged file never replaces an intact copy. The
files are copied one by one, in the order of `state_files`, so the chats may be slightly newer than the outbox. A
crash can cause the same difference, so the program tolerates it. Only if a chat became active or inactive between the
two copies, the files contradict each other; a restore therefore holds the messages of exactly the inactive chats
(`hold_inactive_chats`).
"""

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

from digests.errors import DamagedFile, NewerFile, StateError, UsageError
from digests.storage import migrations, outbox_file
from digests.storage.backup_catalog import (
    BACKUPS_FOLDER,
    DIGESTS_FOLDER,
    MANIFEST_FILE,
    Manifest,
    Retention,
    backup_name,
    backup_names,
    newest_intact_backup,
    read_manifest,
    recovery_hint,
    state_files,
    write_manifest,
)
from digests.storage.files import (
    HEADER_BYTES,
    MONTH_FILE,
    BadContent,
    NewerVersion,
    declared_version,
    decode_envelope,
    is_intact,
    replace_file,
)

OUTBOX_FILE = "outbox.sqlite"
JSON_VERSIONS = {
    "chats": migrations.latest_version(migrations.CHAT_MIGRATIONS),
    "digests": migrations.latest_version(migrations.DIGEST_MIGRATIONS),
}
"""The current schema version of the JSON files, by what they hold."""


def back_up(data: Path, folder: Path, now: datetime, *, earlier: Manifest | None = None) -> Manifest:
    """Back up the data folder into `folder`, which must be empty or not exist yet.

    Digests of months that have not changed since the `earlier` backup, which must be intact, are linked, not copied.

    Raises UsageError if `folder` is not empty or `data` has no state file, DamagedFile or NewerFile if a state file is
    damaged or newer, and StateError if the backup cannot be written. A failed backup is deleted.
    """
    try:
        found = state_files(data)
        if not found:
            raise UsageError(
                f"{data} contains no state of Jianbao; expected a data folder with outbox.sqlite, chats.json, digests"
            )
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; expected a new or empty folder")
        folder.chmod(0o700)
    except OSError as error:
        raise StateError(f"the backup {folder} cannot be made: {error.filename}: {error.strerror}") from error
    try:
        for name in found:
            copy_verified(data / name, folder / name, earlier.folder / name if earlier else None)
        write_manifest(folder, now)
    except (OSError, StateError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(
            f"the backup {folder} could not be made ({error.strerror}); earlier backups are kept"
        ) from error
    return read_manifest(folder)


def run_backup_schedule(data: Path, now: datetime, retention: Retention) -> Path | None:
    """Make the backup due at `now` and delete expired ones; return the new backup's folder, None if none is due."""
    names = backup_names(data)
    if not retention.is_due(names, now):
        return None
    for name in names:
        # Incomplete backups are left by a crash. Files set aside by a restore are kept, although they may be damaged.
        if not (data / BACKUPS_FOLDER / name / MANIFEST_FILE).exists() and not name.endswith("-before-restore"):
            _delete(data / BACKUPS_FOLDER / name)
    backup = back_up(data, data / BACKUPS_FOLDER / backup_name(now), now, earlier=newest_intact_backup(data))
    for name in retention.expired(backup_names(data)):
        _delete(data / BACKUPS_FOLDER / name)
    return backup.folder


def back_up_before_update(data: Path, now: datetime) -> None:
    """Make a backup if a state file has an older schema version; call it before the file is opened and migrated."""
    if _needs_migration(data):
        folder = data / BACKUPS_FOLDER / backup_name(now, "before-update")
        back_up(data, folder, now, earlier=newest_intact_backup(data))


def copy_verified(source: Path, copy: Path, earlier: Path | None = None) -> None:
    """Copy one state file and verify the copy; raises DamagedFile, NewerFile, StateError, OSError.

    A file of digests is linked to the `earlier` copy if that has the same content. Chats are copied each time: damage
    to one file on the disk must not reach all their backups, because nothing else can restore them.
    """
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    if source.name == OUTBOX_FILE:
        outbox_file.copy_outbox(source, copy)
        outbox_file.verify_outbox(copy)
    else:
        content = source.read_bytes()  # consistent: the file is replaced atomically, never changed in place
        _verify_content(source, content)
        if not (earlier and MONTH_FILE.fullmatch(copy.name) and _link(earlier, copy, content)):
            replace_file(copy, content)


def verify_file(file: Path) -> None:
    """Check that a state file can be used; raises DamagedFile, NewerFile, StateError."""
    if file.name == OUTBOX_FILE:
        outbox_file.verify_outbox(file)
    else:
        _verify_content(file, file.read_bytes())


def _needs_migration(data: Path) -> bool:
    if _version(data / "digests.json"):
        return True  # its digests are moved to the files of their months
    version = _version(data / "chats.json")
    return (version is not None and version < JSON_VERSIONS["chats"]) or outbox_file.needs_migration(data / OUTBOX_FILE)


def _version(file: Path) -> int | None:
    """Return the schema version that a JSON file declares; None if there is no file, or it is not of Jianbao."""
    with contextlib.suppress(FileNotFoundError), file.open("rb") as opened:
        return declared_version(opened.read(HEADER_BYTES))
    return None


def _link(earlier: Path, copy: Path, content: bytes) -> bool:
    """Make `copy` a hard link to `earlier`, if that has this content; False if not, or if it cannot be done."""
    try:
        if earlier.read_bytes() == content:
            copy.hardlink_to(earlier)
            return True
    except OSError:
        pass  # there is no such file, or the file system has no hard links
    return False


def _verify_content(file: Path, content: bytes) -> None:
    holds = DIGESTS_FOLDER if MONTH_FILE.fullmatch(file.name) else file.stem
    known = JSON_VERSIONS[holds]
    if is_intact(content, holds=holds, known=known):
        return
    try:
        decode_envelope(content, holds=holds, known=known)
    except NewerVersion as problem:
        raise NewerFile(file, problem.version, known) from None
    except BadContent as problem:
        raise DamagedFile(f"{file} {problem}; nothing was overwritten; {recovery_hint(_data_folder(file))}") from None


def _data_folder(file: Path) -> Path:
    return file.parent.parent if file.parent.name == DIGESTS_FOLDER else file.parent


def _delete(folder: Path) -> None:
    """Delete a backup, its manifest first: after a crash, the rest of the folder is not taken for a backup."""
    try:
        (folder / MANIFEST_FILE).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise StateError(f"the expired backup {folder} could not be deleted: {error.strerror}") from error
