"""A crash-safe storage for TinyDB: the data in memory, and one JSON file that is replaced atomically at each write.

There must be one writer (see lock.py). The format of the file is in files.py, the migration of older ones in
migrations.py.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import orjson
from tinydb import Storage

from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage.backup_catalog import recovery_hint
from digests.storage.files import BadContent, NewerVersion, Tables, decode_envelope, encode_envelope, replace_file
from digests.storage.migrations import Migration, latest_version, migrate


class JsonFile(Storage):
    """TinyDB's interface, two methods, over one file.

    `holds` names the contents, `steps` are the migrations; a file with other contents or of a newer version is refused.
    A `rebuildable` file keeps no previous version, because its contents can be made again from the pages.
    """

    def __init__(self, path: Path, *, holds: str, steps: Sequence[Migration] = (), rebuildable: bool = False) -> None:
        """Read the file, if it exists. Changes nothing in the folder, since another process may be writing.

        Raises DamagedFile (the file is damaged or foreign), NewerFile or StateError (it cannot be read).
        """
        self._path = path
        self._previous = path.with_name(path.name + ".bak")
        self._holds = holds
        self._steps = steps
        self._version = latest_version(steps)
        self._rebuildable = rebuildable
        self.needs_migration = False
        """True while the file is of an older version; memory is migrated, the file will be with the next write."""
        self._tables: Tables | None = self._load()

    def read(self) -> Tables:
        """Return the tables; TinyDB changes them in place and passes them to `write`."""
        if self._tables is None:
            raise StateError(
                f"{self._path} could not be read back after a failed write; "
                "stop the program, check the disk and start again"
            )
        return self._tables

    def write(self, data: Tables) -> None:
        """Make `data` the contents of the file; durable on return.

        Raises StateError where that fails (disk full, folder read-only); file and memory then keep the old tables.
        """
        try:
            self._replace(encode_envelope(data, holds=self._holds, version=self._version))
        except (OSError, orjson.JSONEncodeError) as error:
            # TinyDB has already changed documents in place: memory must be made equal to the file again.
            self._tables = None
            self._tables = self._load()
            reason = error.strerror if isinstance(error, OSError) else error
            raise StateError(f"{self._path} could not be written ({reason}); its old contents are kept") from error
        self._tables = data
        self.needs_migration = False

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path, content, before_rename=self._keep_previous)

    def _keep_previous(self) -> None:
        """Give the version that is about to be replaced a second name."""
        if self._rebuildable:
            return
        self._previous.unlink(missing_ok=True)
        # There is no file before the first write, and some file systems have no hard links; neither prevents the write.
        with contextlib.suppress(OSError):
            self._previous.hardlink_to(self._path)

    def _load(self) -> Tables:
        try:
            version, tables = self._decode(self._path)
        except FileNotFoundError:
            if not self._rebuildable and self._previous.exists():
                raise self.damaged("is missing") from None
            return {}
        except OSError as error:
            raise StateError(f"{self._path} cannot be read: {error.strerror}") from error
        except NewerVersion as problem:
            raise NewerFile(self._path, problem.version, self._version) from None
        except BadContent as problem:
            raise self.damaged(str(problem)) from None
        self.needs_migration = version < self._version
        try:
            return migrate(tables, version, self._steps)
        except (LookupError, TypeError, ValueError) as error:
            raise self.damaged(f"cannot be migrated from schema version {version} ({error!r})") from error

    def _decode(self, path: Path) -> tuple[int, Tables]:
        return decode_envelope(path.read_bytes(), holds=self._holds, known=self._version)

    def damaged(self, found: str) -> DamagedFile:
        """Return the error for a file that cannot be used; `found` completes a sentence that begins with its name."""
        expected = f"expected {self._holds!r} in schema version {self._version}"
        return DamagedFile(f"{self._path} {found}; {expected}; nothing was overwritten; {self._remedy()}")

    def _remedy(self) -> str:
        if self._rebuildable:
            return "move the file away and start again: its contents are rebuilt from the pages"
        backup = recovery_hint(self._path.parent)
        try:
            self._decode(self._previous)
        except (OSError, BadContent):
            return f"there is no intact previous version beside it; {backup}; to start empty, move the file away"
        return (
            f"the version before the last change is intact: to use it, rename {self._previous} to {self._path}; "
            f"{backup}"
        )
