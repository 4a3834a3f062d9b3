"""Contents of an issue, and the list of issues."""

from datetime import date

import pytest

from bot import render
from bot.render.packing import plain_text
from digests.chats import OutgoingMessage
from digests.models import Issue
from tests.render.samples import DAY, MARKUP, article, opened, proper


def test_the_contents_number_all_articles_and_name_other_kinds() -> None:
    issue = Issue(DAY, "太原日报", (1, 2), 2, 1, 0.9, "f")
    articles = [article(), article(id="zzzzz-zzzzz", headline="通告", kind="notice", page=2)]
    message = render.contents(issue, articles, 0, "zh")
    assert plain_text(message.text) == (
        "目录　太原日报 · 2022年8月29日 星期一\n\n第1版\n1. 厚生锂电池隔膜项目投产\n\n第2版\n2. 通告　公告"
    )
    assert opened(message) == ["k7f3m-9wq2d", "zzzzz-zzzzz"]


def test_long_contents_have_buttons_to_the_previous_and_next_part() -> None:
    issue = Issue(DAY, "太原日报", (1,), 40, 0, 0.9, "f")
    middle = render.contents(issue, [article(headline=MARKUP * 9)] * 40, 15, "zh")
    proper(middle)
    assert "第16–30篇，共40篇" in middle.text
    assert [label for label, _ in middle.buttons[-2]] == ["‹ 上一页", "下一页 ›"]
    beyond = render.contents(issue, [article()] * 20, 300, "zh")
    assert "第16–20篇，共20篇" in beyond.text


def test_the_list_of_issues_begins_with_the_newest() -> None:
    issues = [Issue(date(2022, 8, day), "太原日报", (1,), 1, 0, 0.9, "f") for day in range(20, 0, -1)]
    first = render.issue_list(issues, 0, "en")
    assert first.text.startswith("20 issues.")
    assert first.buttons[0] == (("Saturday, 20 August 2022 · 1 story", "1:d:20220820"),)
    assert first.buttons[-1] == (("Older ›", "1:I:8"),)
    assert "还没有报纸" in render.issue_list([], 0, "zh").text


def numbers(message: OutgoingMessage) -> list[str]:
    return [label for row in message.buttons for label, _ in row if label.isdecimal()]


@pytest.mark.parametrize(
    ("total", "offset", "shown"),
    [(15, 0, (1, 15)), (15, 15, (1, 15)), (16, 15, (16, 16)), (30, 30, (16, 30)), (30, 15, (16, 30))],
)
def test_contents_show_15_articles_and_the_last_part_is_never_empty(
    total: int, offset: int, shown: tuple[int, int]
) -> None:
    issue = Issue(DAY, "太原日报", (1,), total, 0, 0.9, "f")
    message = render.contents(issue, [article()] * total, offset, "zh")
    first, last = shown
    assert numbers(message) == [str(number) for number in range(first, last + 1)]
    assert (f"第{first}–{last}篇，共{total}篇" in message.text) == (total > 15)


def test_a_page_has_buttons_to_its_neighbours() -> None:
    issue = Issue(DAY, "太原日报", (1, 2, 4), 3, 0, 0.9, "f")
    middle = render.page_contents(issue, 2, [article(page=2)], 0, "zh")
    assert middle.text == "<b>第2版</b>：1篇　太原日报 · 2022年8月29日 星期一\n1. 厚生锂电池隔膜项目投产"
    assert middle.buttons[1:] == (
        (("‹ 第1版", "1:P:20220829:1:0"), ("第4版 ›", "1:P:20220829:4:0")),
        (("目录（3篇）", "1:C:20220829:0"), ("2022年8月29日简报", "1:d:20220829")),
    )
    first, last = (render.page_contents(issue, page, [article(page=page)], 0, "en") for page in (1, 4))
    assert [label for label, _ in first.buttons[1]] == ["Page 2 ›"]
    assert [label for label, _ in last.buttons[1]] == ["‹ Page 2"]


def test_a_section_has_its_theme_and_the_pages_of_its_articles() -> None:
    issue = Issue(DAY, "太原日报", (1, 2), 3, 0, 0.9, "f")
    message = render.section_contents(issue, "", [article(), article(page=2)], 0, "zh")
    assert plain_text(message.text).startswith("【其他】：2篇　太原日报 · 2022年8月29日 星期一\n\n第1版\n1. ")
    assert "\n\n第2版\n2. " in plain_text(message.text)


@pytest.mark.parametrize(("pages", "buttons"), [(1, 0), (2, 2), (40, 40), (41, 40)])
def test_up_to_40_pages_have_a_button(pages: int, buttons: int) -> None:
    issue = Issue(DAY, "太原日报", tuple(range(1, pages + 1)), 1, 0, 0.9, "f")
    message = render.contents(issue, [article()], 0, "zh")
    assert sum(data.startswith("1:P:") for row in message.buttons for _, data in row) == buttons


@pytest.mark.parametrize(
    ("total", "offset", "shown", "position"),
    [(8, 0, 8, ""), (9, 8, 1, "第9–9期，从新到旧"), (16, 16, 8, "第9–16期，从新到旧"), (16, 0, 8, "第1–8期，从新到旧")],
)
def test_the_list_shows_8_issues(total: int, offset: int, shown: int, position: str) -> None:
    issues = [Issue(date(2022, 8, 31 - day), "太原日报", (1,), 1, 0, 0.9, "f") for day in range(total)]
    message = render.issue_list(issues, offset, "zh")
    assert sum(data.startswith("1:d:") for row in message.buttons for _, data in row) == shown
    assert message.text.partition("\n")[2] == position


def test_a_missing_issue_leads_to_the_nearest_two_in_a_row() -> None:
    message = render.missing_issue(DAY, [date(2022, 8, day) for day in (12, 13, 30)], "zh")
    assert message.text == "2022年8月29日 星期一没有报纸。\n最近的几期："
    assert [len(row) for row in message.buttons] == [2, 1]
    assert render.missing_issue(DAY, [], "zh").text == "2022年8月29日 星期一没有报纸。"


def test_articles_without_a_page_stand_without_a_heading() -> None:
    issue = Issue(DAY, "太原日报", (1,), 2, 0, 0.9, "f")
    message = render.contents(issue, [article(page=None), article(), article(page=None)], 0, "zh")
    title = "厚生锂电池隔膜项目投产"
    assert plain_text(message.text).splitlines()[1:] == [f"1. {title}", "", "第1版", f"2. {title}", f"3. {title}"]
