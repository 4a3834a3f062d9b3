"""The store of chats: equal values come back, and each change is on the disk when it returns."""

import resource
import threading
import time as clock
from dataclasses import fields, replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb.table import Document

from digests.chats import Channel, Chat, Settings, Subscription
from digests.errors import DamagedFile, StateError
from digests.storage.documents import to_document
from digests.storage.stores import CHAT_FORMAT, ChatStore

NOW = datetime(2022, 8, 29, 8, 30, 15, 250, tzinfo=UTC)
READER = Chat(
    7,
    Settings(
        language="en",
        digest=False,
        digest_time=time(7, 45),
        weekdays=(0, 2),
        zone="Europe/Berlin",
        quiet=(time(22), time(6, 30)),
        stories=5,
        weekly_report=True,
        pictures=True,
        topic=9,
        paused_until=NOW,
    ),
    (Subscription(2, "防汛 强降雨", NOW, "雨", "weekly", 3, paused=True, muted_until=NOW, topic=9),),
    next_subscription=3,
    channels=(Channel(-1009, "云河读报"),),
    managed_channel=-1009,
)
words = st.text(st.characters(codec="utf-8"), max_size=30)
moments = st.datetimes(timezones=st.just(UTC))
chats = st.builds(
    Chat,
    id=st.integers(-(2**52), 2**52),
    settings=st.builds(
        Settings,
        st.sampled_from(["zh", "en"]),
        st.booleans(),
        st.none() | st.times(),
        weekdays=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
        zone=st.none() | st.just("Europe/Berlin"),
        quiet=st.none() | st.tuples(st.times(), st.times()),
        stories=st.none() | st.integers(1, 30),
        weekly_report=st.booleans(),
        topic=st.none() | st.integers(1, 10**6),
    ),
    subscriptions=st.lists(
        st.builds(
            Subscription,
            st.integers(1, 10**6),
            words,
            moments,
            name=words,
            rhythm=st.sampled_from(["now", "daily", "weekly"]),
            cap=st.none() | st.integers(1, 50),
            paused=st.booleans(),
            muted_until=st.none() | moments,
        ),
        max_size=4,
    ).map(tuple),
    active=st.booleans(),
    next_subscription=st.integers(1, 10**6),
    channels=st.lists(st.builds(Channel, st.integers(-(2**52), -1), words), max_size=2).map(tuple),
)


@pytest.fixture
def chats_file(tmp_path: Path) -> Path:
    return tmp_path / "chats.json"


@given(chats)
def test_any_chat_equals_the_one_read_from_its_document(chat: Chat) -> None:
    assert CHAT_FORMAT.validate_python(Document(to_document(CHAT_FORMAT, chat), 1)) == chat


def test_the_samples_leave_no_field_at_its_default() -> None:
    """Otherwise a field that the documents lack would come back right by chance."""
    assert _names_of_equal_fields(READER, Chat(1)) <= {"active"}
    assert _names_of_equal_fields(READER.settings, Settings()) == set()


def _names_of_equal_fields(one: Chat | Settings, other: Chat | Settings) -> set[str]:
    return {field.name for field in fields(one) if getattr(one, field.name) == getattr(other, field.name)}


def test_a_chat_read_from_the_file_equals_the_written_one(chats_file: Path) -> None:
    for chat in (READER, replace(READER, id=-1001234567890, active=False)):
        ChatStore(chats_file).put(chat)
        assert ChatStore(chats_file).get(chat.id) == chat


