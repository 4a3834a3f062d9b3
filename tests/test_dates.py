"""Days in commands, in queries and in questions."""

from datetime import date

import pytest

from digests.dates import (
    ALL_WEEKDAYS,
    WEEKEND,
    WORKDAYS,
    DayOfYear,
    DayRange,
    InvalidDay,
    PartialDay,
    find_days,
    parse_day,
    parse_period,
    parse_query_days,
    valid_date,
    weekday_number,
)

TODAY = date(2023, 3, 5)
"""A Sunday."""
ISSUES = [date(2022, 8, 29), date(2021, 8, 29), date(2022, 7, 29)]


@pytest.mark.parametrize(
    "typed",
    [
        "2022-08-29", "2022年8月29日", "2022/8/29", "2022.8.29", "20220829", " 2022年08月29日 ", "２０２２年８月２９日",
        "2022年8月29号", "2022年8月29", "二〇二二年八月二十九日", "二零二二年八月廿九号",
    ],
)  # fmt: skip
def test_a_day_with_its_year_is_that_day(typed: str) -> None:
    assert parse_day(typed, ISSUES, TODAY) == date(2022, 8, 29)


@pytest.mark.parametrize("typed", ["8月29日", "8月29号", "8-29", "08/29", "8.29", "八月二十九日", "八月29"])
def test_a_day_without_a_year_is_the_newest_issue_of_that_day(typed: str) -> None:
    assert parse_day(typed, ISSUES, TODAY) == date(2022, 8, 29)


def test_a_day_without_a_year_and_without_an_issue_is_the_one_nearest_to_an_issue() -> None:
    assert parse_day("8月30日", ISSUES, TODAY) == date(2022, 8, 30)
    assert parse_day("1月2日", ISSUES, TODAY) == date(2023, 1, 2)
    assert parse_day("1月2日", [], TODAY) == date(2023, 1, 2)
    assert parse_day("12月31日", [date(2022, 1, 2)], TODAY) == date(2022, 12, 31)
    assert parse_day("12月31日", [date(2021, 1, 2), date(2023, 1, 2)], TODAY) == date(2023, 12, 31)


def test_a_day_without_a_year_that_is_today_is_today() -> None:
    assert parse_day("3月5日", ISSUES, TODAY) == TODAY
    assert parse_day("3月5日", [date(2021, 3, 4)], TODAY) == TODAY
    assert parse_day("3月5日", [date(2021, 3, 5)], TODAY) == date(2021, 3, 5)


def test_the_29th_of_february_is_only_in_years_that_have_one() -> None:
    assert parse_day("2月29日", [date(2020, 3, 1)], TODAY) == date(2020, 2, 29)
    assert parse_day("2月29日", ISSUES, TODAY) is None


RELATIVE_DAYS = [
    ("今天", date(2023, 3, 5)),
    ("今日", date(2023, 3, 5)),
    ("Today", date(2023, 3, 5)),
    ("昨天", date(2023, 3, 4)),
    ("昨日", date(2023, 3, 4)),
    ("Yesterday", date(2023, 3, 4)),
    ("前天", date(2023, 3, 3)),
    ("前日", date(2023, 3, 3)),
    ("大前天", date(2023, 3, 2)),
]


@pytest.mark.parametrize(("word", "day"), RELATIVE_DAYS)
def test_relative_days_are_the_same_in_a_command_and_in_a_query(word: str, day: date) -> None:
    assert parse_day(word, ISSUES, TODAY) == day
    assert parse_query_days(word, TODAY) == DayRange(day, day)


@pytest.mark.parametrize(
    "typed",
    [
        "2月30日",
        "2022-13-01",
        "20221301",
        "防汛",
        "",
        "2022",
        "9999999",
        "上周",
        "今年",
        "十十月三日",
        "八月",
        "十四日",
    ],
)
def test_other_text_is_no_day(typed: str) -> None:
    assert parse_day(typed, ISSUES, TODAY) is None


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("本周", date(2023, 2, 27), date(2023, 3, 5)),
        ("这个星期", date(2023, 2, 27), date(2023, 3, 5)),
        ("上周", date(2023, 2, 20), date(2023, 2, 26)),
        ("上个礼拜", date(2023, 2, 20), date(2023, 2, 26)),
        ("本月", date(2023, 3, 1), date(2023, 3, 31)),
        ("上月", date(2023, 2, 1), date(2023, 2, 28)),
        ("上个月", date(2023, 2, 1), date(2023, 2, 28)),
        ("今年", date(2023, 1, 1), date(2023, 12, 31)),
        ("去年", date(2022, 1, 1), date(2022, 12, 31)),
        ("前年", date(2021, 1, 1), date(2021, 12, 31)),
        ("2022", None, None),
        ("2022-08", date(2022, 8, 1), date(2022, 8, 31)),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022年8月", date(2022, 8, 1), date(2022, 8, 31)),
        ("2022年", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-8-9", date(2022, 8, 9), date(2022, 8, 9)),
        ("2022年8月9号", date(2022, 8, 9), date(2022, 8, 9)),
        ("2021..2022", date(2021, 1, 1), date(2022, 12, 31)),
        ("2021-11..2022年1月2日", date(2021, 11, 1), date(2022, 1, 2)),
    ],
)
def test_periods_of_a_query_are_ranges_of_days(word: str, first: date | None, last: date | None) -> None:
    assert parse_query_days(word, TODAY) == (DayRange(first, last) if first else None)


