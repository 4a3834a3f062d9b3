"""The envelope of a JSON file of ours: what it holds, in which version, and whether it is whole (pure).

{"format": "jianbao", "holds": "chats", "version": 2, "checksum": "…", "tables": {…}}
"""

import hashlib
import re
from typing import Any

import orjson

FORMAT = "jianbao"

Tables = dict[str, dict[str, Any]]


class Unsound(Exception):
    """What is wrong with a file's content, as the end of a sentence that begins with its name."""


class Newer(Unsound):
    """The content is of a `version` that this program does not know yet."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"is in schema version {version}")


def seal(tables: Tables, *, holds: str, version: int) -> bytes:
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


def unseal(content: bytes, *, holds: str, known: int) -> tuple[int, Tables]:
    """The version that the file says, at most the `known` one, and its tables.

    Raises Newer, and Unsound where the content is not whole or holds something else.
    """
    if not content.strip(b"\0 \n"):
        raise Unsound(f"has {len(content)} bytes and says nothing")
    try:
        envelope = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unsound(f"is not JSON ({error})") from None
    if not isinstance(envelope, dict) or envelope.get("format") != FORMAT:
        raise Unsound("is JSON, but nothing that Jianbao wrote")
    held, version, tables = (envelope.get(key) for key in ("holds", "version", "tables"))
    if held != holds or not isinstance(version, int) or version < 1:
        raise Unsound(f"holds {held!r} in schema version {version!r}")
    if version > known:
        raise Newer(version)
    if not isinstance(tables, dict) or envelope.get("checksum") != checksum(orjson.dumps(tables)):
        raise Unsound("holds something other than what was written (its checksum does not fit)")
    return version, tables


def version_said(beginning: bytes) -> int | None:
    """The version that the first 200 bytes of a content say; None where they do not look like ours."""
    said = _HEAD.match(beginning)
    return int(said["version"]) if said else None


def is_whole(content: bytes, *, holds: str, known: int) -> bool:
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
