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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson


def write_whole(path: Path, content: bytes, *, before: Callable[[], None] = lambda: None) -> None:
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
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file to the disk, or a folder, without which a new name in it is not there after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


Step = Callable[[dict[str, Any]], dict[str, Any]]
"""From a document of one version to that of the next."""


def _settings_apart(chat: dict[str, Any]) -> dict[str, Any]:
    """Version 2: the settings stand in a place of their own; those that nobody chose are left out."""
    names = ("language", "digest", "digest_time")
    given = {name: chat[name] for name in names}
    usual = {"digest": True, "digest_time": None}
    rest = {name: value for name, value in chat.items() if name not in names}
    return rest | {"settings": {name: value for name, value in given.items() if value != usual.get(name, ...)}}


CHATS: tuple[Step, ...] = (_settings_apart,)

DIGESTS: tuple[Step, ...] = ()

_TOPICS_AND_LEDGER = """
ALTER TABLE articles ADD COLUMN day TEXT;
ALTER TABLE articles ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN former TEXT;
ALTER TABLE letters ADD COLUMN topic INTEGER NOT NULL DEFAULT 0;
CREATE TABLE told_now (
    chat INTEGER NOT NULL,
    article TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article, chat, topic)
);
INSERT INTO told_now (chat, article) SELECT chat, article FROM told;
DROP TABLE told;
ALTER TABLE told_now RENAME TO told;
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE waiting (
    chat INTEGER NOT NULL,
    topic INTEGER NOT NULL,
    article TEXT NOT NULL,
    bundle TEXT NOT NULL CHECK (bundle IN ('quiet', 'daily', 'weekly')),
    since TEXT NOT NULL,
    late INTEGER NOT NULL,
    PRIMARY KEY (chat, topic, article)
);
CREATE INDEX waiting_articles ON waiting (article);
CREATE TABLE found (
    chat INTEGER NOT NULL,
    subscription INTEGER NOT NULL,
    article TEXT NOT NULL,
    day TEXT NOT NULL,
    fate TEXT NOT NULL CHECK (fate IN ('now', 'held', 'passed')),
    PRIMARY KEY (chat, subscription, article)
) WITHOUT ROWID;
CREATE INDEX found_on ON found (day);
CREATE TABLE imprints (article TEXT PRIMARY KEY, day TEXT NOT NULL, hashes BLOB NOT NULL);
CREATE INDEX imprints_on ON imprints (day);
DROP VIEW next_parts;
CREATE VIEW next_parts AS
    SELECT parts.id, parts.chat, topic, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
"""
"""Version 2: letters go to topics of forums, articles wait to be told, and what was told is known again."""

OUTBOX: tuple[str, ...] = (_TOPICS_AND_LEDGER,)
"""SQL, run in one transaction with the new number; outboxfile.py holds the tables as they are after the last step."""


def current(steps: Sequence[object]) -> int:
    """The version of today."""
    return 1 + len(steps)


def brought_up(tables: Tables, version: int, steps: Sequence[Step]) -> Tables:
    """All documents in the form of today; `version` is the one they have."""
    for step in steps[version - 1 :]:
        tables = {
            name: {number: step(document) for number, document in table.items()} for name, table in tables.items()
        }
    return tables
