"""Files that a crash or a power cut leaves either as they were or as they are to be.

The envelope of a JSON file of ours: what it holds, in which version, and whether it is whole (pure).

{"format": "jianbao", "holds": "chats", "version": 2, "checksum": "…", "tables": {…}}

How older data files come to the form of today, step by step (pure).

A file says in which version of its form it is; the version of today is one more than there are steps. What an older
file holds goes through the steps that it has not seen, in order. A file of a newer version is refused.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson


def replace_file(path: Path, content: bytes, *, before: Callable[[], None] = lambda: None) -> None:
    """Put a private file with `content` in the place of `path`; durable on return. Raises OSError.

    The new version is complete on the disk before it gets the name, so the name always stands for one whole version.
    `before` is called just before that.
    """
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before()
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_to_disk(path.parent)


def sync_to_disk(path: Path) -> None:
    """Bring a file to the disk, or a folder, without which a new name in it is not there after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


FORMAT = "jianbao"

Tables = dict[str, dict[str, Any]]


class BadContent(Exception):
    """What is wrong with a file's content, as the end of a sentence that begins with its name."""


class NewerVersion(BadContent):
    """The content is of a `version` that this program does not know yet."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"is in schema version {version}")


def encode_envelope(tables: Tables, *, holds: str, version: int) -> bytes:
    """The content of the file; raises orjson.JSONEncodeError for what JSON cannot say."""
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
    """The version that the file says, at most the `known` one, and its tables.

    Raises Newer, and Unsound where the content is not whole or holds something else.
    """
    if not content.strip(b"\0 \n"):
        raise BadContent(f"has {len(content)} bytes and says nothing")
    try:
        envelope = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadContent(f"is not JSON ({error})") from None
    if not isinstance(envelope, dict) or envelope.get("format") != FORMAT:
        raise BadContent("is JSON, but nothing that Jianbao wrote")
    held, version, tables = (envelope.get(key) for key in ("holds", "version", "tables"))
    if held != holds or not isinstance(version, int) or version < 1:
        raise BadContent(f"holds {held!r} in schema version {version!r}")
    if version > known:
        raise NewerVersion(version)
    if not isinstance(tables, dict) or envelope.get("checksum") != checksum(orjson.dumps(tables)):
        raise BadContent("holds something other than what was written (its checksum does not fit)")
    return version, tables


def declared_version(beginning: bytes) -> int | None:
    """The version that the first 200 bytes of a content say; None where they do not look like ours."""
    said = _HEAD.match(beginning)
    return int(said["version"]) if said else None


def is_intact(content: bytes, *, holds: str, known: int) -> bool:
    """Whether `unseal` will take the content, told without reading what it says: large ones keep nobody waiting."""
    head = _HEAD.match(content)
    return (
        head is not None
        and head["holds"] == holds.encode()
        and 1 <= int(head["version"]) <= known
        and content.endswith(b"}\n")
        and head["checksum"] == checksum(memoryview(content)[head.end() : -2]).encode()
    )


_HEAD = re.compile(
    rb'\{"format":"jianbao","holds":"(?P<holds>[a-z]+)","version":(?P<version>[0-9]{1,9}),'
    rb'"checksum":"(?P<checksum>[0-9a-f]{32})","tables":'
)
"""As `seal` writes it."""


def checksum(payload: bytes | memoryview) -> str:
    """Tells a file that changed by accident; it is no seal against somebody who wants to change it."""
    return hashlib.blake2b(payload, digest_size=16).hexdigest()
