"""Matching does not depend on how a text is printed: the reason of each match shows the text as printed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.chats import Chat, Subscription
from digests.language.normal_form import normal_form, normal_text
from digests.matching import ArticleMatcher, match_query
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, Labels
from digests.query import Term, parse

SENTENCE = "3月4日，长治车站雨水花园建成，张伟和阿里木·江出席防汛会议，2022年用水3500立方米。"
TERMS = ("长治", "车站", "雨水花园", "张伟", "阿里木·江", "防汛", "2022", "3500", "3月")
NO_TERMS = ("水花", "22", "500", "治车", "花园建")

VARIANTS = {
    "长": "长⻓⾧長",
    "车": "车⻋車",
    "水": "水⽔",
    "用": "用⽤",
    "2": "2２",
    "0": "0０",
    "·": "·‧・•．",
    "3": "3３",
    "，": "，,",
}
INVISIBLE = ("", "", "", "\u200b", "\ufeff", "\u00ad", "\ufe0f", "\u2060", "\U000e0100")
SPACES = ("", "", " ", "\u3000", "\u00a0", "\u2009", "\u200b ")


@st.composite
def printed(draw: st.DrawFn, text: str, *, spaces: bool) -> str:
    """Another way of printing `text`: other forms of its characters, invisible characters, spaces between Hanzi."""
    pieces = []
    for at, char in enumerate(text):
        pieces.append(draw(st.sampled_from(VARIANTS.get(char, char))) + draw(st.sampled_from(INVISIBLE)))
        if spaces and char >= "一" and text[at + 1 : at + 2] >= "一":
            pieces.append(draw(st.sampled_from(SPACES)))
    return "".join(pieces)


def _article(text: str) -> Article:
    return Article(id="a", headline=None, paragraphs=(text,))


def matches(query: str, text: str) -> bool:
    return match_query(parse(query), _article(text)) is not None


@pytest.mark.parametrize("term", TERMS)
def test_the_terms_are_found_in_the_plain_sentence(term: str) -> None:
    assert matches(term, SENTENCE)


@pytest.mark.parametrize("term", NO_TERMS)
def test_the_other_terms_are_not(term: str) -> None:
    assert not matches(term, SENTENCE)


@settings(max_examples=15)
@given(printed(SENTENCE, spaces=True))
def test_every_term_is_found_however_the_sentence_is_printed(text: str) -> None:
    assert [term for term in TERMS if not matches(term, text)] == []


@settings(max_examples=15)
@given(printed(SENTENCE, spaces=False))
def test_no_other_term_is_found_however_the_sentence_is_printed(text: str) -> None:
    assert [term for term in NO_TERMS if matches(term, text)] == []


@settings(max_examples=15)
@given(st.sampled_from(TERMS).flatmap(lambda term: st.tuples(st.just(term), printed(term, spaces=False))))
def test_a_query_may_be_typed_in_any_of_these_ways(typed: tuple[str, str]) -> None:
    term, query = typed
    assert normal_form(str(parse(query))) == normal_form(str(parse(term)))


@settings(max_examples=15)
@given(printed(SENTENCE, spaces=True))
def test_subscriptions_fire_and_show_the_printed_text(text: str) -> None:
    subscriptions = tuple(
        Subscription(number, term, datetime(2022, 1, 1, tzinfo=UTC)) for number, term in enumerate(TERMS)
    )
    found = list(SubscriptionMatcher([Chat(1, subscriptions=subscriptions)]).match(_article(text)))
    assert [match.subscription.query for match in found] == list(TERMS)
    for match in found:
        (start, end), *_ = match.reason.snippet.marks
        marked = match.reason.snippet.text[start:end]
        assert match.reason.snippet.text in text
        assert normal_text(marked).text == normal_text(match.subscription.query).text


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("防汛", "市防 汛工作会议", "防 汛"),
        ("雨水花园", "新建雨水 花园三座", "雨水 花园"),
        ("习近平", "习 近 平出席", "习 近 平"),
        ("张伟", "张　伟", "张　伟"),
        ("长治", "⻓治市", "⻓治"),
        ("马拉松", "⻢拉松开跑", "⻢拉松"),
        ("防汛", "防\u200b汛工作", "防\u200b汛"),
        ("2022", "2022年", "2022"),
        ("8月", "8 月 28 日", "8 月"),
        ("二〇二二年", "二○二二年", "二○二二年"),
        ("m2", "m2与㎡", "m2"),
        ("gdp", "Ｇ Ｄ Ｐ增长", "Ｇ Ｄ Ｐ"),
        ("37℃", "气温37℃", "37℃"),
    ],
)
def test_the_match_is_marked_as_printed(query: str, text: str, marked: str) -> None:
    reason = match_query(parse(query), _article(text))
    assert reason
    (start, end), *_ = reason.snippet.marks
    assert reason.snippet.text[start:end] == marked


@pytest.mark.parametrize("text", ["校长治学严谨", "校 长 治 学 严 谨", "校长 治学"])
def test_spaces_do_not_make_a_term_of_characters_of_two_words(text: str) -> None:
    assert not matches("长治", text)


@pytest.mark.parametrize("name", ["王勇", "司勇", "李杰华", "侯慧琴"])
def test_spaces_between_names_separate_them(name: str) -> None:
    reason = match_query(Term(name), _article("记者 王勇 司勇 李杰华 阎轶洁 侯慧琴"))
    assert reason
    assert reason.snippet.text == "记者 王勇 司勇 李杰华 阎轶洁 侯慧琴"


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        ("2022", "2022年", True), ("2022", "截至2022，", True), ("2022", "2021-2022", True),
        ("2022", "2022.8.28", True),
        ("2022", "12022元", False), ("2022", "2022.5元", False), ("2022", "1.2022", False),
        ("2022", "元，2022.5", False), ("2022", "1，2022，3", True), ("2022", "1. 2022年", True),
        ("2022", "20221", False),
        ("500", "3,500元", False), ("3,500", "3,500元", True), ("3", "3,500元", False), ("500", "3，500人", False),
        ("8月", "8月28日", True), ("8月", "18月", False), ("8月", "8 月", True), ("5", "9.5GB", False),
        ("2022", "2022.", True),
        ("10%", "增长10%", True), ("10", "增长10%", True),
    ],
)  # fmt: skip
def test_a_number_is_a_word_beside_hanzi_and_no_part_of_another_number(number: str, text: str, found: bool) -> None:
    assert matches(number, text) is found


def test_columns_stay_apart() -> None:
    assert not matches('"张三李四"', "张三  李四")
    assert matches('"张三李四"', "张三 李四")


def test_labels_are_compared_in_normal_form() -> None:
    labels = Labels(people=("张 伟",), places=("⻓治",))
    made = _article("会议召开。")
    assert ArticleMatcher(made, labels).match(parse("人物:张伟"))
    assert ArticleMatcher(made, labels).match(parse("地点:长治"))
