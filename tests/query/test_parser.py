"""The query language: parsing, normal form, errors."""

import re
from datetime import date

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from digests.errors import QueryError
from digests.query import (
    And,
    DayOfYear,
    DayRange,
    Near,
    Not,
    Or,
    Query,
    Term,
    parse,
    plain_words,
    single_word,
    wanted_terms,
)
from digests.query.parser import Parser


def test_all_words_must_match() -> None:
    assert parse("防汛 强降雨") == And((Term("防汛"), Term("强降雨")))


def test_quotation_marks_of_every_kind_make_a_phrase() -> None:
    for typed in ('"核酸 检测"', "“核酸 检测”", "「核酸 检测」", "『核酸 检测』"):
        assert parse(typed) == Term("核酸 检测", exact=True)


def test_there_are_four_operators_for_or() -> None:
    wanted = Or((Term("防汛"), Term("内涝")))
    for typed in ("防汛 OR 内涝", "防汛|内涝", "防汛 ｜ 内涝", "防汛 或 内涝"):
        assert parse(typed) == wanted


def test_there_are_four_operators_for_not() -> None:
    wanted = And((Term("煤改电"), Not(Term("招标"))))
    for typed in ("煤改电 -招标", "煤改电 －招标", "煤改电 NOT 招标", "煤改电 非 招标"):
        assert parse(typed) == wanted


def test_parentheses_group_in_half_and_full_width() -> None:
    wanted = And((Or((Term("小店"), Term("迎泽"))), Term("养老")))
    assert parse("(小店 OR 迎泽) 养老") == parse("（小店 或 迎泽）养老") == wanted


def test_and_binds_closer_than_or() -> None:
    assert parse("a b OR c") == Or((And((Term("a"), Term("b"))), Term("c")))


def test_words_that_begin_like_an_operator_are_words() -> None:
    assert parse("或许 是非") == And((Term("或许"), Term("是非")))
    assert parse("covid-19") == Term("covid-19")


def test_other_punctuation_only_separates_words() -> None:
    assert parse("《论语》，太原！") == And((Term("论语"), Term("太原")))


def test_width_and_case_do_not_matter() -> None:
    assert parse("ＧＤＰ") == parse("gdp")


@pytest.mark.parametrize("typed", ["", "   ", "，。！", "---", "|||", "OR", "()", "😀😀😀", "\x00\x01", '""', "-防汛"])
def test_a_query_without_a_word_to_look_for_is_refused(typed: str) -> None:
    with pytest.raises(QueryError, match="no word"):
        parse(typed)


def test_a_query_that_nearly_everything_matches_is_refused() -> None:
    with pytest.raises(QueryError, match="lacks a word"):
        parse("防汛 OR -内涝")


@pytest.mark.parametrize("typed", ["(防汛", "((a) b", "防汛)"])
def test_the_error_of_unbalanced_parentheses_names_them(typed: str) -> None:
    with pytest.raises(QueryError, match="parenthesis"):
        parse(typed)


def test_a_query_longer_than_a_message_is_refused() -> None:
    with pytest.raises(QueryError, match="at most 4096"):
        parse("防" * 4097)


def test_a_query_of_exactly_4096_characters_is_understood_also_in_its_normal_form() -> None:
    assert parse("防" * 4096) == Term("防" * 4096)
    words = [f"{n:04}" for n in range(512)]  # 512 * 4 characters and 511 * " OR ": 4092 in the normal form
    assert len(str(parse("|".join(words)))) == 4092
    assert len(str(parse("|".join([*words[:-1], "a" * 8])))) == 4096
    with pytest.raises(QueryError, match="has 4097 characters in its normal form; at most 4096"):
        parse("|".join([*words[:-1], "a" * 9]))