def test_a_chat_stored_again_replaces_its_whole_document(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store._documents._table.insert(Document({**to_document(CHAT_FORMAT, READER), "of an earlier form": 1}, READER.id))
    store.put(READER)
    assert "earlier" not in chats_file.read_text()


def test_an_unknown_number_is_none(chats_file: Path) -> None:
    assert ChatStore(chats_file).get(1) is None
    assert ChatStore(chats_file).update(1, lambda chat: chat) is None


def test_the_first_message_creates_the_chat_and_a_later_one_keeps_it(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    assert store.get_or_create(7, "en") == Chat(7, Settings(language="en"))
    store.put(READER)
    assert store.get_or_create(7, "zh") == READER
    assert ChatStore(chats_file).all() == [READER]


def test_a_chat_that_writes_again_is_active_again(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(replace(READER, active=False))
    assert store.get_or_create(7, "zh") == READER
    assert ChatStore(chats_file).get(7) == READER


def test_a_message_from_a_known_chat_writes_nothing(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(READER)
    before = chats_file.stat().st_ino
    store.get_or_create(7, "zh")
    store.update(7, lambda chat: chat)
    assert chats_file.stat().st_ino == before


def test_a_forgotten_chat_leaves_nothing_in_the_file(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(READER)
    store.delete(7)
    store.delete(8)
    assert store.all() == ChatStore(chats_file).all() == []
    assert "防汛" not in chats_file.read_text()


def test_a_moved_chat_keeps_its_subscriptions_and_settings(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(replace(READER, active=False))
    store.move(7, -1007)
    store.move(7, -1007)
    store.move(-1007, -1007)
    assert ChatStore(chats_file).all() == [replace(READER, id=-1007)]


def test_a_chat_that_moves_to_a_known_id_adds_its_missing_subscriptions(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(READER)
    store.put(Chat(-1007, subscriptions=(Subscription(1, "核酸", NOW),), next_subscription=2))
    store.move(7, -1007)
    [chat] = ChatStore(chats_file).all()
    assert [subscription.query for subscription in chat.subscriptions] == ["核酸", "防汛 强降雨"]
    assert chat.settings == READER.settings


def test_an_unknown_chat_is_stored_if_the_change_alters_its_start(chats_file: Path) -> None:
    store, start = ChatStore(chats_file), Chat(7, Settings(language="en"))
    assert store.update(7, lambda chat: replace(chat, active=False)) is None
    assert store.update(7, lambda chat: chat, start) == start
    assert store.get(7) is None
    changed = store.update(7, lambda chat: replace(chat, next_subscription=5), start)
    assert store.get(7) == changed == replace(start, next_subscription=5)
    assert store.update(7, lambda chat: chat, start) == changed
    store.close()


def test_changes_from_many_threads_are_all_kept(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store.put(Chat(7))

    def subscribe(query: str) -> None:
        subscription = Subscription(1, query, NOW)
        store.update(7, lambda chat: replace(chat, subscriptions=(*chat.subscriptions, subscription)))

    threads = [threading.Thread(target=subscribe, args=(str(n),)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chat = ChatStore(chats_file).get(7)
    assert chat is not None
    assert {subscription.query for subscription in chat.subscriptions} == {str(n) for n in range(20)}


def test_a_change_that_cannot_be_written_has_not_happened(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    long = replace(READER, subscriptions=(Subscription(1, "煤" * 3000, NOW),))
    store.put(long)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, hard))
    try:
        with pytest.raises(StateError, match="could not be written"):
            store.put(replace(long, active=False))
        with pytest.raises(StateError, match="could not be written"):
            store.put(Chat(8, long.settings, long.subscriptions))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.all() == ChatStore(chats_file).all() == [long]


def test_a_torn_file_is_not_opened_and_not_overwritten(chats_file: Path) -> None:
    chats_file.write_bytes(b'{"_default": {')
    with pytest.raises(DamagedFile):
        ChatStore(chats_file)
    assert chats_file.read_bytes() == b'{"_default": {'


def test_reading_one_of_many_chats_takes_no_time(chats_file: Path) -> None:
    store = ChatStore(chats_file)
    store._documents._table.insert_multiple(
        Document(to_document(CHAT_FORMAT, replace(READER, id=n)), n) for n in range(1, 10_001)
    )
    store = ChatStore(chats_file)
    start = clock.perf_counter()
    for n in range(1, 1001):
        assert store.get(n) is not None
    assert clock.perf_counter() - start < 0.1
