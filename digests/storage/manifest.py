"""What makes a folder a backup: a manifest, written last, that says of each file how it was when the backup was made.

A folder without a manifest is no backup, whatever else lies in it, so a crash leaves nothing that looks like a whole
one; a file that changed or went missing afterwards is found by its checksum.
"""

import hashlib
import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from digests.errors import DamagedFile, StateError
from digests.storage.backup_schedule import is_backup_name
from digests.storage.files import BadContent, decode_envelope, encode_envelope, replace_file, sync_to_disk

MANIFEST_FILE = "manifest.json"
HOLDS = "backup"
VERSION = 1

BACKUPS_FOLDER = "backups"
"""Below the data folder: the backups that the program makes of itself."""

STATE_FILES = ("outbox.sqlite", "chats.json", "digests.json")
"""What a backup is made of, in the order in which it is copied.

The outbox comes first: whoever it owes something was stored as a chat before, so the chats that are copied after it
know everybody in it. The index is made of the pages alone and is in no backup.
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup: its folder, its moment, and the names of its files in the order of PARTS."""

    folder: Path
    taken: datetime
    files: tuple[str, ...]


def write_manifest(folder: Path, now: datetime) -> None:
    """Declare the files in `folder` a backup; durable on return. Raises OSError."""
    files = {name: _described(folder / name) for name in STATE_FILES if (folder / name).exists()}
    for name in files:
        sync_to_disk(folder / name)
    sync_to_disk(folder)
    content = encode_envelope({"backup": {"taken": now.isoformat()}, "files": files}, holds=HOLDS, version=VERSION)
    replace_file(folder / MANIFEST_FILE, content)
    sync_to_disk(folder.parent)


def read_manifest(folder: Path) -> Manifest:
    """The backup in `folder`, each of its files looked over.

    Raises DamagedFile where it is no backup or not whole any more, StateError where it cannot be read.
    """
    try:
        _, tables = decode_envelope((folder / MANIFEST_FILE).read_bytes(), holds=HOLDS, known=VERSION)
        _compare(folder, tables["files"])
        taken = datetime.fromisoformat(tables["backup"]["taken"])
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        found = "is no backup" if missing == MANIFEST_FILE else "is torn"
        raise DamagedFile(f"{folder} {found} (it has no file {missing}); {_EXPECTED}") from None
    except OSError as error:
        raise StateError(f"{error.filename} cannot be read: {error.strerror}") from error
    except BadContent as problem:
        raise DamagedFile(f"the backup {folder} {problem}; {_EXPECTED}") from None
    return Manifest(folder, taken, tuple(name for name in STATE_FILES if name in tables["files"]))


_EXPECTED = "expected a folder that `jianbao backup` or the running program made, as it left it"


def backup_names(data: Path) -> list[str]:
    """The names of the backups, whole or not, that the program made of itself, the oldest first."""
    folder = data / BACKUPS_FOLDER
    return sorted(path.name for path in folder.iterdir() if is_backup_name(path.name)) if folder.is_dir() else []


def newest_intact_backup(data: Path) -> Manifest | None:
    """The newest of the backups of a data folder that can be restored."""
    for name in reversed(backup_names(data)):
        try:
            return read_manifest(data / BACKUPS_FOLDER / name)
        except StateError:
            continue  # that it is torn is said by `jianbao check`; here an older one helps
    return None


def recovery_hint(data: Path) -> str:
    """How to get back what a data folder held, as the end of a sentence."""
    backup = newest_intact_backup(data)
    if backup is None:
        return f"no whole backup lies in {data / BACKUPS_FOLDER}"
    command = shlex.join(["jianbao", "restore", str(backup.folder), "--data", str(data)])
    return f"the newest whole backup is of {backup.taken:%Y-%m-%d %H:%M} UTC: to go back to it, run `{command}`"


def _compare(folder: Path, files: dict[str, Any]) -> None:
    for name, description in files.items():
        if name not in STATE_FILES or _described(folder / name) != description:
            raise BadContent(f"is torn (its file {name} is not what was written)")


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        return {"size": file.tell(), "checksum": digest}
