"""Texts of buttons, stored under short ids because they are too long for callback data (a table of the outbox).

A new button's data contains such a text between TEXT_START and TEXT_END. When the message is queued or sent,
`replace_texts` replaces the text by ID_SIGN and an id, and the text is stored under this id for the chat. The id is a
hash of the text: equal texts of a chat share one row, and a message that is rendered again gets the same ids.

A text expires DAYS_KEPT days after its button was last shown or pressed. If a chat, or all chats together, exceed a
limit, the least recently used texts are deleted first.
"""

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import orjson

from digests.chats import OutgoingMessage
from digests.errors import StateError
from digests.storage.alert_log import Change, Rows, timestamp

TEXT_START, TEXT_END = "\x02", "\x03"
"""Control characters around a text that is still in the button data."""
ID_SIGN = "~"
ID_CHARS = 12
"""Hexadecimal digits of an id: 48 bits, enough to be unique among the texts of one chat."""

DAYS_KEPT = 400
"""Days from the last use of a text until it expires."""
MAX_CHAT_TEXTS, MAX_CHAT_BYTES = 500, 256 * 1024
"""Limits for one chat: number of texts, and their bytes in UTF-8."""
MAX_TEXTS, MAX_BYTES = 100_000, 64 * 1024 * 1024
"""Limits for all chats together: number of texts, and their bytes in UTF-8."""
_USE_PRECISION = timedelta(days=1)
"""The last use of a text is stored at most once in this period, so most messages need no transaction."""

_TEXT = re.compile(f"{TEXT_START}([^{TEXT_START}{TEXT_END}]*){TEXT_END}")


def replace_texts(message: OutgoingMessage) -> tuple[OutgoingMessage, dict[str, str]]:
    """Replace the texts in a message's button data by ids; return the message and the texts by id."""
    texts: dict[str, str] = {}

    def refer(found: re.Match[str]) -> str:
        text_id = hashlib.blake2b(found[1].encode(), digest_size=ID_CHARS // 2).hexdigest()
        texts[text_id] = found[1]
        return ID_SIGN + text_id

    if not any(TEXT_START in data for row in message.buttons for _, data in row):
        return message, texts
    buttons = tuple(tuple((label, _TEXT.sub(refer, data)) for label, data in row) for row in message.buttons)
    return replace(message, buttons=buttons), texts


def store_texts(db: sqlite3.Connection, chat: int, texts: dict[str, str], now: datetime) -> None:
    """Store texts of a chat's buttons within a transaction; delete expired texts and those above the chat's limits."""
    if not texts:
        return
    db.executemany(
        "INSERT INTO button_texts (chat, id, text, bytes, used) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (chat, id) DO UPDATE SET text = excluded.text, bytes = excluded.bytes, used = excluded.used",
        [(chat, text_id, text, len(text.encode()), timestamp(now)) for text_id, text in texts.items()],
    )
    db.execute("DELETE FROM button_texts WHERE used < ?", (timestamp(_expiry(now)),))
    [(count, size)] = db.execute("SELECT count(*), total(bytes) FROM button_texts WHERE chat = ?", (chat,))
    if count > MAX_CHAT_TEXTS or size > MAX_CHAT_BYTES:
        db.execute(_TRIM.format(chats="chat = ?"), (chat, MAX_CHAT_TEXTS, MAX_CHAT_BYTES))


def _trim_all_chats(db: sqlite3.Connection) -> None:
    """Delete texts above the limits for all chats; not called for each added entry, as it reads the whole index."""
    [(count, size)] = db.execute("SELECT count(*), total(bytes) FROM button_texts")
    if count > MAX_TEXTS or size > MAX_BYTES:
        db.execute(_TRIM.format(chats="true"), (MAX_TEXTS, MAX_BYTES))


_TRIM = """
DELETE FROM button_texts WHERE (chat, id) IN (
    SELECT chat, id FROM (
        SELECT chat, id, row_number() OVER newest AS number, sum(bytes) OVER newest AS bytes
        FROM button_texts WHERE {chats} WINDOW newest AS (ORDER BY used DESC, chat, id)
    ) WHERE number > ? OR bytes > ?
)
"""


class ButtonTexts:
    """Reads and changes the table of button texts, with the guarantees and errors of `Outbox`."""

    def __init__(self, rows: Rows, change: Change) -> None:
        self._rows = rows
        self._change = change

    def store(self, chat: int, texts: dict[str, str], now: datetime) -> None:
        """Store texts of a chat's buttons; writes nothing if all were stored or used within _USE_PRECISION."""
        if texts.keys() - self._used_since(chat, texts, now - _USE_PRECISION):
            with self._change() as db:
                store_texts(db, chat, texts, now)
                _trim_all_chats(db)

    def read(self, chat: int, ids: Iterable[str], now: datetime) -> dict[str, str]:
        """Return the texts of a chat that have not expired, by id, and store the time of their use."""
        texts = self._used_since(chat, ids, _expiry(now))
        with contextlib.suppress(StateError):  # the button must work even if the disk is full
            self.store(chat, texts, now)
        return texts

    def _used_since(self, chat: int, ids: Iterable[str], since: datetime) -> dict[str, str]:
        if not (wanted := list(ids)):
            return {}
        return dict(
            self._rows(
                "SELECT id, text FROM button_texts"
                " WHERE chat = ? AND used >= ? AND id IN (SELECT value FROM json_each(?))",
                chat,
                timestamp(since),
                orjson.dumps(wanted).decode(),
            )
        )


def _expiry(now: datetime) -> datetime:
    return now - timedelta(days=DAYS_KEPT)
