"""The outbox: messages to be sent, and receipts of sent messages (SQLite, WAL).

    ingest -> add_unmatched -> record_matching(entries) -> due -> send -> mark_sent | retry | mark_failed
                               add(entry)               -> due ...

An entry is one digest, alert or notice for one chat. It has a key that is unique in the chat, and one or more parts.
The parts of a chat are sent one by one, in the order in which they were added. Sent parts are kept as receipts, without
their message. Every change is a separate, durable transaction. outbox_file.py explains the names of the tables.
"""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from digests.chats import OutgoingMessage, OwedPart, Picture
from digests.models import Article, NewArticle
from digests.search.schema import article_from_json
from digests.storage import alert_log
from digests.storage.alert_log import AlertLog, timestamp
from digests.storage.button_texts import ButtonTexts, replace_texts, store_texts
from digests.storage.outbox_file import open_outbox, sqlite_errors_as_state_errors
from digests.subscriptions.alerts import LogEntries

log = logging.getLogger(__name__)

_NO_LOG_ENTRIES = LogEntries()

MAX_RETRY_WAIT = timedelta(minutes=10)
"""A part is delayed for at most this long; the backoff of delivery and its pauses of chats are shorter or its own."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A message to a chat, in parts."""

    chat: int
    key: str
    parts: tuple[OutgoingMessage, ...]
    articles: tuple[str, ...] = ()
    """The ids of the reported articles."""
    topic: int | None = None
    """The forum topic; None for the General topic and in chats without topics."""