def test_an_error_quotes_sixty_characters_of_the_query_at_most() -> None:
    for typed, shown in ((f"{'防' * 56} 标题:", f"{'防' * 56} 标题:"), (f"{'防' * 57} 标题:", f"{'防' * 57} 标…")):
        with pytest.raises(QueryError) as refused:
            parse(typed)
        assert str(refused.value) == f"the query {shown!r} has nothing after 标题:"


def test_a_sign_that_stands_for_many_characters_counts_as_many() -> None:
    with pytest.raises(QueryError, match="characters after normalisation"):
        parse("ﷺ" * 1000)


def test_a_query_with_a_normal_form_too_long_to_store_is_refused() -> None:
    with pytest.raises(QueryError, match="normal form"):
        parse("|".join(f"{n}" for n in range(1000)))


def test_parentheses_may_be_nested_twenty_deep() -> None:
    assert parse("(" * 20 + "a" + ")" * 20) == Term("a")
    with pytest.raises(QueryError, match="more than 20 parentheses inside each other"):
        parse("(" * 21 + "a" + ")" * 21)


def test_thousands_of_parentheses_are_refused_without_an_overflow() -> None:
    with pytest.raises(QueryError, match="inside each other"):
        parse("(" * 2000 + "a" + ")" * 2000)


def test_two_hundred_alternatives_are_understood() -> None:
    assert len(wanted_terms(parse(" OR ".join(f"词{n}" for n in range(200))))) == 200


@given(st.text(alphabet="防汛招标或非- ", min_size=1, max_size=12).filter(plain_words))
def test_plain_words_are_parsed_as_the_full_parser_does(typed: str) -> None:
    assert parse(typed) == Parser(typed, typed, None).query()


SINGLE_WORDS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "=", "title:", "by:", "theme:"]),
    st.sampled_from(["", '"']),
    st.text(alphabet="防汛或非", min_size=1, max_size=8),
    st.sampled_from(["", '"']),
)


@given(SINGLE_WORDS.filter(single_word))
def test_a_single_word_is_parsed_as_the_full_parser_does(typed: str) -> None:
    assert [term.text for term in wanted_terms(parse(typed))] == [single_word(typed)]


@pytest.mark.parametrize("asked", ['"防汛"', "=防汛", "title:防汛", 'by:"防汛"'])
def test_a_word_with_one_operator_is_a_single_word(asked: str) -> None:
    assert single_word(asked) == "防汛"
    assert not single_word(f"{asked} 演练")
    assert not single_word(f"-{asked}")


def test_an_excluded_exclusion_is_wanted_again() -> None:
    assert parse("a --b") == And((Term("a"), Term("b")))
    assert parse("a ---b") == parse("a -(-(-b))") == And((Term("a"), Not(Term("b"))))


def test_a_part_that_comes_twice_counts_once() -> None:
    assert parse("a OR b OR a") == Or((Term("a"), Term("b")))
    assert parse("a OR a") == parse("a a") == parse("a ~ a") == Term("a")
    assert parse("(a b) c") == And((Term("a"), Term("b"), Term("c")))
    assert parse("(a | b) | c") == Or((Term("a"), Term("b"), Term("c")))


def test_only_words_of_the_text_or_the_title_stand_close_together() -> None:
    assert parse("标题:a ~ b") == Near((Term("a", field="title"), Term("b")))
    for typed in ("记者:a ~ b", "(a b) ~ c", "a ~ 2022-08"):
        with pytest.raises(QueryError, match="between parts that are not words; expected two words"):
            parse(typed)


def test_an_error_holds_the_position_of_the_mistake() -> None:
    for typed, place in (
        ("防汛 (内涝", 3),
        ("防汛)", 2),
        ("防汛 标题:", 3),
        ("防汛 版:头版", 3),
        ("防汛 after:内涝", 9),
    ):
        with pytest.raises(QueryError) as refused:
            parse(typed)
        assert refused.value.at == place, typed


