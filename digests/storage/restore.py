"""Fitting a restored outbox to what happened since its backup: what Telegram has, it has (SQLite).

Going back to a backup: all of it or nothing, whatever happens in between.

    staged     restoring.new/          files are copied here and fitted to what happened since the backup
    decided    restoring-MOMENT/       one rename; from here on the restore is carried through, also after a crash
    set aside  backups/MOMENT-before-restore/   what the data folder held is moved here
    placing    placing-MOMENT/         one rename; then the files are moved into their places
    done       nothing of it is left, and what was set aside is a backup, if it was whole

A restore brings back what readers wanted and what they are owed. What they were sent is a fact: if the outbox that is
replaced is whole, what it says of letters goes into the restored one, and nothing that was owed since the backup is
lost or repeated. If it is not, a digest that was sent since the backup may come again (within the window for late
ones), and so may the alerts of articles that were taken in since.
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
from digests.storage.backup_schedule import backup_name, backup_time
from digests.storage.files import sync_to_disk
from digests.storage.manifest import BACKUPS_FOLDER, STATE_FILES, Manifest, read_manifest, write_manifest
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
"""What may lie beside the files of PARTS and belongs to them; the journals come first, as a database must not stand
beside a journal that is not its own."""

STAGED, DECIDED, PLACING = "restoring.new", "restoring-", "placing-"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did."""

    backup: Manifest
    set_aside: Path
    """Where what was replaced lies; not there where there was nothing."""
    outbox_was_intact: bool
    """Whether what was sent since the backup is known."""
    rematched: int
    """Taken in since the backup, and matched once more against the restored subscriptions."""


def restore(data: Path, folder: Path, now: datetime, articles: Iterable[NewArticle]) -> RestoreResult:
    """Put the backup in `folder` in the place of what the data folder holds; the caller holds the lock of that.

    `articles` are those of the index, which is not restored: those that the restored outbox does not know are matched
    against the subscriptions once more. Raises DamagedFile or NewerFile where the backup cannot be restored, StateError
    where that is impossible; the data folder then is as it was before.
    """
    finish_interrupted(data)
    backup = read_manifest(folder)
    moment = _free(data, now)
    staged = data / STAGED
    try:
        staged.mkdir(mode=0o700)
        for name in backup.files:
            copy_verified(folder / name, staged / name)
        whole, added = _fit(data / "outbox.sqlite", staged, now, articles)
        for file in (*staged.iterdir(), staged):
            sync_to_disk(file)
        staged.rename(data / f"{DECIDED}{backup_name(moment)}")
        sync_to_disk(data)
    except (OSError, StateError) as error:
        shutil.rmtree(staged, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(f"{folder} could not be restored ({error.strerror}); {data} is as it was before") from error
    finish_interrupted(data)
    return RestoreResult(backup, data / BACKUPS_FOLDER / backup_name(moment, "before-restore"), whole, added)


def finish_interrupted(data: Path) -> None:
    """Carry through a restore that was decided, and forget one that was not; the caller holds the lock of `data`."""
    if not data.is_dir():
        return
    shutil.rmtree(data / STAGED, ignore_errors=True)
    try:
        for decided in data.glob(f"{DECIDED}*"):
            _set_aside(data, _aside(data, decided))
            decided.rename(data / decided.name.replace(DECIDED, PLACING))
            sync_to_disk(data)
        for placing in data.glob(f"{PLACING}*"):
            for file in placing.iterdir():
                file.rename(data / file.name)
            sync_to_disk(data)
            _declare(_aside(data, placing))
            placing.rmdir()
            sync_to_disk(data)
    except OSError as error:
        raise StateError(
            f"a restore of {data} could not be carried through: {error.filename}: {error.strerror}; nothing is lost: "
            "mend that, then start or restore again"
        ) from error


def is_interrupted(data: Path) -> bool:
    """Whether a restore was decided and not carried through yet."""
    return any(any(data.glob(f"{state}*")) for state in (DECIDED, PLACING))


def _fit(current: Path, staged: Path, now: datetime, articles: Iterable[NewArticle]) -> tuple[bool, int]:
    """Fit the staged outbox; whether the one it replaces was whole, and how many articles were new to it."""
    outbox = staged / "outbox.sqlite"
    if not outbox.exists():
        return False, 0
    Outbox(outbox).close()  # brings it to the form of today
    whole = _is_whole(current)
    if whole:
        merge_later_outbox(current, outbox)
    if (staged / "chats.json").exists():
        hold_inactive_chats(outbox, ChatStore(staged / "chats.json", owner=False).all())
    with closing(Outbox(outbox)) as fitted:
        before = len(fitted.unmatched_since())
        fitted.add_unmatched(articles, now)
        return whole, len(fitted.unmatched_since()) - before


def _is_whole(outbox: Path) -> bool:
    try:
        if outbox.exists():
            Outbox(outbox).close()  # brings it to the form of today, and takes in its journal
            return True
    except StateError:
        pass  # the caller says so, and it is kept
    return False


def _free(data: Path, now: datetime) -> datetime:
    """The first moment from `now` on under which nothing lies aside yet."""
    while (data / BACKUPS_FOLDER / backup_name(now, "before-restore")).exists():
        now += timedelta(seconds=1)
    return now


def _aside(data: Path, restoring: Path) -> Path:
    return data / BACKUPS_FOLDER / f"{restoring.name.partition('-')[2]}-before-restore"


def _set_aside(data: Path, aside: Path) -> None:
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in (*SIDE_FILES, *STATE_FILES):
        if (data / name).exists():
            shutil.move(data / name, aside / name)  # the backups may lie on another disk
    sync_to_disk(aside)
    sync_to_disk(data)


def _declare(aside: Path) -> None:
    """Make what was set aside a backup if all of it is whole; what is not is kept to be looked at."""
    if not any(aside.iterdir()):
        aside.rmdir()
        return
    journal, moment = aside / "outbox.sqlite-wal", backup_time(aside.name)
    if not moment or (journal.exists() and journal.stat().st_size):
        return
    try:
        for name in STATE_FILES:
            if (aside / name).exists():
                verify_file(aside / name)
    except StateError:
        return
    write_manifest(aside, moment)
