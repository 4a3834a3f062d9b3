"""The query language: what is typed, what it means, how it prints back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import QueryError
from digests.query import And, Not, Or, Term, parse, terms


def test_words_are_all_wanted() -> None:
    assert parse("防汛 强降雨") == And((Term("防汛"), Term("强降雨")))


def test_quotation_marks_of_every_kind_make_a_phrase() -> None:
    for typed in ('"核酸 检测"', "“核酸 检测”", "「核酸 检测」", "『核酸 检测』"):
        assert parse(typed) == Term("核酸 检测", exact=True)


def test_either_is_said_in_four_ways() -> None:
    wanted = Or((Term("防汛"), Term("内涝")))
    for typed in ("防汛 OR 内涝", "防汛|内涝", "防汛 ｜ 内涝", "防汛 或 内涝"):
        assert parse(typed) == wanted


def test_a_refusal_is_said_in_four_ways() -> None:
    wanted = And((Term("煤改电"), Not(Term("招标"))))
    for typed in ("煤改电 -招标", "煤改电 －招标", "煤改电 NOT 招标", "煤改电 非 招标"):
        assert parse(typed) == wanted


def test_parentheses_group_also_in_full_width() -> None:
    wanted = And((Or((Term("小店"), Term("迎泽"))), Term("养老")))
    assert parse("(小店 OR 迎泽) 养老") == parse("（小店 或 迎泽）养老") == wanted


def test_and_binds_closer_than_or() -> None:
    assert parse("a b OR c") == Or((And((Term("a"), Term("b"))), Term("c")))


def test_words_that_begin_like_an_operator_are_words() -> None:
    assert parse("或许 是非") == And((Term("或许"), Term("是非")))
    assert parse("covid-19") == Term("covid-19")


def test_punctuation_parts_words_and_means_nothing_itself() -> None:
    assert parse("《论语》，太原！") == And((Term("论语"), Term("太原")))


def test_width_and_case_do_not_matter() -> None:
    assert parse("ＧＤＰ") == parse("gdp")


@pytest.mark.parametrize("typed", ["", "   ", "，。！", "---", "|||", "OR", "()", "😀😀😀", "\x00\x01", '""', "-防汛"])
def test_a_query_without_a_wanted_word_is_refused(typed: str) -> None:
    with pytest.raises(QueryError, match="no word"):
        parse(typed)


def test_a_query_that_nearly_everything_matches_is_refused() -> None:
    with pytest.raises(QueryError, match="lacks a word"):
        parse("防汛 OR -内涝")


@pytest.mark.parametrize("typed", ["(防汛", "((a) b", "防汛)"])
def test_parentheses_that_do_not_fit_are_named(typed: str) -> None:
    with pytest.raises(QueryError, match="parenthesis"):
        parse(typed)


def test_a_query_longer_than_a_message_is_refused() -> None:
    with pytest.raises(QueryError, match="at most 4096"):
        parse("防" * 4097)


def test_parentheses_without_end_are_refused_and_not_an_overflow() -> None:
    with pytest.raises(QueryError, match="inside each other"):
        parse("(" * 2000 + "a" + ")" * 2000)


def test_two_hundred_alternatives_are_understood() -> None:
    assert len(terms(parse(" OR ".join(f"词{n}" for n in range(200))))) == 200


def test_the_terms_are_those_that_are_wanted() -> None:
    assert terms(parse("(a OR b) -c a")) == (Term("a"), Term("b"))


_QUERIES = st.recursive(
    st.sampled_from(["防汛", "covid-19", '"核酸检测"', "a", "煤改电"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        inner.map(lambda q: f"({q})"),
        inner.map(lambda q: f"b -({q})"),
    ),
    max_leaves=8,
)


@given(_QUERIES)
def test_the_normal_form_means_the_same(typed: str) -> None:
    query = parse(typed)
    assert parse(str(query)) == query


@given(st.text(max_size=60) | st.text(alphabet='()-|" “”或非ORNT防汛', max_size=40))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    assert parse(str(query)) == query
