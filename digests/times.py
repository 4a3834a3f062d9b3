"""Parse the times of day, delivery weekdays and time zones that readers type: 早上七点半, 7:30 pm, 周末不要发."""

import difflib
import re
from datetime import time
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from digests.dates import ALL_WEEKDAYS, WEEKDAY_SIGN, WEEKEND, WORKDAYS, weekday_number
from digests.errors import UsageError
from digests.models import Span
from digests.text import NUMERAL, normalise, parse_number

MAX_SIMILAR_ZONES = 3
"""Maximum number of similar names that NoSuchTimeZone lists."""
MIN_ZONE_SIMILARITY = 0.7
"""Minimum difflib ratio of a similar name."""


class _PartOfDay(NamedTuple):
    """Words for a part of the day, and the change that they make to an hour of the 12-hour clock."""

    words: str
    afternoon: range
    """Hours to which 12 is added."""
    is_twelve_midnight: bool


_PARTS_OF_DAY = (
    _PartOfDay("凌晨|清晨|早上|早晨|早|morning", range(0), is_twelve_midnight=True),
    _PartOfDay("上午", range(0), is_twelve_midnight=False),
    _PartOfDay("中午", range(6), is_twelve_midnight=False),
    _PartOfDay("下午", range(12), is_twelve_midnight=False),
    _PartOfDay("傍晚", range(1, 12), is_twelve_midnight=True),
    _PartOfDay("晚上|晚|evening", range(5, 12), is_twelve_midnight=True),
    _PartOfDay("夜里|半夜|深夜|午夜|night", range(6, 12), is_twelve_midnight=True),
)
_BY_WORD = {word: part for part in _PARTS_OF_DAY for word in part.words.split("|")} | {
    "am": _PARTS_OF_DAY[0],
    "pm": _PARTS_OF_DAY[3],
}
_NUMBER = f"{NUMERAL}{{1,3}}"
_TIME = re.compile(
    rf"(?<!第)(?P<part>{'|'.join(part.words for part in _PARTS_OF_DAY)})?\s*(?P<at>at\s+)?(?P<hour>{_NUMBER})"
    rf"(?:[:：](?P<minutes>\d{{2}})|(?P<sharp>[点时])(?P<past>半|[一三]刻|{_NUMBER}分?)?整?)?\s*(?P<half>am|pm)?"
)
_MINUTES_PAST = {"半": 30, "一刻": 15, "三刻": 45}

_DAYS = rf"(?:周末|工作日|(?:周|星期|礼拜){WEEKDAY_SIGN})"
_ON_DAYS = re.compile(
    rf"(?:只在?)?(?P<days>{_DAYS}(?:[、,，和及 ]?{_DAYS})*)"
    r"(?P<how>就?(?:不要|不用|不|别)|也|都|才)?再?(?:发|送|推送)(?:简报|了|就行|吧)*"
)
_EVERY_DAY = re.compile(r"(?:每天都?|天天)(?:发|送|推送)(?:简报|吧)?|(?:send )?(?:it )?every day")
_ENGLISH_DAYS = dict.fromkeys(
    ("weekdays only", "only on weekdays", "not on weekends", "not at weekends", "no digest on weekends"), WORKDAYS
) | dict.fromkeys(("weekends only", "only on weekends"), WEEKEND)


def parse_time_of_day(text: str) -> time | None:
    """Return the time of day written in the normalised `text`; None for other text and for a bare number such as 七."""
    match = _TIME.fullmatch(text)
    if match is None or not (match["part"] or match["at"] or match["minutes"] or match["sharp"] or match["half"]):
        return None
    hour, minute = parse_number(match["hour"]), _minute(match["past"] or match["minutes"] or "0")
    if hour is None or minute is None:
        return None
    part = _BY_WORD.get(match["part"] or match["half"] or "")
    if part:
        hour = _hour_of_day(hour, part)
    return time(hour, minute) if hour < 24 and minute < 60 else None


