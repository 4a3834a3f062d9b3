"""The outbox's file: its tables, how it is begun, and how a torn or foreign one is known (SQLite)."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from digests.errors import StateError, TornFile
from digests.storage import sync_folder

APPLICATION = 0x4A42414F  # "JBAO": the mark in SQLite's header by which the file is known as ours
VERSION = 1

SCHEMA = """
CREATE TABLE articles (id TEXT PRIMARY KEY, expected TEXT NOT NULL, matched TEXT);
CREATE INDEX unmatched ON articles (id) WHERE matched IS NULL;
CREATE TABLE letters (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, key TEXT NOT NULL, UNIQUE (key, chat));
CREATE INDEX letters_of_chat ON letters (chat);
CREATE TABLE parts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- also the order of leaving
    letter INTEGER NOT NULL,
    part INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'sent', 'failed')),
    created TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    problem TEXT,
    telegram_id INTEGER,
    sent TEXT
);
CREATE INDEX parts_owed ON parts (chat, id) WHERE state = 'owed';
CREATE INDEX parts_of_letter ON parts (letter);
CREATE TABLE told (chat INTEGER NOT NULL, article TEXT NOT NULL, PRIMARY KEY (article, chat));
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE held (chat INTEGER PRIMARY KEY);
CREATE VIEW next_parts AS  -- of each chat that may be written to, the part whose turn it is
    SELECT parts.id, parts.chat, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
"""


@contextlib.contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say SQLite's failures as StateErrors that name the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StateError(f"{path} could not be used ({error}); the change was not made") from error


def open_outbox(path: Path) -> sqlite3.Connection:
    """A connection to the outbox at `path`, which is begun where there is none.

    Raises TornFile and overwrites nothing where the file is not a whole outbox of ours, StateError where it cannot be
    used at all.
    """
    with plainly(path):
        if path.exists():
            _refuse_foreign(path)
        else:
            _begin(path)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        return db


def _begin(path: Path) -> None:
    """Make an empty outbox under another name first, so that the name never stands for half a one."""
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")  # a crash here leaves a file that nothing will open
            db.executescript(f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; {SCHEMA}")
        new.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StateError(f"{path} cannot be made: {error.strerror}") from error


def _refuse_foreign(path: Path) -> None:
    """Look without writing: opening a database to write would already change a foreign one."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            [(application,)] = db.execute("PRAGMA application_id").fetchall()
            [(version,)] = db.execute("PRAGMA user_version").fetchall()
            [(health,)] = db.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise _torn(path, f"cannot be read as SQLite ({error})") from None
    if application != APPLICATION:
        raise _torn(path, "is not an outbox that Jianbao wrote")
    if version != VERSION:
        raise _torn(path, f"has schema version {version}")
    if health != "ok":
        raise _torn(path, f"is damaged ({health})")


def _torn(path: Path, found: str) -> TornFile:
    return TornFile(
        f"{path} {found}; expected an outbox in schema version {VERSION}; nothing was overwritten; "
        f"put back a backup, or move the file away to begin with an empty outbox"
    )
