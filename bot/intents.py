"""Intents: what a message without a command asks for. Pure functions from text to a value.

The rules are few and narrow; a text that matches none of them is used unchanged as a search query. A verb such as 订阅
is an instruction only before a space or a colon (订阅 防汛) or after a request such as 帮我 (帮我订阅防汛). Otherwise
(订阅号) it is part of the query.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from digests.dates import RELATIVE_PERIODS, RelativePeriod, parse_day, shift_day
from digests.language.normal_form import clean_text
from digests.text import normalise, normalise_widths, single_spaced
from digests.times import parse_time_of_day, parse_weekdays

MAX_INSTRUCTION_CHARS = 60
"""Maximum number of characters of an instruction; a longer text is always a search."""


@dataclass(frozen=True, slots=True)
class ReadNewest:
    """Read the newest digest."""


@dataclass(frozen=True, slots=True)
class ReadDay:
    """Read the digest of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """Read the review of the week that contains a day."""

    day: date


@dataclass(frozen=True, slots=True)
class ReadMonth:
    """Read the review of the month that contains a day."""

    day: date


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Subscribe to a query."""

    query: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """End the subscription to a query."""

    query: str


@dataclass(frozen=True, slots=True)
class SetDigestTime:
    """Send the digest daily at a time of day."""

    at: time


@dataclass(frozen=True, slots=True)
class SetDigestWeekdays:
    """Send the digest only on these weekdays (0 is Monday)."""

    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WhoIs:
    """Show a person's titles and newest articles; `question` is the message without its final punctuation."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class SearchNewest:
    """Search, newest hits first."""

    query: str


@dataclass(frozen=True, slots=True)
class Search:
    """Search, best hits first."""

    query: str


ReadIntent = ReadNewest | ReadDay | ReadWeek | ReadMonth
ChangeIntent = Subscribe | Unsubscribe | SetDigestTime | SetDigestWeekdays
Intent = ReadIntent | ChangeIntent | WhoIs | SearchNewest | Search

_NEWEST = frozenset({"最新一期", "what's new", "what is new"})
_RECENTLY = frozenset({"最近", "近期", "这几天"})
"""Phrases for the current week."""

_NEWS = "新闻|消息|报道|大事|事"
_ABOUT = re.compile(
    rf"\s*(?:的?(?:报纸|简报|要闻|{_NEWS}))?"
    rf"(?:上?都?有(?:什么|哪些|啥)(?:{_NEWS})?|都?发生了?(?:什么|啥)(?:{_NEWS})?|回顾)?$"
)
"""Phrases after a day, week or month that do not change the intent, such as 有什么新闻."""
_NEWS_OF = re.compile(r"^(?:what happened|what was in the paper|the news of|news of)\s+(?:on\s+)?")
_ENDING = re.compile(r"[\s?!。.~]+$")

