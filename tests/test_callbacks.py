"""Callback data: what is written is read again, within 64 bytes; data that was never written is refused."""

from dataclasses import fields
from datetime import date, time
from typing import Any, get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import callbacks
from bot.callbacks import (
    CALLBACKS_BY_LETTER,
    MAX_ADDRESS_BYTES,
    MAX_CALLBACK_BYTES,
    MAX_OWN_BYTES,
    AnyText,
    Callback,
    ExpiredText,
    decode,
    encode,
    split_address,
    stored_ids,
)
from bot.handlers import CALLBACK_HANDLERS
from digests.chats import Language, OutgoingMessage, Rhythm
from digests.search import Facet
from digests.storage.button_texts import ID_SIGN, TEXT_END, TEXT_START, replace_texts

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.from_regex(r"[0-9a-z]{5}-[0-9a-z]{5}", fullmatch=True),
    AnyText: st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
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
CALLBACKS = st.one_of(
    [
        st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)})
        for kind in CALLBACKS_BY_LETTER.values()
    ]
)


def as_sent(callback: Callback) -> tuple[str, dict[str, str]]:
    """The data of a button as it leaves, and the texts that are stored for it."""
    message, texts = replace_texts(OutgoingMessage("", ((("x", encode(callback)),),)))
    return message.buttons[0][0][1], texts


@given(CALLBACKS)
def test_what_a_button_does_is_read_again_from_its_data(callback: Callback) -> None:
    assert decode(encode(callback)) == callback
    data, texts = as_sent(callback)
    assert decode(data, texts) == callback
    assert set(stored_ids(data)) == set(texts)
    assert len(data.encode()) <= MAX_CALLBACK_BYTES


@given(st.one_of(st.text(), st.from_regex(r"1:[a-zA-Z]{1,2}(:=?[%~0-9a-z-]*){0,3}", fullmatch=True)))
def test_any_other_data_is_refused_or_means_exactly_one_thing(data: str) -> None:
    try:
        callback = decode(data)
    except ExpiredText:
        return
    assert callback is None or decode(encode(callback)) == callback


def test_own_data_leaves_room_for_the_longest_address() -> None:
    assert (MAX_CALLBACK_BYTES, MAX_ADDRESS_BYTES, MAX_OWN_BYTES) == (64, 18, 46)


@pytest.mark.parametrize("address_bytes", [0, 15, 18])
def test_a_text_stands_in_the_data_up_to_the_limit_and_is_stored_above_it(address_bytes: int) -> None:
    room = 64 - address_bytes - len("1:f:=")
    shorter = callbacks.FollowQuery("防汛" + "a" * (room - 6))
    assert encode(shorter, address_bytes=address_bytes) == f"1:f:={shorter.query}"
    longer = callbacks.FollowQuery("防汛" + "a" * (room - 5))
    assert encode(longer, address_bytes=address_bytes) == f"1:f:{TEXT_START}{longer.query}{TEXT_END}"


def test_without_an_address_a_text_may_fill_all_64_bytes() -> None:
    data = encode(callbacks.FollowQuery("a" * 59))
    assert (data, len(data)) == (f"1:f:={'a' * 59}", 64)


def test_a_stored_text_leaves_its_id_in_the_data() -> None:
    callback = callbacks.FollowQuery("很长" * 20)
    data, texts = as_sent(callback)
    assert list(texts.values()) == [callback.query]
    assert data == f"1:f:{ID_SIGN}{next(iter(texts))}"


def test_signs_of_the_codec_are_escaped_in_a_text() -> None:
    assert encode(callbacks.RunSearch("标题:50%@7\n")) == "1:qi:=标题%3A50%25%407%0A"
    query = f'person:"张三" @-1001 100%{TEXT_START}{TEXT_END}' + "很长" * 20
    data, texts = as_sent(callbacks.RunSearch(query))
    assert split_address(f"{data}@-1007") == (data, -1007)
    assert decode(data, texts) == callbacks.RunSearch(query)


def test_a_stored_text_that_is_gone_has_expired() -> None:
    data, texts = as_sent(callbacks.RunSearch("很长" * 20))
    with pytest.raises(ExpiredText):
        decode(data)
    with pytest.raises(ExpiredText):
        decode(data, {text_id[::-1]: text for text_id, text in texts.items()})


@pytest.mark.parametrize(
    "data",
    [
        *(None, "", "1", "1:", "1:a", "1:a:", "1:d:2022", "1:d:20220230", "1:t:2460", "1:o:2", "1:g:", "2:n", "1:n:"),
        *("1:f:", "1:f:防汛", "1:f:+防汛", "1:q:=防汛:-1:0", "1:q:=防汛:1234567890:0", "1:jc:01"),
        "1:jc:-12345678901234567",
    ],
)
def test_forged_data_is_refused(data: str | None) -> None:
    assert decode(data) is None


