"""A crash-safe storage for TinyDB: data in memory and in a JSON file that is replaced atomically at each write.

Only one process may write (see lock.py). The file format is in files.py, migrations of older files in migrations.py.
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
    """A JSON file with the two methods that TinyDB needs, `read` and `write`.

    `holds` names the contents, `steps` are the migrations; a file with other contents or of a newer version is refused.
    No previous version is kept of a `rebuildable` file, because its contents can be rebuilt from the pages.
    """

    def __init__(self, path: Path, *, holds: str, steps: Sequence[Migration] = (), rebuildable: bool = False) -> None:
        """Read the file, if it exists. Change nothing in the folder, because another process may be writing.

        Raises DamagedFile (the file is damaged or foreign), NewerFile or StateError (it cannot be read).
        """
        self._path = path
        self._previous = path.with_name(path.name + ".bak")
        self._holds = holds
        self._steps = steps
        self._version = latest_version(steps)
        self._rebuildable = rebuildable
        self.needs_migration = False
        """True while the file has an older version than the tables in memory, that is until the next write."""
        self._tables: Tables | None = self._load()

    def read(self) -> Tables:
        """Return the tables, which TinyDB changes in place and passes to `write`."""
        if self._tables is None:
            raise StateError(
                f"{self._path} could not be read back after a failed write; "
                "stop the program, check the disk and start again"
            )
        return self._tables

    def write(self, data: Tables) -> None:
        """Replace the tables in the file and in memory by `data`; durable on return.

        Raises StateError if writing fails (disk full, folder read-only); file and memory then keep the old tables.
        """
        try:
            self._replace(encode_envelope(data, holds=self._holds, version=self._version))
        except (OSError, orjson.JSONEncodeError) as error:
            # TinyDB has already changed documents in memory, so read them from the file again.
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
        """Keep the version that is about to be replaced under the name `_previous`."""
        if self._rebuildable:
            return
        self._previous.unlink(missing_ok=True)
        # The file may not exist yet, or the file system may have no hard links; the write goes on in both cases.
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
        """Return the error for an unusable file; `found` completes a sentence that begins with the file's name."""
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