def test_the_month_before_january_is_december() -> None:
    assert parse_query_days("上月", date(2023, 1, 31)) == DayRange(date(2022, 12, 1), date(2022, 12, 31))
    assert parse_query_days("本月", date(2023, 12, 31)) == DayRange(date(2023, 12, 1), date(2023, 12, 31))


def test_a_week_begins_on_monday() -> None:
    monday, sunday = date(2023, 2, 27), date(2023, 3, 5)
    assert parse_query_days("本周", monday) == parse_query_days("本周", sunday) == DayRange(monday, sunday)


@pytest.mark.parametrize(
    "word", "昨天 前天 上周 2022..8月 8月..2022 五月五日 二〇二二年 2022 8月 8-29 防汛2 一日".split()
)
def test_without_today_relative_words_are_words_and_so_are_days_in_chinese_numerals(word: str) -> None:
    assert parse_query_days(word, None) is None


def test_a_bare_year_is_a_period_only_after_a_field() -> None:
    assert parse_period("2022") == DayRange(date(2022, 1, 1), date(2022, 12, 31))
    assert parse_query_days("2022", TODAY) is None


def test_a_day_without_a_year_in_a_query_is_that_day_of_every_year() -> None:
    assert parse_query_days("8月9日", None) == parse_query_days("8月9号", None) == DayOfYear(8, 9)
    assert parse_query_days("2月29日", None) == DayOfYear(2, 29)


@pytest.mark.parametrize("word", ["2月30日", "13月1日", "2022-02-30", "2022-13", "2022年2月29日", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_invalid(word: str) -> None:
    with pytest.raises(InvalidDay, match=word):
        parse_query_days(word, None)


def test_a_range_contains_its_ends_and_an_open_side_everything() -> None:
    days = [date(2022, 8, day) for day in (1, 2, 3, 4)]
    assert [DayRange(days[1], days[2]).contains(day) for day in days] == [False, True, True, False]
    assert [DayRange(None, days[2]).contains(day) for day in days] == [True, True, True, False]
    assert [DayRange(days[1], None).contains(day) for day in days] == [False, True, True, True]
    assert not DayRange(None, None).contains(None)
    assert DayOfYear(8, 2).contains(days[1])
    assert not DayOfYear(8, 2).contains(days[2])
    assert not DayOfYear(8, 2).contains(None)


@pytest.mark.parametrize(
    ("days", "query"),
    [
        (DayRange(date(2022, 8, 1), date(2022, 8, 1)), "2022-08-01"),
        (DayRange(date(2022, 8, 1), date(2022, 8, 2)), "2022-08-01..2022-08-02"),
        (DayRange(date(2022, 8, 1), None), "after:2022-08-01"),
        (DayRange(None, date(2022, 8, 31)), "before:2022-09-01"),
        (DayRange(None, None), "after:0001-01-01"),
        (DayOfYear(8, 9), "8月9日"),
    ],
)
def test_days_are_written_as_a_query_reads_them(days: DayRange | DayOfYear, query: str) -> None:
    assert str(days) == query


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("二〇二〇年五月二十二日在大会上", PartialDay(2020, 5, 22)),
        ("2020年5月22日", PartialDay(2020, 5, 22)),
        ("四月一日起", PartialDay(None, 4, 1)),
        ("预计十四日结束", PartialDay(None, None, 14)),
        ("十一月三十日", PartialDay(None, 11, 30)),
        ("五月廿二日", PartialDay(None, 5, 22)),
    ],
)
def test_a_question_names_days_in_figures_and_in_numerals(text: str, named: PartialDay) -> None:
    assert find_days(text) == (named,)


def test_all_days_of_a_question_are_found_in_order() -> None:
    assert find_days("从5月3日到十四日") == (PartialDay(None, 5, 3), PartialDay(None, None, 14))


@pytest.mark.parametrize("text", ["防灾减灾日", "工作30多日", "昨日", "1234567日", ""])
def test_other_words_name_no_day(text: str) -> None:
    assert find_days(text) == ()


def test_a_day_is_reported_by_the_paper_of_that_day_and_of_the_next() -> None:
    reporting = [day for day in range(1, 32) if PartialDay(None, 5, 22).reported_on(date(2020, 5, day))]
    assert reporting == [22, 23]
    assert PartialDay(2020, 5, 31).reported_on(date(2020, 6, 1))
    assert not PartialDay(2019, 5, 22).reported_on(date(2020, 5, 22))
    assert not PartialDay(None, 4, 22).reported_on(date(2020, 5, 22))
    assert not PartialDay(None, 5, 22).reported_on(None)


def test_weekdays_count_from_monday() -> None:
    assert [weekday_number(sign) for sign in "一二三四五六日天"] == [0, 1, 2, 3, 4, 5, 6, 6]
    assert (WORKDAYS, WEEKEND, ALL_WEEKDAYS) == ((0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6))


def test_only_dates_of_the_calendar_are_valid() -> None:
    assert valid_date(2020, 2, 29) == date(2020, 2, 29)
    assert [valid_date(2021, 2, 29), valid_date(2021, 13, 1), valid_date(0, 1, 1)] == [None, None, None]
