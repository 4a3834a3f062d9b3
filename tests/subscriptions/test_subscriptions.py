"""Adding, finding, changing and removing subscriptions."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from digests.chats import Chat, Settings, Subscription
from digests.errors import LimitReached, QueryError, TermsTooCommon, UsageError
from digests.query import parse
from digests.subscriptions import (
    exclude_term,
    find_subscription,
    is_paused_or_muted,
    merge_moved_chat,
    mute,
    pause,
    query_excluding,
    rename,
    set_cap,
    set_rhythm,
    subscribe,
    subscriptions_of_topic,
    unsubscribe,
)

NOW = datetime(2022, 8, 29, 8, tzinfo=UTC)


def chat_with(*queries: str, chat_id: int = 1) -> Chat:
    chat = Chat(chat_id)
    for query in queries:
        chat, _, _ = subscribe(chat, query, now=NOW, limit=100)
    return chat


def queries(chat: Chat) -> dict[int, str]:
    return {subscription.id: subscription.query for subscription in chat.subscriptions}


def test_a_query_becomes_a_numbered_subscription() -> None:
    chat, subscription, new = subscribe(Chat(1), " 防汛  强降雨 ", now=NOW, limit=100)
    assert (subscription, new) == (Subscription(1, "防汛 强降雨", NOW), True)
    assert chat.subscriptions == (subscription,)


@pytest.mark.parametrize("again", ["防汛 强降雨", "防汛　强降雨", "  防汛   强降雨"])
def test_the_same_query_in_another_spelling_is_the_existing_subscription(again: str) -> None:
    chat = chat_with("防汛 强降雨")
    assert subscribe(chat, again, now=NOW, limit=1) == (chat, chat.subscriptions[0], False)


def test_the_limit_is_named() -> None:
    with pytest.raises(LimitReached, match="'核酸' would be subscription 3 of this chat; at most 2"):
        subscribe(chat_with("防汛", "煤改电"), "核酸", now=NOW, limit=2)


def test_an_empty_query_is_refused() -> None:
    with pytest.raises(QueryError):
        subscribe(Chat(1), "！！！", now=NOW, limit=100)


@pytest.mark.parametrize("what", ["#2", "2", "＃2", "２", " #2 ", "煤改电", " 煤改电　"])
def test_a_subscription_is_removed_by_number_or_by_query_in_any_spelling(what: str) -> None:
    chat, gone = unsubscribe(chat_with("防汛", "煤改电", "核酸"), what)
    assert gone == Subscription(2, "煤改电", NOW)
    assert queries(chat) == {1: "防汛", 3: "核酸"}


def test_a_bare_number_is_a_position_and_one_with_a_sign_an_id() -> None:
    chat, _ = unsubscribe(chat_with("防汛", "煤改电", "核酸"), "1")
    assert queries(unsubscribe(chat, "2")[0]) == {2: "煤改电"}
    assert queries(unsubscribe(chat, "#2")[0]) == {3: "核酸"}
    assert unsubscribe(chat, "3") == (chat, None)
    assert unsubscribe(chat, "0") == unsubscribe(chat, "#1") == (chat, None)


@pytest.mark.parametrize("what", ["#9", "内涝", "", "！！！", "9" * 5000])
def test_text_that_denotes_no_subscription_removes_nothing(what: str) -> None:
    chat = chat_with("防汛")
    assert unsubscribe(chat, what) == (chat, None)


def test_a_numeric_query_is_removed_by_its_words() -> None:
    chat, gone = unsubscribe(chat_with("防汛", "2022"), "2022")
    assert gone is not None
    assert gone.query == "2022"
    assert queries(chat) == {1: "防汛"}


def test_a_subscription_that_no_longer_parses_can_be_removed() -> None:
    chat = Chat(1, subscriptions=(Subscription(1, "((", NOW),), next_subscription=2)
    assert unsubscribe(chat, " (( ")[1] == chat.subscriptions[0]


def test_ids_are_never_reused() -> None:
    chat, _ = unsubscribe(chat_with("防汛", "煤改电"), "#2")
    chat, subscription, _ = subscribe(chat, "核酸", now=NOW, limit=100)
    assert subscription.id == 3


def test_merging_a_moved_chat_adds_its_missing_subscriptions() -> None:
    merged = merge_moved_chat(chat_with("煤改电", "核酸", chat_id=2), chat_with("防汛", "核酸"))
    assert queries(merged) == {1: "煤改电", 2: "核酸", 3: "防汛"}
    assert merged.next_subscription == 4


def test_merging_a_moved_chat_keeps_its_settings_unless_others_were_chosen() -> None:
    moved = replace(chat_with("防汛"), settings=Settings("en", digest=False, digest_time=time(18)))
    assert merge_moved_chat(Chat(2), moved).settings == moved.settings
    chosen = Chat(2, Settings("zh", digest_time=time(9)))
    assert merge_moved_chat(chosen, moved).settings == chosen.settings


@pytest.mark.parametrize("query", ["的", "了 的", "我们", "是 OR 在", "和", "因为", "“的”"])
def test_queries_of_function_words_are_refused(query: str) -> None:
    with pytest.raises(TermsTooCommon, match="says nothing about the subject of an article"):
        subscribe(Chat(1), query, now=NOW, limit=100)


@pytest.mark.parametrize("query", ["水", "雪", "防汛 的", "人民", "依法", "by:李", "版:1", "2022-08", "5G", "C919"])
def test_short_words_with_content_are_accepted(query: str) -> None:
    assert subscribe(Chat(1), query, now=NOW, limit=100)[2]


def test_each_topic_of_a_forum_has_its_own_list() -> None:
    chat = chat_with("防汛")
    chat, theirs, new = subscribe(chat, "防汛", now=NOW, limit=100, topic=5, rhythm="daily")
    assert (theirs.id, theirs.topic, theirs.rhythm, new) == (2, 5, "daily", True)
    chat, _, _ = subscribe(chat, "地铁", now=NOW, limit=100, topic=5)
    assert [one.id for one in subscriptions_of_topic(chat, 5)] == [2, 3]
    assert find_subscription(chat, "1") == chat.subscriptions[0]
    assert find_subscription(chat, "1", topic=5) == theirs
    assert unsubscribe(chat, "地铁") == (chat, None)
    assert unsubscribe(chat, "2", topic=5)[1] == chat.subscriptions[2]


def test_the_limit_counts_all_topics() -> None:
    with pytest.raises(LimitReached):
        subscribe(chat_with("防汛", "地铁"), "核酸", now=NOW, limit=2, topic=5)


def test_a_subscription_is_inactive_while_it_is_paused_or_muted() -> None:
    chat, paused = pause(chat_with("防汛"), 1)
    assert paused
    assert is_paused_or_muted(paused, NOW)
    chat, muted = mute(chat, 1, NOW + timedelta(days=1))
    chat, resumed = pause(chat, 1, paused=False)
    assert resumed
    assert not is_paused_or_muted(resumed, NOW), "resuming ends a pause and a mute"
    _, muted = mute(chat, 1, NOW + timedelta(days=1))
    assert muted
    assert is_paused_or_muted(muted, NOW + timedelta(hours=23))
    assert not is_paused_or_muted(muted, NOW + timedelta(days=1))


def test_a_name_is_one_line_and_can_be_removed() -> None:
    chat, named = rename(chat_with("防汛"), 1, "  城里的\n <b>水</b> ")
    assert named
    assert named.name == "城里的 <b>水</b>"
    assert find_subscription(chat, "城里的 <b>水</b>") == named
    assert rename(chat, 1, "")[0] == chat_with("防汛")
    with pytest.raises(UsageError, match="41 characters"):
        rename(chat, 1, "水" * 41)


def test_rhythm_and_cap_are_set_within_their_ranges() -> None:
    chat, _ = set_rhythm(chat_with("防汛"), 1, "weekly")
    chat, changed = set_cap(chat, 1, 5)
    assert changed == Subscription(1, "防汛", NOW, rhythm="weekly", cap=5)
    with pytest.raises(UsageError, match="1 to 100"):
        set_cap(chat, 1, 0)
    assert set_cap(chat, 1, None)[1] == Subscription(1, "防汛", NOW, rhythm="weekly")


def test_changing_an_unknown_subscription_changes_nothing() -> None:
    chat = chat_with("防汛")
    for changed in (pause(chat, 9), mute(chat, 9, None), rename(chat, 9, "水"), exclude_term(chat, 9, "招标")):
        assert changed == (chat, None)


@pytest.mark.parametrize(
    ("query", "term", "expected"),
    [
        ("煤改电", "招标", "煤改电 -招标"),
        ("煤改电 -招标", "公告", "煤改电 -招标 -公告"),
        ("煤改电 -招标", "招标", "煤改电 -招标"),
        ("防汛 OR 内涝", "演练", "(防汛 OR 内涝) -演练"),
        ("养老 ~ 服务", "theme:体育", "养老 ~ 服务 -theme:体育"),
        ("煤改电", "太原 招标", "煤改电 -(太原 招标)"),
    ],
)
def test_an_excluded_term_is_added_to_the_query(query: str, term: str, expected: str) -> None:
    narrower = query_excluding(query, term)
    assert narrower == expected
    assert str(parse(narrower)) == narrower


def test_excluding_a_term_changes_only_the_query() -> None:
    _, changed = exclude_term(chat_with("煤改电"), 1, "招标")
    assert changed == Subscription(1, "煤改电 -招标", NOW)


def test_merging_a_moved_chat_keeps_all_options_of_a_subscription() -> None:
    chat, _ = set_cap(chat_with("防汛"), 1, 5)
    assert merge_moved_chat(Chat(2), chat).subscriptions == (Subscription(1, "防汛", NOW, cap=5),)


def test_a_name_has_at_most_forty_characters() -> None:
    _, named = rename(chat_with("防汛"), 1, "水" * 40)
    assert named
    assert named.name == "水" * 40


@pytest.mark.parametrize("cap", [1, 2, 99, 100])
def test_caps_from_1_to_100_are_possible(cap: int) -> None:
    _, capped = set_cap(chat_with("防汛"), 1, cap)
    assert capped
    assert capped.cap == cap


@pytest.mark.parametrize("cap", [-1, 0, 101])
def test_other_caps_are_refused(cap: int) -> None:
    with pytest.raises(UsageError, match="expected 1 to 100 articles a day"):
        set_cap(chat_with("防汛"), 1, cap)


def test_the_limit_is_reached_exactly() -> None:
    chat, _, new = subscribe(chat_with("防汛"), "煤改电", now=NOW, limit=2)
    assert new
    with pytest.raises(LimitReached):
        subscribe(chat, "核酸", now=NOW, limit=2)


def test_positions_begin_at_one_and_end_with_the_list() -> None:
    chat = chat_with("防汛", "煤改电")
    first, second = chat.subscriptions
    assert find_subscription(chat, "1") == first
    assert find_subscription(chat, "2") == second
    assert find_subscription(chat, "0") is None
    assert find_subscription(chat, "3") is None


@pytest.mark.parametrize("sign", ["#", "＃"])
def test_an_id_has_either_sign_and_at_most_nine_digits(sign: str) -> None:
    chat = replace(chat_with("防汛"), subscriptions=(Subscription(123456789, "防汛", NOW),))
    assert find_subscription(chat, f"{sign}123456789") == chat.subscriptions[0]
    assert find_subscription(chat, f"{sign}0123456789") is None


def test_pausing_and_resuming_end_a_mute() -> None:
    chat, _ = mute(chat_with("防汛"), 1, NOW + timedelta(days=1))
    for paused in (True, False):
        _, changed = pause(chat, 1, paused=paused)
        assert changed == Subscription(1, "防汛", NOW, paused=paused)


@pytest.mark.parametrize("query", ["我们", "因为", "对于", "似的", "吗", "不", "个", "嗯", "咚", "们"])
def test_words_without_content_are_refused(query: str) -> None:
    with pytest.raises(TermsTooCommon):
        subscribe(Chat(1), query, now=NOW, limit=1)


@pytest.mark.parametrize("query", ["theme:的", "已经", "依法"])
def test_fields_and_longer_adverbs_have_content(query: str) -> None:
    assert subscribe(Chat(1), query, now=NOW, limit=1)[2]
