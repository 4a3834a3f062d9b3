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


@pytest.mark.parametrize(
    "text",
    ["今天", "今日", "最新一期", "今天有什么新闻？", "今天的报纸", "today", "What's new?", "what is new", "　今天！"],
)
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
        ("What was in the paper on 2022-08-29", date(2022, 8, 29)),
        ("the news of 2022-08-29", date(2022, 8, 29)),
        ("news of 2022-08-29", date(2022, 8, 29)),
    ],
)
def test_a_day_is_its_digest(text: str, day: date) -> None:
    assert intent_of(text) == ReadDay(day)


@pytest.mark.parametrize(
    "question",
    "的报纸 的简报 的要闻 的新闻 的消息 的报道 的大事 的事 要闻 有什么 有哪些 有啥 都有什么 上有什么 "
    "的报纸上都有哪些新闻 有什么消息 有哪些报道 有啥大事 有什么事 发生什么 发生了什么 都发生了什么 发生了啥 "
    "发生了什么大事 回顾 的新闻回顾 ？ ! 。 . ~ ？！。~".split(),
)  # fmt: skip
def test_a_question_may_follow_the_day(question: str) -> None:
    assert intent_of(f"昨天{question}") == ReadDay(date(2023, 3, 7))


@pytest.mark.parametrize("text", "昨天的书 昨天上 昨天都 昨天发生 昨天有 昨天什么 昨天回 昨天的".split())
def test_other_text_after_the_day_is_a_search(text: str) -> None:
    assert intent_of(text) == Search(text)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("上周有什么", date(2023, 3, 1)),
        ("上个星期", date(2023, 3, 1)),
        ("本周回顾", TODAY),
        ("last week", date(2023, 3, 1)),
        ("上星期有什么", date(2023, 3, 1)),
        ("上礼拜", date(2023, 3, 1)),
        ("this week", TODAY),
        ("这周的新闻", TODAY),
        ("这个星期", TODAY),
        ("最近", TODAY),
        ("近期要闻", TODAY),
        ("这几天有什么", TODAY),
    ],
)
def test_a_week_is_its_review(text: str, week: date) -> None:
    assert intent_of(text) == ReadWeek(week)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("上个月有什么", date(2023, 2, 28)),
        ("上月", date(2023, 2, 28)),
        ("last month", date(2023, 2, 28)),
        ("本月", date(2023, 3, 1)),
        ("这个月", date(2023, 3, 1)),
        ("This month", date(2023, 3, 1)),
    ],
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


@pytest.mark.parametrize("request_", "请 麻烦 帮我 替我 给我 我想 我想要 我要 麻烦帮我 请_给我_".split())
def test_after_a_request_the_verb_needs_no_separator(request_: str) -> None:
    before = request_.replace("_", " ")
    assert intent_of(f"{before}订阅绿道") == Subscribe("绿道")
    assert intent_of(f"{before}关注绿道") == Subscribe("绿道")
    assert intent_of(f"{before}退订绿道") == Unsubscribe("绿道")
    assert intent_of(f"{before}每天七点") == SetDigestTime(time(7))


@pytest.mark.parametrize("verb", "取消订阅 取消关注 退订 不再订阅 不再关注".split())
def test_each_verb_that_ends_a_subscription_needs_a_separator(verb: str) -> None:
    for separator in (" ", "：", ": ", " ：", " : "):
        assert intent_of(f"{verb}{separator}绿道") == Unsubscribe("绿道")
    assert intent_of(f"{verb}绿道") == Search(f"{verb}绿道")


@pytest.mark.parametrize(
    ("verb", "intent"),
    [
        ("subscribe", Subscribe("绿道")),
        ("subscribe to", Subscribe("绿道")),
        ("follow", Subscribe("绿道")),
        ("unsubscribe", Unsubscribe("绿道")),
        ("unsubscribe from", Unsubscribe("绿道")),
        ("unfollow", Unsubscribe("绿道")),
        ("stop following", Unsubscribe("绿道")),
    ],
)
def test_each_english_verb_is_an_instruction(verb: str, intent: Intent) -> None:
    for text in (f"{verb} 绿道", f"{verb}: 绿道", f"Please {verb} 绿道", f"{verb.upper()} 绿道"):
        assert intent_of(text) == intent


