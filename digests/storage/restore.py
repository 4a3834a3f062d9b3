"""Restoring a backup: completely or not at all, whatever interrupts it.

    staged     restoring.new/                   the backup's files are copied here and the outbox is updated
    decided    restoring-TIME/                  after one rename; from here on the restore is completed after a crash
    set aside  backups/TIME-before-restore/     the old files of the data folder are moved here
    placing    placing-TIME/                    after one rename; the new files are moved to their places
    done       no trace is left; the set-aside files are a backup, if all of them are intact

A restore brings back subscriptions, settings and owed messages, but it cannot undo what was sent. If the replaced
outbox is intact, its entries and receipts are merged into the restored one, and nothing queued since the backup is lost
or repeated. If it is damaged, a digest sent since the backup may be sent again (unless it is too late for it), and so
may alerts of articles ingested since.
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
    STATE_FILES,
    Manifest,
    backup_name,
    backup_time,
    read_manifest,
    write_manifest,
)
from digests.storage.files import sync_to_disk
from digests.storage.outbox import Outbox
from digests.storage.outbox_file import hold_inactive_chats, merge_later_outbox
from digests.storage.stores import ChatStore

SIDE_FILES = (
    "outbox.sqlite-wal",
    "outbox.sqlite-shm",
    "outbox.sqlite.new",
    "chats.json.bak",
    "chats.json.new",
    "digests.json.new",
)
"""Files that may lie beside the state files. The journals come first: a database must not stand beside another's."""

STAGED, DECIDED, PLACING = "restoring.new", "restoring-", "placing-"
"""The name of a staged restore's folder; the beginnings of the names of the others, which a time completes."""


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did."""

    backup: Manifest
    set_aside: Path
    """The folder of the replaced files; does not exist if there were none."""
    outbox_was_intact: bool
    """True if it is known what was sent since the backup."""
    rematched: int
    """Articles ingested since the backup, which are matched again."""


def restore(data: Path, folder: Path, now: datetime, articles: Iterable[NewArticle]) -> RestoreResult:
    """Replace the state in the data folder by the backup in `folder`; the caller holds the folder's lock.

    `articles` are all of the index, which is not restored: those unknown to the restored outbox are matched again.
    Raises DamagedFile or NewerFile if the backup cannot be used, StateError if restoring fails; the data folder is then
    unchanged.
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
        for file in (*staged.iterdir(), staged):
            sync_to_disk(file)
        staged.rename(data / f"{DECIDED}{backup_name(moment)}")
        sync_to_disk(data)
    except (OSError, StateError) as error:
        shutil.rmtree(staged, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(f"{folder} could not be restored ({error.strerror}); {data} is as it was before") from error
    complete_restore(data)
    return RestoreResult(backup, data / BACKUPS_FOLDER / backup_name(moment, "before-restore"), intact, rematched)


def complete_restore(data: Path) -> None:
    """Complete a restore that was decided, and delete one that was only staged; the caller holds the folder's lock."""
    if not data.is_dir():
        return
    shutil.rmtree(data / STAGED, ignore_errors=True)
    try:
        for decided in data.glob(f"{DECIDED}*"):
            _set_aside(data, _set_aside_folder(data, decided))
            decided.rename(data / decided.name.replace(DECIDED, PLACING))
            sync_to_disk(data)
        for placing in data.glob(f"{PLACING}*"):
            for file in placing.iterdir():
                file.rename(data / file.name)
            sync_to_disk(data)
            _make_backup(_set_aside_folder(data, placing))
            placing.rmdir()
            sync_to_disk(data)
    except OSError as error:
        raise StateError(
            f"a restore of {data} could not be completed: {error.filename}: {error.strerror}; nothing is lost: "
            "solve this, then start or restore again"
        ) from error


def is_interrupted(data: Path) -> bool:
    """True if a restore was decided and is not completed."""
    return any(any(data.glob(f"{state}*")) for state in (DECIDED, PLACING))


def _update_outbox(staged: Path, current: Path, now: datetime, articles: Iterable[NewArticle]) -> tuple[bool, int]:
    """Update the staged outbox by the `current` one and by the articles.

    Return whether the current one is intact, and how many articles were new.
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
            Outbox(outbox).close()  # migrates it and includes its journal
            return True
    except StateError:
        pass  # the result says so, and the file is set aside
    return False


def _free_moment(data: Path, now: datetime) -> datetime:
    """Return the first moment from `now` on, in seconds, whose set-aside folder does not exist."""
    while (data / BACKUPS_FOLDER / backup_name(now, "before-restore")).exists():
        now += timedelta(seconds=1)
    return now


def _set_aside_folder(data: Path, restoring: Path) -> Path:
    return data / BACKUPS_FOLDER / f"{restoring.name.partition('-')[2]}-before-restore"


def _set_aside(data: Path, folder: Path) -> None:
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (*SIDE_FILES, *STATE_FILES):
        if (data / name).exists():
            shutil.move(data / name, folder / name)  # not a rename, as the backups may lie on another disk
    sync_to_disk(folder)
    sync_to_disk(data)


def _make_backup(folder: Path) -> None:
    """Make the set-aside files a backup if all of them are intact; otherwise keep them as they are."""
    if not any(folder.iterdir()):
        folder.rmdir()
        return
    journal, moment = folder / "outbox.sqlite-wal", backup_time(folder.name)
    if not moment or (journal.exists() and journal.stat().st_size):
        return
    try:
        for name in STATE_FILES:
            if (folder / name).exists():
                verify_file(folder / name)
    except StateError:
        return
    write_manifest(folder, moment)