_NO_TIMES = frozenset({"早一点", "晚一点", "早半点", "晚半点"})
"""A little earlier or later."""


def find_times(text: str) -> list[tuple[Span, time]]:
    """Return the times of day in the normalised `text` with their places: 早上七点半, 8am and 6pm."""
    found = []
    for match in _TIME.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        at = parse_time_of_day(text[start : match.end()].strip().removesuffix("钟"))
        if at is not None and match[0].strip() not in _NO_TIMES:
            found.append(((start, match.end()), at))
    return found


def _minute(text: str) -> int | None:
    return _MINUTES_PAST.get(text) or parse_number(text.removesuffix("分"))


def _hour_of_day(hour: int, part: _PartOfDay) -> int:
    """Return the hour of the 24-hour clock: 下午三点 is 15, 晚上十二点 is 0, 夜里一点 is 1."""
    if hour == 12 and part.is_twelve_midnight:
        return 0
    return hour + 12 if hour in part.afternoon else hour


def parse_weekdays(text: str) -> tuple[int, ...] | None:
    """Return the weekdays for which the normalised `text` requests the digest (0 is Monday); None for other text."""
    if _EVERY_DAY.fullmatch(text):
        return ALL_WEEKDAYS
    if (english := _ENGLISH_DAYS.get(text)) is not None:
        return english
    match = _ON_DAYS.fullmatch(text)
    if match is None:
        return None
    named = {day for name in re.findall(_DAYS, match["days"]) for day in _weekdays(name)}
    how = match["how"] or ""
    if how == "也":
        return ALL_WEEKDAYS
    excludes = "不" in how or "别" in how
    return tuple(day for day in ALL_WEEKDAYS if (day in named) != excludes) or None


def _weekdays(name: str) -> tuple[int, ...]:
    if name == "周末":
        return WEEKEND
    return WORKDAYS if name == "工作日" else (weekday_number(name[-1]),)


_ZONES_BY_WORD = {
    word: zone
    for zone, words in {
        "Asia/Shanghai": "北京 中国 上海 beijing china",
        "Asia/Urumqi": "新疆 乌鲁木齐",
        "Asia/Hong_Kong": "香港 hkt",
        "Asia/Macau": "澳门 澳門",
        "Asia/Taipei": "台北 台湾 臺北 臺灣",
        "Asia/Singapore": "新加坡 sgt",
        "Asia/Kuala_Lumpur": "吉隆坡 马来西亚",
        "Asia/Bangkok": "曼谷 泰国",
        "Asia/Tokyo": "东京 日本 jst",
        "Asia/Seoul": "首尔 韩国 kst",
        "Australia/Sydney": "悉尼 aest aedt",
        "Australia/Melbourne": "墨尔本",
        "Pacific/Auckland": "奥克兰 新西兰 nzst nzdt",
        "Europe/Moscow": "莫斯科 msk",
        "Europe/London": "伦敦 英国 bst",
        "Europe/Paris": "巴黎 法国",
        "Europe/Berlin": "柏林 德国 cet cest",
        "America/New_York": "纽约 美东 美国东部 est edt et",
        "America/Toronto": "多伦多",
        "America/Chicago": "芝加哥 美国中部 cdt ct",
        "America/Denver": "美国山区 mst mdt mt",
        "America/Los_Angeles": "洛杉矶 旧金山 美西 美国西部 pst pdt pt",
        "America/Vancouver": "温哥华",
        "UTC": "gmt z 世界 格林尼治",
    }.items()
    for word in words.split()
}
_AMBIGUOUS = {"cst": ("Asia/Shanghai", "America/Chicago"), "ist": ("Asia/Kolkata", "Europe/Dublin")}
"""Abbreviations of several zones; the reader has to choose."""
_FROM_UTC = re.compile(
    r"(?:(?:utc|gmt)_?(?P<sign>[+−–-]?)|(?P<only_sign>[+−–-]))_?(?P<hours>\d{1,2})(?:(?::|(?=\d{2}$))(?P<minutes>\d{2}))?"
)
_NUMBERED_ZONE = re.compile(rf"(?P<side>[东東西])(?P<hours>{NUMERAL}{{1,3}})(?:时|時)?[区區]")
_NAMED_FROM_UTC = {
    480: "Asia/Shanghai",
    -570: "Pacific/Marquesas",
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    525: "Australia/Eucla",
    570: "Australia/Darwin",
}
"""Zones without daylight saving time by their minutes ahead of UTC: those of no whole hours, and China's."""
_REVERSED = re.compile(r"Etc/GMT(?P<hours>[+-]\d{1,2})")
MIN_HOURS_AHEAD, MAX_HOURS_AHEAD = -12, 14
"""The IANA zones lie between these distances from UTC."""


