"""Callback data: what is written is read again, within 64 bytes; what was never written is refused."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, InaccessibleMessage, Message, MessageEntity

from bot import presses
from bot.handlers import PRESSES
from bot.keyboards import LIMIT, button, decode, encode, markup, query_above, rows
from bot.presses import LETTERS, Press
from digests.readers import Language

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.from_regex(r"[0-9a-z]{5}-[0-9a-z]{5}", fullmatch=True),
    int: st.integers(0, 999_999_999),
    bool: st.booleans(),
    date: st.dates(),
    time: st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    Language: st.sampled_from(get_args(Language)),
}
PRESSED = st.one_of(
    [st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)}) for kind in LETTERS.values()]
)


@given(PRESSED)
def test_what_a_button_does_is_read_again_from_its_data(press: Press) -> None:
    data = encode(press)
    assert decode(data) == press
    assert len(data.encode()) <= LIMIT
    assert data.isascii()


@given(st.one_of(st.text(), st.from_regex(r"1:[a-zA-Z](:[0-9a-z-]*){0,3}", fullmatch=True)))
def test_any_other_data_is_refused_or_means_exactly_one_thing(data: str) -> None:
    press = decode(data)
    assert press is None or decode(encode(press)) == press


@pytest.mark.parametrize(
    "data", [None, "", "1", "1:", "1:a", "1:a:", "1:d:2022", "1:d:20220230", "1:t:2460", "1:o:2", "1:g:", "2:n", "1:n:"]
)
def test_forged_data_is_refused(data: str | None) -> None:
    assert decode(data) is None


def test_the_letters_of_keyboards_that_are_out_in_chats_stay_as_they_are() -> None:
    """If this fails, give the new button a new letter instead."""
    kept = {
        "1:n": presses.NewestDigest(),
        "1:d:20220829": presses.ShowDigest(date(2022, 8, 29)),
        "1:y:20220829": presses.ShowScores(date(2022, 8, 29)),
        "1:w:20220829": presses.ShowWeek(date(2022, 8, 29)),
        "1:m:20220829": presses.ShowMonth(date(2022, 8, 29)),
        "1:a:k7f3m-9wq2d": presses.ShowArticle("k7f3m-9wq2d"),
        "1:c:20220829": presses.ShowContents(date(2022, 8, 29)),
        "1:C:20220829:15": presses.TurnContents(date(2022, 8, 29), 15),
        "1:i": presses.ShowIssues(),
        "1:I:8": presses.TurnIssues(8),
        "1:q:5": presses.TurnHits(5),
        "1:f": presses.FollowSearch(),
        "1:h": presses.HowToSubscribe(),
        "1:l": presses.ShowSubscriptions(),
        "1:L:10": presses.TurnSubscriptions(10),
        "1:u:3": presses.Unsubscribe(3),
        "1:s": presses.ShowSettings(),
        "1:g:en": presses.SetLanguage("en"),
        "1:G:zh": presses.GreetIn("zh"),
        "1:o:0": presses.SetDigest(on=False),
        "1:t:0730": presses.SetTime(time(7, 30)),
    }
    assert {data: decode(data) for data in kept} == kept
    assert {data.split(":")[1] for data in kept} == set(LETTERS)


def test_every_button_has_a_handler() -> None:
    assert set(PRESSES) == set(LETTERS.values()) == set(get_args(Press))


def test_data_that_would_not_fit_is_an_error_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="64 are allowed"):
        encode(presses.ShowArticle("a" * 61))


def test_buttons_stand_in_rows_of_nearly_the_same_length_and_at_most_the_width_wanted() -> None:
    buttons = [button(str(n), presses.TurnHits(n)) for n in range(13)]
    lengths = {n: [len(row) for row in rows(buttons[:n], 5)] for n in (0, 1, 5, 6, 7, 11, 13)}
    assert lengths == {0: [], 1: [1], 5: [5], 6: [3, 3], 7: [4, 3], 11: [4, 4, 3], 13: [5, 4, 4]}
    made = markup(rows(buttons, 5))
    assert made
    assert made.inline_keyboard[2][3].callback_data == "1:q:12"
    assert markup(()) is None


NOW = datetime(2022, 11, 25, tzinfo=UTC)
CHAT = Chat(1, Chat.PRIVATE)


def message(text: str, *entities: MessageEntity) -> Message:
    return Message(1, NOW, CHAT, text=text, entities=entities)


def test_the_query_is_found_in_the_first_line_of_the_message_above_a_button() -> None:
    text = "🔍 防汛 OR 𠮷\n找到3篇\n/search 别的"
    query = MessageEntity(MessageEntity.CODE, 3, 8)  # 🔍 and 𠮷 count two
    other = MessageEntity(MessageEntity.CODE, 17, 5)
    assert query_above(message(text, query, other)) == "防汛 OR 𠮷"
    assert query_above(message(text, other)) is None
    assert query_above(message("没有")) is None


def test_a_message_that_telegram_no_longer_shows_has_no_query() -> None:
    assert query_above(InaccessibleMessage(CHAT, 1)) is None
    assert query_above(None) is None
