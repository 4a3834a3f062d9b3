"""Erasing a chat from the stores, from their previous versions and from the backups."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app, flows
from bot import render as render_module
from bot.config import ArchiveConfig, Config
from digests.chats import Channel, Chat, OutgoingMessage, Subscription
from digests.errors import DamagedFile
from digests.storage import backup as backup_module
from digests.storage.backup_catalog import BACKUPS_FOLDER, backup_name, read_manifest
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.personal_data import erase_chat
from digests.storage.stores import ChatStore

NOW = datetime(2022, 11, 25, 12, tzinfo=UTC)
GONE, STAYS = 71717171, 8


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def filled(data: Path) -> Iterator[tuple[ChatStore, Outbox]]:
    """The stores with two chats and an alert for each."""
    chats = ChatStore(data / "chats.json")
    with contextlib.closing(Outbox(data / "outbox.sqlite")) as outbox:
        for chat, topic in ((GONE, "窦大夫祠"), (STAYS, "防汛")):
            chats.put(Chat(chat, subscriptions=(Subscription(1, topic, NOW),)))
            outbox.add(OutboxEntry(chat, "alert:a", (OutgoingMessage(f"在{topic}"),), ("a",)), NOW)
        yield chats, outbox


def back_up(data: Path, hours: int) -> Path:
    moment = NOW + timedelta(hours=hours)
    return backup_module.back_up(data, data / BACKUPS_FOLDER / backup_name(moment), moment).folder


def holding(data: Path) -> set[str]:
    said = ("窦大夫祠".encode(), str(GONE).encode())
    files = (path for path in data.rglob("*") if path.is_file())
    return {path.name for path in files if any(words in path.read_bytes() for words in said)}


def test_no_data_of_an_erased_chat_remains_and_all_of_the_others(data: Path, filled: tuple[ChatStore, Outbox]) -> None:
    chats, outbox = filled
    backups = [back_up(data, hours) for hours in range(2)]
    assert holding(data) >= {"chats.json", "chats.json.bak", "outbox.sqlite"}
    erase_chat(data, chats, outbox, GONE)
    assert holding(data) == set()
    assert [chat.id for chat in chats.all()] == [STAYS]
    assert outbox.counts()["owed"] == 1
    for backup in backups:
        assert set(read_manifest(backup).files) == {"outbox.sqlite", "chats.json"}
        assert [chat.id for chat in ChatStore(backup / "chats.json", owner=False).all()] == [STAYS]
    assert [read_manifest(backup).taken for backup in backups] == [NOW, NOW + timedelta(hours=1)]


def test_an_erased_channel_is_removed_from_the_chats_that_manage_it(
    data: Path, filled: tuple[ChatStore, Outbox]
) -> None:
    chats, outbox = filled
    looking = Chat(9, channels=(Channel(GONE, "窦大夫祠"), Channel(-5, "防汛")), managed_channel=GONE)
    chats.put(looking)
    backup = back_up(data, 0)
    erase_chat(data, chats, outbox, GONE)
    assert holding(data) == set()
    left = replace(looking, channels=(Channel(-5, "防汛"),), managed_channel=None)
    assert chats.get(9) == left
    assert ChatStore(backup / "chats.json", owner=False).get(9) == left


def test_erasing_twice_or_an_unknown_chat_changes_nothing(data: Path, filled: tuple[ChatStore, Outbox]) -> None:
    chats, outbox = filled
    backup = back_up(data, 0)
    before = (backup / "chats.json").read_bytes()
    erase_chat(data, chats, outbox, 99)
    assert {chat.id for chat in chats.all()} == {GONE, STAYS}
    assert (backup / "chats.json").read_bytes() == before
    erase_chat(data, chats, outbox, GONE)
    erase_chat(data, chats, outbox, GONE)
    assert [chat.id for chat in chats.all()] == [STAYS]


def test_a_damaged_backup_stays_as_it_is_and_the_chat_is_erased_from_the_others(
    data: Path, filled: tuple[ChatStore, Outbox]
) -> None:
    chats, outbox = filled
    torn, whole = back_up(data, 0), back_up(data, 1)
    (torn / "chats.json").write_bytes(b"torn")
    erase_chat(data, chats, outbox, GONE)
    assert (torn / "chats.json").read_bytes() == b"torn"
    with pytest.raises(DamagedFile):
        read_manifest(torn)
    assert [chat.id for chat in ChatStore(whole / "chats.json", owner=False).all()] == [STAYS]


def test_a_chat_erased_while_alerts_are_decided_gets_no_entry(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise data read a moment before would be written again."""
    folder = data.parent / "pages"
    folder.mkdir()
    (folder / "2022-11-25-01.txt").write_text("防汛演练\n\n本报讯（记者 李明）市里举行防汛演练。\n", encoding="utf-8")
    config = Config(data=data, archive=ArchiveConfig(folder=folder))
    with app.open_services(config, lambda: NOW) as services:
        chats = (Chat(chat, subscriptions=(Subscription(1, "防汛", NOW),)) for chat in (GONE, STAYS))
        for chat in chats:
            services.chats.put(chat)
        flows.ingest_pages(services)
        asking = threading.Thread(target=services.forget, args=(GONE,))
        render = render_module.alert

        def rendered(*args: Any) -> tuple[OutgoingMessage, ...]:
            if not asking.ident:
                asking.start()
                asking.join(timeout=0.2)  # it waits until the alerts are queued
            return render(*args)

        monkeypatch.setattr(render_module, "alert", rendered)
        assert flows.queue_alerts(services) == 2
        asking.join()
        assert {chat for chat, _ in services.outbox.keys_with_prefix("")} == {STAYS}