class Outbox:
    """The entries of the outbox and the queue of articles for matching; thread-safe, each change durable on return.

    Moments are aware datetimes. Every method raises StateError if the file cannot be used, and then changes nothing.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises DamagedFile or NewerFile, which leave the file unchanged."""
        self._path = path
        self._lock = threading.Lock()
        self._db = open_outbox(path)
        self.alert_log = AlertLog(self._rows, self._change)
        self.button_texts = ButtonTexts(self._rows, self._change)

    def add_unmatched(self, articles: Iterable[NewArticle], now: datetime) -> None:
        """Queue new articles for matching; call this before the commit that makes them searchable.

        An article that is already queued stays unchanged. An article that was matched is queued again if its text has
        changed (`former` is its earlier text).
        """
        rows = [
            (new.id, timestamp(now), new.day and new.day.isoformat(), new.late, new.former and orjson.dumps(new.former))
            for new in articles
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
        """Return the ids of the articles queued for matching, with the moment at which each was queued."""
        rows = self._rows("SELECT id, expected FROM articles WHERE matched IS NULL ORDER BY rowid")
        return {article: datetime.fromisoformat(since) for article, since in rows}

    def unmatched(self) -> list[NewArticle]:
        """Return the articles queued for matching, as they were queued."""
        rows = self._rows("SELECT id, day, late, former FROM articles WHERE matched IS NULL ORDER BY rowid")
        return [NewArticle(row[0], row[1] and date.fromisoformat(row[1]), bool(row[2]), _former(row)) for row in rows]

    def record_matching(
        self,
        articles: Iterable[str],
        entries: Iterable[OutboxEntry],
        now: datetime,
        log_entries: LogEntries = _NO_LOG_ENTRIES,
        *,
        gone: Iterable[str] = (),
    ) -> None:
        """Mark articles as matched, add the resulting entries and extend the alert log, all in one transaction.

        Articles in `gone` were removed from the archive; their rows are deleted, so they count as new if they return.
        """
        rows = [(article, timestamp(now), timestamp(now)) for article in articles]
        with self._change() as db:
            db.executemany(
                "INSERT INTO articles (id, expected, matched) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET matched = excluded.matched, former = NULL",
                rows,
            )
            db.executemany("DELETE FROM articles WHERE id = ?", [(article,) for article in gone])
            alert_log.add_entries(db, log_entries)
            for entry in entries:
                _add(db, entry, now)

    def reported_articles(self, chat: int) -> frozenset[str]:
        """Return the ids of the articles that the chat's entries report."""
        return frozenset(article for (article,) in self._rows("SELECT article FROM told WHERE chat = ?", chat))

    def reported_pairs(self, articles: Iterable[str]) -> set[tuple[int, str]]:
        """Return the pairs of chat and article in which an entry of the chat reports one of `articles`."""
        ids = orjson.dumps(list(articles)).decode()
        return set(self._rows("SELECT chat, article FROM told WHERE article IN (SELECT value FROM json_each(?))", ids))

    def add(self, entry: OutboxEntry, now: datetime) -> bool:
        """Add an entry; if the chat ever had an entry with the same key, change nothing and return False."""
        with self._change() as db:
            return _add(db, entry, now)

    def add_many(self, entries: Iterable[OutboxEntry], now: datetime) -> None:
        """Add entries like `add`, all in one transaction."""
        with self._change() as db:
            for entry in entries:
                _add(db, entry, now)

    def chats_with_key(self, key: str) -> set[int]:
        """Return the chats that have an entry with this key, in any state."""
        return {chat for (chat,) in self._rows("SELECT chat FROM letters WHERE key = ?", key)}

    def keys_with_prefix(self, prefix: str) -> set[tuple[int, str]]:
        """Return pairs of chat and key for all entries whose key begins with `prefix`, in any state."""
        end = prefix + "\U0010ffff"  # no character sorts after this one
        return set(self._rows("SELECT chat, key FROM letters WHERE key >= ? AND key < ?", prefix, end))

    def due(self, now: datetime, limit: int = 100) -> list[OwedPart]:
        """Return the parts that may be sent now, oldest first, at most one of each chat.

        A part that waits for longer than MAX_RETRY_WAIT may be sent too: the clock was set back since it was delayed.
        """
        rows = self._rows(
            "SELECT id, chat, topic, key, part, message, attempts, not_before FROM next_parts"
            " WHERE not_before IS NULL OR not_before <= ? OR not_before > ? ORDER BY id LIMIT ?",
            timestamp(now),
            timestamp(now + MAX_RETRY_WAIT),
            limit,
        )
        parts: list[OwedPart] = []
        for row in rows:
            try:
                parts.append(_owed_part(row))
            except (ValueError, TypeError, LookupError) as error:  # the messages behind it must not wait
                log.error("part %s for chat %s cannot be read (%s) and is not sent", row[0], row[1], error)  # noqa: TRY400
                self.mark_failed(row[0], "it cannot be read")
        return parts

    def next_due(self) -> datetime | None:
        """Return when the next part may be sent, possibly in the past; None if no part is owed."""
        [(stamp,)] = self._rows("SELECT min(coalesce(not_before, created)) FROM next_parts")
        return None if stamp is None else datetime.fromisoformat(stamp)

    def mark_sent(self, part_id: int, telegram_id: int, now: datetime) -> None:
        """Mark a part as sent and store its receipt, Telegram's message id."""
        self.mark_many_sent({part_id: telegram_id}, now)

    def mark_many_sent(self, receipts: Mapping[int, int], now: datetime) -> None:
        """Mark parts as sent in one transaction; `receipts` maps part ids to Telegram's message ids."""
        rows = [(telegram_id, timestamp(now), part_id) for part_id, telegram_id in receipts.items()]
        with self._change() as db:
            db.executemany(
                "UPDATE parts SET state = 'sent', telegram_id = ?, sent = ?, message = ''"
                " WHERE id = ? AND state = 'owed'",
                rows,
            )

    def retry(self, part_id: int, not_before: datetime, problem: str) -> None:
        """Postpone a part, and with it the later parts of its chat, until `not_before`."""
        self._update_owed_part(
            "attempts = attempts + 1, not_before = ?, problem = ?", timestamp(not_before), problem, part_id
        )

    def mark_failed(self, part_id: int, problem: str) -> None:
        """Mark a part as failed: it is not sent again, and the later parts of its chat may be sent."""
        self._update_owed_part("attempts = attempts + 1, state = 'failed', problem = ?", problem, part_id)

    def prune(self, before: datetime) -> None:
        """Delete the parts that were sent before `before`, or failed and were added before it; entry keys stay."""
        with self._change() as db:
            db.execute("DELETE FROM parts WHERE state <> 'owed' AND coalesce(sent, created) < ?", (timestamp(before),))

    def hold(self, chat: int) -> None:
        """Stop sending to a chat that refuses messages; its messages are kept, and more may be added."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO held (chat) VALUES (?)", (chat,))

    def release(self, chat: int) -> None:
        """Resume sending to a chat that accepts messages again; its unsent messages are due at once."""
        if not self._rows("SELECT 1 FROM held WHERE chat = ?", chat):
            return  # called for every message from a reader, so avoid a transaction
        with self._change() as db:
            db.execute("DELETE FROM held WHERE chat = ?", (chat,))
            db.execute("UPDATE parts SET not_before = NULL WHERE chat = ? AND state = 'owed'", (chat,))

    def move(self, old_id: int, new_id: int) -> None:
        """Move all data of a chat to its new id; of two entries with the same key, that of `new_id` is kept."""
        if old_id == new_id:
            return
        with self._change() as db:
            db.execute("UPDATE OR IGNORE letters SET chat = ? WHERE chat = ?", (new_id, old_id))
            db.execute(
                "UPDATE parts SET chat = ? WHERE letter IN (SELECT id FROM letters WHERE chat = ?)", (new_id, new_id)
            )
            for table in ("told", "waiting", "found", "button_texts"):
                db.execute(f"UPDATE OR IGNORE {table} SET chat = ? WHERE chat = ?", (new_id, old_id))  # noqa: S608
            _delete_chat(db, old_id)

    def delete_chat(self, chat: int) -> None:
        """Delete all data of a chat, including receipts, also from the journal and the free space of the file."""
        with self._change() as db:
            _delete_chat(db, chat)
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")  # until this, the journal contains the deleted data

    def counts(self) -> dict[str, int]:
        """Return the number of parts by state: owed, held (owed to a chat that refuses messages), sent, failed."""
        status = "CASE WHEN state = 'owed' AND chat IN (SELECT chat FROM held) THEN 'held' ELSE state END"
        rows = self._rows(f"SELECT {status} AS status, count(*) FROM parts GROUP BY status")  # noqa: S608  no input
        return {"owed": 0, "held": 0, "sent": 0, "failed": 0} | dict(rows)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _update_owed_part(self, assignments: str, *values: object) -> None:
        with self._change() as db:
            db.execute(f"UPDATE parts SET {assignments} WHERE id = ? AND state = 'owed'", values)  # noqa: S608  no input

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, sqlite_errors_as_state_errors(self._path):
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction; it is committed at the end of the block and rolled back on an exception."""
        with self._lock, sqlite_errors_as_state_errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _add(db: sqlite3.Connection, entry: OutboxEntry, now: datetime) -> bool:
    added = db.execute(
        "INSERT OR IGNORE INTO letters (chat, key, topic) VALUES (?, ?, ?)", (entry.chat, entry.key, entry.topic or 0)
    )
    if not added.rowcount:
        return False
    for number, part in enumerate(entry.parts, start=1):
        message, button_texts = replace_texts(part)
        store_texts(db, entry.chat, button_texts, now)
        db.execute(
            "INSERT INTO parts (letter, part, chat, message, created) VALUES (?, ?, ?, ?, ?)",
            (added.lastrowid, number, entry.chat, _message_to_json(message), timestamp(now)),
        )
    reported = [(entry.chat, article, entry.topic or 0) for article in entry.articles]
    db.executemany("INSERT OR IGNORE INTO told (chat, article, topic) VALUES (?, ?, ?)", reported)
    alert_log.delete_waiting(db, entry.chat, entry.topic, entry.articles)
    return True


def _delete_chat(db: sqlite3.Connection, chat: int) -> None:
    for table in ("parts", "letters", "told", "held", "waiting", "found", "button_texts"):
        db.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))  # noqa: S608  no input


