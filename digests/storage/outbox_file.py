"""The outbox's SQLite file as a whole: create, open, verify, copy, summarise, and merge two of them.

Names of tables and columns are part of the file format, so some differ from the names in the program:

letters    entries: one row for each digest, alert or notice of a chat
parts      the messages of the entries, and receipts; state: owed (unsent), sent or failed
told       reported articles, by chat and topic
held       chats that refuse messages
articles   articles queued for matching (`matched` is null) and matched ones
found      matches of subscriptions; the column `fate` is the outcome
waiting    articles that wait for a bundle
imprints   sketches of reported articles

The schema is in migrations.py; button_texts is explained in button_texts.py.
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
from digests.storage.backup_catalog import recovery_hint
from digests.storage.files import sync_to_disk
from digests.storage.migrations import OUTBOX_SCHEMA

APPLICATION_ID = 0x4A42414F
"""The application id in SQLite's header that identifies an outbox: "JBAO" in ASCII."""
OUTBOX_VERSION = migrations.latest_version(migrations.OUTBOX_MIGRATIONS)

JOURNAL_SUFFIXES = ("-wal", "-shm", "-journal")
"""Ends of the names of the files that SQLite keeps beside a database. They belong to that database only."""


@contextlib.contextmanager
def sqlite_errors_as_state_errors(path: Path) -> Iterator[None]:
    """Convert SQLite's errors into StateErrors that name the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StateError(f"{path} could not be used ({error}); the change was not made") from error


def open_outbox(path: Path) -> sqlite3.Connection:
    """Return a connection to the outbox at `path`; create the file if it does not exist, migrate it if it is older.

    Raises DamagedFile or NewerFile, which leave the file unchanged, and StateError if the file cannot be used.
    """
    with sqlite_errors_as_state_errors(path):
        version = OUTBOX_VERSION
        if exists(path):
            version = verify_outbox(path)
        else:
            _create(path)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")  # deleted data of a chat must not stay in free pages
            if version < OUTBOX_VERSION:
                _migrate(db, version)
        except BaseException:
            db.close()
            raise
        return db


def exists(path: Path) -> bool:
    """True if there is an outbox at `path`, or a journal with changes of a lost one."""
    changes = (file for file in _files(path) if not file.name.endswith("-shm"))  # that one is only an index of -wal
    return path.exists() or any(file.stat().st_size for file in changes)


def verify_outbox(path: Path) -> int:
    """Return the schema version of the outbox at `path` after checking the file, which is opened read-only.

    Raises DamagedFile, NewerFile or StateError.
    """
    if not path.exists():
        raise _damaged(path, "is missing, but its journal, which may contain unsent messages, is still there")
    with open_read_only(path) as db:
        try:
            [(application,)] = db.execute("PRAGMA application_id").fetchall()
            [(version,)] = db.execute("PRAGMA user_version").fetchall()
            [(health,)] = db.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise _damaged(path, f"cannot be read as SQLite ({error})") from None
    if application != APPLICATION_ID:
        raise _damaged(path, "is not an outbox that Jianbao wrote")
    if version > OUTBOX_VERSION:
        raise NewerFile(path, version, OUTBOX_VERSION)
    if version < 1:
        raise _damaged(path, f"has schema version {version}")
    if health != "ok":
        raise _damaged(path, f"is damaged ({health})")
    return int(version)


def needs_migration(path: Path) -> bool:
    """True if the outbox at `path` has an older schema version; False also if it cannot be read."""
    with contextlib.suppress(StateError), open_read_only(path) as db:
        [(version,)] = db.execute("PRAGMA user_version").fetchall()
        return 0 < int(version) < OUTBOX_VERSION
    return False


@contextlib.contextmanager
def open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file read-only; another process may be writing it. Raises StateError."""
    # In a read-only folder SQLite cannot create the journal's index; no other process can write there.
    immutable = (
        not os.access(path.parent, os.W_OK, effective_ids=True) and not path.with_name(f"{path.name}-wal").exists()
    )
    options = "mode=ro&immutable=1" if immutable else "mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True)) as db:
            yield db
    except sqlite3.Error as error:
        raise StateError(f"{path} cannot be read ({error})") from error


def copy_outbox(path: Path, copy: Path) -> None:
    """Copy a consistent state of the outbox at `path`, also while another process is writing it.

    The copy is not verified. Raises StateError.
    """
    with open_read_only(path) as db:
        try:
            copy.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as target:
                target.execute("PRAGMA synchronous = OFF")  # the caller syncs the complete copy
                db.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
        except (sqlite3.Error, OSError) as error:
            raise StateError(f"{path} could not be copied to {copy} ({error})") from error


def _create(path: Path) -> None:
    """Create an empty outbox under another name and rename it, so that `path` is never incomplete."""
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")  # no journal: an incomplete file is never opened after a crash
            db.executescript(
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {OUTBOX_VERSION}; {OUTBOX_SCHEMA}"
            )
        new.rename(path)
        sync_to_disk(path.parent)
    except OSError as error:
        raise StateError(f"{path} cannot be made: {error.strerror}") from error


def _migrate(db: sqlite3.Connection, version: int) -> None:
    """Run all missing migrations and set the new version in one transaction."""
    steps = "\n".join(migrations.OUTBOX_MIGRATIONS[version - 1 :])
    db.executescript(f"BEGIN IMMEDIATE; {steps}; PRAGMA user_version = {OUTBOX_VERSION}; COMMIT")


