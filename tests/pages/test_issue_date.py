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


def dated(text: str) -> tuple[str, float]:
    found = issue_date.from_text(text)
    assert found
    return found.text, found.confidence


EVENT = "本报讯 5月4日，乙地植树。"
"""An event of 4 May in a lead: an issue of 5 May."""


@pytest.mark.parametrize(
    ("lines_above", "expected"), [(5, ("2020-01-03", 1.0)), (6, ("XXXX-05-05", 0.5))]
)  # the head is among the first six lines
def test_the_running_head_is_among_the_first_lines(lines_above: int, expected: tuple[str, float]) -> None:
    rows = ["字"] * lines_above + ["2020年1月3日 第5版", EVENT, *["字"] * 9]
    assert dated("\n".join(rows)) == expected


@pytest.mark.parametrize(("lines_below", "expected"), [(3, ("2020-01-03", 1.0)), (4, ("XXXX-05-05", 0.5))])
def test_the_running_foot_is_among_the_last_lines(lines_below: int, expected: tuple[str, float]) -> None:
    rows = [*["字"] * 9, EVENT, "2020年1月3日 第5版", *["字"] * lines_below]
    assert dated("\n".join(rows)) == expected


@pytest.mark.parametrize(("chars", "expected"), [(59, ("2020-01-03", 1.0)), (60, ("XXXX-05-05", 0.5))])
def test_a_running_head_is_short(chars: int, expected: tuple[str, float]) -> None:
    head = "2020年1月3日 第5版"
    assert dated(head + "，" * (chars - len(head)) + "\n" + EVENT) == expected


def test_a_full_date_alone_is_a_head_and_one_beside_other_words_is_not() -> None:
    assert dated(f"2020年1月3日\n{EVENT}") == ("2020-01-03", 1.0)
    assert dated(f"甲乙丙 2020年1月3日\n{EVENT}") == ("XXXX-05-05", 0.5)
    assert dated(f"2020年2月30日 第5版\n{EVENT}") == ("XXXX-05-05", 0.5)


def test_a_day_in_a_lead_weighs_three_times_a_day_in_a_body() -> None:
    assert dated("字" * 59 + "5月4日，植树。") == ("XXXX-05-05", 0.5)  # 3 of 3 + 3
    assert dated("字" * 60 + "5月4日，植树。") == ("XXXX-05-05", 0.25)  # 1 of 1 + 3
    three_in_bodies = ("字" * 60 + "6月9日，植树。\n") * 4
    assert dated(f"{EVENT}\n{three_in_bodies}") == ("XXXX-06-10", 0.4)  # 4 of 7 + 3


def test_the_events_of_an_issue_lie_within_four_days() -> None:
    assert dated(f"{EVENT}\n本报讯 5月1日，植树。") == ("XXXX-05-05", 0.67)  # 6 of 6 + 3
    assert dated(f"{EVENT}\n本报讯 4月30日，植树。") == ("XXXX-05-05", 0.33)  # 3 of 6 + 3
    assert dated(f"{EVENT}\n本报讯 4月27日，植树。\n本报讯 4月27日，植树。") == ("XXXX-04-28", 0.5)  # 6 of 9 + 3


def test_only_the_beginning_of_a_very_long_page_is_searched() -> None:
    text = "字" * (issue_date.MAX_TEXT_CHARS - 9) + "\n5月4日，植树。\n6月9日，植树。\n6月9日，植树。"
    assert issue_date.MAX_TEXT_CHARS == 200_000
    assert dated(text) == ("XXXX-05-05", 0.5)


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("2022年5月5日", "2022"),
        ("2022年4月14日", "2022"),  # 21 days before
        ("2022年4月13日", "XXXX"),
        ("2022年5月6日", "XXXX"),
    ],
)
def test_a_full_date_of_the_three_weeks_before_tells_the_year(printed: str, year: str) -> None:
    confidence = 0.5 if year == "XXXX" else round(0.5 * 0.95, 2)
    assert dated(f"{EVENT}\n特此公告 {printed}") == (f"{year}-05-05", confidence)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("4月28日", "2019"),  # 7 days before
        ("4月27日", "XXXX"),
    ],
)
def test_a_year_beside_an_event_of_the_week_before_counts(day: str, year: str) -> None:
    rows = [EVENT, EVENT, f"{day}，2019年甲市植树节举行。"]
    assert dated("\n".join(rows))[0] == f"{year}-05-05"


