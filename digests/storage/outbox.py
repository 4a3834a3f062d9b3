"""Messages owed: what stands between "decided" and "sent" (SQLite, each change its own durable transaction).

    expect(articles) -> index -> settle(articles, letters) -> due -> send -> sent | retry | give_up
                                               put(letter) -> due …

A letter is one digest or alert for one chat, unique there by its key, in one or more parts. A chat's parts leave one
after another in the order in which they were owed. Sent letters stay as receipts, without their text.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from digests.chats import OutgoingMessage, OwedPart, Picture
from digests.models import NewArticle
from digests.search.schema import article_from_json
from digests.storage import alert_log
from digests.storage.alert_log import AlertLog, timestamp
from digests.storage.button_texts import ButtonTexts, replace_texts, store_texts
from digests.storage.outbox_file import open_outbox, sqlite_errors_as_state_errors
from digests.subscriptions.alerts import LogEntries

_NOTHING = LogEntries()


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """What a chat is owed: the message in parts, under a key, and the articles it tells of."""

    chat: int
    key: str
    parts: tuple[OutgoingMessage, ...]
    articles: tuple[str, ...] = ()
    topic: int | None = None
    """Of a forum; None in all other chats and for the General topic."""


class Outbox:
    """Thread-safe; every method that changes something is durable when it returns.

    Moments are aware datetimes. Every method raises StateError when the file cannot be read or written; the change is
    then not made at all.
    """

    def __init__(self, path: Path) -> None:
        """Open or begin the file; raises DamagedFile and overwrites nothing when it is not a whole outbox of ours."""
        self._path = path
        self._lock = threading.Lock()
        self._db = open_outbox(path)
        self.alert_log = AlertLog(self._rows, self._change)
        self.button_texts = ButtonTexts(self._rows, self._change)

    def add_unmatched(self, news: Iterable[NewArticle], now: datetime) -> None:
        """Note that these articles are to be matched, before anything else learns of them.

        One that is expected already stays as it is; one that was matched is expected again where it reads anew.
        """
        rows = [
            (one.id, timestamp(now), one.day and one.day.isoformat(), one.late, one.former and orjson.dumps(one.former))
            for one in news
        ]
        with self._change() as db:
            db.executemany(
                "INSERT INTO articles (id, expected, day, late, former) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET"
                " expected = excluded.expected, matched = NULL, day = excluded.day, late = excluded.late,"
                " former = excluded.former"
                " WHERE matched IS NOT NULL AND excluded.former IS NOT NULL",
                rows,
            )

    def unmatched_since(self) -> dict[str, datetime]:
        """The articles not yet matched against the subscriptions, with the moment from which they were expected."""
        rows = self._rows("SELECT id, expected FROM articles WHERE matched IS NULL ORDER BY rowid")
        return {article: datetime.fromisoformat(since) for article, since in rows}

    def unmatched(self) -> list[NewArticle]:
        """The articles not yet matched, as they were expected."""
        rows = self._rows("SELECT id, day, late, former FROM articles WHERE matched IS NULL ORDER BY rowid")
        return [
            NewArticle(article, day and date.fromisoformat(day), bool(late), former and article_from_json(former))
            for article, day, late, former in rows
        ]

    def record_matching(
        self,
        articles: Iterable[str],
        letters: Iterable[OutboxEntry],
        now: datetime,
        entries: LogEntries = _NOTHING,
        *,
        gone: Iterable[str] = (),
    ) -> None:
        """Note in one transaction that the articles were matched and what is owed or waits because of it.

        Those that are `gone` are expected no longer, and are news if they come again.
        """
        rows = [(article, timestamp(now), timestamp(now)) for article in articles]
        with self._change() as db:
            db.executemany(
                "INSERT INTO articles (id, expected, matched) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET matched = excluded.matched, former = NULL",
                rows,
            )
            db.executemany("DELETE FROM articles WHERE id = ?", [(article,) for article in gone])
            alert_log.add_entries(db, entries)
            for letter in letters:
                _add(db, letter, now)

    def reported_articles(self, chat: int) -> frozenset[str]:
        """The articles that letters to the chat tell of."""
        return frozenset(article for (article,) in self._rows("SELECT article FROM told WHERE chat = ?", chat))

    def reported_pairs(self, articles: Iterable[str]) -> set[tuple[int, str]]:
        """Who was told of these articles: pairs of chat and article."""
        wanted = orjson.dumps(list(articles)).decode()
        query = "SELECT chat, article FROM told WHERE article IN (SELECT value FROM json_each(?))"
        return set(self._rows(query, wanted))

    def add(self, letter: OutboxEntry, now: datetime) -> bool:
        """Owe a letter; False when the chat has one of that key already, whatever became of it: nothing changes."""
        with self._change() as db:
            return _add(db, letter, now)

    def add_many(self, letters: Iterable[OutboxEntry], now: datetime) -> None:
        """Owe letters, all or none; of keys that their chats have already, nothing changes."""
        with self._change() as db:
            for letter in letters:
                _add(db, letter, now)

    def chats_with_key(self, key: str) -> set[int]:
        """The chats that have a letter of this key, owed, sent or failed."""
        return {chat for (chat,) in self._rows("SELECT chat FROM letters WHERE key = ?", key)}

    def keys_with_prefix(self, prefix: str) -> set[tuple[int, str]]:
        """Pairs of chat and key of all letters, owed, sent or failed, whose key begins so."""
        end = prefix + "\U0010ffff"  # no character sorts after this one
        return set(self._rows("SELECT chat, key FROM letters WHERE key >= ? AND key < ?", prefix, end))

    def due(self, now: datetime, limit: int = 100) -> list[OwedPart]:
        """What may be sent now, the longest owed first: of each chat at most one part, the next in its order."""
        rows = self._rows(
            "SELECT id, chat, topic, key, part, message, attempts, not_before FROM next_parts"
            " WHERE not_before IS NULL OR not_before <= ? ORDER BY id LIMIT ?",
            timestamp(now),
            limit,
        )
        return [_owed(row) for row in rows]

    def next_due(self) -> datetime | None:
        """When the next part may be sent, possibly a moment that has passed; None when no part waits to be."""
        [(stamp,)] = self._rows("SELECT min(coalesce(not_before, created)) FROM next_parts")
        return None if stamp is None else datetime.fromisoformat(stamp)

    def mark_sent(self, owed_id: int, telegram_id: int, now: datetime) -> None:
        """The receipt: Telegram has the part, as its message `telegram_id`."""
        self.mark_many_sent({owed_id: telegram_id}, now)

    def mark_many_sent(self, receipts: Mapping[int, int], now: datetime) -> None:
        """Receipts by the numbers of their parts, all by one transaction."""
        rows = [(telegram_id, timestamp(now), owed_id) for owed_id, telegram_id in receipts.items()]
        with self._change() as db:
            db.executemany(
                "UPDATE parts SET state = 'sent', telegram_id = ?, sent = ?, message = ''"
                " WHERE id = ? AND state = 'owed'",
                rows,
            )

    def retry(self, owed_id: int, not_before: datetime, problem: str) -> None:
        """The part could not be sent; it, and with it what its chat is owed after it, waits until `not_before`."""
        self._settle_part(
            "attempts = attempts + 1, not_before = ?, problem = ?", timestamp(not_before), problem, owed_id
        )

    def mark_failed(self, owed_id: int, problem: str) -> None:
        """The part can never be sent; it is kept as failed, and what comes after it goes on."""
        self._settle_part("attempts = attempts + 1, state = 'failed', problem = ?", problem, owed_id)

    def prune(self, before: datetime) -> None:
        """Forget the parts sent or given up before a moment; their letters stay known by their keys."""
        with self._change() as db:
            db.execute("DELETE FROM parts WHERE state <> 'owed' AND coalesce(sent, created) < ?", (timestamp(before),))

    def hold(self, chat: int) -> None:
        """Send nothing to a chat that refuses messages; what it is owed is kept, and may grow."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO held (chat) VALUES (?)", (chat,))

    def release(self, chat: int) -> None:
        """A chat takes messages again: what was held for it is due at once."""
        if not self._rows("SELECT 1 FROM held WHERE chat = ?", chat):
            return  # asked at every message a reader sends, so it costs no transaction
        with self._change() as db:
            db.execute("DELETE FROM held WHERE chat = ?", (chat,))
            db.execute("UPDATE parts SET not_before = NULL WHERE chat = ? AND state = 'owed'", (chat,))

    def move(self, chat: int, to: int) -> None:
        """Carry everything over to a chat's new id; of a letter that both ids have, the new id's stays."""
        if chat == to:
            return
        with self._change() as db:
            db.execute("UPDATE OR IGNORE letters SET chat = ? WHERE chat = ?", (to, chat))
            db.execute("UPDATE parts SET chat = ? WHERE letter IN (SELECT id FROM letters WHERE chat = ?)", (to, to))
            for table in ("told", "waiting", "found", "button_texts"):
                db.execute(f"UPDATE OR IGNORE {table} SET chat = ? WHERE chat = ?", (to, chat))  # noqa: S608
            _forget(db, chat)

    def delete_chat(self, chat: int) -> None:
        """Remove all that is kept of a chat, receipts too; on return no file holds any of it."""
        with self._change() as db:
            _forget(db, chat)
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")  # what was deleted stands in the journal until then

    def counts(self) -> dict[str, int]:
        """Parts by what became of them: owed (free to go), held (their chat refuses messages), sent, failed."""
        rows = self._rows(
            "SELECT CASE WHEN state = 'owed' AND chat IN (SELECT chat FROM held) THEN 'held' ELSE state END AS fate,"
            " count(*) FROM parts GROUP BY fate"
        )
        return {"owed": 0, "held": 0, "sent": 0, "failed": 0} | dict(rows)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _settle_part(self, assignments: str, *values: object) -> None:
        with self._change() as db:
            db.execute(f"UPDATE parts SET {assignments} WHERE id = ? AND state = 'owed'", values)  # noqa: S608  no input in it

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, sqlite_errors_as_state_errors(self._path):
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        with self._lock, sqlite_errors_as_state_errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _add(db: sqlite3.Connection, letter: OutboxEntry, now: datetime) -> bool:
    added = db.execute(
        "INSERT OR IGNORE INTO letters (chat, key, topic) VALUES (?, ?, ?)",
        (letter.chat, letter.key, letter.topic or 0),
    )
    if not added.rowcount:
        return False
    for number, part in enumerate(letter.parts, start=1):
        message, button_texts = replace_texts(part)
        store_texts(db, letter.chat, button_texts, now)
        db.execute(
            "INSERT INTO parts (letter, part, chat, message, created) VALUES (?, ?, ?, ?, ?)",
            (added.lastrowid, number, letter.chat, _written(message), timestamp(now)),
        )
    told = [(letter.chat, article, letter.topic or 0) for article in letter.articles]
    db.executemany("INSERT OR IGNORE INTO told (chat, article, topic) VALUES (?, ?, ?)", told)
    alert_log.delete_waiting(db, letter.chat, letter.topic, letter.articles)
    return True


def _forget(db: sqlite3.Connection, chat: int) -> None:
    for table in ("parts", "letters", "told", "held", "waiting", "found", "button_texts"):
        db.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))  # noqa: S608  the tables' names stand above


def _written(part: OutgoingMessage) -> str:
    picture = part.picture
    drawn = [(picture.kind, picture.of, picture.language)] if picture else []
    return orjson.dumps([part.text, part.buttons, *drawn]).decode()


def _read(message: str) -> OutgoingMessage:
    text, rows, *drawn = orjson.loads(message)
    buttons = tuple(tuple((label, data) for label, data in row) for row in rows)
    return OutgoingMessage(text, buttons, *(Picture(*one) for one in drawn))


def _owed(row: tuple[Any, ...]) -> OwedPart:
    owed_id, chat, topic, key, part, message, attempts, not_before = row
    return OwedPart(
        id=owed_id,
        chat=chat,
        key=key if part == 1 else f"{key}/{part}",
        message=_read(message),
        attempts=attempts,
        not_before=None if not_before is None else datetime.fromisoformat(not_before),
        topic=topic or None,
    )
