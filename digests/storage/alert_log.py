"""What subscriptions found, what of it waits to be told, and by what an article is known again (tables of the outbox).

found      each match with its day and fate: told at once (now), held, or passed over while the subscription rested
waiting    articles that a chat, or a topic of it, is to be told with its next bundle
imprints   of the articles that anybody was told of: texts that share most of theirs are the same
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import orjson

from digests.subscriptions.alerts import Imprint, LogEntries, WaitingArticle
from digests.subscriptions.schedule import PendingBundle

Rows = Callable[..., list[tuple[Any, ...]]]
Change = Callable[[], AbstractContextManager[sqlite3.Connection]]


class AlertLog:
    """A part of the outbox: what it notes is durable on return, and its errors are the outbox's."""

    def __init__(self, rows: Rows, change: Change) -> None:
        self._rows = rows
        self._change = change

    def pending_bundles(self) -> list[PendingBundle]:
        """What waits, by chat, topic and bundle."""
        rows = self._rows("SELECT chat, topic, bundle, min(since) FROM waiting GROUP BY chat, topic, bundle")
        return [
            PendingBundle(chat, topic or None, bundle, datetime.fromisoformat(since))
            for chat, topic, bundle, since in rows
        ]

    def waiting_articles(self, chat: int, topic: int | None) -> list[WaitingArticle]:
        """What waits for one chat and topic, in the order in which it came."""
        rows = self._rows(
            "SELECT article, bundle, since, late FROM waiting WHERE chat = ? AND topic = ? ORDER BY since, rowid",
            chat,
            topic or 0,
        )
        return [
            WaitingArticle(chat, topic, article, bundle, datetime.fromisoformat(since), bool(late))
            for article, bundle, since, late in rows
        ]

    def drop_waiting(self, chat: int, topic: int | None, articles: Iterable[str]) -> None:
        """Let articles wait no longer that nobody wants any more."""
        with self._change() as db:
            delete_waiting(db, chat, topic, articles)

    def decided_for(self, articles: Iterable[str]) -> set[tuple[int, int | None, str]]:
        """Who needs no telling of these articles: chat, topic and article, where it was told or waits to be."""
        wanted = orjson.dumps(list(articles)).decode()
        rows = self._rows(
            "WITH wanted AS (SELECT value FROM json_each(?))"
            " SELECT chat, topic, article FROM told WHERE article IN (SELECT value FROM wanted)"
            " UNION SELECT chat, topic, article FROM waiting WHERE article IN (SELECT value FROM wanted)",
            wanted,
        )
        return {(chat, topic or None, article) for chat, topic, article in rows}

    def immediate_counts(self, since: date) -> dict[tuple[int, int, date], int]:
        """How many articles each subscription told at once on each day from `since` on: by chat, subscription, day."""
        rows = self._rows(
            "SELECT chat, subscription, day, count(*) FROM found WHERE fate = 'now' AND day >= ? GROUP BY 1, 2, 3",
            since.isoformat(),
        )
        return {(chat, subscription, date.fromisoformat(day)): count for chat, subscription, day, count in rows}

    def match_counts(self, chat: int, first: date, last: date) -> dict[int, int]:
        """How many articles each subscription of a chat matched from `first` to `last`, both included."""
        rows = self._rows(
            "SELECT subscription, count(*) FROM found WHERE chat = ? AND day BETWEEN ? AND ? GROUP BY 1",
            chat,
            first.isoformat(),
            last.isoformat(),
        )
        return dict(rows)

    def imprints(self, first: date, last: date) -> list[Imprint]:
        """Of the articles of these days, both included, and of those without a day."""
        rows = self._rows(
            "SELECT article, day, hashes FROM imprints WHERE day = '' OR day BETWEEN ? AND ?",
            first.isoformat(),
            last.isoformat(),
        )
        return [
            Imprint(article, date.fromisoformat(day) if day else None, tuple(orjson.loads(hashes)))
            for article, day, hashes in rows
        ]

    def prune(self, before: date) -> None:
        """Forget what was found before a day."""
        if self._rows("SELECT 1 FROM found WHERE day < ? LIMIT 1", before.isoformat()):
            with self._change() as db:
                db.execute("DELETE FROM found WHERE day < ?", (before.isoformat(),))


def timestamp(moment: datetime) -> str:
    """A moment as text that sorts as moments do."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; the outbox takes aware moments only")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def add_entries(db: sqlite3.Connection, entries: LogEntries) -> None:
    """Add entries, as a part of a transaction; what is noted already stays as it is."""
    db.executemany(
        "INSERT OR IGNORE INTO found (chat, subscription, article, day, fate) VALUES (?, ?, ?, ?, ?)",
        [(one.chat, one.subscription, one.article, one.day.isoformat(), one.outcome) for one in entries.findings],
    )
    db.executemany(
        "INSERT OR IGNORE INTO waiting (chat, topic, article, bundle, since, late) VALUES (?, ?, ?, ?, ?, ?)",
        [(w.chat, w.topic or 0, w.article, w.bundle, timestamp(w.since), w.late) for w in entries.waiting],
    )
    db.executemany(
        "INSERT OR REPLACE INTO imprints (article, day, hashes) VALUES (?, ?, ?)",
        [(i.article, i.day.isoformat() if i.day else "", orjson.dumps(i.hashes)) for i in entries.imprints],
    )


def delete_waiting(db: sqlite3.Connection, chat: int, topic: int | None, articles: Iterable[str]) -> None:
    """Take articles off what waits, as a part of a transaction."""
    db.executemany(
        "DELETE FROM waiting WHERE chat = ? AND topic = ? AND article = ?",
        [(chat, topic or 0, article) for article in articles],
    )