def test_a_bound_includes_its_day_only_after_and_never_goes_before_the_first_one() -> None:
    assert parse("after:2022") == DayRange(date(2022, 1, 1), None)
    assert parse("之前:2022") == parse("before:2022-01") == DayRange(None, date(2021, 12, 31))
    assert parse("after:2022 after:2021 before:2024 before:2023") == DayRange(date(2022, 1, 1), date(2022, 12, 31))
    assert parse("after:2022-01-01 before:2022-01-02") == DayRange(date(2022, 1, 1), date(2022, 1, 1))


def test_excluded_terms_are_not_among_the_wanted_ones() -> None:
    assert wanted_terms(parse("(a OR b) -c a")) == (Term("a"), Term("b"))


TODAY = date(2022, 8, 31)


@pytest.mark.parametrize("typed", ["标题:防汛", "title:防汛", "TITLE：防汛", "标题： 防汛"])
def test_a_field_has_a_name_in_both_languages(typed: str) -> None:
    assert parse(typed) == Term("防汛", field="title")


def test_a_page_is_a_number() -> None:
    assert parse("版:第3版") == parse("page:03") == Term("3", field="page")
    assert parse("版:12345") == Term("1234", field="page")
    with pytest.raises(QueryError, match="not a page number"):
        parse("版:头版")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2022-08", date(2022, 8, 1), date(2022, 8, 31)),
        ("2022年12月", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022-08-28", date(2022, 8, 28), date(2022, 8, 28)),
        ("2021..2022", date(2021, 1, 1), date(2022, 12, 31)),
        ("after:2022-08 before:2022-09", date(2022, 8, 1), date(2022, 8, 31)),
        ("去年", date(2021, 1, 1), date(2021, 12, 31)),
        ("上周", date(2022, 8, 22), date(2022, 8, 28)),
        ("前天", date(2022, 8, 29), date(2022, 8, 29)),
    ],
)
def test_days_are_written_in_many_ways(typed: str, first: date, last: date) -> None:
    assert parse(typed, today=TODAY) == DayRange(first, last)


def test_a_day_without_a_year_is_that_day_of_any_year() -> None:
    assert parse("8月28日") == DayOfYear(8, 28)


def test_without_today_relative_days_are_words_and_a_bare_year_is_always_one() -> None:
    assert parse("去年") == Term("去年")
    assert parse("2022") == Term("2022")


