"""Fitting a restored outbox to what happened since its backup: what Telegram has, it has (SQLite)."""
# ruff: noqa: S608  the names in the statements are those of our own tables

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from digests.readers import Chat
from digests.state.outboxfile import plainly

FACTS = ("told", "found", "imprints")
"""Tables of what has happened; what waits, and which articles were matched, is worked out again instead."""


def carry(late: Path, outbox: Path) -> None:
    """Let the restored `outbox` know what became of its letters, and of those owed since, from the `late` one.

    Both are in the form of today. A letter of the backup keeps its place before those that were owed after it.
    """
    with plainly(outbox), contextlib.closing(sqlite3.connect(outbox, isolation_level=None, uri=True)) as db:
        db.execute("ATTACH ? AS late", (f"{late.absolute().as_uri()}?mode=rw",))  # not to leave a journal
        db.execute("BEGIN IMMEDIATE")
        for order in _orders(db):
            db.execute(order)
        db.execute("COMMIT")


def _orders(db: sqlite3.Connection) -> Iterator[str]:
    letters, parts = _columns(db, "letters", "id"), _columns(db, "parts", "id", "letter")
    yield """
        CREATE TEMP TABLE same AS SELECT ours.id AS ours, theirs.id AS theirs
        FROM letters AS ours JOIN late.letters AS theirs ON theirs.chat = ours.chat AND theirs.key = ours.key"""
    yield "CREATE INDEX temp.same_theirs ON same (theirs)"
    yield f"""
        UPDATE parts SET {", ".join(f"{name} = theirs.{name}" for name in parts)}
        FROM same JOIN late.parts AS theirs ON theirs.letter = same.theirs
        WHERE parts.letter = same.ours AND parts.part = theirs.part
        AND parts.state = 'owed' AND theirs.state <> 'owed'"""
    yield f"""
        INSERT INTO letters ({", ".join(letters)}) SELECT {", ".join(letters)} FROM late.letters
        WHERE id NOT IN (SELECT theirs FROM same) ORDER BY id"""
    yield f"""
        INSERT INTO parts (letter, {", ".join(parts)})
        SELECT ours.id, {", ".join(f"theirs.{name}" for name in parts)} FROM late.parts AS theirs
        JOIN late.letters AS letter_of ON letter_of.id = theirs.letter
        JOIN main.letters AS ours ON ours.chat = letter_of.chat AND ours.key = letter_of.key
        WHERE theirs.letter NOT IN (SELECT theirs FROM same) ORDER BY theirs.id"""
    for table in FACTS:
        given = ", ".join(_columns(db, table))
        yield f"INSERT OR IGNORE INTO {table} ({given}) SELECT {given} FROM late.{table}"
    yield "DELETE FROM waiting WHERE (chat, topic, article) IN (SELECT chat, topic, article FROM late.told)"


def _columns(db: sqlite3.Connection, table: str, *without: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f"PRAGMA late.table_info({table})") if name not in without]


def hold_as(outbox: Path, chats: Iterable[Chat]) -> None:
    """Hold what is owed to chats that refuse messages, and nothing that is owed to those that take them."""
    known = list(chats)
    with plainly(outbox), contextlib.closing(sqlite3.connect(outbox)) as db:
        for order, active in (
            ("DELETE FROM held WHERE chat = ?", True),
            ("INSERT OR IGNORE INTO held (chat) VALUES (?)", False),
        ):
            db.executemany(order, [(chat.id,) for chat in known if chat.active is active])
        db.commit()
