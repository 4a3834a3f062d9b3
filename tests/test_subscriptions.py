"""Adding, finding and ending what a chat wants to hear of."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from digests.errors import LimitReached, QueryError
from digests.readers import Chat, Settings, Subscription
from digests.subscriptions import adopt, subscribe, unsubscribe

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
def test_the_same_wish_in_another_spelling_is_the_subscription_that_is_there(again: str) -> None:
    chat = chat_with("防汛 强降雨")
    assert subscribe(chat, again, now=NOW, limit=1) == (chat, chat.subscriptions[0], False)


def test_the_limit_is_named() -> None:
    with pytest.raises(LimitReached, match="'核酸' would be subscription 3 of this chat; at most 2"):
        subscribe(chat_with("防汛", "煤改电"), "核酸", now=NOW, limit=2)


def test_a_query_that_says_nothing_is_refused() -> None:
    with pytest.raises(QueryError):
        subscribe(Chat(1), "！！！", now=NOW, limit=100)


@pytest.mark.parametrize("what", ["#2", "2", "＃2", "２", " #2 ", "煤改电", " 煤改电　"])
def test_a_subscription_ends_by_number_or_by_query_in_any_spelling(what: str) -> None:
    chat, gone = unsubscribe(chat_with("防汛", "煤改电", "核酸"), what)
    assert gone == Subscription(2, "煤改电", NOW)
    assert queries(chat) == {1: "防汛", 3: "核酸"}


def test_a_bare_number_is_the_place_in_the_list_and_one_with_its_sign_the_id() -> None:
    chat, _ = unsubscribe(chat_with("防汛", "煤改电", "核酸"), "1")
    assert queries(unsubscribe(chat, "2")[0]) == {2: "煤改电"}
    assert queries(unsubscribe(chat, "#2")[0]) == {3: "核酸"}
    assert unsubscribe(chat, "3") == (chat, None)
    assert unsubscribe(chat, "0") == unsubscribe(chat, "#1") == (chat, None)


@pytest.mark.parametrize("what", ["#9", "内涝", "", "！！！", "9" * 5000])
def test_what_is_not_there_ends_nothing(what: str) -> None:
    chat = chat_with("防汛")
    assert unsubscribe(chat, what) == (chat, None)


def test_a_query_that_is_a_number_ends_by_its_words() -> None:
    chat, gone = unsubscribe(chat_with("防汛", "2022"), "2022")
    assert gone is not None
    assert gone.query == "2022"
    assert queries(chat) == {1: "防汛"}


def test_a_subscription_that_no_longer_parses_can_still_be_ended() -> None:
    chat = Chat(1, subscriptions=(Subscription(1, "((", NOW),), next_subscription=2)
    assert unsubscribe(chat, " (( ")[1] == chat.subscriptions[0]


def test_a_number_is_never_given_twice() -> None:
    chat, _ = unsubscribe(chat_with("防汛", "煤改电"), "#2")
    chat, subscription, _ = subscribe(chat, "核酸", now=NOW, limit=100)
    assert subscription.id == 3


def test_a_moved_chat_brings_what_is_not_there_yet() -> None:
    merged = adopt(chat_with("煤改电", "核酸", chat_id=2), chat_with("防汛", "核酸"))
    assert queries(merged) == {1: "煤改电", 2: "核酸", 3: "防汛"}
    assert merged.next_subscription == 4


def test_a_moved_chat_brings_its_settings_where_nobody_has_chosen_any() -> None:
    moved = replace(chat_with("防汛"), settings=Settings("en", digest=False, digest_time=time(18)))
    assert adopt(Chat(2), moved).settings == moved.settings
    chosen = Chat(2, Settings("zh", digest_time=time(9)))
    assert adopt(chosen, moved).settings == chosen.settings
