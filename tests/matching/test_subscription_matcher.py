"""New articles against all subscriptions at once."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.chats import Chat, Subscription
from digests.errors import QueryError
from digests.matching import ArticleMatcher, match_query
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Labels, Reporter
from digests.query import Query, parse
from tests.invented import article

NOW = datetime(2023, 3, 5, tzinfo=UTC)


def _chat(number: int, *queries: str) -> Chat:
    return Chat(number, subscriptions=tuple(Subscription(n, q, NOW) for n, q in enumerate(queries, 1)))


def test_each_subscription_that_fires_has_its_reason() -> None:
    matcher = SubscriptionMatcher([_chat(7, "雨水花园", "地铁"), _chat(8, "云河 -花园")])
    fired = list(matcher.match(article()))
    assert [(match.chat, match.subscription.query, match.reason.term) for match in fired] == [
        (7, "雨水花园", "雨水花园")
    ]


def test_a_subscription_that_cannot_be_parsed_is_reported_and_harms_no_other() -> None:
    matcher = SubscriptionMatcher([_chat(7, "((", "雨水")])
    assert [(chat, subscription.query) for chat, subscription in matcher.invalid] == [(7, "((")]
    assert [match.subscription.query for match in matcher.match(article())] == ["雨水"]


def test_without_subscriptions_nothing_fires() -> None:
    assert list(SubscriptionMatcher([]).match(article())) == []


def test_matches_of_one_query_come_in_the_order_of_chats_and_subscriptions() -> None:
    matcher = SubscriptionMatcher([_chat(9, "花园", "雨水"), _chat(7, "雨水", "花园")])
    fired = [(match.chat, match.subscription.query) for match in matcher.match(article())]
    assert fired == [(9, "花园"), (9, "雨水"), (7, "雨水"), (7, "花园")]


def test_a_subscription_to_a_label_or_a_day_fires_without_a_word_of_the_text() -> None:
    matcher = SubscriptionMatcher(
        [_chat(7, "主题:园林 OR 人物:方小满", "2023-03", "版:1", "版:2")], lambda _: Labels(themes=("城市园林",))
    )
    assert [match.subscription.query for match in matcher.match(article())] == [
        "主题:园林 OR 人物:方小满",
        "2023-03",
        "版:1",
    ]


def test_only_queries_whose_terms_may_occur_are_candidates() -> None:
    queries = (
        [f"花园 第{n}期" for n in range(500)]
        + [f"{n}号楼 OR 地铁{n}" for n in range(500)]
        + ["雨水花园", "云诃市 花园", "花园 地铁一号线"]
    )
    matcher = SubscriptionMatcher([_chat(1, *queries)])
    index = matcher._queries
    candidates = index.candidates(index.terms_in(ArticleMatcher(article())))
    assert {index._texts[number] for number in candidates} == {"雨水花园", "云诃市 花园"}, (
        "云诃市 may be 云河市, misread"
    )


def test_an_unclosed_quotation_mark_still_allows_misread_forms() -> None:
    matcher = SubscriptionMatcher([_chat(1, '"花园', '"花园"')])
    story = article(headline="", paragraphs=("花圆",))
    assert [match.subscription.query for match in matcher.match(story)] == ['"花园']


_WORDS = st.sampled_from(
    """雨水 花园 雨水花园 云河 地铁 蓄积 方小满 "河市" 河市 八百吨 忻州 =忻州 忻州市 太原 太忻一体化 标题:忻州
    title:花园 记者:方小满 人物:李云 地点:云河 主题:园林 版:1 2023-03 3月5日 after:2023-04 忻州~花园 长治 校长
    园 ab title:忻州 title:"忻州" by:方小满 theme:园林 person:李云 place:云河 "花园" ="花园" "花园""".split()
)
_QUERIES = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map(lambda both: f"{both[0]} -({both[1]})"),
        inner.map(lambda query: f"({query})"),
    ),
    max_leaves=5,
)
_TEXTS = st.lists(
    st.sampled_from(
        """雨水 花园 云河市 地铁 校长治学 析州 忻州 大原 太析一体化 在 的 。 ， 园 ＡＢ 記者 方小满 花圆 云诃""".split()
    ),
    max_size=14,
).map("".join)


def _understood(query: str) -> Query | None:
    try:
        return parse(query)
    except QueryError:  # days drawn that exclude each other
        return None


@settings(max_examples=300)
@given(st.lists(_QUERIES, max_size=6), _TEXTS, _TEXTS)
def test_one_pass_over_all_subscriptions_fires_exactly_those_that_match_alone(
    queries: list[str], headline: str, text: str
) -> None:
    story = article(headline=headline, paragraphs=(text, text[::-1]), reporters=(Reporter("方小满"),))
    labels = Labels(themes=("城市园林",), people=("李云",), places=("云河",))
    matcher = SubscriptionMatcher([_chat(1, *queries)], lambda _: labels)
    together = {(match.subscription.query, match.reason) for match in matcher.match(story)}
    alone = {
        (q, reason) for q in queries if (query := _understood(q)) and (reason := match_query(query, story, labels))
    }
    assert together == alone


@given(st.permutations(["析州", "太析一体化", "大原", "云诃市"]))
def test_one_pass_finds_the_same_misread_forms_as_each_query_alone(printed: list[str]) -> None:
    story = article(headline="", paragraphs=tuple(f"昨天在{name}。" for name in printed))
    queries = ["忻州", "太忻一体化", "太原", "云河市", "忻州 太忻一体化", "忻州 -太原"]
    together = {(m.subscription.query, m.reason) for m in SubscriptionMatcher([_chat(1, *queries)]).match(story)}
    alone = {(query, reason) for query in queries if (reason := match_query(parse(query), story))}
    assert together == alone
    assert {"忻州", "太忻一体化"} <= {query for query, reason in together if reason.rule == "alike"}
