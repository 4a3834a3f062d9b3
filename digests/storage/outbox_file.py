"""The outbox's file: its tables, how it is begun, and how a torn or foreign one is known (SQLite).

What an outbox holds, looked at without changing it (SQLite).
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage import files
from digests.storage.files import sync
from digests.storage.manifest import remedy

APPLICATION = 0x4A42414F  # "JBAO": the mark in SQLite's header by which the file is known as ours
VERSION = files.current(files.OUTBOX)

SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    expected TEXT NOT NULL,
    matched TEXT,
    day TEXT,
    late INTEGER NOT NULL DEFAULT 0,  -- whether a better reading revealed it
    former TEXT                       -- what was read of it before
);
CREATE INDEX unmatched ON articles (id) WHERE matched IS NULL;
CREATE TABLE letters (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    key TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,  -- of a forum; 0: the General topic, and all other chats
    UNIQUE (key, chat)
);
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
CREATE TABLE told (
    chat INTEGER NOT NULL,
    article TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article, chat, topic)
);
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE held (chat INTEGER PRIMARY KEY);
CREATE TABLE waiting (  -- see ledger.py
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
CREATE VIEW next_parts AS  -- of each chat that may be written to, the part whose turn it is
    SELECT parts.id, parts.chat, topic, key, part, message, attempts, not_before, created
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
    """A connection to the outbox at `path`, which is begun where there is none and brought up where it is older.

    Raises DamagedFile or NewerFile and overwrites nothing where the file is not a whole outbox that this program knows,
    StateError where it cannot be used at all.
    """
    with plainly(path):
        version = VERSION
        if path.exists():
            version = look(path)
        else:
            _begin(path)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what a chat wants forgotten does not stay in free pages
        if version < VERSION:
            _bring_up(db, version)
        return db


def look(path: Path) -> int:
    """The schema version of the outbox at `path`, found without writing: to open it otherwise would change it.

    Raises DamagedFile, NewerFile or StateError.
    """
    with reading(path) as db:
        try:
            [(application,)] = db.execute("PRAGMA application_id").fetchall()
            [(version,)] = db.execute("PRAGMA user_version").fetchall()
            [(health,)] = db.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise _torn(path, f"cannot be read as SQLite ({error})") from None
    if application != APPLICATION:
        raise _torn(path, "is not an outbox that Jianbao wrote")
    if version > VERSION:
        raise NewerFile(path, version, VERSION)
    if version < 1:
        raise _torn(path, f"has schema version {version}")
    if health != "ok":
        raise _torn(path, f"is damaged ({health})")
    return int(version)


def is_older(path: Path) -> bool:
    """Whether opening the outbox at `path` will change its form; False also where it cannot be read as one."""
    with contextlib.suppress(StateError), reading(path) as db:
        [(version,)] = db.execute("PRAGMA user_version").fetchall()
        return 0 < int(version) < VERSION
    return False


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot change the file; another process may be writing it. Raises StateError."""
    # Where nothing can be written there is no place for a journal, and nobody who could write the file meanwhile.
    still = not os.access(path.parent, os.W_OK, effective_ids=True) and not path.with_name(f"{path.name}-wal").exists()
    options = "mode=ro&immutable=1" if still else "mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True)) as db:
            yield db
    except sqlite3.Error as error:
        raise StateError(f"{path} cannot be read ({error})") from error


def copy_outbox(path: Path, copy: Path) -> None:
    """Make `copy` a whole outbox as the one at `path` is at one moment, also while another process is writing it.

    Whether what is copied is whole is not asked. Raises StateError.
    """
    with reading(path) as db:
        try:
            copy.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as made:
                made.execute("PRAGMA synchronous = OFF")  # it is brought to the disk when it is complete
                db.backup(made)
                made.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        except (sqlite3.Error, OSError) as error:
            raise StateError(f"{path} could not be copied to {copy} ({error})") from error


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
        sync(path.parent)
    except OSError as error:
        raise StateError(f"{path} cannot be made: {error.strerror}") from error


def _bring_up(db: sqlite3.Connection, version: int) -> None:
    """All missing steps and the new number in one transaction."""
    steps = "\n".join(files.OUTBOX[version - 1 :])
    try:
        db.executescript(f"BEGIN IMMEDIATE; {steps}; PRAGMA user_version = {VERSION}; COMMIT")
    except sqlite3.Error:
        db.close()
        raise


def _torn(path: Path, found: str) -> DamagedFile:
    return DamagedFile(
        f"{path} {found}; expected an outbox in schema version {VERSION}; nothing was overwritten; "
        f"{remedy(path.parent)}; to begin with an empty outbox, move the file away"
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """What can disagree with itself or with the chats."""

    owed: dict[int, int]
    """How many parts each chat is owed."""
    held: frozenset[int]
    """The chats to which nothing is sent."""
    stray: int
    """Parts that belong to no letter, or to one of another chat."""
    garbled: int
    """Parts that are owed and hold no message."""


def contents(path: Path) -> Contents:
    """What the outbox at `path` holds; raises DamagedFile, NewerFile or StateError."""
    look(path)
    with reading(path) as db:
        return Contents(
            owed=dict(db.execute("SELECT chat, count(*) FROM parts WHERE state = 'owed' GROUP BY chat")),
            held=frozenset(chat for (chat,) in db.execute("SELECT chat FROM held")),
            stray=db.execute(
                "SELECT count(*) FROM parts LEFT JOIN letters ON letters.id = letter"
                " WHERE letters.chat IS NULL OR letters.chat <> parts.chat"
            ).fetchone()[0],
            garbled=db.execute(
                "SELECT count(*) FROM parts WHERE state = 'owed' AND NOT json_valid(message)"
            ).fetchone()[0],
        )
