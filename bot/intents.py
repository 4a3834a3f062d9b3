"""What a reader's own words ask for (pure): a day, a subscription, who somebody is, else a search.

The rules are few and narrow. A word is an instruction only where it stands as one, with a space or a colon behind it
(订阅 防汛) or a word of asking before it (帮我订阅防汛); in other words (订阅号) it stays what it is to a search.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from digests.dates import parse_day, parse_time_of_day, parse_weekdays
from digests.text import normalise, normalise_widths, single_spaced

MAX_INSTRUCTION_CHARS = 60
"""Characters; a longer text is no instruction."""


@dataclass(frozen=True, slots=True)
class ReadNewest:
    """The digest of today, or the newest there is."""


@dataclass(frozen=True, slots=True)
class ReadDay:
    """The digest of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """The week of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class ReadMonth:
    """The month of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Subscribe to a query."""

    query: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Drop the subscription to a query."""

    query: str


@dataclass(frozen=True, slots=True)
class SetDigestTime:
    """Send the daily digest at this time of day."""

    at: time


@dataclass(frozen=True, slots=True)
class SetDigestWeekdays:
    """Send the digest on these days of the week (0 is Monday) and no others."""

    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WhoIs:
    """What the archive says of a person; `said` is the whole question."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class SearchNewest:
    """A search with the newest first."""

    query: str


@dataclass(frozen=True, slots=True)
class Search:
    """A search."""

    query: str


ReadIntent = ReadNewest | ReadDay | ReadWeek | ReadMonth
ChangeIntent = Subscribe | Unsubscribe | SetDigestTime | SetDigestWeekdays
Intent = ReadIntent | ChangeIntent | WhoIs | SearchNewest | Search

_NEWEST = frozenset({"今天", "今日", "最新一期", "today", "what's new", "what is new"})
_THIS_WEEK = "本周 这周 本星期 这星期 这个星期 这礼拜 这个礼拜 最近 近期 这几天".split()
_LAST_WEEK = "上周 上星期 上个星期 上礼拜 上个礼拜".split()
_WEEKS = dict.fromkeys([*_THIS_WEEK, "this week"], 0) | dict.fromkeys([*_LAST_WEEK, "last week"], 1)
_MONTHS = {"本月": 0, "这个月": 0, "this month": 0, "上月": 1, "上个月": 1, "last month": 1}
"""How many weeks or months back."""

_NEWS = "新闻|消息|报道|大事|事"
_ABOUT = re.compile(
    rf"\s*(?:的?(?:报纸|简报|要闻|{_NEWS}))?"
    rf"(?:上?都?有(?:什么|哪些|啥)(?:{_NEWS})?|都?发生了?(?:什么|啥)(?:{_NEWS})?|回顾)?$"
)
"""What may follow a day or a week that is asked for: 有什么新闻."""
_WHAT = re.compile(r"^(?:what happened|what was in the paper|the news of|news of)\s+(?:on\s+)?")
_ENDING = re.compile(r"[\s?!。.~]+$")

_ASKING = r"(?:(?:请|麻烦|帮我|替我|给我|我想要?|我要)\s*)+"
_APART = r"(?:\s+|\s*:\s*)"
_FOLLOW = re.compile(
    rf"(?:{_ASKING}(?:订阅|关注)(?:一下)?{_APART}?|订阅{_APART}|"
    rf"(?:please )?(?:subscribe(?: to)?|follow){_APART})(?P<query>.+)",
    re.IGNORECASE,
)
_DROP = "取消订阅|取消关注|退订|不再订阅|不再关注"
_UNFOLLOW = re.compile(
    rf"(?:{_ASKING}(?:{_DROP}){_APART}?|(?:{_DROP}){_APART}|"
    rf"(?:please )?(?:unsubscribe(?: from)?|unfollow|stop following){_APART})(?P<query>.+)",
    re.IGNORECASE,
)
_SENDING = r"(?:给我|帮我)?(?:发|送|推送)?(?:给我)?(?:简报)?"
_DAILY = re.compile(
    rf"(?:{_ASKING})?(?:每天|每日|天天|daily|every day|every (?=morning|evening))\s*(?P<time>.+?)\s*{_SENDING}"
)
_HANZI = "[一-鿿]"
_NAME = rf"{_HANZI}{{2,4}}|{_HANZI}{{1,12}}(?:·{_HANZI}{{1,12}})+"
_WHO = re.compile(
    rf"(?:谁是\s*|who is\s+|who's\s+)(?P<asked>{_NAME})|(?P<named>{_NAME})\s*是谁[啊呀呢]?", re.IGNORECASE
)
_NOW = "最近|最新|近期"
_HOW = rf"怎么样|怎样|如何|有(?:什么|啥)(?:{_NEWS})?"
_LATELY = re.compile(
    rf"(?P<before>.+?)(?:\s+(?:{_NOW}|latest|lately|recently)|\s*(?:最近|近期)(?:{_HOW})|\s*的?(?:{_NOW})的?(?:{_NEWS}))"
    rf"|(?:{_NOW}|the latest on|latest|newest)\s+(?P<after>.+)",
    re.IGNORECASE,
)


def understand(said: str, *, today: date, issues: Iterable[date] = ()) -> Intent:
    """What `said` asks for on the day `today`; `issues` are the days that one without a year may mean.

    Whatever is not clearly something else is a search for exactly what was said.
    """
    plain = _ENDING.sub("", single_spaced(normalise_widths(said)))
    if not 0 < len(plain) <= MAX_INSTRUCTION_CHARS:
        return Search(said)
    held = tuple(issues)
    for rule in _RULES:
        if (meant := rule(plain, today, held)) is not None:
            return meant
    return Search(said)


def _period(said: str, today: date, issues: tuple[date, ...]) -> Intent | None:
    """A day, a week or a month, alone or with 有什么."""
    named = _ABOUT.sub("", _WHAT.sub("", normalise(said))).strip()
    if named in _NEWEST:
        return ReadNewest()
    if named in _WEEKS:
        return ReadWeek(today - timedelta(weeks=_WEEKS[named]))
    if named in _MONTHS:
        return ReadMonth(today.replace(day=1) - timedelta(days=_MONTHS[named]))
    day = parse_day(named, issues, today)
    return ReadDay(day) if day else None


def _following(said: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    if match := _UNFOLLOW.fullmatch(said):
        return Unsubscribe(match["query"].strip())
    if match := _FOLLOW.fullmatch(said):
        return Subscribe(match["query"].strip())
    return None


def _sending(said: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    if (days := parse_weekdays(normalise(said))) is not None:
        return SetDigestWeekdays(days)
    match = _DAILY.fullmatch(normalise(said))
    at = parse_time_of_day(match["time"]) if match else None
    return SetDigestTime(at) if at is not None else None


def _who(said: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    match = _WHO.fullmatch(said)
    return WhoIs(match["asked"] or match["named"], said) if match else None


def _lately(said: str, _today: date, _issues: tuple[date, ...]) -> Intent | None:
    match = _LATELY.fullmatch(said)
    return SearchNewest((match["before"] or match["after"]).strip()) if match else None


Rule = Callable[[str, date, tuple[date, ...]], Intent | None]
_RULES: tuple[Rule, ...] = (_period, _following, _sending, _who, _lately)