def test_the_letters_of_keyboards_in_chats_stay_as_they_are() -> None:
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
        "1:q:=防汛:5:1": callbacks.TurnHits("防汛", 5, newest=True),
        "1:qf:=防汛:month": callbacks.ShowFacet("防汛", "month"),
        "1:qi:=防汛": callbacks.RunSearch("防汛"),
        "1:f:=防汛": callbacks.FollowQuery("防汛"),
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
        "1:e:20220829:=城建": callbacks.ShowSection(date(2022, 8, 29), "城建"),
        "1:E:20220829:=:15": callbacks.TurnSection(date(2022, 8, 29), "", 15),
        "1:p:20220829:4": callbacks.ShowPage(date(2022, 8, 29), 4),
        "1:P:20220829:4:15": callbacks.TurnPage(date(2022, 8, 29), 4, 15),
        "1:r:k7f3m-9wq2d:1": callbacks.ShowArticlePart("k7f3m-9wq2d", 1),
        "1:R:k7f3m-9wq2d": callbacks.ShowRelated("k7f3m-9wq2d"),
        "1:N:k7f3m-9wq2d": callbacks.ShowNames("k7f3m-9wq2d"),
        "1:k:k7f3m-9wq2d": callbacks.ShowFollowable("k7f3m-9wq2d"),
        "1:x:20220829": callbacks.ShowCard(date(2022, 8, 29)),
        "1:X:20220829": callbacks.ShowThemeChart(date(2022, 8, 29)),
        "1:v:1": callbacks.SetPictures(on=True),
        "1:ad:state": callbacks.RunAdminTask("state"),
        "1:an:=维护": callbacks.SendAnnouncement("维护"),
        "1:vs:3": callbacks.ShowSubscription(3),
        "1:vr:3:weekly": callbacks.SetRhythm(3, "weekly"),
        "1:vc:3:5": callbacks.SetCap(3, 5),
        "1:vp:3:1": callbacks.SetPaused(3, on=True),
        "1:vm:3:7": callbacks.MuteSubscription(3, 7),
        "1:vn:3": callbacks.AskName(3),
        "1:vk:3": callbacks.KeepName(3),
        "1:vf:3:=防汛": callbacks.ChangeQuery(3, "防汛"),
        "1:va:=防汛": callbacks.ConfirmFollow("防汛"),
        "1:vx:3:k7f3m-9wq2d": callbacks.ShowExclusions(3, "k7f3m-9wq2d"),
        "1:vy:3:=外省": callbacks.ExcludeTerm(3, "外省"),
        "1:zm:zone": callbacks.ShowMenu("zone"),
        "1:zd:6:0": callbacks.SetWeekday(6, on=False),
        "1:zz:America/Argentina/ComodRivadavia": callbacks.SetTimeZone("America/Argentina/ComodRivadavia"),
        "1:zq:2200:0700": callbacks.SetQuietHours(time(22), time(7)),
        "1:zs:5": callbacks.SetStoryCount(5),
        "1:za:1": callbacks.SetWeeklyReport(on=True),
        "1:zt": callbacks.SetDigestTopic(),
        "1:vR": callbacks.ResumeAll(),
        "1:jc:-1001234567890": callbacks.ManageChannel(callbacks.ChatId(-1001234567890)),
        "1:jo": callbacks.ManageOwn(),
        "1:jf:1": callbacks.Forget(sure=True),
    }
    assert {data: decode(data) for data in kept} == kept
    assert {callback: encode(callback) for callback in kept.values()} == {kept[data]: data for data in kept}
    assert {data.split(":")[1] for data in kept} == set(CALLBACKS_BY_LETTER)


def test_every_button_has_a_handler() -> None:
    assert set(CALLBACK_HANDLERS) == set(CALLBACKS_BY_LETTER.values())


def test_data_that_would_not_fit_is_an_error_where_it_is_made() -> None:
    assert encode(callbacks.ShowArticle("a" * 42)) == f"1:a:{'a' * 42}"
    with pytest.raises(ValueError, match="47 bytes; 46 are allowed"):
        encode(callbacks.ShowArticle("a" * 43))


def test_the_longest_time_zone_fits() -> None:
    longest = callbacks.SetTimeZone(max(available_timezones(), key=len))
    assert decode(encode(longest)) == longest


def test_a_letter_in_use_and_a_field_type_without_encoding_are_refused() -> None:
    with pytest.raises(ValueError, match="the letter 'd' is already used by ShowDigest"):

        class Again(Callback, letter="d"):
            """Another button."""

    with pytest.raises(TypeError, match="cannot encode <class 'float'>"):

        class Odd(Callback, letter="odd"):
            """A button with a field that cannot be written."""

            share: float

    assert "odd" not in CALLBACKS_BY_LETTER


@given(st.text())
def test_data_without_an_address_is_left_as_it_is(data: str) -> None:
    own, chat = split_address(data)
    assert chat is not None or own == data


@pytest.mark.parametrize("data", [None, "", "1:l", "1:l@", "1:l@x", "1:l@--1", "1:l@٣x", "1:l@-12345678901234567"])
def test_data_without_a_chat_has_no_address(data: str | None) -> None:
    assert split_address(data) == (data or "", None)


def test_the_longest_address_is_read() -> None:
    assert split_address("1:l@-1234567890123456") == ("1:l", -1234567890123456)
