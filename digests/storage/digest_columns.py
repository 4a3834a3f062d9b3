"""What trends and later digests need of all digests, in one SQLite file: fingerprints, keywords and traces by day.

digests   one row a digest; a row with the fingerprint "" only tells that the file of its month has a digest of this day
months    the signature of the file of each month to which the rows belong (`DigestMonths.signature`)

The file is derived. It is not backed up and not migrated; the owner replaces it if it is damaged or has another
version. A file of digests is written first and its rows second. After a crash between the two, after a restore and
after any other change of the files, the signatures differ: the rows that do not belong to their digest any more are
cleared, and these digests are built again.
"""

import contextlib
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import orjson

from digests.dates import month_of
from digests.errors import StateError
from digests.models import Digest, Keyword, PastDigest, Trace

APPLICATION_ID = 0x4A424443
"""The application id in SQLite's header that identifies the file: "JBDC" in ASCII."""
VERSION = 1
"""Version of the tables; a file with another version is built again."""

CACHE_KB = 1024
"""Memory that SQLite uses for pages of the file."""

_SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE digests (
    day INTEGER PRIMARY KEY,  -- the ordinal
    fingerprint TEXT NOT NULL,
    keywords BLOB NOT NULL,   -- [[text, weight, trend], ...] as JSON
    traces BLOB NOT NULL,     -- [[article, headline, keywords, number of hashes], ...] as JSON
    hashes BLOB NOT NULL      -- the sketches of all traces, 4 bytes a hash, the lowest first
);
CREATE TABLE months (month TEXT PRIMARY KEY, signature TEXT NOT NULL) WITHOUT ROWID;
"""


class DigestColumns:
    """The rows of all digests. Not thread-safe; each change is durable on return. All methods raise StateError."""

    def __init__(self, path: Path, *, owner: bool) -> None:
        """Open the file, or create or replace it as its `owner`; other processes read an empty one if there is none."""
        self._path = path
        with self._errors():
            self._db = self._opened(owner)
            self._db.execute(f"PRAGMA cache_size = -{CACHE_KB}")

    def fingerprints(self) -> dict[date, str]:
        """Return the fingerprints of all digests by day; "" if the digest has to be built again."""
        with self._errors():
            return {
                date.fromordinal(day): fingerprint
                for day, fingerprint in self._db.execute("SELECT day, fingerprint FROM digests")
            }

    def fingerprint(self, day: date) -> str | None:
        """Return the fingerprint of the digest of a day; None if there is none or it has to be built again."""
        with self._errors():
            row = self._db.execute("SELECT fingerprint FROM digests WHERE day = ?", (day.toordinal(),)).fetchone()
            return (row and str(row[0])) or None

    def get(self, day: date) -> PastDigest | None:
        """Return the columns of a day; None if there is no digest or it has to be built again."""
        query = "SELECT fingerprint, keywords, traces, hashes FROM digests WHERE day = ? AND fingerprint != ''"
        with self._errors():
            row = self._db.execute(query, (day.toordinal(),)).fetchone()
        if row is None:
            return None
        fingerprint, keywords, traces, hashes = row
        listed = tuple(Keyword(*values) for values in orjson.loads(keywords))
        return PastDigest(day, fingerprint, listed, tuple(_unpacked(orjson.loads(traces), hashes)))

    def put(self, digests: Iterable[Digest], signatures: Mapping[str, str]) -> None:
        """Store the columns of digests, and the signatures of their months' files."""
        with self._change():
            self._db.executemany("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?)", map(_row, digests))
            self._sign(signatures)

    def remove_many(self, days: Iterable[date], signatures: Mapping[str, str]) -> None:
        """Delete the columns of days, and store the signatures of their months' files."""
        with self._change():
            self._db.executemany("DELETE FROM digests WHERE day = ?", [(day.toordinal(),) for day in days])
            self._sign(signatures)

    def signatures(self) -> dict[str, str]:
        """Return the stored signatures by month."""
        with self._errors():
            return dict(self._db.execute("SELECT month, signature FROM months"))

    def compare(self, month: str, fingerprints: Mapping[int, str], signature: str) -> None:
        """Clear the rows of a month whose digest has another fingerprint; `fingerprints` are those of its file."""
        query = "SELECT day, fingerprint FROM digests WHERE day BETWEEN ? AND ?"
        with self._change():
            known = dict(self._db.execute(query, _ordinals(month)))
            gone = [(day,) for day in known.keys() - fingerprints.keys()]
            changed = [(day,) for day, found in fingerprints.items() if known.get(day) != found]
            self._db.executemany("DELETE FROM digests WHERE day = ?", gone)
            self._db.executemany("INSERT OR REPLACE INTO digests VALUES (?, '', '[]', '[]', '')", changed)
            self._sign({month: signature})

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file; "" if nothing."""
        with self._errors():
            [(found,)] = self._db.execute("PRAGMA quick_check(1)").fetchall()
            return "" if found == "ok" else str(found)

    def close(self) -> None:
        self._db.close()

    def _opened(self, owner: bool) -> sqlite3.Connection:
        if not owner:
            if not self._path.exists():
                return _created(":memory:")
            # SQLite must be able to undo a change that a killed process left unfinished; nothing else is written.
            place = f"{self._path.absolute().as_uri()}?mode=rw"
            db = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA query_only = ON")
            return db
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists() and not self._is_usable():
            self._path.unlink()
            self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        if not self._path.exists():
            self._path.touch(mode=0o600)
            return _created(str(self._path))
        return sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)

    def _is_usable(self) -> bool:
        with contextlib.closing(sqlite3.connect(self._path)) as db:
            try:
                [(application,)] = db.execute("PRAGMA application_id").fetchall()
                [(version,)] = db.execute("PRAGMA user_version").fetchall()
                [(health,)] = db.execute("PRAGMA quick_check(1)").fetchall()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):  # it cannot be read now
                    raise
                return False
            return (application, version, health) == (APPLICATION_ID, VERSION, "ok")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Convert errors of SQLite and of the disk into StateErrors that name the file."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"{self._path} could not be used ({error}); if this remains, delete the file: it is built again from "
                "the pages"
            ) from error

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _sign(self, signatures: Mapping[str, str]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO months VALUES (?, ?)", signatures.items())


def _created(place: str) -> sqlite3.Connection:
    db = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    db.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
    return db


def _ordinals(month: str) -> tuple[int, int]:
    """Return the ordinals of the first and the last day of a month such as 2022-08."""
    first, last = month_of(date.fromisoformat(f"{month}-01"))
    return first.toordinal(), last.toordinal()


def _row(digest: Digest) -> tuple[int, str, bytes, bytes, bytes]:
    keywords = [(keyword.text, keyword.weight, keyword.trend) for keyword in digest.keywords]
    traces = [(trace.article, trace.headline, trace.keywords, len(trace.sketch)) for trace in digest.traces]
    hashes = array("I", (value for trace in digest.traces for value in trace.sketch))
    if sys.byteorder == "big":
        hashes.byteswap()
    stored = digest.day.toordinal(), digest.fingerprint
    return (*stored, orjson.dumps(keywords), orjson.dumps(traces), hashes.tobytes())


def _unpacked(traces: Iterable[tuple[str, str, list[str], int]], packed: bytes) -> Iterator[Trace]:
    hashes = array("I", packed)
    if sys.byteorder == "big":
        hashes.byteswap()
    start = 0
    for article, headline, keywords, count in traces:
        yield Trace(article, headline, tuple(keywords), tuple(hashes[start : start + count]))
        start += count
