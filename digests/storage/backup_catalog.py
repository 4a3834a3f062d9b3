"""The backups of a data folder: their names, their manifests, and which are due or expired.

The name of an automatic backup is its time and, for a backup outside the hourly and daily schedule, its reason:

    2026-11-22T204107Z   2026-11-22T204107Z-before-restore   2026-11-22T204107Z-before-update

The names alone determine whether a backup is due and which backups have expired, so a restart or a suspended
machine makes no difference.

Each backup has a manifest with the size and checksum of each file, by which a changed or missing file is detected. The
manifest is written last: a folder without one is not a backup, so a crash cannot leave an incomplete backup.
"""

import hashlib
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from digests.errors import DamagedFile, StateError
from digests.storage.files import (
    MONTH_FILE,
    BadContent,
    decode_envelope,
    encode_envelope,
    month_files,
    replace_file,
    sync_to_disk,
)

BackupReason = Literal["", "before-restore", "before-update"]

_TIME_FORMAT = "%Y-%m-%dT%H%M%SZ"
_TIME_CHARS = len("2026-11-22T204107Z")
_HOUR_CHARS = len("2026-11-22T20")
_DAY_CHARS = len("2026-11-22")


def backup_name(moment: datetime, reason: BackupReason = "") -> str:
    """Return the name of a backup made at `moment` (aware); names sort by time."""
    stamp = moment.astimezone(UTC).strftime(_TIME_FORMAT)
    return f"{stamp}-{reason}" if reason else stamp


