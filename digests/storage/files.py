"""JSON data files, replaced atomically, with a version and a checksum.

    {"format": "jianbao", "holds": "chats", "version": 2, "checksum": "…", "tables": {…}}

After a crash or a power cut, a file has either its old or its new content. A file that is damaged, foreign or written
by a newer version of this program is refused.
"""

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

FORMAT = "jianbao"
CHECKSUM_BYTES = 16
FULL_DISK_BYTES = 1_000_000
"""A disk with less room counts as full."""
HEADER_BYTES = 200
"""Number of bytes at the beginning of a file that contain all fields before its tables."""

Tables = dict[str, dict[str, Any]]
"""Documents by table name and number, in TinyDB's form."""

MONTH_FILE = re.compile(r"[0-9]{4}-[0-9]{2}\.json")
"""Name of a file with the documents of a month."""

_HEADER = re.compile(
    rb'\{"format":"jianbao","holds":"(?P<holds>[a-z]+)","version":(?P<version>[0-9]{1,9}),'
    rb'"checksum":"(?P<checksum>[0-9a-f]{32})","tables":'
)
"""The header exactly as `encode_envelope` writes it."""


class BadContent(Exception):
    """A file's content cannot be used; the message completes a sentence that begins with the file's name."""


class NewerVersion(BadContent):
    """A newer version of the program wrote the content, in schema version `version`."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"is in schema version {version}")


def month_files(folder: Path) -> list[Path]:
    """Return the files of months, such as 2022-08.json, in `folder`, the oldest first; [] if it does not exist."""
    return sorted(path for path in folder.glob("*.json") if MONTH_FILE.fullmatch(path.name))


def replace_file(path: Path, content: bytes, *, before_rename: Callable[[], None] = lambda: None) -> None:
    """Atomically replace the file at `path`, readable by its owner only; durable on return. Raises OSError.

    The content is written to a new file, flushed to the disk, and renamed. `before_rename` is called just before the
    rename.
    """
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before_rename()
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_to_disk(path.parent)


def is_disk_full(folder: Path) -> bool:
    """True if there is hardly any room left on the disk of `folder`; False if this cannot be found out."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < FULL_DISK_BYTES
    return False


def sync_to_disk(path: Path) -> None:
    """Flush a file, or the file names of a folder, to the disk, so that a power cut cannot lose it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def encode_envelope(tables: Tables, *, holds: str, version: int) -> bytes:
    """Return the content of a file with these tables; raises orjson.JSONEncodeError for values that are not JSON."""
    payload = orjson.dumps(tables)
    envelope = {
        "format": FORMAT,
        "holds": holds,
        "version": version,
        "checksum": checksum(payload),
        "tables": orjson.Fragment(payload),
    }
    return orjson.dumps(envelope, option=orjson.OPT_APPEND_NEWLINE)


def decode_envelope(content: bytes, *, holds: str, known: int) -> tuple[int, Tables]:
    """Return the schema version and the tables in a file's content.

    Raises NewerVersion if the version is above `known`, BadContent if the content is damaged or its "holds" differs.
    """
    if not content.strip(b"\0 \n"):
        raise BadContent(f"has {len(content)} bytes and no content")
    try:
        envelope = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadContent(f"is not JSON ({error})") from None
    if not isinstance(envelope, dict) or envelope.get("format") != FORMAT:
        raise BadContent("is JSON that Jianbao did not write")
    found, version, tables = (envelope.get(key) for key in ("holds", "version", "tables"))
    if found != holds or not isinstance(version, int) or version < 1:
        raise BadContent(f"holds {found!r} in schema version {version!r}")
    if version > known:
        raise NewerVersion(version)
    if not isinstance(tables, dict) or envelope.get("checksum") != checksum(orjson.dumps(tables)):
        raise BadContent("was changed or damaged after it was written (its checksum does not fit)")
    return version, tables


def declared_version(beginning: bytes) -> int | None:
    """Return the schema version in the first HEADER_BYTES of a file; None if they are not a header of Jianbao."""
    header = _HEADER.match(beginning)
    return int(header["version"]) if header else None


def declared_checksum(beginning: bytes) -> str | None:
    """Return the checksum in the first HEADER_BYTES of a file; None if they are not a header of Jianbao."""
    header = _HEADER.match(beginning)
    return header["checksum"].decode() if header else None


def is_intact(content: bytes, *, holds: str, known: int) -> bool:
    """True if `decode_envelope` would accept the content; does not parse the tables, so it is fast for large files."""
    header = _HEADER.match(content)
    return (
        header is not None
        and header["holds"] == holds.encode()
        and 1 <= int(header["version"]) <= known
        and content.endswith(b"}\n")
        and header["checksum"] == checksum(memoryview(content)[header.end() : -2]).encode()
    )


def checksum(payload: bytes | memoryview) -> str:
    """Return a hash that detects accidental damage; it does not protect against deliberate changes."""
    return hashlib.blake2b(payload, digest_size=CHECKSUM_BYTES).hexdigest()