def _files(path: Path) -> list[Path]:
    """Return the outbox at `path` and its journals, those of them that exist."""
    files = (path, *(path.with_name(path.name + suffix) for suffix in JOURNAL_SUFFIXES))
    return [file for file in files if file.exists()]


def _damaged(path: Path, found: str) -> DamagedFile:
    # A new outbox would be read together with the journal of the old one, so all files have to go.
    files = " and ".join(map(str, _files(path)))
    return DamagedFile(
        f"{path} {found}; expected an outbox in schema version {OUTBOX_VERSION}; nothing was overwritten; "
        f"{recovery_hint(path.parent)}; to start with an empty outbox, without the unsent messages, move away {files}"
    )


@dataclass(frozen=True, slots=True)
class OutboxSummary:
    """Figures of an outbox for `jianbao check`."""

    owed: dict[int, int]
    """Number of unsent parts by chat."""
    held: frozenset[int]
    """Chats that refuse messages."""
    stray: int
    """Number of parts without an entry in the same chat."""
    unreadable: int
    """Number of unsent parts whose message is not JSON."""


def summarise(path: Path) -> OutboxSummary:
    """Return the summary of the outbox at `path`; raises DamagedFile, NewerFile or StateError."""
    verify_outbox(path)
    with open_read_only(path) as db:
        return OutboxSummary(
            owed=dict(db.execute("SELECT chat, count(*) FROM parts WHERE state = 'owed' GROUP BY chat")),
            held=frozenset(chat for (chat,) in db.execute("SELECT chat FROM held")),
            stray=db.execute(
                "SELECT count(*) FROM parts LEFT JOIN letters ON letters.id = letter"
                " WHERE letters.chat IS NULL OR letters.chat <> parts.chat"
            ).fetchone()[0],
            unreadable=db.execute(
                "SELECT count(*) FROM parts WHERE state = 'owed' AND NOT json_valid(message)"
            ).fetchone()[0],
        )


FACT_TABLES = ("told", "found", "imprints", "button_texts")
"""Tables to merge row by row. `articles` and `waiting` are not merged: the articles are matched again."""


def merge_later_outbox(later: Path, outbox: Path) -> None:
    """Merge receipts, failures and newer entries of the outbox `later` into the restored `outbox`.

    Both files have the current schema version. Parts of the restored outbox are sent before the newer ones.
    """
    with (
        sqlite_errors_as_state_errors(outbox),
        contextlib.closing(sqlite3.connect(outbox, isolation_level=None, uri=True)) as db,
    ):
        db.execute("ATTACH ? AS later", (f"{later.absolute().as_uri()}?mode=rw",))  # rw: SQLite deletes the journal
        db.execute("BEGIN IMMEDIATE")
        for statement in _merge_statements(db):
            db.execute(statement)
        db.execute("COMMIT")


def _merge_statements(db: sqlite3.Connection) -> Iterator[str]:
    """Yield the SQL of `merge_later_outbox`; `ours` is the restored outbox, `theirs` the later one."""
    letters, parts = _columns(db, "letters", "id"), _columns(db, "parts", "id", "letter")
    yield """
        CREATE TEMP TABLE same AS SELECT ours.id AS ours, theirs.id AS theirs
        FROM letters AS ours JOIN later.letters AS theirs ON theirs.chat = ours.chat AND theirs.key = ours.key"""
    yield "CREATE INDEX temp.same_theirs ON same (theirs)"
    yield f"""
        UPDATE parts SET {", ".join(f"{name} = theirs.{name}" for name in parts)}
        FROM same JOIN later.parts AS theirs ON theirs.letter = same.theirs
        WHERE parts.letter = same.ours AND parts.part = theirs.part
        AND parts.state = 'owed' AND theirs.state <> 'owed'"""  # noqa: S608
    yield f"""
        INSERT INTO letters ({", ".join(letters)}) SELECT {", ".join(letters)} FROM later.letters
        WHERE id NOT IN (SELECT theirs FROM same) ORDER BY id"""  # noqa: S608
    yield f"""
        INSERT INTO parts (letter, {", ".join(parts)})
        SELECT ours.id, {", ".join(f"theirs.{name}" for name in parts)} FROM later.parts AS theirs
        JOIN later.letters AS entry ON entry.id = theirs.letter
        JOIN main.letters AS ours ON ours.chat = entry.chat AND ours.key = entry.key
        WHERE theirs.letter NOT IN (SELECT theirs FROM same) ORDER BY theirs.id"""  # noqa: S608
    for table in FACT_TABLES:
        columns = ", ".join(_columns(db, table))
        yield f"INSERT OR IGNORE INTO {table} ({columns}) SELECT {columns} FROM later.{table}"  # noqa: S608
    yield "DELETE FROM waiting WHERE (chat, topic, article) IN (SELECT chat, topic, article FROM later.told)"


def _columns(db: sqlite3.Connection, table: str, *without: str) -> list[str]:
    """Return the names of the columns of a table, except those in `without`."""
    return [name for _, name, *_ in db.execute(f"PRAGMA later.table_info({table})") if name not in without]


def hold_inactive_chats(outbox: Path, chats: Iterable[Chat]) -> None:
    """Hold the messages of those `chats` that are inactive, and release the messages of the active ones."""
    known = list(chats)
    with sqlite_errors_as_state_errors(outbox), contextlib.closing(sqlite3.connect(outbox)) as db:
        for statement, active in (
            ("DELETE FROM held WHERE chat = ?", True),
            ("INSERT OR IGNORE INTO held (chat) VALUES (?)", False),
        ):
            db.executemany(statement, [(chat.id,) for chat in known if chat.active is active])
        db.commit()
