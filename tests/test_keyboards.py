"""Callback data: what is written is read again, within 64 bytes; what was never written is refused."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, InaccessibleMessage, Message, MessageEntity

from bot import callbacks
from bot.callbacks import LETTERS, MAX_CALLBACK_BYTES, Callback, decode, encode, mark, word_of
from bot.handlers import CALLBACK_HANDLERS
from bot.keyboards import button, markup, query_above, rows, share_button
from digests.chats import Language, Rhythm
from digests.search import Facet

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.from_regex(r"[0-9a-z]{5}-[0-9a-z]{5}", fullmatch=True),
    int: st.integers(0, 999_999_999),
    bool: st.booleans(),
    date: st.dates(),
    time: st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    Language: st.sampled_from(get_args(Language)),
    Facet: st.sampled_from(get_args(Facet)),
    Rhythm: st.sampled_from(get_args(Rhythm)),
    callbacks.SettingsMenu: st.sampled_from(get_args(callbacks.SettingsMenu)),
    callbacks.ChatId: st.integers(-(10**14), -1),
}
PRESSED = st.one_of(
    [st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)}) for kind in LETTERS.values()]
)


@given(PRESSED)
def test_what_a_button_does_is_read_again_from_its_data(press: Callback) -> None:
    data = encode(press)
    assert decode(data) == press
    assert len(data.encode()) <= MAX_CALLBACK_BYTES
    assert data.isascii()


@given(st.one_of(st.text(), st.from_regex(r"1:[a-zA-Z](:[0-9a-z-]*){0,3}", fullmatch=True)))
def test_any_other_data_is_refused_or_means_exactly_one_thing(data: str) -> None:
    press = decode(data)
    assert press is None or decode(encode(press)) == press


def test_a_word_is_found_again_by_its_mark_as_long_as_it_is_there() -> None:
    words = ["雨水花园", "云河市", "方小满"]
    assert [word_of(mark(word), words) for word in words] == words
    assert word_of(mark("绿道"), words) is None
    assert mark("雨水花园") == 495_873_210  # it stands in keyboards that are out in chats
    assert 0 <= mark("\ud800") <= 999_999_999


def test_a_button_that_shares_lets_its_reader_choose_a_chat() -> None:
    made = markup(((share_button("分享", "k7f3m-9wq2d"),),))
    assert made
    ((one,),) = made.inline_keyboard
    assert (one.switch_inline_query, one.callback_data) == ("k7f3m-9wq2d", None)


@pytest.mark.parametrize(
    "data", [None, "", "1", "1:", "1:a", "1:a:", "1:d:2022", "1:d:20220230", "1:t:2460", "1:o:2", "1:g:", "2:n", "1:n:"]
)
def test_forged_data_is_refused(data: str | None) -> None:
    assert decode(data) is None


def test_the_letters_of_keyboards_that_are_out_in_chats_stay_as_they_are() -> None:
    """If this fails, give the new button a new letter instead."""
    kept = {
        "1:n": callbacks.ShowNewestDigest(),
        "1:d:20220829": callbacks.ShowDigest(date(2022, 8, 29)),
        "1:y:20220829": callbacks.ShowScores(date(2022, 8, 29)),
        "1:w:20220829": callbacks.ShowWeek(date(2022, 8, 29)),
        "1:m:20220829": callbacks.ShowMonth(date(2022, 8, 29)),
        "1:a:k7f3m-9wq2d": callbacks.ShowArticle("k7f3m-9wq2d"),
        "1:c:20220829": callbacks.ShowContents(date(2022, 8, 29)),
        "1:C:20220829:15": callbacks.TurnContents(date(2022, 8, 29), 15),
        "1:i": callbacks.ShowIssues(),
        "1:I:8": callbacks.TurnIssues(8),
        "1:q:5": callbacks.TurnHits(5),
        "1:qf:month": callbacks.ShowFacet("month"),
        "1:qi:123": callbacks.SearchInstead(123),
        "1:f": callbacks.FollowSearch(),
        "1:h": callbacks.ShowSubscribeHelp(),
        "1:l": callbacks.ShowSubscriptions(),
        "1:L:10": callbacks.TurnSubscriptions(10),
        "1:u:3": callbacks.Unsubscribe(3),
        "1:s": callbacks.ShowSettings(),
        "1:g:en": callbacks.SetLanguage("en"),
        "1:G:zh": callbacks.GreetInLanguage("zh"),
        "1:o:0": callbacks.SetDigest(on=False),
        "1:t:0730": callbacks.SetDigestTime(time(7, 30)),
        "1:b:20220829:1": callbacks.StepDigest(date(2022, 8, 29), onward=True),
        "1:e:20220829:324340770": callbacks.ShowSection(date(2022, 8, 29), 324_340_770),
        "1:E:20220829:324340770:15": callbacks.TurnSection(date(2022, 8, 29), 324_340_770, 15),
        "1:p:20220829:4": callbacks.ShowPage(date(2022, 8, 29), 4),
        "1:P:20220829:4:15": callbacks.TurnPage(date(2022, 8, 29), 4, 15),
        "1:r:k7f3m-9wq2d:1": callbacks.ShowArticlePart("k7f3m-9wq2d", 1),
        "1:R:k7f3m-9wq2d": callbacks.ShowRelated("k7f3m-9wq2d"),
        "1:N:k7f3m-9wq2d": callbacks.ShowNames("k7f3m-9wq2d"),
        "1:F:k7f3m-9wq2d:123": callbacks.SearchName("k7f3m-9wq2d", 123),
        "1:k:k7f3m-9wq2d": callbacks.ShowFollowable("k7f3m-9wq2d"),
        "1:K:k7f3m-9wq2d:123": callbacks.FollowWord("k7f3m-9wq2d", 123),
        "1:Q:5": callbacks.TurnNewest(5),
        "1:x:20220829": callbacks.ShowCard(date(2022, 8, 29)),
        "1:X:20220829": callbacks.ShowThemeChart(date(2022, 8, 29)),
        "1:v:1": callbacks.SetPictures(on=True),
        "1:ad:state": callbacks.RunAdminTask("state"),
        "1:an": callbacks.SendAnnouncement(),
        "1:vs:3": callbacks.ShowSubscription(3),
        "1:vr:3:weekly": callbacks.SetRhythm(3, "weekly"),
        "1:vc:3:5": callbacks.SetCap(3, 5),
        "1:vp:3:1": callbacks.SetPaused(3, on=True),
        "1:vm:3:7": callbacks.MuteSubscription(3, 7),
        "1:vn:3": callbacks.AskName(3),
        "1:vk:3": callbacks.KeepName(3),
        "1:vf:3:2": callbacks.ChangeQuery(3, 2),
        "1:va": callbacks.ConfirmFollow(),
        "1:vx:3:k7f3m-9wq2d": callbacks.ShowExclusions(3, "k7f3m-9wq2d"),
        "1:vy:3:k7f3m-9wq2d:123": callbacks.ExcludeTerm(3, "k7f3m-9wq2d", 123),
        "1:zm:zone": callbacks.ShowMenu("zone"),
        "1:zd:6:0": callbacks.SetWeekday(6, on=False),
        "1:zz:America/Argentina/ComodRivadavia": callbacks.SetTimeZone("America/Argentina/ComodRivadavia"),
        "1:zq:2200:0700": callbacks.SetQuietHours(time(22), time(7)),
        "1:zs:5": callbacks.SetStoryCount(5),
        "1:za:1": callbacks.SetWeeklyReport(on=True),
        "1:zt": callbacks.SetDigestTopic(),
        "1:jc:-1001234567890": callbacks.ManageChannel(callbacks.ChatId(-1001234567890)),
        "1:jo": callbacks.ManageOwn(),
        "1:jf:1": callbacks.Forget(sure=True),
    }
    assert {data: decode(data) for data in kept} == kept
    assert {data.split(":")[1] for data in kept} == set(LETTERS)


def test_every_button_has_a_handler() -> None:
    assert set(CALLBACK_HANDLERS) == set(LETTERS.values()) == set(get_args(Callback))


def test_data_that_would_not_fit_is_an_error_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="64 are allowed"):
        encode(callbacks.ShowArticle("a" * 61))


def test_buttons_stand_in_rows_of_nearly_the_same_length_and_at_most_the_width_wanted() -> None:
    buttons = [button(str(n), callbacks.TurnHits(n)) for n in range(13)]
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