@pytest.mark.parametrize("typed", ["2022-02-30", "2022年13月", "2月30日", "after:2022-13", "before:明天"])
def test_the_error_of_a_day_that_does_not_exist_holds_its_position(typed: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(f"防汛 {typed}")
    assert refused.value.at is not None
    assert refused.value.at >= 3
    assert refused.value.suggestion
    assert repr(typed.rsplit(":", maxsplit=1)[-1]) in str(refused.value)


def test_contradicting_days_are_refused() -> None:
    for typed in ("after:2022-09 before:2022-08", "2022..2021", "after:2022 (before:2021 防汛)"):
        with pytest.raises(QueryError, match="the first day is later than the last"):
            parse(typed)


def test_operators_for_near_terms_and_for_terms_as_printed() -> None:
    assert parse("防汛 ~ 强降雨") == parse("防汛～强降雨") == Near((Term("防汛"), Term("强降雨")))
    assert parse("=太原") == Term("太原", as_printed=True)


def test_an_error_suggests_a_query_that_works() -> None:
    for typed in ("(防汛", "防汛)", "防汛 标题:"):
        with pytest.raises(QueryError) as refused:
            parse(typed)
        assert wanted_terms(parse(refused.value.suggestion)) == (Term("防汛"),)


_QUERIES = st.recursive(
    st.sampled_from(
        [
            "防汛",
            "covid-19",
            '"核酸检测"',
            "a",
            "煤改电",
            "=太原",
            "记者:梁涛",
            '标题:"防汛"',
            "2022-08",
            "8月28日",
            "after:2022-08-01",
            "before:2023",
            "防汛 ~ 强降雨",
            "版:3",
            "去年",
            "“核酸 检测”",
            "『内涝』",
            "标题：防汛",
            "版：第３版",
            "ｃｏｖｉｄ",
            "＝太原",
            "防汛～内涝～强降雨",
            "２０２２年８月",
            "8月28号",
            "之后:2022-08",
            "2021..2022",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map("\u3000".join),
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map("｜".join),
        st.tuples(inner, inner).map(" 或 ".join),
        inner.map(lambda q: f"({q})"),
        inner.map(lambda q: f"（{q}）"),
        inner.map(lambda q: f"b -({q})"),
        inner.map(lambda q: f"b －{q}"),
        inner.map(lambda q: f"b 非（{q}）"),
    ),
    max_leaves=8,
)


@given(_QUERIES)
def test_the_normal_form_is_parsed_as_an_equal_query(typed: str) -> None:
    try:
        query = parse(typed, today=TODAY)
    except QueryError:  # days drawn that exclude each other
        event("excluding days")
        return
    _comes_back(query)


def test_the_normal_form_needs_no_more_parentheses_than_were_typed() -> None:
    typed = "a -防汛 ~ 内涝"
    for level in range(20):
        typed = f"b{level} -(c{level} OR {typed})" if level % 2 else f"b{level} -({typed} d{level})"
    _comes_back(parse(typed))


def _comes_back(query: Query) -> None:
    assert parse(str(query), today=TODAY) == query


@given(st.text(max_size=60) | st.text(alphabet='()-|" “”或非ORNT防汛~=:标题版年月日0123.，', max_size=40))
def test_any_text_is_parsed_or_refused_with_a_query_error(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("⻓治", "长治"), ("=⻓治", "=长治"), ("标题:⻋站", "title:车站"), ("防\u200b汛", "防汛"),
        ("防\ufe0f汛 -招\u00ad标", "防汛 -招标"),
        ("二○二二", "二〇二二"), ("阿里木・江", "阿里木·江"), ("阿里木•江", "阿里木·江"), ("COVID‑19", "covid-19"),
        ("3,500", "3,500"), ("37℃", "37°c"), ("100㎡", "100m2"), ("防汛 • 抗旱", "防汛 抗旱"),
        # letter-spaced words and names, but not words of one character
        ("防 汛", "防汛"), ("习 近 平", "习近平"), ("张\u3000伟 防汛", "张伟 防汛"), ("标题:防 汛", "title:防汛"),
        ("(防 汛)", "防汛"),
        ("防汛 -演 练", "防汛 -演练"), ("防 汛 抗 旱", "防汛抗旱"), ("水 电 气", "水 AND 电 AND 气"),
        ("防 或 汛", "防 OR 汛"),
        ("防 AND 汛", "防 AND 汛"), ("雨水 花 园 a b", "雨水 花园 a b"),
    ],
)  # fmt: skip
def test_a_query_has_one_form_however_it_is_typed(typed: str, normal: str) -> None:
    assert str(parse(typed)) == normal
    assert parse(normal) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "code", "readable"),
    [("\ue000治", "U+E000", "治"), ("防\ufffd汛", "U+FFFD", "防汛"), ("防汛 长\U000f0000", "U+F0000", "防汛 长")],
)
def test_no_part_of_a_word_is_dropped_without_telling(typed: str, code: str, readable: str) -> None:
    with pytest.raises(QueryError, match=re.escape(f"unreadable character {code}")) as caught:
        parse(typed)
    assert caught.value.suggestion == readable
    assert parse("\ue000 防汛") == Term("防汛")


@given(st.lists(st.sampled_from(["防", "汛", "水", "a", "雨水", "=汛", "-电"]), min_size=1).map(" AND ".join))
def test_single_characters_stay_apart_in_the_normal_form(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    assert parse(str(query)) == query
