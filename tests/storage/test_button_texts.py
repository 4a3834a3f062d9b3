"""Texts of buttons: stored by chat under a short id, bounded, expiring, carried over, backed up and erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.chats import Chat, OutgoingMessage
from digests.storage import backup, button_texts, personal_data
from digests.storage.button_texts import DAYS_KEPT, TEXT_END, TEXT_START, replace_texts
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore

NOW = datetime(2022, 11, 25, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CHAT = 7


def holding(*texts: str) -> OutgoingMessage:
    """A message with a button for each text."""
    return OutgoingMessage("", (tuple((text, f"1:q:0:{TEXT_START}{text}{TEXT_END}") for text in texts),))


def ids_of(message: OutgoingMessage) -> list[str]:
    return [data.rpartition("~")[2] for row in message.buttons for _, data in row]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.sqlite")
    yield box
    box.close()


def stored(outbox: Outbox, *texts: str, chat: int = CHAT, now: datetime = NOW) -> list[str]:
    """Store the texts one after another, a second apart; their ids."""
    ids = []
    for number, text in enumerate(texts):
        message, by_id = replace_texts(holding(text))
        outbox.button_texts.store(chat, by_id, now + timedelta(seconds=number))
        ids += ids_of(message)
    return ids


def read(outbox: Outbox, ids: list[str], *, chat: int = CHAT, now: datetime = NOW) -> list[str]:
    texts = outbox.button_texts.read(chat, ids, now)
    return [texts[text_id] for text_id in ids if text_id in texts]


def test_an_id_stands_in_the_place_of_a_text_and_depends_on_the_text_alone() -> None:
    message, texts = replace_texts(holding("防汛", "暴雨", "防汛"))
    (row,) = message.buttons
    assert [data for _, data in row] == ["1:q:0:~b53bb01ab078", "1:q:0:~b991eb33ef90", "1:q:0:~b53bb01ab078"]
    assert texts == {"b53bb01ab078": "防汛", "b991eb33ef90": "暴雨"}
    assert len("b53bb01ab078") == button_texts.ID_CHARS


def test_buttons_without_a_text_stay_as_they_are() -> None:
    message = OutgoingMessage("", ((("1", "1:a:k7f3m-9wq2d"),),))
    assert replace_texts(message) == (message, {})


def test_a_text_is_read_by_its_id_in_its_own_chat_only(outbox: Outbox) -> None:
    ids = stored(outbox, "防汛", "暴雨")
    assert read(outbox, ids) == ["防汛", "暴雨"]
    assert read(outbox, ids, chat=8) == []
    assert outbox.button_texts.read(CHAT, [], NOW) == {}


def test_texts_survive_a_restart(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    ids = stored(outbox, "防汛")
    outbox.close()
    again = Outbox(tmp_path / "outbox.sqlite")
    assert read(again, ids) == ["防汛"]
    again.close()


def test_a_text_expires_after_the_last_use_of_its_button(outbox: Outbox) -> None:
    assert DAYS_KEPT == 400
    unused, used = stored(outbox, "防汛", "暴雨")
    assert read(outbox, [used], now=NOW + 300 * DAY) == ["暴雨"]
    last = NOW + 400 * DAY
    assert read(outbox, [unused], now=last + timedelta(seconds=1)) == []
    assert read(outbox, [unused, used], now=last) == ["防汛", "暴雨"]


def test_what_has_expired_is_deleted_when_something_is_stored(outbox: Outbox) -> None:
    stored(outbox, "防汛")
    assert count(outbox) == 1
    stored(outbox, "暴雨", now=NOW + 400 * DAY)
    assert count(outbox) == 2
    stored(outbox, "台风", chat=8, now=NOW + 401 * DAY)
    assert count(outbox) == 2


def test_a_use_is_noted_once_a_day(outbox: Outbox) -> None:
    (text_id,) = stored(outbox, "防汛")
    for passed, noted in (
        (timedelta(), NOW),
        (DAY, NOW),
        (DAY + timedelta(seconds=1), NOW + DAY + timedelta(seconds=1)),
    ):
        read(outbox, [text_id], now=NOW + passed)
        [(used,)] = outbox._rows("SELECT used FROM button_texts")
        assert datetime.fromisoformat(used) == noted


def test_of_a_chat_the_least_recently_used_texts_go_first(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(button_texts, "MAX_CHAT_TEXTS", 3)
    others = stored(outbox, "别的", chat=8)
    ids = stored(outbox, "一", "二", "三")
    read(outbox, ids[:1], now=NOW + 2 * DAY)
    ids += stored(outbox, "四", now=NOW + 3 * DAY)
    assert read(outbox, ids) == ["一", "三", "四"]
    assert read(outbox, others, chat=8) == ["别的"]


def test_the_texts_of_a_chat_are_bounded_in_bytes(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(button_texts, "MAX_CHAT_BYTES", 12)
    ids = stored(outbox, "防汛", "暴雨", "台风")
    assert read(outbox, ids) == ["暴雨", "台风"]  # three bytes a character


@pytest.mark.parametrize(("limit", "value"), [("MAX_TEXTS", 3), ("MAX_BYTES", 9)])
def test_the_texts_of_all_chats_are_bounded(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(button_texts, limit, value)
    kept = [(chat, stored(outbox, str(chat) * 3, chat=chat, now=NOW + chat * DAY)) for chat in range(5)]
    assert [read(outbox, ids, chat=chat) for chat, ids in kept] == [[], [], ["222"], ["333"], ["444"]]


def test_the_limits_are_those_of_the_documents() -> None:
    assert (button_texts.MAX_CHAT_TEXTS, button_texts.MAX_CHAT_BYTES) == (500, 262_144)
    assert (button_texts.MAX_TEXTS, button_texts.MAX_BYTES) == (100_000, 67_108_864)


def test_what_is_owed_holds_ids_and_its_texts_are_stored_with_it(outbox: Outbox) -> None:
    outbox.add(OutboxEntry(CHAT, "answer:1", (holding("防汛"), holding("暴雨"))), NOW)
    [owed] = outbox.due(NOW)
    assert ids_of(owed.message) == ["b53bb01ab078"]
    assert read(outbox, ["b53bb01ab078", "b991eb33ef90"]) == ["防汛", "暴雨"]
    outbox.add(OutboxEntry(CHAT, "answer:1", (holding("台风"),)), NOW)  # it is owed already
    assert count(outbox) == 2


def test_the_texts_of_a_chat_move_to_its_new_id(outbox: Outbox) -> None:
    ids = stored(outbox, "防汛")
    outbox.move(CHAT, -1007)
    assert (read(outbox, ids), read(outbox, ids, chat=-1007)) == ([], ["防汛"])


def test_the_texts_of_a_chat_are_erased_with_it_also_in_backups_and_only_they(tmp_path: Path) -> None:
    chats, outbox = ChatStore(tmp_path / "chats.json"), Outbox(tmp_path / "outbox.sqlite")
    chats.update(CHAT, lambda chat: chat, Chat(CHAT))
    secret, others = stored(outbox, "某人的秘密", chat=CHAT), stored(outbox, "防汛", chat=8)
    backup.back_up(tmp_path, tmp_path / "backups" / "2022-11-25T080000Z", NOW)
    personal_data.erase_chat(tmp_path, chats, outbox, CHAT)
    assert (read(outbox, secret), read(outbox, others, chat=8)) == ([], ["防汛"])
    outbox.close()
    chats.close()
    files = [file for file in tmp_path.rglob("outbox.sqlite*") if file.is_file()]
    assert len(files) > 1
    assert not [file for file in files if "某人的秘密".encode() in file.read_bytes()]
    copy = Outbox(tmp_path / "backups" / "2022-11-25T080000Z" / "outbox.sqlite")
    assert read(copy, others, chat=8) == ["防汛"]
    copy.close()


def count(outbox: Outbox) -> int:
    [(number,)] = outbox._rows("SELECT count(*) FROM button_texts")
    return int(number)
