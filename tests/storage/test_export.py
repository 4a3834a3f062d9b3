"""Export of a chat and import of files, edited ones included; a bad file changes nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import settings as set_up
from hypothesis import strategies as st

from digests.chats import Chat, Settings, Subscription
from digests.errors import ImportRefused
from digests.storage.personal_data import EXPORT_FORMAT, MAX_EXPORT_BYTES, SkippedItem, export_chat, import_chat

NOW = datetime(2023, 3, 5, tzinfo=UTC)
LATER = datetime(2023, 4, 1, tzinfo=UTC)

CHAT = Chat(
    7,
    Settings(
        language="en",
        digest_time=time(6, 45),
        weekdays=(0, 2, 4),
        zone="Europe/Berlin",
        quiet=(time(22), time(7)),
        stories=5,
        weekly_report=True,
        topic=9,
    ),
    (
        Subscription(3, "防汛 OR 内涝", NOW, name="<b>水</b>", rhythm="daily", cap=4),
        Subscription(5, "地铁", NOW, paused=True, topic=9),
        Subscription(6, "煤改电", NOW, muted_until=LATER),
    ),
    next_subscription=7,
)


def file(**parts: Any) -> bytes:
    return orjson.dumps({"format": EXPORT_FORMAT, "version": 1, "settings": {}, "subscriptions": []} | parts)


def test_an_imported_chat_equals_the_exported_one_but_for_the_creation_time() -> None:
    back = import_chat(export_chat(CHAT).encode(), Chat(8), now=LATER, limit=100, forum=True)
    assert (back.added, back.known, back.skipped) == (3, 0, ())
    assert back.chat.settings == CHAT.settings
    expected = [replace(one, id=n, created=LATER) for n, one in enumerate(CHAT.subscriptions, 1)]
    assert list(back.chat.subscriptions) == expected


def test_the_file_contains_no_chat_id() -> None:
    assert "1234567" not in export_chat(replace(CHAT, id=1234567))


def test_outside_a_forum_nothing_belongs_to_a_topic() -> None:
    back = import_chat(export_chat(CHAT).encode(), Chat(8), now=LATER, limit=100)
    assert back.chat.settings.topic is None
    assert {one.topic for one in back.chat.subscriptions} == {None}


def test_subscriptions_that_the_chat_already_has_are_not_added() -> None:
    back = import_chat(export_chat(CHAT).encode(), CHAT, now=LATER, limit=3, forum=True)
    assert (back.added, back.known) == (0, 3)
    assert back.chat == CHAT


def test_subscriptions_above_the_limit_are_listed_and_existing_ones_stay() -> None:
    many = [{"query": f"第{n}件事"} for n in range(500)]
    back = import_chat(file(subscriptions=many), replace(CHAT, settings=Settings()), now=LATER, limit=100)
    assert len(back.chat.subscriptions) == 100
    assert back.chat.subscriptions[:3] == CHAT.subscriptions
    assert len(back.skipped) == 403
    assert set(back.skipped) == {SkippedItem(f"第{n}件事", "limit") for n in range(97, 500)}


@pytest.mark.parametrize(
    ("content", "why", "said"),
    [
        (b"\x89PNG\r\n", "foreign", "not JSON"),
        (b"[]", "foreign", "not an export"),
        (b'{"format": "something else"}', "foreign", "not an export"),
        (file(settings=[]), "foreign", "missing or changed parts"),
        (file(subscriptions=["防汛"]), "foreign", "without a query"),
        (file(version="1"), "foreign", "missing or changed parts"),
        (file(version=2), "newer", "version 2"),
        (b" " * (MAX_EXPORT_BYTES + 1), "huge", str(MAX_EXPORT_BYTES + 1)),
    ],
)
def test_a_file_that_is_no_export_is_refused_and_the_message_says_why(content: bytes, why: str, said: str) -> None:
    with pytest.raises(ImportRefused, match=said) as refused:
        import_chat(content, CHAT, now=LATER, limit=100)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"zone": "Mars/Olympus"}, "zone: Mars/Olympus"),
        ({"zone": "../etc/passwd"}, "zone: ../etc/passwd"),
        ({"digest_time": "25:00"}, "digest_time: 25:00"),
        ({"weekdays": []}, "weekdays: []"),
        ({"weekdays": [7]}, "weekdays: [7]"),
        ({"stories": 0}, "stories: 0"),
        ({"stories": True}, "stories: True"),
        ({"language": "de"}, "language: de"),
        ({"digest": "yes"}, "digest: yes"),
        ({"colour": "red"}, "colour: red"),
    ],
)
def test_an_impossible_setting_is_skipped_and_listed(settings: dict[str, Any], left: str) -> None:
    back = import_chat(file(settings=settings | {"account": True}), Chat(8), now=LATER, limit=100)
    assert back.skipped == (SkippedItem(left, "value"),)
    assert back.chat.settings == Settings(weekly_report=True)


def test_queries_without_meaning_are_skipped_and_listed() -> None:
    back = import_chat(
        file(subscriptions=[{"query": "(("}, {"query": "的"}, {"query": "防汛", "cap": 0}]), Chat(8), now=LATER, limit=9
    )
    assert back.skipped == (SkippedItem("((", "unclear"), SkippedItem("的", "unclear"), SkippedItem("cap: 0", "value"))
    assert [one.query for one in back.chat.subscriptions] == ["防汛"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@example(settings={"topic": None}, subscriptions=[{"query": "0", "name": None}])
@set_up(deadline=None)
@given(
    settings=st.dictionaries(st.sampled_from(["zone", "quiet", "weekdays", "digest_time", "stories", "topic"]), _JSON),
    subscriptions=st.lists(
        st.dictionaries(st.sampled_from(["query", "name", "cap", "muted_until", "rhythm", "topic"]), _JSON), max_size=3
    ),
)
def test_any_content_is_imported_or_refused(settings: dict[str, Any], subscriptions: list[dict[str, Any]]) -> None:
    document = {"format": EXPORT_FORMAT, "version": 1, "settings": settings, "subscriptions": subscriptions}
    content = json.dumps(document).encode()
    try:
        back = import_chat(content, CHAT, now=LATER, limit=100)
    except ImportRefused:
        return
    assert back.chat.subscriptions[:3] == CHAT.subscriptions
    assert import_chat(export_chat(back.chat).encode(), back.chat, now=LATER, limit=100).skipped == ()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("stories", 1, 1),
        ("stories", 30, 30),
        ("topic", 1, 1),
        ("topic", 2**31 - 1, 2**31 - 1),
        ("weekdays", [6, 0, 6, 3], (0, 3, 6)),
        ("quiet", ["22:00", "06:30:00"], (time(22), time(6, 30))),
        ("digest_time", "00:00", time(0)),
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("pictures", True, True),
    ],
)
def test_possible_settings_are_imported(name: str, value: object, expected: object) -> None:
    back = import_chat(file(settings={name: value}), Chat(8), now=LATER, limit=100, forum=True)
    assert back.skipped == ()
    assert getattr(back.chat.settings, name) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stories", 31),
        ("stories", 1.5),
        ("stories", "5"),
        ("topic", 0),
        ("topic", 2**31),
        ("topic", None),
        ("weekdays", [-1]),
        ("weekdays", [True]),
        ("weekdays", "0"),
        ("quiet", ["22:00"]),
        ("quiet", ["22:00", "07:00", "08:00"]),
        ("quiet", ["22:00", "07:00+01:00"]),
        ("digest_time", 3600),
        ("digest_time", "07:00Z"),
        ("zone", ""),
        ("zone", None),
        ("pictures", 1),
        ("weekly_report", True),
    ],
)
def test_impossible_settings_are_skipped(name: str, value: object) -> None:
    back = import_chat(file(settings={name: value, "account": True}), Chat(8), now=LATER, limit=100, forum=True)
    assert back.skipped == (SkippedItem(f"{name}: {value}", "value"),)
    assert back.chat.settings == Settings(weekly_report=True)


@pytest.mark.parametrize(
    ("name", "value", "possible"),
    [
        ("cap", 1, True),
        ("cap", 100, True),
        ("cap", 0, False),
        ("cap", 101, False),
        ("name", "水" * 40, True),
        ("name", "水" * 41, False),
        ("name", 7, False),
        ("rhythm", "weekly", True),
        ("rhythm", "hourly", False),
        ("paused", True, True),
        ("paused", "yes", False),
        ("topic", 1, True),
        ("topic", 0, False),
        ("muted_until", "2023-05-01T00:00:00", False),
        ("muted_until", 0, False),
        ("id", 9, False),
        ("created", "2023-05-01T00:00:00Z", False),
    ],
)
def test_values_of_a_subscription_are_checked_one_by_one(name: str, value: object, possible: bool) -> None:
    written = {"query": "防汛", name: value}
    back = import_chat(file(subscriptions=[written]), Chat(8), now=LATER, limit=100, forum=True)
    plain = Subscription(1, "防汛", LATER)
    assert back.chat.subscriptions == ((replace(plain, **{name: value}),) if possible else (plain,))  # type: ignore[arg-type]
    assert back.skipped == (() if possible else (SkippedItem(f"{name}: {value}", "value"),))


def test_an_imported_mute_keeps_its_zone_and_a_name_is_one_line() -> None:
    written = {"query": "防汛", "muted_until": "2023-05-01T02:00:00+02:00", "name": " 城里的\n水 "}
    [subscription] = import_chat(file(subscriptions=[written]), Chat(8), now=LATER, limit=1).chat.subscriptions
    assert subscription.muted_until == datetime(2023, 5, 1, tzinfo=UTC)
    assert subscription.name == "城里的 水"


def test_the_limit_of_subscriptions_is_reached_exactly() -> None:
    back = import_chat(file(subscriptions=[{"query": "防汛"}, {"query": "地铁"}]), Chat(8), now=LATER, limit=1)
    assert (back.added, back.skipped) == (1, (SkippedItem("地铁", "limit"),))


def test_a_file_of_exactly_the_limit_is_read() -> None:
    content = file()
    assert MAX_EXPORT_BYTES == 262_144
    assert import_chat(content + b" " * (262_144 - len(content)), Chat(8), now=LATER, limit=1).skipped == ()
    with pytest.raises(ImportRefused, match="262145"):
        import_chat(content + b" " * (262_145 - len(content)), Chat(8), now=LATER, limit=1)


def test_the_export_has_only_the_language_and_chosen_values() -> None:
    chat = Chat(7, Settings(weekly_report=True), (Subscription(3, "防汛", NOW, cap=4),))
    assert orjson.loads(export_chat(chat)) == {
        "format": "jianbao-chat",
        "version": 1,
        "settings": {"language": "zh", "account": True},
        "subscriptions": [{"query": "防汛", "cap": 4}],
    }
