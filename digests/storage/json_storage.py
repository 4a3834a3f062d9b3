"""A storage for TinyDB that a crash cannot tear: memory in front, one file replaced as a whole behind it.

Reads come from memory. A write makes a complete new file beside the old one, brings it to the disk and renames it over
the old one, so that at every moment the name stands for one whole version. There must be one writer (see lock.py).
envelope.py has the form of the file, migrations.py what becomes of an older one.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import orjson
from tinydb import Storage

from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage import migrations
from digests.storage.files import BadContent, NewerVersion, Tables, decode_envelope, encode_envelope, replace_file
from digests.storage.manifest import recovery_hint


class JsonFile(Storage):
    """TinyDB's two methods over one file.

    `holds` says what the tables are, `steps` how older forms come to that of today; a file that holds something else,
    or a newer form, is refused. A `rebuildable` file keeps no previous version: what it holds can be made again from
    the pages.
    """

    def __init__(
        self, path: Path, *, holds: str, steps: Sequence[migrations.Migration] = (), rebuildable: bool = False
    ) -> None:
        """Read the file, if there is one.

        Raises DamagedFile (the file is damaged or foreign), NewerFile or StateError (it cannot be read). Nothing in the
        folder is changed in any case: another process may be writing. What a crash left of an unfinished write was
        never acknowledged, and the next write replaces it.
        """
        self._path = path
        self._previous = path.with_name(path.name + ".bak")
        self._holds = holds
        self._steps = steps
        self._version = migrations.latest_version(steps)
        self._rebuildable = rebuildable
        self.needs_migration = False
        """Whether the file still has an older form; memory has that of today, as will the file with the next write."""
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
            self._replace(encode_envelope(data, holds=self._holds, version=self._version))
        except (OSError, orjson.JSONEncodeError) as error:
            # TinyDB has already changed documents in place: memory has to be made equal to the file again.
            self._tables = None
            self._tables = self._load()
            reason = error.strerror if isinstance(error, OSError) else error
            raise StateError(f"{self._path} could not be written ({reason}); what it held before is kept") from error
        self._tables = data
        self.needs_migration = False

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path, content, before=self._keep_previous)

    def _keep_previous(self) -> None:
        """Give the version that is about to be replaced a second name; it is whole all the while."""
        if self._rebuildable:
            return
        self._previous.unlink(missing_ok=True)
        # Before the first write there is none, and some file systems know no hard links: no reason not to write.
        with contextlib.suppress(OSError):
            self._previous.hardlink_to(self._path)

    def _load(self) -> Tables:
        try:
            version, tables = self._unseal(self._path)
        except FileNotFoundError:
            if not self._rebuildable and self._previous.exists():
                raise self._torn("is missing") from None
            return {}
        except OSError as error:
            raise StateError(f"{self._path} cannot be read: {error.strerror}") from error
        except NewerVersion as problem:
            raise NewerFile(self._path, problem.version, self._version) from None
        except BadContent as problem:
            raise self._torn(str(problem)) from None
        self.needs_migration = version < self._version
        try:
            return migrations.migrate(tables, version, self._steps)
        except (LookupError, TypeError, ValueError) as error:
            raise self._torn(f"cannot be brought up from schema version {version} ({error!r})") from error

    def _unseal(self, path: Path) -> tuple[int, Tables]:
        return decode_envelope(path.read_bytes(), holds=self._holds, known=self._version)

    def _torn(self, found: str) -> DamagedFile:
        expected = f"expected {self._holds!r} in schema version {self._version}"
        return DamagedFile(f"{self._path} {found}; {expected}; nothing was overwritten; {self._remedy()}")

    def _remedy(self) -> str:
        if self._rebuildable:
            return "move the file away and start again: what it held is built anew from the pages"
        backup = recovery_hint(self._path.parent)
        try:
            self._unseal(self._previous)
        except (OSError, BadContent):
            return f"no sound previous version lies beside it; {backup}; to begin empty, move the file away"
        return (
            f"the version before the last change is sound: to go on with it, rename {self._previous} to {self._path}; "
            f"{backup}"
        )