def backup_time(name: str) -> datetime | None:
    """Return the time in the name of a backup; None if the name does not begin with a time."""
    try:
        return datetime.strptime(name[:_TIME_CHARS], _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_backup_name(name: str) -> bool:
    """True if a folder of this name is an automatic backup."""
    return backup_time(name) is not None and name[_TIME_CHARS:] in ("", "-before-restore", "-before-update")


def is_scheduled(name: str) -> bool:
    """True if the backup of this name belongs to the hourly and daily schedule."""
    return is_backup_name(name) and len(name) == _TIME_CHARS


@dataclass(frozen=True, slots=True)
class Retention:
    """How many hours and how many days (UTC) keep their newest backup; those without a backup do not count."""

    hourly: int
    daily: int

    def is_due(self, names: Iterable[str], now: datetime) -> bool:
        """True if the current hour (or day, if no hourly backups are kept) needs a scheduled backup and has none."""
        chars = _HOUR_CHARS if self.hourly else _DAY_CHARS
        current = backup_name(now)[:chars]
        return bool(self.hourly or self.daily) and all(name[:chars] != current for name in names if is_scheduled(name))

    def expired(self, names: Iterable[str]) -> list[str]:
        """Return the names of the backups to delete, oldest first.

        A backup outside the schedule expires when it is older than all scheduled backups that are kept.
        """
        known = sorted(name for name in names if is_backup_name(name))
        scheduled = [name for name in known if is_scheduled(name)]
        kept = _newest(scheduled, _HOUR_CHARS, self.hourly) | _newest(scheduled, _DAY_CHARS, self.daily)
        oldest_kept = min(kept, default="")
        return [name for name in known if name not in kept and (is_scheduled(name) or name < oldest_kept)]


def _newest(names: list[str], chars: int, count: int) -> set[str]:
    """Return the newest of the sorted names in each of the last `count` periods; a period is a name's first `chars`."""
    newest = {name[:chars]: name for name in names}
    return set(list(newest.values())[-count:]) if count else set()


MANIFEST_FILE = "manifest.json"
HOLDS = "backup"
MANIFEST_VERSION = 2
"""From version 2 on, the digests of each month have a file."""

BACKUPS_FOLDER = "backups"
"""The folder of automatic backups in the data folder."""

STATE_FILES = ("outbox.sqlite", "chats.json", "digests.json")
"""The files of a backup, in the order in which they are copied; those of the digests follow.

The outbox comes first: a chat is stored before a message is queued for it, so the later copy of the chats has all
chats of the outbox. Only earlier versions wrote digests.json. The index and the columns of the digests are not backed
up, because they can be rebuilt from the pages.
"""
DIGESTS_FOLDER = "digests"
"""The folder with a file of digests for each month; in manifests, the names of these files begin with it."""

_EXPECTED = "expected an unchanged folder that `jianbao backup` or the running program made"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A complete backup: its folder, its time, and the names of its files in the order of `state_files`."""

    folder: Path
    taken: datetime
    files: tuple[str, ...]


def state_files(folder: Path) -> list[str]:
    """Return the names of the files to back up that a data folder or a backup contains, in the order of copying."""
    months = [f"{DIGESTS_FOLDER}/{path.name}" for path in month_files(folder / DIGESTS_FOLDER)]
    return [*(name for name in STATE_FILES if (folder / name).exists()), *months]


def write_manifest(folder: Path, now: datetime) -> None:
    """Write the manifest that makes `folder` a backup of the time `now`; durable on return. Raises OSError."""
    files: dict[str, Any] = {name: _describe(folder / name) for name in state_files(folder)}
    for name in files:
        if (folder / name).stat().st_nlink == 1:  # a file that is linked was flushed with an earlier backup
            sync_to_disk(folder / name)
    for changed in {folder, *((folder / name).parent for name in files)}:
        sync_to_disk(changed)
    tables = {"backup": {"taken": now.isoformat()}, "files": files}
    replace_file(folder / MANIFEST_FILE, encode_envelope(tables, holds=HOLDS, version=MANIFEST_VERSION))
    sync_to_disk(folder.parent)


def read_manifest(folder: Path) -> Manifest:
    """Return the backup in `folder` after checking each file against its checksum.

    Raises DamagedFile if the folder is not a backup or a file was changed, StateError if it cannot be read.
    """
    try:
        _, tables = decode_envelope((folder / MANIFEST_FILE).read_bytes(), holds=HOLDS, known=MANIFEST_VERSION)
        _compare(folder, tables["files"])
        taken = datetime.fromisoformat(tables["backup"]["taken"])
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        found = "is no backup" if missing == MANIFEST_FILE else "is incomplete"
        raise DamagedFile(f"{folder} {found} (it has no file {missing}); {_EXPECTED}") from None
    except OSError as error:
        raise StateError(f"{error.filename} cannot be read: {error.strerror}") from error
    except BadContent as problem:
        raise DamagedFile(f"the backup {folder} {problem}; {_EXPECTED}") from None
    return Manifest(folder, taken, tuple(tables["files"]))


def backup_names(data: Path) -> list[str]:
    """Return the names of a data folder's automatic backups, complete or not, oldest first."""
    folder = data / BACKUPS_FOLDER
    return sorted(path.name for path in folder.iterdir() if is_backup_name(path.name)) if folder.is_dir() else []


def newest_intact_backup(data: Path) -> Manifest | None:
    """Return the newest automatic backup of a data folder that is intact; None if there is none."""
    for name in reversed(backup_names(data)):
        try:
            return read_manifest(data / BACKUPS_FOLDER / name)
        except StateError:
            continue  # `jianbao check` reports a damaged backup; here an older one is enough
    return None


def recovery_hint(data: Path) -> str:
    """Return the end of an error message: how to recover the contents of a data folder."""
    backup = newest_intact_backup(data)
    if backup is None:
        return f"there is no intact backup in {data / BACKUPS_FOLDER}"
    command = shlex.join(["jianbao", "restore", str(backup.folder), "--data", str(data)])
    return f"the newest intact backup is from {backup.taken:%Y-%m-%d %H:%M} UTC: to restore it, run `{command}`"


def _compare(folder: Path, files: dict[str, Any]) -> None:
    for name, description in files.items():
        if not _is_state_file(name) or _describe(folder / name) != description:
            raise BadContent(f"is damaged (its file {name} was changed after the backup)")


def _is_state_file(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return name in STATE_FILES or (folder == DIGESTS_FOLDER and MONTH_FILE.fullmatch(file) is not None)


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        return {"size": file.tell(), "checksum": digest}
