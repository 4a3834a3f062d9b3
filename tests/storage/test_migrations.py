"""Files of older versions are migrated with all their data."""

import contextlib
import sqlite3
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from digests.chats import Channel, Chat, OutgoingMessage, Settings, Subscription
from digests.errors import StateError
from digests.models import ArticleRef, Digest, Figure, Keyword, ScoreParts, Story, Trace
from digests.storage.backup import back_up_before_update
from digests.storage.backup_catalog import read_manifest
from digests.storage.files import decode_envelope, encode_envelope
from digests.storage.migrations import CHAT_MIGRATIONS, OUTBOX_MIGRATIONS, latest_version, migrate
from digests.storage.outbox import Outbox
from digests.storage.outbox_file import APPLICATION_ID, verify_outbox
from digests.storage.stores import ChatStore, DigestStore

NOW = datetime(2026, 11, 22, 20, 41, 7, tzinfo=UTC)

FIRST_CHATS: dict[str, dict[str, Any]] = {
    "7": {
        "id": 7,
        "language": "en",
        "digest": False,
        "digest_time": "07:45:00",
        "subscriptions": [{"id": 2, "query": "防汛 强降雨", "created": "2022-08-29T08:30:15.000250+00:00"}],
        "active": False,
        "next_subscription": 3,
    },
    "-1007": {
        "id": -1007,
        "language": "zh",
        "digest": True,
        "digest_time": None,
        "subscriptions": [],
        "active": True,
        "next_subscription": 1,
    },
}
"""Documents as version 1 wrote them."""

SECOND_CHATS: dict[str, dict[str, Any]] = {
    "7": {
        "id": 7,
        "settings": {"language": "en", "quiet": ["22:00:00", "06:30:00"], "weekdays": [0, 2], "account": True},
        "subscriptions": [
            {
                "id": 2,
                "query": "防汛",
                "created": "2022-08-29T10:30:15+02:00",
                "muted_until": "2022-09-01T00:00:00+00:00",
            }
        ],
        "active": True,
        "next_subscription": 3,
        "channels": [[-1009, "云河读报"]],
        "manages": -1009,
    }
}
"""Documents as version 2 wrote them."""

FIRST_DIGESTS: dict[str, dict[str, Any]] = {
    "738396": {
        "day": "2022-08-29",
        "paper": "太原日报",
        "pages": [1, 2],
        "articles": 18,
        "notices": 2,
        "quality": 0.97,
        "keywords": [["煤改电", 3.25, "up"], ["防汛", 1.5]],
        "stories": [
            {
                "article": "k7f3m-9wq2d",
                "headline": "清洁供暖",
                "page": 1,
                "quote": "全市今年",
                "score": 2.5,
                "parts": [["prominence", 0.3], ["local", 0.1]],
                "theme": "民生",
                "copies": ["aaaaa-bbbbb"],
                "follows": ["2022-08-28", "ccccc-ddddd", "供暖开始"],
            },
            {"article": "x", "headline": "y", "page": None, "quote": "", "score": 1, "parts": [], "follows": None},
        ],
        "fingerprint": "abc",
        "figures": [["90亿元", "投资90亿元。", "k7f3m-9wq2d"]],
        "repeated": 1,
        "traces": [["k7f3m-9wq2d", "清洁供暖", ["煤改电"], [1, 2]]],
    },
    "738397": {
        "day": "2022-08-30",
        "paper": "",
        "pages": [],
        "articles": 0,
        "notices": 0,
        "quality": 1,
        "keywords": [],
        "stories": [],
        "fingerprint": "def",
    },
}
"""Documents as version 1 wrote them, the second one without figures and traces."""