_REQUEST = r"(?:(?:请|麻烦|帮我|替我|给我|我想要?|我要)\s*)+"
_SEPARATOR = r"(?:\s*:|\s+)"
_SUBSCRIBE = re.compile(
    rf"(?:{_REQUEST}(?:订阅|关注)(?:一下)?{_SEPARATOR}?|订阅{_SEPARATOR}|"
    rf"(?:please )?(?:subscribe(?: to)?|follow){_SEPARATOR})(?P<query>.+)",
    re.IGNORECASE,
)
_UNSUBSCRIBE_VERBS = "取消订阅|取消关注|退订|不再订阅|不再关注"
_UNSUBSCRIBE = re.compile(
    rf"(?:{_REQUEST}(?:{_UNSUBSCRIBE_VERBS}){_SEPARATOR}?|(?:{_UNSUBSCRIBE_VERBS}){_SEPARATOR}|"
    rf"(?:please )?(?:unsubscribe(?: from)?|unfollow|stop following){_SEPARATOR})(?P<query>.+)",
    re.IGNORECASE,
)
_SEND = r"(?:给我|帮我)?(?:发|送|推送)?(?:给我)?(?:简报)?"
_EVERY_DAY = re.compile(
    rf"(?:{_REQUEST})?(?:每天|每日|天天|daily|every day|every (?=morning|evening|night))\s*(?P<time>.+?)\s*{_SEND}"
)
_HANZI = "[一-鿿]"
_NAME = rf"{_HANZI}{{2,4}}|{_HANZI}{{1,12}}(?:·{_HANZI}{{1,12}})+"
_WHO_IS = re.compile(
    rf"(?:谁是\s*|who is\s+|who's\s+)(?P<after>{_NAME})|(?P<before>{_NAME})\s*是谁[啊呀呢]?", re.IGNORECASE
)
_RECENT = "最近|最新|近期"
_HOW_IS_IT = rf"怎么样|怎样|如何|有(?:什么|啥)(?:{_NEWS})?"
_NEWEST_FIRST = re.compile(
    rf"(?P<before>.+?)(?:\s+(?:{_RECENT}|latest|lately|recently)|\s*(?:最近|近期)(?:{_HOW_IS_IT})|\s*的?(?:{_RECENT})的?(?:{_NEWS}))"
    rf"|(?:{_RECENT}|the latest on|latest|newest)\s+(?P<after>.+)",
    re.IGNORECASE,
)


def understand(message: str, *, today: date, issues: Iterable[date] = ()) -> Intent:
    """Return the intent of a message on the day `today`; the days `issues` resolve a date without a year."""
    text = _ENDING.sub("", single_spaced(normalise_widths(clean_text(message))))
    if len(text) > MAX_INSTRUCTION_CHARS:
        return Search(message)
    days = tuple(issues)
    for rule in _RULES:
        if (intent := rule(text, today, days)) is not None:
            return intent
    return Search(message)


def _reading(text: str, today: date, issues: tuple[date, ...]) -> Intent | None:
    """Return the intent to read a day, week or month: 今天, 8月29日, 上周有什么, last month."""
    period = _ABOUT.sub("", _NEWS_OF.sub("", normalise(text))).strip()
    if period in _NEWEST:
        return ReadNewest()
    match RelativePeriod("week", 0) if period in _RECENTLY else RELATIVE_PERIODS.get(period):
        case RelativePeriod("day", 0):
            return ReadNewest()
        case RelativePeriod("week", back):
            return ReadWeek(shift_day(today, -7 * back))
        case RelativePeriod("month", back):
            return ReadMonth(shift_day(today.replace(day=1), -back))
    day = parse_day(period, issues, today)
    return ReadDay(day) if day else None


def _subscribing(text: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    """Return the intent to subscribe or unsubscribe: 订阅 防汛, 取消订阅 防汛."""
    if match := _UNSUBSCRIBE.fullmatch(text):
        return Unsubscribe(match["query"].strip())
    if match := _SUBSCRIBE.fullmatch(text):
        return Subscribe(match["query"].strip())
    return None


def _scheduling(text: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    """Return the intent to set the digest's weekdays or time of day: 每天早上8点."""
    if (days := parse_weekdays(normalise(text))) is not None:
        return SetDigestWeekdays(days)
    match = _EVERY_DAY.fullmatch(normalise(text))
    at = parse_time_of_day(match["time"]) if match else None
    return SetDigestTime(at) if at is not None else None


def _asking_who(text: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    """Return the intent to show a person: 谁是韦韬, 韦韬是谁."""
    match = _WHO_IS.fullmatch(text)
    return WhoIs(match["after"] or match["before"], text) if match else None


def _searching_newest(text: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    """Return the intent to search for the newest articles: 防汛最近怎么样, latest 防汛."""
    match = _NEWEST_FIRST.fullmatch(text)
    return SearchNewest((match["before"] or match["after"]).strip()) if match else None


Rule = Callable[[str, date, tuple[date, ...]], Intent | None]
_RULES: tuple[Rule, ...] = (_reading, _subscribing, _scheduling, _asking_who, _searching_newest)
