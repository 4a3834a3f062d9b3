"""The date of an issue from its text."""

from datetime import date
from pathlib import Path

import pytest

from digests.pages import issue_date


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("000_dae80abf9b835e1c", "2022-08-29"),
        ("001_6d3b14249bc8cb53", "2022-07-29"),
        ("002_b581f6f460deb7f6", "XXXX-07-31"),
        ("003_a99d6f3a8a207d3f", "2022-11-24"),
        ("004_28efd789d574a832", "XXXX-08-12"),
    ],
)
def test_the_sample_pages_tell_their_day_and_a_year_only_if_it_is_printed(
    seeds: Path, page: str, expected: str
) -> None:
    found = issue_date.from_text((seeds / f"{page}.txt").read_text(encoding="utf-8"))
    assert found
    assert found.text == expected


def test_a_running_head_is_the_surest_date() -> None:
    found = issue_date.from_text("2020年1月3日 星期五 第5版\n\n本报讯 12月30日，某地召开会议。")
    assert found == issue_date.IssueDate(1, 3, 2020, 1.0)


def test_the_issue_is_of_the_day_after_the_latest_event() -> None:
    found = issue_date.from_text("本报讯 5月3日，甲地植树。\n本报讯 5月4日，乙地植树。\n丙地植树活动始于2月1日。")
    assert found
    assert (found.month, found.day_of_month, found.year) == (5, 5, None)


def test_days_in_the_future_do_not_count() -> None:
    found = issue_date.from_text(
        "本报讯 5月4日，乙地植树。\n展览将于5月9日开幕，5月6日起售票，5月8日前报名，至5月20日结束。"
    )
    assert found
    assert (found.month, found.day_of_month) == (5, 5)


def test_the_day_after_the_last_of_a_month_is_the_first() -> None:
    assert issue_date.from_text("本报讯 2月28日，甲地植树。").text in ("XXXX-02-29", "XXXX-03-01")  # type: ignore[union-attr]
    found = issue_date.from_text("本报讯 12月31日，甲地迎新年。\n特此公告 2021年12月29日")
    assert found
    assert found.text == "2022-01-01"


def test_a_year_in_the_sentence_of_the_event_counts_and_a_planned_year_does_not() -> None:
    found = issue_date.from_text("本报讯 5月4日，2019年甲市植树节举行。到2025年，甲市将植树百万。")
    assert found
    assert found.day == date(2019, 5, 5)
    found = issue_date.from_text("本报讯 5月4日，甲市植树。到2025年，甲市将植树百万。")
    assert found
    assert found.day is None


def test_a_countdown_tells_the_year() -> None:
    found = issue_date.from_text("本报讯 12月20日，甲市植树。\n\n距2023年甲市花展开幕还有 30 天")
    assert found
    assert found.day == date(2022, 12, 21)


def test_a_year_that_disagrees_with_a_printed_weekday_is_rejected() -> None:
    page = "本报讯 5月4日（星期{}），2019年甲市植树节举行。"
    assert issue_date.from_text(page.format("六")).day == date(2019, 5, 5)  # type: ignore[union-attr]
    assert issue_date.from_text(page.format("一")).day is None  # type: ignore[union-attr]


def test_a_text_without_days_has_no_date() -> None:
    assert issue_date.from_text("没有日期的一页。13月40日不是日期。") is None
    assert issue_date.from_text("") is None


def test_two_near_neighbours_tell_the_year() -> None:
    found = issue_date.IssueDate(1, 2, None, 0.7)
    assert issue_date.from_neighbours(found, date(2021, 12, 28), date(2022, 1, 5)) == date(2022, 1, 2)
    assert issue_date.from_neighbours(found, date(2021, 12, 28), None) is None
    assert issue_date.from_neighbours(found, date(2020, 12, 28), date(2022, 1, 5)) is None
    assert issue_date.from_neighbours(found, date(2022, 1, 5), date(2022, 1, 9)) is None
