from collections.abc import Callable, Sequence
from typing import Any

from digests.storage.files import Tables

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""From a document of one version to that of the next."""


def _settings_apart(chat: dict[str, Any]) -> dict[str, Any]:
    """Version 2: the settings stand in a place of their own; those that nobody chose are left out."""
    names = ("language", "digest", "digest_time")
    given = {name: chat[name] for name in names}
    usual = {"digest": True, "digest_time": None}
    rest = {name: value for name, value in chat.items() if name not in names}
    return rest | {"settings": {name: value for name, value in given.items() if value != usual.get(name, ...)}}


CHAT_MIGRATIONS: tuple[Migration, ...] = (_settings_apart,)

DIGEST_MIGRATIONS: tuple[Migration, ...] = ()

_TOPICS_AND_LEDGER = """
ALTER TABLE articles ADD COLUMN day TEXT;
ALTER TABLE articles ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN former TEXT;
ALTER TABLE letters ADD COLUMN topic INTEGER NOT NULL DEFAULT 0;
CREATE TABLE told_now (
    chat INTEGER NOT NULL,
    article TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article, chat, topic)
);
INSERT INTO told_now (chat, article) SELECT chat, article FROM told;
DROP TABLE told;
ALTER TABLE told_now RENAME TO told;
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE waiting (
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
DROP VIEW next_parts;
CREATE VIEW next_parts AS
    SELECT parts.id, parts.chat, topic, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
"""
"""Version 2: letters go to topics of forums, articles wait to be told, and what was told is known again."""

_BUTTON_TEXTS = """
CREATE TABLE button_texts (
    chat INTEGER NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used TEXT NOT NULL,
    PRIMARY KEY (chat, id)
) WITHOUT ROWID;
CREATE INDEX button_texts_used ON button_texts (used, bytes);
"""
"""Version 3: texts of buttons are kept under short ids."""

OUTBOX_MIGRATIONS: tuple[str, ...] = (_TOPICS_AND_LEDGER, _BUTTON_TEXTS)
"""SQL, run in one transaction with the new number; outboxfile.py holds the tables as they are after the last step."""


def latest_version(steps: Sequence[object]) -> int:
    """The version of today."""
    return 1 + len(steps)


def migrate(tables: Tables, version: int, steps: Sequence[Migration]) -> Tables:
    """All documents in the form of today; `version` is the one they have."""
    for step in steps[version - 1 :]:
        tables = {
            name: {number: step(document) for number, document in table.items()} for name, table in tables.items()
        }
    return tables


OUTBOX_SCHEMA = """
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
CREATE TABLE button_texts (  -- see button_texts.py
    chat INTEGER NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used TEXT NOT NULL,
    PRIMARY KEY (chat, id)
) WITHOUT ROWID;
CREATE INDEX button_texts_used ON button_texts (used, bytes);
CREATE VIEW next_parts AS  -- of each chat that may be written to, the part whose turn it is
    SELECT parts.id, parts.chat, topic, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
"""
