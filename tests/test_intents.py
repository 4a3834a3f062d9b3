"""Intents of free text: each rule with texts that match it and texts that do not."""

from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents import (
    Intent,
    ReadDay,
    ReadMonth,
    ReadNewest,
    ReadWeek,
    Search,
    SearchNewest,
    SetDigestTime,
    SetDigestWeekdays,
    Subscribe,
    Unsubscribe,
    WhoIs,
    understand,
)

TODAY = date(2023, 3, 8)
"""A Wednesday."""
ISSUES = (date(2023, 3, 5), date(2022, 8, 29))
WORKDAYS = (0, 1, 2, 3, 4)


def intent_of(text: str) -> Intent:
    return understand(text, today=TODAY, issues=ISSUES)


@pytest.mark.parametrize("text", ["今天", "今日", "今天有什么新闻？", "今天的报纸", "today", "What's new?", "　今天！"])
def test_today_is_the_newest_digest(text: str) -> None:
    assert intent_of(text) == ReadNewest()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天", date(2023, 3, 7)),
        ("昨天有什么", date(2023, 3, 7)),
        ("前天", date(2023, 3, 6)),
        ("八月二十九日的新闻", date(2022, 8, 29)),
        ("8月29日", date(2022, 8, 29)),
        ("８月２９日的新闻", date(2022, 8, 29)),
        ("2022-08-29", date(2022, 8, 29)),
        ("what happened on 2022-08-29?", date(2022, 8, 29)),
    ],
)
def test_a_day_is_its_digest(text: str, day: date) -> None:
    assert intent_of(text) == ReadDay(day)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("上周有什么", date(2023, 3, 1)),
        ("上个星期", date(2023, 3, 1)),
        ("本周回顾", TODAY),
        ("last week", date(2023, 3, 1)),
    ],
)
def test_a_week_is_its_review(text: str, week: date) -> None:
    assert intent_of(text) == ReadWeek(week)


@pytest.mark.parametrize(
    ("text", "month"),
    [("上个月有什么", date(2023, 2, 28)), ("本月", date(2023, 3, 1)), ("This month", date(2023, 3, 1))],
)
def test_a_month_is_its_review(text: str, month: date) -> None:
    assert intent_of(text) == ReadMonth(month)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("订阅 雨水花园", "雨水花园"),
        ("订阅：雨水花园 OR 绿道", "雨水花园 OR 绿道"),
        ("请订阅雨水花园", "雨水花园"),
        ("帮我订阅一下 雨水花园", "雨水花园"),
        ("我想关注云河市", "云河市"),
        ("Subscribe to 绿道", "绿道"),
        ("follow 绿道", "绿道"),
    ],
)
def test_an_instruction_to_follow_is_a_subscription(text: str, query: str) -> None:
    assert intent_of(text) == Subscribe(query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("退订 绿道", "绿道"),
        ("取消订阅：绿道", "绿道"),
        ("我要退订绿道", "绿道"),
        ("不再关注 绿道", "绿道"),
        ("unsubscribe 绿道", "绿道"),
    ],
)
def test_an_instruction_to_stop_ends_a_subscription(text: str, query: str) -> None:
    assert intent_of(text) == Unsubscribe(query)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("每天早上七点", time(7)),
        ("每天早上七点半发简报", time(7, 30)),
        ("每天7:30", time(7, 30)),
        ("每日晚上八点一刻送", time(20, 15)),
        ("每天下午三点四十分", time(15, 40)),
        ("每天中午十二点", time(12)),
        ("每天夜里一点", time(1)),
        ("每天夜里两点半", time(2, 30)),
        ("每天二十一点", time(21)),
        ("every day at 7", time(7)),
        ("daily at 19:05", time(19, 5)),
        ("every evening at 8", time(20)),
        ("every day at 7:30 pm", time(19, 30)),
    ],
)
def test_a_time_of_every_day_is_when_the_digest_comes(text: str, at: time) -> None:
    assert intent_of(text) == SetDigestTime(at)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周末不要发", WORKDAYS),
        ("周六、周日别送", WORKDAYS),
        ("只在工作日发", WORKDAYS),
        ("星期天不用发简报", (0, 1, 2, 3, 4, 5)),
        ("周末也发", (0, 1, 2, 3, 4, 5, 6)),
        ("每天都发", (0, 1, 2, 3, 4, 5, 6)),
        ("周一周五发", (0, 4)),
        ("not on weekends", WORKDAYS),
    ],
)
def test_days_of_the_week_are_when_the_digest_comes(text: str, days: tuple[int, ...]) -> None:
    assert intent_of(text) == SetDigestWeekdays(days)


@pytest.mark.parametrize("text", ["谁是方小满", "方小满是谁？", "Who is 方小满?"])
def test_a_question_about_a_person(text: str) -> None:
    meant = intent_of(text)
    assert isinstance(meant, WhoIs)
    assert meant.name == "方小满"


@pytest.mark.parametrize(
    "text", ["云河县 最近", "最近 云河县", "云河县最近怎么样", "云河县的最新消息", "latest 云河县"]
)
def test_recent_news_is_a_search_sorted_by_date(text: str) -> None:
    assert intent_of(text) == SearchNewest("云河县")


@pytest.mark.parametrize(
    "text",
    [
        "订阅号", "订阅量创新高", "订阅", "关注 民生", "退订费", "取消订阅服务", "谁是最可爱的人", "最近发展区",
        "最新款手机", "每天一万步", "每天锻炼", "每天七", "每天 25点", "每天锻炼一小时", "周末去哪玩", "星期六义诊",
        "上周 雨水花园", "今天 雨水花园", "8月29日 雨水花园", "2月30日", "防汛", "follower", "todays", "-绿道",
        '"订阅 绿道"', "？！", "", "下周有什么", "八点", "这是谁",
    ],
)  # fmt: skip
def test_text_without_an_instruction_is_a_search(text: str) -> None:
    assert intent_of(text) == Search(text)


PIECES = st.sampled_from(
    "订阅 退订 每天 早上 七点 半 周末 不要 发 谁是 是谁 最近 有什么 今天 上周 8月 29日 的 新闻 ： : ? ² ٣".split()
    + "at every day 十 · 请".split()
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)), st.dates(date(1900, 1, 1)))
@example("٣月٣日", TODAY)
@example("每天十十点", TODAY)
def test_every_text_has_an_intent_and_a_search_keeps_its_text(text: str, today: date) -> None:
    meant = understand(text, today=today, issues=ISSUES)
    if isinstance(meant, Search):
        assert meant.query == text
    if isinstance(meant, Subscribe | Unsubscribe | SearchNewest):
        assert meant.query
