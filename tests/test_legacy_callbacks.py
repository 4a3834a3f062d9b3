"""Buttons of messages that were sent before callback data held its texts: read from the message as it was sent."""

import contextlib
import zlib
from datetime import UTC, date, datetime

import pytest
from telegram import Chat, InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot import callbacks
from bot.callbacks import Callback, ExpiredText, decode, decode_legacy

NOW = datetime(2022, 11, 25, tzinfo=UTC)
CHAT = Chat(1, Chat.PRIVATE)
DAY = date(2022, 8, 29)


def message(text: str, *codes: str, label: str = "", data: str = "") -> Message:
    """A message with parts of its text as code, and a button where there is a label."""
    units = text.encode("utf-16-le")
    entities = [
        MessageEntity(
            MessageEntity.CODE, units.index(code.encode("utf-16-le")) // 2, len(code.encode("utf-16-le")) // 2
        )
        for code in codes
    ]
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]]) if label else None
    return Message(1, NOW, CHAT, text=text, entities=entities, reply_markup=keyboard)


SEARCH = message("🔍 防汛 OR 𠮷\n找到7篇\n/search 别的", "防汛 OR 𠮷", "别的")
QUERY = "防汛 OR 𠮷"


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ("1:q:5", callbacks.TurnHits(QUERY, 5, newest=False)),
        ("1:Q:5", callbacks.TurnHits(QUERY, 5, newest=True)),
        ("1:qf:month", callbacks.ShowFacet(QUERY, "month")),
        ("1:f", callbacks.FollowQuery(QUERY)),
        ("1:va", callbacks.ConfirmFollow(QUERY)),
        ("1:vf:3:1", callbacks.ChangeQuery(3, "别的")),
        ("1:vf:0:1", callbacks.FollowQuery("别的")),
    ],
)
def test_a_query_is_read_from_the_code_in_the_message(data: str, meant: Callback) -> None:
    assert decode(data) is None
    assert decode_legacy(data, SEARCH) == meant


@pytest.mark.parametrize(
    ("data", "label", "meant"),
    [
        ("1:qi:495873210", "放宽到 雨水花园", callbacks.RunSearch("雨水花园")),
        ("1:F:k7f3m-9wq2d:495873210", "雨水花园", callbacks.RunSearch("雨水花园")),
        ("1:K:k7f3m-9wq2d:495873210", "雨水花园", callbacks.FollowQuery("雨水花园")),
        ("1:vy:3:k7f3m-9wq2d:495873210", "不要 雨水花园", callbacks.ExcludeTerm(3, "雨水花园")),
        ("1:e:20220829:495873210", "【雨水花园】", callbacks.ShowSection(DAY, "雨水花园")),
        ("1:K:k7f3m-9wq2d:358433333", "关注 汛", callbacks.FollowQuery("汛")),
        ("1:e:20220829:0", "【其他】", callbacks.ShowSection(DAY, "")),
    ],
)
def test_a_word_is_the_part_of_the_label_with_its_checksum(data: str, label: str, meant: Callback) -> None:
    assert decode(data) is None
    assert decode_legacy(data, message("人物和地点", label=label, data=data)) == meant
    managed = message("人物和地点", label=label, data=f"{data}@-1001")
    assert decode_legacy(data, managed) == meant


def test_a_word_has_at_most_40_characters() -> None:
    for length in (40, 41):
        word = "长" * length
        data = f"1:K:k7f3m-9wq2d:{zlib.crc32(word.encode()) % 1_000_000_000}"
        sent = message("", label=word, data=data)
        with contextlib.nullcontext() if length == 40 else pytest.raises(ExpiredText):
            assert decode_legacy(data, sent) == callbacks.FollowQuery(word)


def test_the_label_is_that_of_the_pressed_button() -> None:
    labels = {"绿道": "1:K:k7f3m-9wq2d:4958732101", "雨水花园": "1:K:k7f3m-9wq2d:495873210"}
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)] for text, data in labels.items()])
    sent = Message(1, NOW, CHAT, text="没有", reply_markup=keyboard)
    assert decode_legacy("1:K:k7f3m-9wq2d:495873210", sent) == callbacks.FollowQuery("雨水花园")


def test_the_theme_of_a_turned_section_stands_in_the_first_line() -> None:
    data = "1:E:20220829:495873210:15"
    sent = message("雨水花园 · 23篇\n花园里的雨水", label="下一页 ›", data=data)
    assert decode_legacy(data, sent) == callbacks.TurnSection(DAY, "雨水花园", 15)


def test_an_announcement_stands_below_the_first_blank_line() -> None:
    sent = message("发给3个对话？\n\n今晚维护。\n\n一小时。", label="发", data="1:an")
    assert decode_legacy("1:an", sent) == callbacks.SendAnnouncement("今晚维护。\n\n一小时。")


@pytest.mark.parametrize(
    "data",
    ["1:q:5", "1:f", "1:vf:3:0", "1:vf:3:2", "1:vf:3:x", "1:qi:495873211", "1:qi:x", "1:an", "1:e:20220829:1"],
)
def test_a_button_whose_text_is_not_in_its_message_has_expired(data: str) -> None:
    sent = message("没有\n别的", "别的", label="雨水花园", data=data)
    with pytest.raises(ExpiredText):
        decode_legacy(data, sent)


@pytest.mark.parametrize("sent", [None, InaccessibleMessage(CHAT, 1)])
def test_a_button_of_a_message_that_telegram_no_longer_shows_has_expired(sent: object) -> None:
    with pytest.raises(ExpiredText):
        decode_legacy("1:q:5", sent)


@pytest.mark.parametrize(
    "data", ["", "1", "1:n", "2:f", "1:q", "1:q:1:2", "1:zz:x", "1:qf:colour", "1:q:x", "1:vf:x:1"]
)
def test_data_that_was_never_made_is_refused(data: str) -> None:
    assert decode_legacy(data, SEARCH) is None