@pytest.mark.parametrize("verb", ["subscribe", "follow", "unsubscribe", "unfollow", "stop following"])
def test_an_english_verb_without_a_separator_is_a_search(verb: str) -> None:
    assert intent_of(f"{verb}绿道") == Search(f"{verb}绿道")


def test_a_text_of_more_than_sixty_characters_is_a_search() -> None:
    assert intent_of("订阅 " + "绿" * 57) == Subscribe("绿" * 57)
    assert intent_of("订阅 " + "绿" * 58) == Search("订阅 " + "绿" * 58)


def test_a_search_keeps_the_text_as_it_was_typed() -> None:
    for text in ("ＡＢＣ　新闻？", "ＡＢＣ　" + "绿" * 60):
        assert intent_of(text) == Search(text)


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
        ("every night at 11", time(23)),
        ("every day at 7:30 pm", time(19, 30)),
        ("天天七点", time(7)),
        ("每日七点", time(7)),
        ("every morning at 7", time(7)),
        ("Daily at 7", time(7)),
        ("每天七点发", time(7)),
        ("每天七点送", time(7)),
        ("每天七点推送", time(7)),
        ("每天七点推送简报", time(7)),
        ("每天七点给我发简报", time(7)),
        ("每天七点帮我发", time(7)),
        ("每天七点发给我", time(7)),
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


@pytest.mark.parametrize("name", ["方满", "方小满", "欧阳小满", "让·雨果", "让·保罗·萨特", f"{'亚' * 12}·{'历' * 12}"])
def test_a_question_about_a_person(name: str) -> None:
    assert intent_of(f"谁是{name}") == WhoIs(name, f"谁是{name}")
    assert intent_of(f"谁是 {name}？") == WhoIs(name, f"谁是 {name}")
    assert intent_of(f"Who is {name}?") == WhoIs(name, f"Who is {name}")
    assert intent_of(f"who's {name}") == WhoIs(name, f"who's {name}")
    for ending in ("是谁", " 是谁", "是谁啊", "是谁呀", "是谁呢"):
        assert intent_of(f"{name}{ending}？") == WhoIs(name, f"{name}{ending}")


@pytest.mark.parametrize("name", ["我", "方小满书记", "Anna", "让·", f"{'亚' * 13}·历", f"亚·{'历' * 13}"])
def test_a_question_about_anything_else_is_a_search(name: str) -> None:
    assert intent_of(f"谁是{name}") == Search(f"谁是{name}")
    assert intent_of(f"{name}是谁") == Search(f"{name}是谁")


@pytest.mark.parametrize(
    "text",
    (
        "X 最近|X 最新|X 近期|X latest|X lately|X recently|X最近怎么样|X最近怎样|X近期如何|X最近有什么|X最近有啥|"
        "X近期有什么新闻|X最近有啥消息|X最新消息|X的最新消息|X的最新的报道|X最近新闻|X近期的大事|最近 X|最新 X|"
        "近期 X|the latest on X|latest X|newest X|Latest X"
    ).split("|"),
)
def test_recent_news_is_a_search_sorted_by_date(text: str) -> None:
    assert intent_of(text.replace("X", "云河县")) == SearchNewest("云河县")


@pytest.mark.parametrize(
    "text",
    [
        "订阅号", "订阅量创新高", "订阅", "关注 民生", "退订费", "取消订阅服务", "谁是最可爱的人", "最近发展区",
        "最新款手机", "每天一万步", "每天锻炼", "每天七", "每天 25点", "每天锻炼一小时", "周末去哪玩", "星期六义诊",
        "上周 雨水花园", "今天 雨水花园", "8月29日 雨水花园", "2月30日", "防汛", "follower", "todays", "-绿道",
        '"订阅 绿道"', "？！", "", "下周有什么", "八点", "这是谁",
        "every 7", "every 7 pm", "每天七点钟响", "每天七点看简报会", "云河县最新怎么样", "云河县最近", "最近云河县",
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
    intent = understand(text, today=today, issues=ISSUES)
    assert not isinstance(intent, Search) or intent.query == text
    assert not isinstance(intent, Subscribe | Unsubscribe | SearchNewest) or intent.query
