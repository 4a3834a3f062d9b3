"""What a reader types as a day."""

from datetime import date

import pytest

from digests.dates import parse_day

TODAY = date(2023, 3, 5)
ISSUES = [date(2022, 8, 29), date(2021, 8, 29), date(2022, 7, 29)]


@pytest.mark.parametrize(
    "said",
    ["2022-08-29", "2022年8月29日", "2022/8/29", "2022.8.29", "20220829", " 2022年08月29日 ", "２０２２年８月２９日"],
)
def test_a_day_with_its_year_is_that_day(said: str) -> None:
    assert parse_day(said, ISSUES, TODAY) == date(2022, 8, 29)


@pytest.mark.parametrize("said", ["8月29日", "8月29号", "8-29", "08/29"])
def test_a_day_without_a_year_is_the_newest_issue_of_that_day(said: str) -> None:
    assert parse_day(said, ISSUES, TODAY) == date(2022, 8, 29)


def test_a_day_without_a_year_and_without_an_issue_is_the_one_nearest_to_an_issue() -> None:
    assert parse_day("8月30日", ISSUES, TODAY) == date(2022, 8, 30)
    assert parse_day("1月2日", ISSUES, TODAY) == date(2023, 1, 2)
    assert parse_day("1月2日", [], TODAY) == date(2023, 1, 2)


def test_a_day_without_a_year_that_is_today_is_today() -> None:
    assert parse_day("3月5日", ISSUES, TODAY) == TODAY


def test_the_29th_of_february_is_only_in_years_that_have_one() -> None:
    assert parse_day("2月29日", [date(2020, 3, 1)], TODAY) == date(2020, 2, 29)
    assert parse_day("2月29日", ISSUES, TODAY) is None


def test_named_days_count_from_today() -> None:
    assert parse_day("今天", ISSUES, TODAY) == TODAY
    assert parse_day("昨天", ISSUES, TODAY) == date(2023, 3, 4)
    assert parse_day("Yesterday", ISSUES, TODAY) == date(2023, 3, 4)


@pytest.mark.parametrize("said", ["2月30日", "2022-13-01", "20221301", "防汛", "", "2022", "9999999"])
def test_what_is_no_day_is_none(said: str) -> None:
    assert parse_day(said, ISSUES, TODAY) is None
