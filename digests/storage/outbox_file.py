"""The outbox's file: its tables, how it is begun, and how a torn or foreign one is known (SQLite).

What an outbox holds, looked at without changing it (SQLite).
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digests.chats import Chat
from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage import migrations
from digests.storage.files import sync_to_disk
from digests.storage.manifest import recovery_hint
from digests.storage.migrations import OUTBOX_SCHEMA

APPLICATION_ID = 0x4A42414F  # "JBAO": the mark in SQLite's header by which the file is known as ours
OUTBOX_VERSION = migrations.latest_version(migrations.OUTBOX_MIGRATIONS)


@contextlib.contextmanager
def sqlite_errors_as_state_errors(path: Path) -> Iterator[None]:
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
    with sqlite_errors_as_state_errors(path):
        version = OUTBOX_VERSION
        if path.exists():
            version = verify_outbox(path)
        else:
            _begin(path)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what a chat wants forgotten does not stay in free pages
        if version < OUTBOX_VERSION:
            _bring_up(db, version)
        return db


def verify_outbox(path: Path) -> int:
    """The schema version of the outbox at `path`, found without writing: to open it otherwise would change it.

    Raises DamagedFile, NewerFile or StateError.
    """
    with open_read_only(path) as db:
        try:
            [(application,)] = db.execute("PRAGMA application_id").fetchall()
            [(version,)] = db.execute("PRAGMA user_version").fetchall()
            [(health,)] = db.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise _torn(path, f"cannot be read as SQLite ({error})") from None
    if application != APPLICATION_ID:
        raise _torn(path, "is not an outbox that Jianbao wrote")
    if version > OUTBOX_VERSION:
        raise NewerFile(path, version, OUTBOX_VERSION)
    if version < 1:
        raise _torn(path, f"has schema version {version}")
    if health != "ok":
        raise _torn(path, f"is damaged ({health})")
    return int(version)


def needs_migration(path: Path) -> bool:
    """Whether opening the outbox at `path` will change its form; False also where it cannot be read as one."""
    with contextlib.suppress(StateError), open_read_only(path) as db:
        [(version,)] = db.execute("PRAGMA user_version").fetchall()
        return 0 < int(version) < OUTBOX_VERSION
    return False


@contextlib.contextmanager
def open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
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
    with open_read_only(path) as db:
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
            db.executescript(
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {OUTBOX_VERSION}; {OUTBOX_SCHEMA}"
            )
        new.rename(path)
        sync_to_disk(path.parent)
    except OSError as error:
        raise StateError(f"{path} cannot be made: {error.strerror}") from error


def _bring_up(db: sqlite3.Connection, version: int) -> None:
    """All missing steps and the new number in one transaction."""
    steps = "\n".join(migrations.OUTBOX_MIGRATIONS[version - 1 :])
    try:
        db.executescript(f"BEGIN IMMEDIATE; {steps}; PRAGMA user_version = {OUTBOX_VERSION}; COMMIT")
    except sqlite3.Error:
        db.close()
        raise


def _torn(path: Path, found: str) -> DamagedFile:
    return DamagedFile(
        f"{path} {found}; expected an outbox in schema version {OUTBOX_VERSION}; nothing was overwritten; "
        f"{recovery_hint(path.parent)}; to begin with an empty outbox, move the file away"
    )


@dataclass(frozen=True, slots=True)
class OutboxSummary:
    """What can disagree with itself or with the chats."""

    owed: dict[int, int]
    """How many parts each chat is owed."""
    held: frozenset[int]
    """The chats to which nothing is sent."""
    stray: int
    """Parts that belong to no letter, or to one of another chat."""
    garbled: int
    """Parts that are owed and hold no message."""


def summarise(path: Path) -> OutboxSummary:
    """What the outbox at `path` holds; raises DamagedFile, NewerFile or StateError."""
    verify_outbox(path)
    with open_read_only(path) as db:
        return OutboxSummary(
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


FACT_TABLES = ("told", "found", "imprints")
"""Tables of what has happened; what waits, and which articles were matched, is worked out again instead."""


def merge_later_outbox(late: Path, outbox: Path) -> None:
    """Let the restored `outbox` know what became of its letters, and of those owed since, from the `late` one.

    Both are in the form of today. A letter of the backup keeps its place before those that were owed after it.
    """
    with (
        sqlite_errors_as_state_errors(outbox),
        contextlib.closing(sqlite3.connect(outbox, isolation_level=None, uri=True)) as db,
    ):
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
        AND parts.state = 'owed' AND theirs.state <> 'owed'"""  # noqa: S608
    yield f"""
        INSERT INTO letters ({", ".join(letters)}) SELECT {", ".join(letters)} FROM late.letters
        WHERE id NOT IN (SELECT theirs FROM same) ORDER BY id"""  # noqa: S608
    yield f"""
        INSERT INTO parts (letter, {", ".join(parts)})
        SELECT ours.id, {", ".join(f"theirs.{name}" for name in parts)} FROM late.parts AS theirs
        JOIN late.letters AS letter_of ON letter_of.id = theirs.letter
        JOIN main.letters AS ours ON ours.chat = letter_of.chat AND ours.key = letter_of.key
        WHERE theirs.letter NOT IN (SELECT theirs FROM same) ORDER BY theirs.id"""  # noqa: S608
    for table in FACT_TABLES:
        given = ", ".join(_columns(db, table))
        yield f"INSERT OR IGNORE INTO {table} ({given}) SELECT {given} FROM late.{table}"  # noqa: S608
    yield "DELETE FROM waiting WHERE (chat, topic, article) IN (SELECT chat, topic, article FROM late.told)"


def _columns(db: sqlite3.Connection, table: str, *without: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f"PRAGMA late.table_info({table})") if name not in without]


def hold_inactive_chats(outbox: Path, chats: Iterable[Chat]) -> None:
    """Hold what is owed to chats that refuse messages, and nothing that is owed to those that take them."""
    known = list(chats)
    with sqlite_errors_as_state_errors(outbox), contextlib.closing(sqlite3.connect(outbox)) as db:
        for order, active in (
            ("DELETE FROM held WHERE chat = ?", True),
            ("INSERT OR IGNORE INTO held (chat) VALUES (?)", False),
        ):
            db.executemany(order, [(chat.id,) for chat in known if chat.active is active])
        db.commit()
