"""Intents of free text: each rule with texts that match it and texts that do not."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents import understand
from digests.analysis.themes import builtin_themes, themes_by_name
from digests.dates import week_of

THEMES = themes_by_name(builtin_themes())
Intent = tuple[str, dict[str, Any]]
TODAY = date(2023, 3, 8)
"""A Wednesday."""
ISSUES = (date(2023, 3, 5), date(2022, 8, 29))
WORKDAYS = (0, 1, 2, 3, 4)


def intent_of(text: str) -> Intent:
    reading = understand(text, today=TODAY, issues=ISSUES, themes=THEMES)
    return reading.intent, dict(reading.parameters)


def reading(intent: str, **parameters: Any) -> Intent:
    return intent, parameters


def search(text: str) -> Intent:
    return reading("search", query=text)


@pytest.mark.parametrize(
    "text",
    ["今天", "今日", "最新一期", "今天有什么新闻？", "今天的报纸", "today", "What's new?", "what is new", "　今天！"],
)
def test_today_is_the_newest_digest(text: str) -> None:
    assert intent_of(text) == reading("read_newest")


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
    assert intent_of(text) == reading("read_day", date=day.isoformat())


@pytest.mark.parametrize(
    "question",
    "的报纸 的简报 的要闻 的新闻 的消息 的报道 的大事 的事 要闻 有什么 有哪些 有啥 都有什么 上有什么 "
    "的报纸上都有哪些新闻 有什么消息 有哪些报道 有啥大事 有什么事 发生什么 发生了什么 都发生了什么 发生了啥 "
    "发生了什么大事 回顾 的新闻回顾 ？ ! 。 . ~ ？！。~".split(),
)  # fmt: skip
def test_a_question_may_follow_the_day(question: str) -> None:
    assert intent_of(f"昨天{question}") == reading("read_day", date="2023-03-07")


@pytest.mark.parametrize("text", "昨天开幕的书展 昨天回 8月29日起实行单双号 本月起上调最低工资".split())
def test_other_text_after_the_day_is_a_search(text: str) -> None:
    assert intent_of(text) == search(text)


@pytest.mark.parametrize(
    ("text", "query", "after", "before"),
    [
        ("昨天的书展", "书展", "2023-03-07", "2023-03-07"),
        ("上周 雨水花园", "雨水花园", "2023-02-27", "2023-03-05"),
        ("8月29日 雨水花园", "雨水花园", "2022-08-29", "2022-08-29"),
        ("二月份的绿道报道", "绿道", "2023-02-01", "2023-02-28"),
        ("本月以来涉及绿道的稿件", "绿道", "2023-03-01", None),
        ("2月3日到2月10日之间的绿道新闻", "绿道", "2023-02-03", "2023-02-10"),
        ("news about the greenway since February 3", "greenway", "2023-02-03", None),
        ("stories about the greenway last month", "greenway", "2023-02-01", "2023-02-28"),
    ],
)
def test_a_period_around_a_topic_limits_the_search(text: str, query: str, after: str, before: str | None) -> None:
    limits = {"after": after, "before": before}
    assert intent_of(text) == reading("search", query=query, **{name: day for name, day in limits.items() if day})


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
    assert intent_of(text)[0] == "read_week"
    assert week_of(date.fromisoformat(intent_of(text)[1]["date"])) == week_of(week)


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
    assert intent_of(text) == reading("read_month", month=f"{month:%Y-%m}")


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
    assert intent_of(text) == reading("subscribe", queries=[query])


@pytest.mark.parametrize("request_", "请 麻烦 帮我 替我 给我 我想 我想要 我要 麻烦帮我 请_给我_".split())
def test_after_a_request_the_verb_needs_no_separator(request_: str) -> None:
    before = request_.replace("_", " ")
    assert intent_of(f"{before}订阅绿道") == reading("subscribe", queries=["绿道"])
    assert intent_of(f"{before}关注绿道") == reading("subscribe", queries=["绿道"])
    assert intent_of(f"{before}退订绿道") == reading("unsubscribe", queries=["绿道"])
    assert intent_of(f"{before}每天七点") == reading("digest_time", times=["07:00"])


@pytest.mark.parametrize("verb", "取消订阅 取消关注 退订 不再订阅 不再关注 取关".split())
def test_each_verb_ends_a_subscription(verb: str) -> None:
    for separator in ("", " ", "：", ": ", " ：", " : "):
        assert intent_of(f"{verb}{separator}绿道") == reading("unsubscribe", queries=["绿道"])


@pytest.mark.parametrize(
    ("verb", "intent"),
    [
        ("subscribe", reading("subscribe", queries=["绿道"])),
        ("subscribe to", reading("subscribe", queries=["绿道"])),
        ("follow", reading("subscribe", queries=["绿道"])),
        ("unsubscribe", reading("unsubscribe", queries=["绿道"])),
        ("unsubscribe from", reading("unsubscribe", queries=["绿道"])),
        ("unfollow", reading("unsubscribe", queries=["绿道"])),
        ("stop following", reading("unsubscribe", queries=["绿道"])),
    ],
)
def test_each_english_verb_is_an_instruction(verb: str, intent: Intent) -> None:
    for text in (f"{verb} 绿道", f"{verb}: 绿道", f"Please {verb} 绿道", f"{verb.upper()} 绿道"):
        assert intent_of(text) == intent


def test_a_text_of_more_than_sixty_characters_is_a_search() -> None:
    assert intent_of("订阅 " + "绿" * 57) == reading("subscribe", queries=["绿" * 57])
    assert intent_of("订阅 " + "绿" * 58) == search("订阅 " + "绿" * 58)


def test_a_search_keeps_the_text_as_it_was_typed() -> None:
    for text in ("ＡＢＣ　绿道？", "ＡＢＣ　" + "绿" * 60):
        assert intent_of(text) == search(text)


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
    assert intent_of(text) == reading("unsubscribe", queries=[query])


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
    assert intent_of(text) == reading("digest_time", times=[f"{at:%H:%M}"])


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
    assert intent_of(text) == reading("digest_weekdays", days=list(days))


@pytest.mark.parametrize("name", ["方满", "方小满", "欧阳小满", "让·雨果", "让·保罗·萨特", f"{'亚' * 12}·{'历' * 12}"])
def test_a_question_about_a_person(name: str) -> None:
    assert intent_of(f"谁是{name}") == reading("who_is", name=name.casefold())
    assert intent_of(f"谁是 {name}？") == reading("who_is", name=name.casefold())
    assert intent_of(f"Who is {name}?") == reading("who_is", name=name.casefold())
    assert intent_of(f"who's {name}") == reading("who_is", name=name.casefold())
    for ending in ("是谁", " 是谁", "是谁啊", "是谁呀", "是谁呢"):
        assert intent_of(f"{name}{ending}？") == reading("who_is", name=name.casefold())


@pytest.mark.parametrize("name", ["最可爱的人", f"{'亚' * 13}·历", f"亚·{'历' * 13}"])
def test_a_question_about_anything_else_is_a_question(name: str) -> None:
    assert intent_of(f"谁是{name}") == reading("question", query=f"谁是{name}")


@pytest.mark.parametrize("office", ["市长", "云河市市长", "县委书记"])
def test_a_question_about_an_office(office: str) -> None:
    assert intent_of(f"{office}是谁") == reading("who_is", office=office)


@pytest.mark.parametrize(
    "text",
    (
        "X 最近|X 最新|X 近期|X latest|X lately|X recently|X最近怎么样|X最近怎样|X近期如何|X最近有什么|X最近有啥|"
        "X近期有什么新闻|X最近有啥消息|X最新消息|X的最新消息|X的最新的报道|X最近新闻|X近期的大事|最近 X|最新 X|"
        "近期 X|the latest on X|latest X|newest X|Latest X|X最近"
    ).split("|"),
)
def test_recent_news_is_a_search_sorted_by_date(text: str) -> None:
    assert intent_of(text.replace("X", "云河县")) == reading("search", query="云河县", newest=True)


@pytest.mark.parametrize(
    "text",
    [
        "订阅号", "订阅量创新高", "退订费", "最近发展区",
        "最新款手机", "每天一万步", "每天锻炼", "每天七", "每天 25点", "每天锻炼一小时", "星期六义诊",
        "2月30日", "防汛", "follower", "todays", "-绿道",
        '"订阅 绿道"', "？！", "", "下周有什么", "八点",
        "every 7", "每天七点钟响", "每天七点看简报会", "最近云河县",
    ],
)  # fmt: skip
def test_text_without_an_instruction_is_a_search(text: str) -> None:
    assert intent_of(text) == search(text)


@pytest.mark.parametrize(
    ("text", "intent", "parameters"),
    [
        ("你好呀", "greeting", {}),
        ("Good morning!", "greeting", {}),
        ("好的，谢谢🙏", "thanks", {}),
        ("thanks a lot", "thanks", {}),
        ("拜拜👋", "goodbye", {}),
        ("你是真人吗", "bot_identity", {}),
        ("怎么用啊这个", "help", {}),
        ("What can you do?", "help", {}),
        ("怎么又发一样的东西", "feedback_complaint", {}),
        ("this is useless", "feedback_complaint", {}),
        ("stop", "unclear", {}),
        ("我订了些什么呀", "list_subscriptions", {}),
        ("导出我的订阅", "export", {}),
        ("把我的资料都删了吧", "forget", {}),
        ("别再发了", "digest_off", {}),
        ("不想收日报了😩", "digest_off", {}),
        ("恢复每日简报", "digest_on", {}),
        ("先停一个礼拜吧", "pause", {"all": True, "days": 7}),
        ("mute covid until March 20", "pause", {"queries": ["covid"], "until": "2023-03-20"}),
        ("暂停绿道的推送", "pause", {"queries": ["绿道"]}),
        ("静音到下周一", "pause", {"all": True, "until": "2023-03-13"}),
        ("继续推送", "resume", {"all": True}),
        ("绿道的别发了", "unsubscribe", {"queries": ["绿道"]}),
        ("remove the greenway from my topics", "unsubscribe", {"queries": ["greenway"]}),
        ("退订第二个", "unsubscribe", {"position": 2}),
        ("全部退订", "unsubscribe", {"all": True}),
        ("防汛和养老都要", "subscribe", {"queries": ["防汛", "养老"]}),
        ("订阅防汛、内涝、暴雨", "subscribe", {"queries": ["防汛", "内涝", "暴雨"]}),
        ("盯一下绿道，排除招标", "subscribe", {"queries": ["绿道 -招标"]}),
        ("有暴雨赶紧告诉我", "subscribe", {"queries": ["暴雨"], "rhythm": "at_once"}),
        ("绿道的消息每周汇总给我", "subscribe", {"queries": ["绿道"], "rhythm": "weekly"}),
        (
            "每周一早上八点推送招商新闻",
            "subscribe",
            {"queries": ["招商"], "rhythm": "weekly", "days": [0], "at": "08:00"},
        ),
        ("晚上十点到早上七点别打扰我", "quiet_hours", {"start": "22:00", "end": "07:00"}),
        ("do not disturb between 10pm and 6am", "quiet_hours", {"start": "22:00", "end": "06:00"}),
        ("取消免打扰", "quiet_off", {}),
        ("早晚各一次", "digest_time", {"times": ["08:00", "20:00"]}),
        ("切英文", "set_language", {"language": "en"}),
        ("我现在在纽约，调下时区", "set_timezone", {"zone": "America/New_York"}),
        ("每期十条", "set_stories", {"n": 10}),
        ("不要图", "pictures_off", {}),
        ("上一期", "read_relative_issue", {"direction": "previous"}),
        ("体育新闻", "read_theme", {"theme": "体育"}),
        ("第一期", "read_day", {"date": "2022-08-29"}),
        ("都有哪几天的报纸啊", "list_issues", {}),
        ("养老这个词的走势", "trend", {"terms": ["养老"]}),
        ("把简报发到频道 @cloud_river", "channel", {"name": "@cloud_river"}),
        ("帮我找一下绿道的新闻", "search", {"query": "绿道"}),
        ("有沒有跟淹水有關的報導", "search", {"query": "淹水"}),
        ("订月防汛", "subscribe", {"queries": ["防汛"]}),
        ("上粥三", "read_day", {"date": "2023-03-01"}),
        ("dingyue fangxun", "subscribe", {"queries": ["fangxun"]}),
        ("meitian zaoshang qi dian", "digest_time", {"times": ["07:00"]}),
    ],
)
def test_a_wish_in_plain_words_is_understood(text: str, intent: str, parameters: dict[str, Any]) -> None:
    assert intent_of(text) == (intent, parameters)


@pytest.mark.parametrize(
    "text",
    (
        "停止供热通知|取消航班|暂停营业|恢复航班|订阅号|订阅报纸的价格|关注度|推送机制|图片展|英语四级|每天核酸|周一到周五送餐|"
        "谢谢老师 征文|再见吧妈妈|帮助贫困户|导出成绩单|忘记密码|语言文字法|设置红绿灯|取消考研数学|暂停服务公告|"
        "请假制度|"
        "help wanted|thank you letter|cancel culture|stopping the flood|settings of the lights|hello kitty"
    ).split("|"),
)
def test_words_of_a_wish_in_a_heading_are_a_search(text: str) -> None:
    assert intent_of(text)[0] in ("search", "question")


@pytest.mark.parametrize("text", ["绿道什么时候通车", "8月29日下了多大的雨", "how much rain fell on August 9?"])
def test_a_question_keeps_its_words(text: str) -> None:
    intent, parameters = intent_of(text)
    assert intent == "question"
    assert parameters["query"].startswith(text[:4].casefold())


PIECES = st.sampled_from(
    "订阅 退订 每天 早上 七点 半 周末 不要 发 谁是 是谁 最近 有什么 今天 上周 8月 29日 的 新闻 ： : ? ² ٣".split()
    + "at every day 十 · 请".split()
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)), st.dates(date(1900, 1, 1)))
@example("٣月٣日", TODAY)
@example("每天十十点", TODAY)
def test_every_text_has_an_intent_and_a_search_keeps_its_text(text: str, today: date) -> None:
    found = understand(text, today=today, issues=ISSUES, themes=THEMES)
    assert 0 < found.sureness <= 1
    is_bare_search = found.intent == "search" and not found.parameters.keys() - {"query"}
    assert not is_bare_search or found.parameters["query"] in text or found.sureness > 0.5
