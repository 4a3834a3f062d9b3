"""Schema versions of the data files, and the migration steps from each version to the next.

Each file contains its schema version. The current version is the number of steps plus one. The missing steps are
applied in order to a file of an older version; a file of a newer version is refused.

JSON files   a step is a function from a document of one version to a document of the next
outbox       a step is SQL; all steps and the change of the version number are one transaction. OUTBOX_SCHEMA is the
             schema after all steps
"""

from collections.abc import Callable, Sequence
from typing import Any

from digests.storage.files import Tables

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def latest_version(steps: Sequence[object]) -> int:
    """Return the current schema version of a file with these migration steps."""
    return 1 + len(steps)


def migrate(tables: Tables, version: int, steps: Sequence[Migration]) -> Tables:
    """Return the tables with all documents migrated from `version` to the current version."""
    for step in steps[version - 1 :]:
        tables = {
            name: {number: step(document) for number, document in table.items()} for name, table in tables.items()
        }
    return tables


def _chat_2(chat: dict[str, Any]) -> dict[str, Any]:
    """Move the settings into an object of their own and drop default values."""
    defaults = {"digest": True, "digest_time": None}
    settings = {name: chat.pop(name) for name in ("language", "digest", "digest_time")}
    return chat | {"settings": {name: value for name, value in settings.items() if value != defaults.get(name, ...)}}


def _chat_3(chat: dict[str, Any]) -> dict[str, Any]:
    """Rename account to weekly_report and manages to managed_channel; write channels as objects instead of arrays."""
    settings = chat["settings"]
    if "account" in settings:
        settings["weekly_report"] = settings.pop("account")
    if "manages" in chat:
        chat["managed_channel"] = chat.pop("manages")
    if "channels" in chat:
        chat["channels"] = [{"id": number, "title": title} for number, title in chat["channels"]]
    return chat


def _digest_2(digest: dict[str, Any]) -> dict[str, Any]:
    """Write keywords, figures, traces and the link to a followed story as objects instead of arrays."""
    fields = {
        "keywords": ("text", "weight", "trend"),
        "figures": ("text", "quote", "article"),
        "traces": ("article", "headline", "keywords", "sketch"),
    }
    for name, names in fields.items():
        digest[name] = [dict(zip(names, values, strict=False)) for values in digest.get(name, ())]
    for story in digest["stories"]:
        if story.get("follows"):
            story["follows"] = dict(zip(("day", "article", "headline"), story["follows"], strict=True))
    return digest


def _digest_3(digest: dict[str, Any]) -> dict[str, Any]:
    """Write the terms of a score as an array in the order of the formula, without their names."""
    names = ("prominence", "keywords", "substance", "novelty", "local")
    for story in digest["stories"]:
        parts = dict(story["parts"])
        story["parts"] = [parts.get(name, 0.0) for name in names]
    return digest


CHAT_MIGRATIONS: tuple[Migration, ...] = (_chat_2, _chat_3)
DIGEST_MIGRATIONS: tuple[Migration, ...] = (_digest_2, _digest_3)

_OUTBOX_2 = """
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
"""Version 2: entries have a forum topic; the alert log is added; sketches of reported articles are stored."""

_OUTBOX_3 = """
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
"""Version 3: texts of buttons are stored under short ids."""

OUTBOX_MIGRATIONS: tuple[str, ...] = (_OUTBOX_2, _OUTBOX_3)

OUTBOX_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    expected TEXT NOT NULL,           -- when ingestion queued it
    matched TEXT,                     -- when it was matched against the subscriptions
    day TEXT,
    late INTEGER NOT NULL DEFAULT 0,  -- 1: found, or its text changed, when its page was read again
    former TEXT                       -- the article with its earlier text, as JSON
);
CREATE INDEX unmatched ON articles (id) WHERE matched IS NULL;
CREATE TABLE letters (  -- entries
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    key TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,  -- forum topic; 0: the General topic, and all chats without topics
    UNIQUE (key, chat)
);
CREATE INDEX letters_of_chat ON letters (chat);
CREATE TABLE parts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- also the order in which parts are sent
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
CREATE TABLE told (  -- articles reported by entries
    chat INTEGER NOT NULL,
    article TEXT NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article, chat, topic)
);
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE held (chat INTEGER PRIMARY KEY);  -- chats that refuse messages
CREATE TABLE waiting (  -- waiting, found, imprints: see alert_log.py
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
CREATE VIEW next_parts AS  -- the first owed part of each chat that is not held
    SELECT parts.id, parts.chat, topic, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
"""
