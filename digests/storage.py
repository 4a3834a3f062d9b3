"""A storage for TinyDB that a crash cannot tear: memory in front, one file replaced as a whole behind it.

    {"format": "jianbao", "holds": "chats", "version": 1, "checksum": "…", "tables": {…}}

Reads come from memory. A write makes a complete new file beside the old one, brings it to the disk and renames it over
the old one, so that at every moment the name stands for one whole version. There must be one writer (see lock.py).
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

import orjson
from tinydb import Storage

from digests.errors import StateError, TornFile

FORMAT = "jianbao"

Tables = dict[str, dict[str, Any]]


class JsonFile(Storage):
    """TinyDB's two methods over one file.

    `holds` and `version` say what the tables are and in which schema; a file that says otherwise is refused. A
    `rebuildable` file keeps no previous version: what it holds can be made again from the pages.
    """

    def __init__(self, path: Path, *, holds: str, version: int, rebuildable: bool) -> None:
        """Read the file, if there is one.

        Raises TornFile (the file is damaged, foreign or of another schema) or StateError (it cannot be read). Nothing
        in the folder is changed in any case: another process may be writing. What a crash left of an unfinished write
        was never acknowledged, and the next write replaces it.
        """
        self._path = path
        self._new = path.with_name(path.name + ".new")
        self._previous = path.with_name(path.name + ".bak")
        self._holds = holds
        self._version = version
        self._rebuildable = rebuildable
        self._tables: Tables | None = self._load()

    def read(self) -> Tables:
        """The tables as the file has them; TinyDB changes them in place and hands them back to `write`."""
        if self._tables is None:
            raise StateError(f"{self._path} could not be read back after a failed write; stop, look, start again")
        return self._tables

    def write(self, data: Tables) -> None:
        """Make `data` the content of the file; durable on return.

        Raises StateError when that is impossible (disk full, folder read-only); file and memory then both hold the
        version before.
        """
        try:
            self._replace(self._seal(data))
        except (OSError, orjson.JSONEncodeError) as error:
            with contextlib.suppress(OSError):
                self._new.unlink(missing_ok=True)
            # TinyDB has already changed documents in place: memory has to be made equal to the file again.
            self._tables = None
            self._tables = self._load()
            reason = error.strerror if isinstance(error, OSError) else error
            raise StateError(f"{self._path} could not be written ({reason}); what it held before is kept") from error
        self._tables = data

    def _seal(self, tables: Tables) -> bytes:
        payload = orjson.dumps(tables)
        envelope = {
            "format": FORMAT,
            "holds": self._holds,
            "version": self._version,
            "checksum": _checksum(payload),
            "tables": orjson.Fragment(payload),
        }
        return orjson.dumps(envelope, option=orjson.OPT_APPEND_NEWLINE)

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not self._rebuildable:
            self._keep_previous()
        self._new.replace(self._path)
        sync_folder(self._path.parent)

    def _keep_previous(self) -> None:
        """Give the version that is about to be replaced a second name; it is whole all the while."""
        self._previous.unlink(missing_ok=True)
        # Before the first write there is none, and some file systems know no hard links: no reason not to write.
        with contextlib.suppress(OSError):
            self._previous.hardlink_to(self._path)

    def _load(self) -> Tables:
        try:
            return self._unseal(self._path.read_bytes())
        except FileNotFoundError:
            if not self._rebuildable and self._previous.exists():
                raise self._torn("is missing") from None
            return {}
        except OSError as error:
            raise StateError(f"{self._path} cannot be read: {error.strerror}") from error
        except _Unsound as problem:
            raise self._torn(str(problem)) from None

    def _unseal(self, content: bytes) -> Tables:
        if not content.strip(b"\0 \n"):
            raise _Unsound(f"has {len(content)} bytes and says nothing")
        try:
            envelope = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise _Unsound(f"is not JSON ({error})") from None
        if not isinstance(envelope, dict) or envelope.get("format") != FORMAT:
            raise _Unsound("is JSON, but nothing that Jianbao wrote")
        holds, version, tables = (envelope.get(key) for key in ("holds", "version", "tables"))
        if (holds, version) != (self._holds, self._version):
            raise _Unsound(f"holds {holds!r} in schema version {version!r}")
        if not isinstance(tables, dict) or envelope.get("checksum") != _checksum(orjson.dumps(tables)):
            raise _Unsound("holds something other than what was written (its checksum does not fit)")
        return tables

    def _torn(self, found: str) -> TornFile:
        expected = f"expected {self._holds!r} in schema version {self._version}"
        return TornFile(f"{self._path} {found}; {expected}; nothing was overwritten; {self._remedy()}")

    def _remedy(self) -> str:
        if self._rebuildable:
            return "move the file away and start again: what it held is built anew from the pages"
        try:
            self._unseal(self._previous.read_bytes())
        except (OSError, _Unsound):
            return "no sound previous version lies beside it: put back a backup, or move the file away to begin empty"
        return f"the version before the last change is sound: to go on with it, rename {self._previous} to {self._path}"


class _Unsound(Exception):
    """What is wrong with a file's content, as the end of a sentence that begins with its name."""


def _checksum(payload: bytes) -> str:
    return hashlib.blake2b(payload, digest_size=16).hexdigest()


def sync_folder(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
