"""Fragments of messages: shortened headlines and labels, page numbers, and the windows of a list."""

import pytest

from bot.callbacks import TurnIssues, decode
from bot.render import fragments
from bot.render.fragments import Window, paging_row
from bot.texts import texts_for
from digests.chats import Subscription
from digests.models import Snippet
from tests.render.samples import DAY, article
from tests.render.test_chats import NOW

ZH, EN = texts_for("zh"), texts_for("en")


@pytest.mark.parametrize(("length", "shown"), [(60, "长" * 60), (61, "长" * 59 + "…")])
def test_a_headline_has_at_most_60_characters(length: int, shown: str) -> None:
    assert fragments.headline("长" * length) == shown


@pytest.mark.parametrize(("length", "shown"), [(24, "长" * 24), (25, "长" * 23 + "…")])
def test_a_subscription_has_at_most_24_characters_in_a_button(length: int, shown: str) -> None:
    assert fragments.short_name(Subscription(1, "防汛", NOW, name="长" * length), ZH) == shown


@pytest.mark.parametrize(
    ("query", "localised"),
    [
        ("title:防汛", "标题:防汛"),
        ("-title:防汛 (by:李明)", "-标题:防汛 (记者:李明)"),
        ("subtitle:防汛", "subtitle:防汛"),
    ],
)
def test_field_names_of_a_query_are_in_the_readers_language(query: str, localised: str) -> None:
    assert fragments.localised_query(query, ZH) == localised
    assert fragments.localised_query(query, EN) == query


@pytest.mark.parametrize(
    ("pages", "zh", "en"),
    [
        ((), "", ""),
        ((4,), "第4版", "Page 4"),
        ((4, 1, 4), "第1、4版", "Pages 1 and 4"),
        ((1, 2, 3, 4), "第1、2、3、4版", "Pages 1, 2, 3 and 4"),
        ((1, 2, 3, 4, 5), "共5版", "5 pages"),
    ],
)
def test_up_to_four_pages_are_listed(pages: tuple[int, ...], zh: str, en: str) -> None:
    assert (fragments.page_numbers(pages, ZH), fragments.page_numbers(pages, EN)) == (zh, en)


def test_an_origin_has_paper_day_and_page() -> None:
    assert fragments.origin(article(), ZH) == "太原日报 · 2022年8月29日 · 第1版"
    assert fragments.origin_with_weekday(article(), EN) == "太原日报 · Monday, 29 August 2022 · Page 1"
    assert fragments.origin(article(date=None, page=None), ZH) == "太原日报 · 日期不详"
    assert fragments.issue_line("", DAY, ZH) == "2022年8月29日 星期一"


def test_matched_terms_are_bold_and_the_rest_is_escaped() -> None:
    assert fragments.highlighted(Snippet("a<b>c", ((0, 1), (2, 3)))) == "<b>a</b>&lt;<b>b</b>&gt;c"
    assert fragments.highlighted(Snippet("a<", ())) == "a&lt;"


@pytest.mark.parametrize(
    ("offset", "total", "start", "end"),
    [
        (0, 0, 0, 0),
        (0, 10, 0, 10),
        (10, 10, 0, 10),  # the total is a multiple of the size: the last window is full, not empty
        (10, 11, 10, 11),
        (10, 20, 10, 20),
        (20, 20, 10, 20),
        (300, 25, 20, 25),
        (-5, 25, 0, 10),
    ],
)
def test_a_window_stays_within_its_list(offset: int, total: int, start: int, end: int) -> None:
    window = Window.at(offset, 10, total)
    assert (window.offset, window.end) == (start, end)


@pytest.mark.parametrize(("offset", "total", "whole"), [(0, 10, True), (0, 11, False), (10, 20, False), (0, 0, True)])
def test_a_window_is_whole_if_it_shows_the_whole_list(offset: int, total: int, whole: bool) -> None:
    assert Window.at(offset, 10, total).is_whole == whole


@pytest.mark.parametrize(
    ("offset", "total", "turns"),
    [
        (0, 10, []),
        (0, 11, [("下一页 ›", 10)]),
        (10, 20, [("‹ 上一页", 0)]),
        (10, 21, [("‹ 上一页", 0), ("下一页 ›", 20)]),
        (4, 21, [("‹ 上一页", 0), ("下一页 ›", 14)]),
        (1, 11, [("‹ 上一页", 0)]),
    ],
)
def test_paging_leads_to_the_previous_and_the_next_window(
    offset: int, total: int, turns: list[tuple[str, int]]
) -> None:
    rows = paging_row(Window(offset, 10, total), ZH, TurnIssues)
    assert [(label, decode(data)) for row in rows for label, data in row] == [
        (label, TurnIssues(to)) for label, to in turns
    ]
    assert len(rows) == bool(turns)