def _message_to_json(message: OutgoingMessage) -> str:
    picture = message.picture
    pictures = [(picture.kind, picture.of, picture.language)] if picture else []
    return orjson.dumps([message.text, message.buttons, *pictures]).decode()


def _former(row: tuple[Any, ...]) -> Article | None:
    """Return the earlier text of an unmatched article; None if there is none or it cannot be read.

    The article then counts as new, and chats that got it are not alerted again.
    """
    try:
        return row[3] and article_from_json(row[3])
    except (ValueError, TypeError, AttributeError) as error:
        log.warning("the earlier text of article %s cannot be read (%s)", row[0], error)
        return None


def _message_from_json(content: str) -> OutgoingMessage:
    text, rows, *pictures = orjson.loads(content)
    buttons = tuple(tuple((label, data) for label, data in row) for row in rows)
    return OutgoingMessage(text, buttons, *(Picture(*picture) for picture in pictures))


def _owed_part(row: tuple[Any, ...]) -> OwedPart:
    part_id, chat, topic, key, part, message, attempts, not_before = row
    return OwedPart(
        id=part_id,
        chat=chat,
        key=key if part == 1 else f"{key}/{part}",
        message=_message_from_json(message),
        attempts=attempts,
        not_before=None if not_before is None else datetime.fromisoformat(not_before),
        topic=topic or None,
    )