FIRST_OUTBOX = """
CREATE TABLE articles (id TEXT PRIMARY KEY, expected TEXT NOT NULL, matched TEXT);
CREATE INDEX unmatched ON articles (id) WHERE matched IS NULL;
CREATE TABLE letters (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, key TEXT NOT NULL, UNIQUE (key, chat));
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
CREATE TABLE told (chat INTEGER NOT NULL, article TEXT NOT NULL, PRIMARY KEY (article, chat));
CREATE INDEX told_to_chat ON told (chat);
CREATE TABLE held (chat INTEGER PRIMARY KEY);
CREATE VIEW next_parts AS  -- of each chat that may be written to, the part whose turn it is
    SELECT parts.id, parts.chat, key, part, message, attempts, not_before, created
    FROM (SELECT min(id) AS first FROM parts WHERE state = 'owed' GROUP BY chat)
    JOIN parts ON parts.id = first JOIN letters ON letters.id = letter
    WHERE parts.chat NOT IN (SELECT chat FROM held);
INSERT INTO articles VALUES ('k7f3m-9wq2d', '2022-08-29T08:00:00.000000+00:00', '2022-08-29T08:00:01.000000+00:00');
INSERT INTO articles VALUES ('aaaaa-bbbbb', '2022-08-29T08:00:00.000000+00:00', NULL);
INSERT INTO letters VALUES (1, 7, 'alert:k7f3m-9wq2d');
INSERT INTO parts (letter, part, chat, message, state, created) VALUES
    (1, 1, 7, '', 'sent', '2022-08-29T08:00:01.000000+00:00'),
    (1, 2, 7, '["<b>防汛</b>",[[["全文","a:k7f3m"]]]]', 'owed', '2022-08-29T08:00:01.000000+00:00');
INSERT INTO told VALUES (7, 'k7f3m-9wq2d');
INSERT INTO held VALUES (-1007);
"""


def first_outbox(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1; {FIRST_OUTBOX}")


def first_chats(path: Path) -> None:
    path.write_bytes(encode_envelope({"chats": FIRST_CHATS}, holds="chats", version=1))


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what SQLite knows of each table, view and index."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")]
        return {
            name: [
                row
                for ask in ("table_info", "index_list", "index_xinfo")
                for row in db.execute(f"PRAGMA {ask}({name})")
            ]
            for name in sorted(names)
        }


def test_chats_of_version_1_are_migrated_with_all_their_data(tmp_path: Path) -> None:
    first_chats(tmp_path / "chats.json")
    known = {chat.id: chat for chat in ChatStore(tmp_path / "chats.json").all()}
    created = datetime(2022, 8, 29, 8, 30, 15, 250, tzinfo=UTC)
    assert known == {
        7: Chat(
            7,
            Settings(language="en", digest=False, digest_time=time(7, 45)),
            (Subscription(2, "防汛 强降雨", created),),
            active=False,
            next_subscription=3,
        ),
        -1007: Chat(-1007, Settings(language="zh")),
    }


def test_chats_of_version_2_are_migrated_with_all_their_data(tmp_path: Path) -> None:
    (tmp_path / "chats.json").write_bytes(encode_envelope({"chats": SECOND_CHATS}, holds="chats", version=2))
    created, muted_until = datetime(2022, 8, 29, 8, 30, 15, tzinfo=UTC), datetime(2022, 9, 1, tzinfo=UTC)
    assert ChatStore(tmp_path / "chats.json").all() == [
        Chat(
            7,
            Settings(language="en", quiet=(time(22), time(6, 30)), weekdays=(0, 2), weekly_report=True),
            (Subscription(2, "防汛", created, muted_until=muted_until),),
            next_subscription=3,
            channels=(Channel(-1009, "云河读报"),),
            managed_channel=-1009,
        )
    ]


def test_digests_of_version_1_are_moved_to_files_of_months_with_all_their_data(tmp_path: Path) -> None:
    single = tmp_path / "digests.json"
    single.write_bytes(encode_envelope({"digests": FIRST_DIGESTS}, holds="digests", version=1))
    store = DigestStore(tmp_path / "digests")
    assert store.get(date(2022, 8, 29)) == Digest(
        day=date(2022, 8, 29),
        paper="太原日报",
        pages=(1, 2),
        articles=18,
        notices=2,
        quality=0.97,
        keywords=(Keyword("煤改电", 3.25, "up"), Keyword("防汛", 1.5)),
        stories=(
            Story(
                "k7f3m-9wq2d",
                "清洁供暖",
                1,
                "全市今年",
                2.5,
                ScoreParts(prominence=0.3, local=0.1),
                "民生",
                ("aaaaa-bbbbb",),
                ArticleRef(date(2022, 8, 28), "ccccc-ddddd", "供暖开始"),
            ),
            Story("x", "y", None, "", 1.0, ScoreParts()),
        ),
        fingerprint="abc",
        figures=(Figure("90亿元", "投资90亿元。", "k7f3m-9wq2d"),),
        repeated=1,
        traces=(Trace("k7f3m-9wq2d", "清洁供暖", ("煤改电",), (1, 2)),),
    )
    assert store.get(date(2022, 8, 30)) == Digest(date(2022, 8, 30), "", (), 0, 0, 1.0, (), (), "def")
    assert not single.exists()