class NoSuchTimeZone(UsageError):
    """No time zone has this name; `near` lists similar names."""

    def __init__(self, name: str, near: list[str]) -> None:
        self.name = name
        self.near = tuple(near)
        super().__init__(f"there is no time zone {name!r}; expected an IANA name such as Asia/Shanghai")


def parse_time_zone(name: str) -> str:
    """Return the IANA name of a zone given by its name, a city, an abbreviation or its distance from UTC.

    Letter case and spaces do not matter: europe/paris, paris, 北京时间, EST, UTC+8, 东八区. Raises NoSuchTimeZone.
    """
    wanted = _zone_key(name)
    names = _zone_names()
    if wanted in names:
        return names[wanted]
    if zone := _ZONES_BY_WORD.get(wanted.replace("_", "").removesuffix("时间").removesuffix("時間")):
        return zone
    if (minutes := _minutes_ahead_of_utc(wanted)) is not None:
        return _zone_ahead_of_utc(minutes, name)
    cities = sorted({full for key, full in names.items() if key.endswith(f"/{wanted}")}, key=len)
    if cities:
        return cities[0]
    raise NoSuchTimeZone(name, list(_AMBIGUOUS.get(wanted, ())) or _similar_zones(wanted))


def _minutes_ahead_of_utc(wanted: str) -> int | None:
    """Return the distance from UTC that a text such as utc+5:30 or 东八区 names; None for other text."""
    if match := _NUMBERED_ZONE.fullmatch(wanted):
        hours = parse_number(match["hours"])
        return None if hours is None else 60 * hours * (-1 if match["side"] == "西" else 1)
    match = _FROM_UTC.fullmatch(wanted)
    if match is None:
        return None
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    return minutes if (match["sign"] or match["only_sign"] or "+") == "+" else -minutes


def _zone_ahead_of_utc(minutes: int, name: str) -> str:
    """Return a zone with this distance from UTC all year; raises NoSuchTimeZone."""
    if zone := _NAMED_FROM_UTC.get(minutes):
        return zone
    hours, rest = divmod(minutes, 60)
    if rest or not MIN_HOURS_AHEAD <= hours <= MAX_HOURS_AHEAD:
        raise NoSuchTimeZone(name, [])
    return f"Etc/GMT{-hours:+}" if hours else "UTC"  # the signs of these names are reversed


def utc_distance(zone: str) -> str | None:
    """Return a zone such as Etc/GMT+5 as UTC-5, which says what it means; None for any other zone."""
    match = _REVERSED.fullmatch(zone)
    return f"UTC{-int(match['hours']):+}" if match else None


def _similar_zones(wanted: str) -> list[str]:
    by_city = {key.rpartition("/")[2]: full for key, full in _zone_names().items()} | _zone_names()
    similar = difflib.get_close_matches(wanted, by_city, n=MAX_SIMILAR_ZONES, cutoff=MIN_ZONE_SIMILARITY)
    return list(dict.fromkeys(by_city[key] for key in similar))


@cache
def _zone_names() -> dict[str, str]:
    """Return the IANA names of all zones by their lower-case form."""
    return {_zone_key(name): name for name in available_timezones() if "/" in name or name == "UTC"}


def _zone_key(name: str) -> str:
    return normalise(name).replace(" ", "_")
