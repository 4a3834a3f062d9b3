"""Fitting a restored outbox to what happened since its backup: what Telegram has, it has (SQLite).

Going back to a backup: all of it or nothing, whatever happens in between.

    staged     restoring.new/          files are copied here and fitted to what happened since the backup
    decided    restoring-MOMENT/       one rename; from here on the restore is carried through, also after a crash
    set aside  backups/MOMENT-before-restore/   what the data folder held is moved here
    placing    placing-MOMENT/         one rename; then the files are moved into their places
    done       nothing of it is left, and what was set aside is a backup, if it was whole

A restore brings back what readers wanted and what they are owed. What they were sent is a fact: if the outbox that is
replaced is whole, what it says of letters goes into the restored one, and nothing that was owed since the backup is
lost or repeated. If it is not, a digest that was sent since the backup may come again (within the window for late
ones), and so may the alerts of articles that were taken in since.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digests.chats import Chat
from digests.errors import StateError
from digests.models import NewArticle
from digests.storage.backup import copy_part, look_over
from digests.storage.files import sync
from digests.storage.manifest import FOLDER, PARTS, Manifest, moment_of, name_of, read_manifest, write_manifest
from digests.storage.outbox import Outbox
from digests.storage.outbox_file import plainly
from digests.storage.stores import Chats

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
    for table in FACTS:
        given = ", ".join(_columns(db, table))
        yield f"INSERT OR IGNORE INTO {table} ({given}) SELECT {given} FROM late.{table}"  # noqa: S608
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


BESIDE = (
    "outbox.sqlite-wal",
    "outbox.sqlite-shm",
    "outbox.sqlite.new",
    "chats.json.bak",
    "chats.json.new",
    "digests.json.new",
)
"""What may lie beside the files of PARTS and belongs to them; the journals come first, as a database must not stand
beside a journal that is not its own."""

STAGED, DECIDED, PLACING = "restoring.new", "restoring-", "placing-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    backup: Manifest
    aside: Path
    """Where what was replaced lies; not there where there was nothing."""
    outbox_was_whole: bool
    """Whether what was sent since the backup is known."""
    articles: int
    """Taken in since the backup, and matched once more against the restored subscriptions."""


def restore(data: Path, folder: Path, now: datetime, articles: Iterable[NewArticle]) -> Restored:
    """Put the backup in `folder` in the place of what the data folder holds; the caller holds the lock of that.

    `articles` are those of the index, which is not restored: those that the restored outbox does not know are matched
    against the subscriptions once more. Raises DamagedFile or NewerFile where the backup cannot be restored, StateError
    where that is impossible; the data folder then is as it was before.
    """
    finish(data)
    backup = read_manifest(folder)
    moment = _free(data, now)
    staged = data / STAGED
    try:
        staged.mkdir(mode=0o700)
        for name in backup.files:
            copy_part(folder / name, staged / name)
        whole, added = _fit(data / "outbox.sqlite", staged, now, articles)
        for file in (*staged.iterdir(), staged):
            sync(file)
        staged.rename(data / f"{DECIDED}{name_of(moment)}")
        sync(data)
    except (OSError, StateError) as error:
        shutil.rmtree(staged, ignore_errors=True)
        if isinstance(error, StateError):
            raise
        raise StateError(f"{folder} could not be restored ({error.strerror}); {data} is as it was before") from error
    finish(data)
    return Restored(backup, data / FOLDER / name_of(moment, "before-restore"), whole, added)


def finish(data: Path) -> None:
    """Carry through a restore that was decided, and forget one that was not; the caller holds the lock of `data`."""
    if not data.is_dir():
        return
    shutil.rmtree(data / STAGED, ignore_errors=True)
    try:
        for decided in data.glob(f"{DECIDED}*"):
            _set_aside(data, _aside(data, decided))
            decided.rename(data / decided.name.replace(DECIDED, PLACING))
            sync(data)
        for placing in data.glob(f"{PLACING}*"):
            for file in placing.iterdir():
                file.rename(data / file.name)
            sync(data)
            _declare(_aside(data, placing))
            placing.rmdir()
            sync(data)
    except OSError as error:
        raise StateError(
            f"a restore of {data} could not be carried through: {error.filename}: {error.strerror}; nothing is lost: "
            "mend that, then start or restore again"
        ) from error


def is_unfinished(data: Path) -> bool:
    """Whether a restore was decided and not carried through yet."""
    return any(any(data.glob(f"{state}*")) for state in (DECIDED, PLACING))


def _fit(current: Path, staged: Path, now: datetime, articles: Iterable[NewArticle]) -> tuple[bool, int]:
    """Fit the staged outbox; whether the one it replaces was whole, and how many articles were new to it."""
    outbox = staged / "outbox.sqlite"
    if not outbox.exists():
        return False, 0
    Outbox(outbox).close()  # brings it to the form of today
    whole = _is_whole(current)
    if whole:
        carry(current, outbox)
    if (staged / "chats.json").exists():
        hold_as(outbox, Chats(staged / "chats.json", owner=False).all())
    with closing(Outbox(outbox)) as fitted:
        before = len(fitted.expected())
        fitted.expect(articles, now)
        return whole, len(fitted.expected()) - before


def _is_whole(outbox: Path) -> bool:
    try:
        if outbox.exists():
            Outbox(outbox).close()  # brings it to the form of today, and takes in its journal
            return True
    except StateError:
        pass  # the caller says so, and it is kept
    return False


def _free(data: Path, now: datetime) -> datetime:
    """The first moment from `now` on under which nothing lies aside yet."""
    while (data / FOLDER / name_of(now, "before-restore")).exists():
        now += timedelta(seconds=1)
    return now


def _aside(data: Path, restoring: Path) -> Path:
    return data / FOLDER / f"{restoring.name.partition('-')[2]}-before-restore"


def _set_aside(data: Path, aside: Path) -> None:
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in (*BESIDE, *PARTS):
        if (data / name).exists():
            shutil.move(data / name, aside / name)  # the backups may lie on another disk
    sync(aside)
    sync(data)


def _declare(aside: Path) -> None:
    """Make what was set aside a backup if all of it is whole; what is not is kept to be looked at."""
    if not any(aside.iterdir()):
        aside.rmdir()
        return
    journal, moment = aside / "outbox.sqlite-wal", moment_of(aside.name)
    if not moment or (journal.exists() and journal.stat().st_size):
        return
    try:
        for name in PARTS:
            if (aside / name).exists():
                look_over(aside / name)
    except StateError:
        return
    write_manifest(aside, moment)
