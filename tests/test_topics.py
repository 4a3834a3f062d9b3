"""New articles against all subscriptions at once."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.matching import matches
from digests.query import parse
from digests.readers import Chat, Subscription
from digests.topics import Topics
from tests.invented import article

NOW = datetime(2023, 3, 5, tzinfo=UTC)


def _chat(number: int, *queries: str) -> Chat:
    return Chat(number, subscriptions=tuple(Subscription(n, q, NOW) for n, q in enumerate(queries, 1)))


def test_each_subscription_that_fires_is_told_with_its_reason() -> None:
    topics = Topics([_chat(7, "雨水花园", "地铁"), _chat(8, "云河 -花园")])
    fired = list(topics.match(article()))
    assert [(match.chat, match.subscription.query, match.reason.term) for match in fired] == [
        (7, "雨水花园", "雨水花园")
    ]


def test_a_subscription_that_cannot_be_understood_is_reported_and_harms_no_other() -> None:
    topics = Topics([_chat(7, "((", "雨水")])
    assert [(chat, subscription.query) for chat, subscription in topics.unread] == [(7, "((")]
    assert [match.subscription.query for match in topics.match(article())] == ["雨水"]


def test_without_subscriptions_nothing_fires() -> None:
    assert list(Topics([]).match(article())) == []


_WORDS = st.sampled_from(["雨水", "花园", "雨水花园", "云河", "地铁", "蓄积", "方小满", '"河市"', "河市", "八百吨"])
_QUERIES = st.one_of(
    _WORDS,
    st.tuples(_WORDS, _WORDS).map(" ".join),
    st.tuples(_WORDS, _WORDS).map(" OR ".join),
    st.tuples(_WORDS, _WORDS).map(" -".join),
)


@settings(max_examples=150)
@given(st.lists(_QUERIES, max_size=6))
def test_one_pass_over_all_fires_exactly_what_each_alone_would(queries: list[str]) -> None:
    told = article()
    together = {(match.subscription.query, match.reason) for match in Topics([_chat(1, *queries)]).match(told)}
    alone = {(query, reason) for query in queries if (reason := matches(parse(query), told))}
    assert together == alone
