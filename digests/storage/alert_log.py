"""The alert log, three tables of the outbox: matches, waiting articles, and sketches of reported articles.

found      each match of a subscription, with the local day and the outcome (`fate`): alerted at once (now), held for a
           bundle (held), or ignored because the subscription was paused or muted (passed)
waiting    articles that a chat, or a forum topic of it, will get with its next bundle
imprints   sketches of the articles reported to any chat, used to detect repeats
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import orjson

from digests.subscriptions.alerts import ArticleSketch, LogEntries, WaitingArticle
from digests.subscriptions.schedule import PendingBundle

log = logging.getLogger(__name__)

Value = TypeVar("Value")
Rows = Callable[..., list[tuple[Any, ...]]]
"""A function that runs a query with its parameters and returns the rows."""
Change = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""A function that opens a transaction, which is committed at the end of the `with` block."""


class AlertLog:
    """Reads and changes the tables of the alert log, with the guarantees and errors of `Outbox`."""

    def __init__(self, rows: Rows, change: Change) -> None:
        self._rows = rows
        self._change = change

    def pending_bundles(self) -> list[PendingBundle]:
        """Return the bundles with at least one waiting article."""
        rows = self._rows("SELECT chat, topic, bundle, min(since) FROM waiting GROUP BY chat, topic, bundle")
        return [PendingBundle(chat, topic or None, bundle, _moment(since)) for chat, topic, bundle, since in rows]

    def waiting_articles(self, chat: int, topic: int | None) -> list[WaitingArticle]:
        """Return the articles that wait in a chat and topic, oldest first."""
        rows = self._rows(
            "SELECT article, bundle, since, late FROM waiting WHERE chat = ? AND topic = ? ORDER BY since, rowid",
            chat,
            topic or 0,
        )
        return [
            WaitingArticle(chat, topic, article, bundle, _moment(since), bool(late))
            for article, bundle, since, late in rows
        ]

    def drop_waiting(self, chat: int, topic: int | None, articles: Iterable[str]) -> None:
        """Remove waiting articles that no subscription matches any longer."""
        with self._change() as db:
            delete_waiting(db, chat, topic, articles)

    def decided_for(self, articles: Iterable[str]) -> set[tuple[int, int | None, str]]:
        """Return chat, topic and article for each case in which one of `articles` was reported or is waiting."""
        wanted = orjson.dumps(list(articles)).decode()
        rows = self._rows(
            "WITH wanted AS (SELECT value FROM json_each(?))"
            " SELECT chat, topic, article FROM told WHERE article IN (SELECT value FROM wanted)"
            " UNION SELECT chat, topic, article FROM waiting WHERE article IN (SELECT value FROM wanted)",
            wanted,
        )
        return {(chat, topic or None, article) for chat, topic, article in rows}

    def immediate_counts(self, since: date) -> dict[tuple[int, int, date], int]:
        """Return the number of articles alerted at once since a day (included), by chat, subscription and day."""
        rows = self._rows(
            "SELECT chat, subscription, day, count(*) FROM found WHERE fate = 'now' AND day >= ? GROUP BY 1, 2, 3",
            since.isoformat(),
        )
        return dict(
            _readable(
                rows, lambda chat, subscription, day, count: ((chat, subscription, date.fromisoformat(day)), count)
            )
        )

    def match_counts(self, chat: int, first: date, last: date) -> dict[int, int]:
        """Return the number of articles matched from `first` to `last` (included), by subscription of a chat."""
        rows = self._rows(
            "SELECT subscription, count(*) FROM found WHERE chat = ? AND day BETWEEN ? AND ? GROUP BY 1",
            chat,
            first.isoformat(),
            last.isoformat(),
        )
        return dict(rows)

    def sketches(self, first: date, last: date) -> list[ArticleSketch]:
        """Return the sketches of reported articles dated `first` to `last` (both included), and of undated ones."""
        rows = self._rows(
            "SELECT article, day, hashes FROM imprints WHERE day = '' OR day BETWEEN ? AND ?",
            first.isoformat(),
            last.isoformat(),
        )
        return list(_readable(rows, _sketch))

    def prune(self, before: date) -> None:
        """Delete the matches of all days before `before`."""
        if self._rows("SELECT 1 FROM found WHERE day < ? LIMIT 1", before.isoformat()):
            with self._change() as db:
                db.execute("DELETE FROM found WHERE day < ?", (before.isoformat(),))


def _readable(rows: Iterable[tuple[Any, ...]], read: Callable[..., Value]) -> Iterator[Value]:
    """Yield `read(*row)` for each row; skip a row that cannot be read, because it concerns only one article."""
    for row in rows:
        try:
            yield read(*row)
        except (ValueError, TypeError) as error:
            log.warning("a row of the alert log cannot be read (%s) and is skipped: %.100r", error, row)


def _sketch(article: str, day: str, hashes: str) -> ArticleSketch:
    return ArticleSketch(str(article), date.fromisoformat(day) if day else None, tuple(orjson.loads(hashes)))


def _moment(text: Any) -> datetime:
    """Return the moment of a timestamp; one that cannot be read counts as long ago, so that its bundle is due."""
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=UTC)


def timestamp(moment: datetime) -> str:
    """Return an aware moment as text that sorts by time; raises ValueError if the moment is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; expected an aware moment")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def add_entries(db: sqlite3.Connection, entries: LogEntries) -> None:
    """Add rows within a transaction; existing matches and waiting articles stay unchanged, sketches are replaced."""
    db.executemany(
        "INSERT OR IGNORE INTO found (chat, subscription, article, day, fate) VALUES (?, ?, ?, ?, ?)",
        [(m.chat, m.subscription, m.article, m.day.isoformat(), m.outcome) for m in entries.matches],
    )
    db.executemany(
        "INSERT OR IGNORE INTO waiting (chat, topic, article, bundle, since, late) VALUES (?, ?, ?, ?, ?, ?)",
        [(w.chat, w.topic or 0, w.article, w.bundle, timestamp(w.since), w.late) for w in entries.waiting],
    )
    db.executemany(
        "INSERT OR REPLACE INTO imprints (article, day, hashes) VALUES (?, ?, ?)",
        [(s.article, s.day.isoformat() if s.day else "", orjson.dumps(s.hashes)) for s in entries.sketches],
    )


def delete_waiting(db: sqlite3.Connection, chat: int, topic: int | None, articles: Iterable[str]) -> None:
    """Delete waiting articles within a transaction."""
    db.executemany(
        "DELETE FROM waiting WHERE chat = ? AND topic = ? AND article = ?",
        [(chat, topic or 0, article) for article in articles],
    )
