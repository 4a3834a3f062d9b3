"""Rules for what is read from the archive: days and periods, themes, questions, searches.

A rule reads one kind of wish from a message that has been taken apart; None if the message is none of it.
"""

import re
from collections.abc import Mapping

from bot.intents.lexicon import UNKNOWN
from bot.intents.message import Message, clean_topic
from bot.intents.phrases import cores
from bot.intents.readings import LIKELY, Reading, first_of, make_reading, start_of
from digests.day_phrases import Period
from digests.text import parse_number

_READING = (
    "read",
    "paper",
    "news",
    "summary",
    "happen",
    "have",
    "question",
    "digest",
    "send",
    "find",
    "newest",
    "period",
    "all",
    "such",
    "about",
)


_NTH_ISSUE = re.compile(r"(?:第(?P<n>[一二三四五六七八九十\d]{1,3})|(?P<last>最后一?|最末))期(?:报纸|简报)?")


def read_period(message: Message) -> Reading | None:
    """昨天有什么新闻, 上上周, 七月的新闻整理, 2021 in review, 第一期: a period and words around it."""
    if nth := _nth_issue(message):
        return nth
    period = message.period
    if not message.is_only(*_READING):
        return None
    if period is None:
        is_recent = re.match("最近|近期|这几天", message.text)
        return make_reading("read_week", LIKELY, date=message.today.isoformat()) if is_recent else None
    begins = re.match("起|开始|前后", message.text[period.span[1] :])
    is_ahead = re.search("[下明后]|next|tomorrow", message.text[slice(*period.span)])
    return None if begins or is_ahead or period.unit == "range" else _period_reading(message, period)


def _nth_issue(message: Message) -> Reading | None:
    """Return the reading of 第一期 and 最后一期."""
    match = next((match for core in cores(message.text) if (match := _NTH_ISSUE.fullmatch(core))), None)
    if match is None or not message.issues:
        return None
    number = -1 if match["last"] else (parse_number(match["n"]) or 1) - 1
    if number >= len(message.issues):
        return None
    return make_reading("read_day", LIKELY, date=sorted(message.issues)[number].isoformat())


def _period_reading(message: Message, period: Period) -> Reading:
    day = period.day
    if period.unit == "day":
        is_today = re.search(r"今[天日早晚儿]|today", message.text) and "年" not in message.text
        return make_reading("read_newest") if is_today else make_reading("read_day", date=day.isoformat())
    if period.unit == "week":
        return make_reading("read_week", date=day.isoformat())
    if period.unit == "month":
        lists = re.search("哪几|哪些期|有几期|期数|which issues", message.text)
        return make_reading("list_issues" if lists else "read_month", month=f"{day:%Y-%m}")
    return make_reading("read_year", LIKELY, year=day.year)


def read_theme(message: Message, themes: Mapping[str, str]) -> Reading | None:
    """体育新闻, 8月12日的教育新闻, 文旅的有吗: the name of a theme and words around it."""
    topic = clean_topic(message.topic())
    theme = themes.get(topic.replace(" ", ""))
    if theme is None or not message.is_only(*_READING, UNKNOWN) or len(message.unknown) != 1:
        return None
    if not message.has("news", "read", "paper", "have") and "只" not in message.text and "类" not in message.text:
        return None
    period = message.period
    if message.has("find", "newest") or (period and period.unit not in ("day", "month")):
        return None
    date = None
    if period and period.unit in ("day", "month"):
        date = period.day.isoformat()[: 10 if period.unit == "day" else 7]
    return make_reading("read_theme", LIKELY, theme=theme, date=date)


def question(message: Message) -> Reading | None:
    """机场那条新路叫什么: a question is answered as it is."""
    if not message.has("question") or not message.has(UNKNOWN):
        return None
    if all(token.text in ("能不能", "可不可以") for token in message.tokens if token.is_("question")):
        return None
    if message.has("find") or _newest(message) or re.search(r"有(?:什么|啥|哪些)(?:新闻|消息|报道|动态)", message.text):
        return None
    return make_reading("question", query=message.text)


def search(message: Message) -> Reading | None:
    """帮我找机场的新闻, 七月份的疫情报道, 公园最近有什么新闻: a topic, perhaps with a period; other words around it."""
    topic = message.topic()
    if not topic:
        return None
    asked = message.has("find") and (first_of(message, "find") or message.tokens[0]).span[0] == start_of(message)
    newest = _newest(message)
    period = message.period if _limits(message) else None
    told = message.has("news", "read", "about") and (
        message.tokens[-1].is_("news", "filler", "about", "question") or asked
    )
    if not (asked or newest or period or told):
        return None
    query = clean_topic(_without(message, period.span if period else None))
    first, last = (period.days.first, period.days.last) if period else (None, None)
    return make_reading(
        "search",
        query=query or topic,
        after=first.isoformat() if first else None,
        before=last.isoformat() if last else None,
        newest=True if newest else None,
    )


def _without(message: Message, span: tuple[int, int] | None) -> str:
    """Return the topic on one side of a period."""
    if span is None:
        return message.topic()
    return message.topic(span[1]) or message.topic(0, span[0])


def _newest(message: Message) -> bool:
    """True for 最近 and the like before or after a topic; 最新规定 is a topic itself."""
    word = first_of(message, "newest")
    if word is None:
        return False
    after = [token for token in message.tokens if token.span[0] >= word.span[1]]
    if all(token.is_("filler", "question", "happen", "news", "have", "about") for token in after):
        return True
    is_apart = message.text[word.span[1] :][:1] in (" ", "的") or word.text.isascii()
    return word.span[0] == start_of(message) and (is_apart or message.has("news", "find", "read", "question"))


def _limits(message: Message) -> bool:
    """True if the period is a limit and no part of the topic: 七月份的疫情, not 今天开幕的展览."""
    period = message.period
    if period is None or message.has("question"):
        return False
    after, before = message.text[period.span[1] :], message.text[: period.span[0]]
    if after.startswith("起") or message.text[slice(*period.span)].endswith("'s"):
        return False
    if re.match("[a-z]", message.text[period.span[0] :]) and after.strip() and not message.has("news", "about"):
        return False  # monday market, today in history
    at_edge = not before.strip() or not after.strip() or before.endswith((" ", "的")) or period.unit == "range"
    tied = after.startswith(("的", " ", "份的")) or not after or before.endswith(" ") or period.unit == "range"
    return at_edge and (tied or message.has("news"))
