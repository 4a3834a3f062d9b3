"""Restore a backup completely or not at all, even if a crash or an error interrupts it.

    staged     restoring.new/                   the backup's files are copied here and the outbox is updated
    decided    restoring-TIME/                  folder renamed; after a later crash, the restore is completed
    set aside  backups/TIME-before-restore/     the old files of the data folder are moved here
    placing    placing-TIME/                    folder renamed; the new files are moved into the data folder
    done                                        folder deleted; the set-aside files are a backup if all are intact

A restore brings back subscriptions, settings and unsent messages. If the replaced outbox is intact, its entries and
receipts are merged into the restored one, so no message queued since the backup is lost or repeated. If it is damaged,
messages sent since the backup may be sent again: those that were unsent in the backup, the newest digest (within its
deadline), and alerts to articles ingested since the backup.
"""

import shutil
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digests.errors import StateError
from digests.models import NewArticle
from digests.storage.backup import copy_verified, verify_file
from digests.storage.backup_catalog import (
    BACKUPS_FOLDER,
    DIGESTS_FOLDER,
    Manifest,
    backup_name,
    backup_time,
    read_manifest,
    state_files,
    write_manifest,
)
from digests.storage.files import sync_to_disk
from digests.storage.outbox import Outbox
from digests.storage.outbox_file import JOURNAL_SUFFIXES, hold_inactive_chats, merge_later_outbox
from digests.storage.stores import ChatStore

SIDE_FILES = (
    *(f"outbox.sqlite{suffix}" for suffix in JOURNAL_SUFFIXES),
    "outbox.sqlite.new",
    "chats.json.bak",
    "chats.json.new",
    "digests.json.new",
)
"""Other files that belong to the state files.

The journals are moved first, so that a database is never left with the journal of another database.
"""

STAGED, DECIDED, PLACING = "restoring.new", "restoring-", "placing-"
"""The folder of a staged restore, and the prefixes of the folders of the two later states; a time follows each."""


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The result of a restore."""

    backup: Manifest
    set_aside: Path
    """The folder of the replaced files; it does not exist if there were none."""
    outbox_was_intact: bool
    """True if the replaced outbox could be read, so that messages sent since the backup are known."""
    rematched: int
    """Number of articles that the restored outbox did not contain; they are matched again."""


def restore(data: Path, folder: Path, now: datetime, articles: Iterable[NewArticle]) -> RestoreResult:
    """Replace the state in the data folder by the backup in `folder`; the caller holds the lock of the data folder.

    `articles` are all articles of the index, which is not restored: those not in the restored outbox are matched again.
    Raises DamagedFile or NewerFile if the backup cannot be used, and StateError if restoring fails. The data folder is
    then unchanged, unless the restore was already decided; in that case the next start completes it.
    """
    complete_restore(data)
    backup = read_manifest(folder)
    moment = _free_moment(data, now)
    staged = data / STAGED
    try:
        staged.mkdir(mode=0o700)
        for name in backup.files:
            copy_verified(folder / name, staged / name)
        intact, rematched = _update_outbox(staged, data / "outbox.sqlite", now, articles)
        for file in (*staged.rglob("*"), staged):
            sync_to_disk(file)
        staged.rename(data / f"{DECIDED}{backup_name(moment)}")
        sync_to_disk(data)
    except (OSError, StateError) as error:
        shutil.rmtree(staged, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(f"{folder} could not be restored ({error.strerror}); {data} is unchanged") from error
    complete_restore(data)
    return RestoreResult(backup, data / BACKUPS_FOLDER / backup_name(moment, "before-restore"), intact, rematched)


def complete_restore(data: Path) -> None:
    """Complete a decided restore, or delete one that is only staged; the caller holds the lock of the data folder."""
    if not data.is_dir():
        return
    shutil.rmtree(data / STAGED, ignore_errors=True)
    try:
        for decided in data.glob(f"{DECIDED}*"):
            _set_aside(data, _set_aside_folder(data, decided))
            decided.rename(data / decided.name.replace(DECIDED, PLACING))
            sync_to_disk(data)
        for placing in data.glob(f"{PLACING}*"):
            _place(placing, data)
            _make_backup(_set_aside_folder(data, placing))
            placing.rmdir()
            sync_to_disk(data)
    except OSError as error:
        raise StateError(
            f"a restore of {data} could not be completed: {error.filename}: {error.strerror}; nothing is lost: "
            "fix this, then start Jianbao or restore again"
        ) from error


def is_interrupted(data: Path) -> bool:
    """True if a restore was decided but not completed."""
    return any(any(data.glob(f"{state}*")) for state in (DECIDED, PLACING))


def _update_outbox(staged: Path, current: Path, now: datetime, articles: Iterable[NewArticle]) -> tuple[bool, int]:
    """Merge the `current` outbox into the staged one. Then queue for matching the articles not in the merged outbox.

    Return True if the current outbox is intact, and the number of queued articles.
    """
    path = staged / "outbox.sqlite"
    if not path.exists():
        return False, 0
    Outbox(path).close()  # migrates it
    intact = _is_intact(current)
    if intact:
        merge_later_outbox(current, path)
    if (staged / "chats.json").exists():
        hold_inactive_chats(path, ChatStore(staged / "chats.json", owner=False).all())
    with closing(Outbox(path)) as outbox:
        before = len(outbox.unmatched_since())
        outbox.add_unmatched(articles, now)
        return intact, len(outbox.unmatched_since()) - before


def _is_intact(outbox: Path) -> bool:
    try:
        if outbox.exists():
            Outbox(outbox).close()  # migrates it and merges its journal into the file
            return True
    except StateError:
        pass  # reported in the result; the file is set aside
    return False


def _free_moment(data: Path, now: datetime) -> datetime:
    """Return `now`, or a later moment if the set-aside folder of `now` already exists; each try adds one second."""
    while (data / BACKUPS_FOLDER / backup_name(now, "before-restore")).exists():
        now += timedelta(seconds=1)
    return now


def _set_aside_folder(data: Path, restoring: Path) -> Path:
    return data / BACKUPS_FOLDER / f"{restoring.name.partition('-')[2]}-before-restore"


def _set_aside(data: Path, folder: Path) -> None:
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (*SIDE_FILES, *state_files(data)):
        if (data / name).exists():
            (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
            shutil.move(data / name, folder / name)  # not a rename, because the backups may be on another disk
    for changed in (folder / DIGESTS_FOLDER, folder, data / DIGESTS_FOLDER, data):
        if changed.is_dir():
            sync_to_disk(changed)


def _place(placing: Path, data: Path) -> None:
    """Move the restored files into the data folder; the columns of the digests there are compared at the next start."""
    for file in [path for path in placing.rglob("*") if path.is_file()]:
        place = data / file.relative_to(placing)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        file.rename(place)
    for folder in (placing / DIGESTS_FOLDER, data / DIGESTS_FOLDER):
        if folder.is_dir():
            sync_to_disk(folder)
    if (placing / DIGESTS_FOLDER).is_dir():
        (placing / DIGESTS_FOLDER).rmdir()
    sync_to_disk(data)


def _make_backup(folder: Path) -> None:
    """Write a manifest for the set-aside files if all of them are intact; delete the folder if it is empty."""
    if not any(folder.iterdir()):
        folder.rmdir()
        return
    journal, moment = folder / "outbox.sqlite-wal", backup_time(folder.name)
    if not moment or (journal.exists() and journal.stat().st_size):
        return
    try:
        for name in state_files(folder):
            verify_file(folder / name)
    except StateError:
        return
    write_manifest(folder, moment)