def test_only_the_owner_writes_the_migrated_file(tmp_path: Path) -> None:
    file = tmp_path / "chats.json"
    first_chats(file)
    before = file.read_bytes()
    read = ChatStore(file, owner=False).all()
    assert file.read_bytes() == before
    assert ChatStore(file).all() == read
    version, held = decode_envelope(file.read_bytes(), holds="chats", known=latest_version(CHAT_MIGRATIONS))
    assert version == latest_version(CHAT_MIGRATIONS)
    assert held["chats"].keys() == FIRST_CHATS.keys()


def test_documents_of_the_current_version_are_not_migrated() -> None:
    held = {"chats": {"7": {"id": 7}}}
    assert migrate(held, latest_version(CHAT_MIGRATIONS), CHAT_MIGRATIONS) == held


def test_an_outbox_of_version_1_is_migrated_with_all_its_data(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    first_outbox(file)
    with contextlib.closing(Outbox(file)) as outbox:
        assert [(owed.chat, owed.key, owed.message) for owed in outbox.due(NOW)] == [
            (7, "alert:k7f3m-9wq2d/2", OutgoingMessage("<b>防汛</b>", ((("全文", "a:k7f3m"),),)))
        ]
        assert outbox.reported_articles(7) == {"k7f3m-9wq2d"}
        assert list(outbox.unmatched_since()) == ["aaaaa-bbbbb"]
        assert outbox.counts() == {"owed": 1, "held": 0, "sent": 1, "failed": 0}


def test_a_migrated_outbox_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    first_outbox(tmp_path / "old.sqlite")
    Outbox(tmp_path / "old.sqlite").close()
    Outbox(tmp_path / "new.sqlite").close()
    assert tables(tmp_path / "old.sqlite") == tables(tmp_path / "new.sqlite")
    assert (
        verify_outbox(tmp_path / "old.sqlite")
        == verify_outbox(tmp_path / "new.sqlite")
        == latest_version(OUTBOX_MIGRATIONS)
    )


def test_a_failed_migration_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    first_outbox(file)
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE imprints (in_the INTEGER, way INTEGER)")
    before = tables(file)
    with pytest.raises(StateError, match=r"outbox\.sqlite could not be used \(.*imprints.*\); the change was not made"):
        Outbox(file)
    assert tables(file) == before
    assert verify_outbox(file) == 1


def test_a_backup_is_made_before_files_are_migrated(tmp_path: Path) -> None:
    first_chats(tmp_path / "chats.json")
    first_outbox(tmp_path / "outbox.sqlite")
    before = (tmp_path / "chats.json").read_bytes()
    back_up_before_update(tmp_path, NOW)
    ChatStore(tmp_path / "chats.json")
    Outbox(tmp_path / "outbox.sqlite").close()
    kept = tmp_path / "backups" / "2026-11-22T204107Z-before-update"
    assert read_manifest(kept).files == ("outbox.sqlite", "chats.json")
    assert (kept / "chats.json").read_bytes() == before
    assert verify_outbox(kept / "outbox.sqlite") == 1
    back_up_before_update(tmp_path, NOW.replace(hour=21))
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [kept.name]


@pytest.mark.parametrize("older", [first_chats, first_outbox])
def test_one_older_file_is_enough_for_a_backup(tmp_path: Path, older: Any) -> None:
    ChatStore(tmp_path / "chats.json").put(Chat(7))
    Outbox(tmp_path / "outbox.sqlite").close()
    back_up_before_update(tmp_path, NOW)
    assert not (tmp_path / "backups").exists()
    name = "chats.json" if older is first_chats else "outbox.sqlite"
    (tmp_path / name).unlink()
    older(tmp_path / name)
    back_up_before_update(tmp_path, NOW)
    assert (tmp_path / "backups").exists()