def test_three_mentions_of_a_year_make_it_sure() -> None:
    once = "5月4日，2019年甲市植树节举行。"
    assert dated(once)[1] == round(0.5 * 0.85, 2)
    assert dated(once * 2)[1] == round(6 / 9 * 0.85, 2)
    assert dated(once * 3)[1] == round(9 / 12 * 0.95, 2)


def test_of_two_years_the_one_with_more_votes_wins_and_then_the_later() -> None:
    one, other = "5月4日，2019年甲市植树节举行。", "5月4日，2018年乙市植树节举行。"
    assert dated(one + other * 2)[0] == "2018-05-05"
    assert dated(one + other)[0] == "2019-05-05"


@pytest.mark.parametrize(
    "text",
    [
        "5月4日，到2025年植树百万。",
        "5月4日，预计2025年植树百万。",
        "5月4日，力争2025年植树百万。",
        "5月4日，2020—2025年植树百万。",
        "5月4日，2025植树百万。",
        "植树于2019年。5月4日又植树。",
    ],
)
def test_planned_years_and_years_of_other_sentences_do_not_count(text: str) -> None:
    assert dated(text)[0] == "XXXX-05-05"


@pytest.mark.parametrize(
    "text",
    [
        "5月9日起售票。", "5月9日前报名。", "5月9日至", "5月9日8时起售票。", "5月9日开始报名。", "将于5月9日开幕。",
        "至5月9日。", "截止5月9日。", "计划于5月9日开幕。", "2019年5月9日植树。", "15月9日植树。", "6月31日植树。",
    ],
)  # fmt: skip
def test_future_days_bounds_of_periods_and_full_dates_are_no_events(text: str) -> None:
    assert dated(f"{EVENT}\n{text}\n{text}")[0][-5:] == "05-05"


@pytest.mark.parametrize(
    ("weekday", "year"),
    [("5月4日（星期六）", "2019"), ("5月4日 周六", "2019"), ("5月4日（星期天）", "XXXX"), ("5月4日（礼拜日）", "XXXX")],
)
def test_a_weekday_near_its_day_checks_the_year(weekday: str, year: str) -> None:
    assert dated(f"{weekday}，2019年甲市植树节举行。")[0] == f"{year}-05-05"


def test_a_weekday_counts_only_for_days_of_the_week_before() -> None:
    event = "5月4日，2019年甲市植树节举行。"
    assert dated(f"{event}{event}4月28日（星期一）植树。")[0] == "XXXX-05-05"  # 7 days before: a Sunday in 2019
    assert dated(f"{event}{event}4月27日（星期一）植树。")[0] == "2019-05-05"


def test_a_countdown_across_the_turn_of_the_year_tells_the_year_of_the_issue() -> None:
    assert dated(f"{EVENT}\n距2023年甲市花展还有 30 天")[0] == "2023-05-05"
    assert dated(f"{EVENT}\n距2023年甲市花展还有 240 天")[0] == "2023-05-05"  # 31 December
    assert dated(f"{EVENT}\n距2023年甲市花展还有 241 天")[0] == "2022-05-05"  # 1 January


def test_neighbours_are_at_most_62_days_apart() -> None:
    partial = issue_date.IssueDate(1, 2, None, 0.7)
    assert issue_date.from_neighbours(partial, date(2021, 12, 2), date(2022, 2, 2)) == date(2022, 1, 2)
    assert issue_date.from_neighbours(partial, date(2021, 12, 2), date(2022, 2, 3)) is None
    assert issue_date.from_neighbours(partial, date(2022, 1, 2), date(2022, 1, 2)) == date(2022, 1, 2)
    assert issue_date.from_neighbours(partial, date(2022, 1, 3), date(2022, 1, 2)) is None


def test_across_the_turn_of_the_year_a_full_date_of_december_tells_the_next_year() -> None:
    assert dated("本报讯 1月2日，植树。\n特此公告 2021年12月20日")[0] == "2022-01-03"
    assert dated("本报讯 1月2日，植树。\n特此公告 2022年1月2日")[0] == "2022-01-03"
