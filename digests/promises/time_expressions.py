"""The grammar of times to come, as newspapers name them: 今年底, 8月1日, 未来三年, “十五五”期间, each with its days.

digests/day_phrases.py reads how readers name past days. deadlines.py reads prefixes and suffixes (到, 从, 前, 起).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from digests.dates import month_of, shift_day, valid_date, week_of
from digests.text import NUMERAL, parse_number

Unit = Literal["day", "week", "part", "month", "year", "plan", "duration"]
Bound = Literal["in", "by", "from", "range"]


class Named(NamedTuple):
    """The days that an expression names before its prefix and suffix are considered."""

    first: date
    last: date
    unit: Unit
    bound: Bound = "in"


class ReferenceDays(NamedTuple):
    """What expressions without a year or a day of their own refer to."""

    issue: date
    reported: date
    """The day of the event in the sentence (据12日消息), or the day of the issue."""


_N = f"{NUMERAL}{{1,3}}"
_LONG_YEAR = (
    rf"(?:19|20)\d\d年|[一二][〇零九]{NUMERAL}{{2}}年|[今明去前本当]年|"
    "(?<![一-龥])后年|(?<=[到至于在从])后年"  # not 建成后年产
)


def _year_pattern(side: str = "") -> str:
    """Return a pattern of a year, with a group for one side of a range (a_, b_)."""
    return f"(?P<{side}year>{_LONG_YEAR})"


def _month_pattern(side: str = "") -> str:
    return f"(?:(?P<{side}month>{_N})月(?!龄)份?|(?P<{side}near_month>本|下个?|上个?|当)月)"


_YEARS_FROM_NOW = {"今": 0, "本": 0, "当": 0, "明": 1, "后": 2, "去": -1, "前": -2}
_YEAR_PARTS = {
    "底": (12, 12),
    "末": (12, 12),
    "初": (1, 3),
    "中": (6, 6),
    "上半年": (1, 6),
    "下半年": (7, 12),
    "春季": (3, 5),
    "夏季": (6, 8),
    "秋季": (9, 11),
}
_MONTH_PARTS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}
_HOLIDAYS = {"元旦": (1, 1), "五一": (5, 1), "六一": (6, 1), "七一": (7, 1), "八一": (8, 1), "十一": (10, 1)}
_HOLIDAYS |= {"国庆": (10, 1)}
_NEAR_DAYS = {"今天": 0, "今日": 0, "今晚": 0, "明天": 1, "明日": 1, "明晚": 1, "后天": 2}
_FIRST_PLAN_YEAR = 2001
_PLANS = ("十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八")
"""The five-year plans from _FIRST_PLAN_YEAR on, without 五."""
_PLAN_NAMES = "|".join(sorted(_PLANS, key=len, reverse=True))
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7}
_SAME_YEAR_DAYS = 183


def _months_on(day: date, months: int) -> date:
    """Return the same day of a later month, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(min(max(index // 12, 1), 9998), index % 12 + 1, 1)
    return first.replace(day=min(day.day, month_of(first)[1].day))


def _year(text: str | None, days: ReferenceDays) -> int | None:
    if text is None:
        return None
    if text[0] in _YEARS_FROM_NOW:
        return days.issue.year + _YEARS_FROM_NOW[text[0]]
    return parse_number(text.removesuffix("年"))


def _nearest_year(month: int, day: int, days: ReferenceDays) -> int:
    """Return the year in which the month and day are nearest to the issue."""
    year = days.issue.year
    found = valid_date(year, month, min(day, 28))
    if found is None:
        return year
    away = (found - days.issue).days
    return min(max(year + (away < -_SAME_YEAR_DAYS) - (away > _SAME_YEAR_DAYS), 1), 9999)


def _month(match: re.Match[str], days: ReferenceDays, side: str = "") -> tuple[int, int] | None:
    """Return year and month of an expression; None if it names no month."""
    if near := match[f"{side}near_month"]:
        shifted = _months_on(days.issue.replace(day=1), {"下": 1, "上": -1}.get(near[0], 0))
        return shifted.year, shifted.month
    if match[f"{side}month"] is None:
        return None
    month = parse_number(match[f"{side}month"]) or 0
    if not 1 <= month <= 12:
        return None
    return _year(match[f"{side}year"], days) or _nearest_year(month, 15, days), month


def _day(match: re.Match[str], days: ReferenceDays, side: str = "") -> date | None:
    number = parse_number(match[f"{side}day"]) or 0
    if found := _month(match, days, side):
        if match[f"{side}year"] is None and match[f"{side}month"]:
            return valid_date(_nearest_year(found[1], number, days), found[1], number)
        return valid_date(*found, number)
    if match[f"{side}month"] or match[f"{side}year"]:
        return None
    return valid_date(days.issue.year, days.issue.month, number)


def _day_range(match: re.Match[str], days: ReferenceDays) -> Named | None:
    first = _day(match, days, "a_")
    if first is None:
        return None
    month = _month(match, days, "b_") or (first.year, first.month)
    last = valid_date(first.year + (month[1] < first.month), month[1], parse_number(match["b_day"]) or 0)
    if match["b_year"]:
        last = valid_date(_year(match["b_year"], days) or 0, month[1], parse_number(match["b_day"]) or 0)
    return Named(first, last, "day", "range") if last and last >= first else None


def _one_day(match: re.Match[str], days: ReferenceDays) -> Named | None:
    day = _day(match, days)
    return Named(day, day, "day") if day else None


def _whole_month(match: re.Match[str], days: ReferenceDays) -> Named | None:
    found = _month(match, days)
    if found is None:
        return None
    first, last = month_of(date(*found, 1))
    part = match["part"]
    if not part:
        return Named(first, last, "month")
    low, high = _MONTH_PARTS[part]
    return Named(first.replace(day=low), last.replace(day=min(high, last.day)), "part")


def _whole_year(match: re.Match[str], days: ReferenceDays) -> Named | None:
    groups = match.groupdict()
    year = _year(groups["year"], days) if groups.get("year") else days.issue.year
    part = groups.get("part") or ""
    if year is None or not 1900 <= year <= 2200:
        return None
    if not part:
        return Named(date(year, 1, 1), date(year, 12, 31), "year")
    low, high = _YEAR_PARTS.get(part.removeprefix("年") or part) or _quarter(part)
    return Named(date(year, low, 1), month_of(date(year, high, 1))[1], "part")


def _quarter(text: str) -> tuple[int, int]:
    number = parse_number(text.strip("第季度")) or 4
    return 3 * number - 2, 3 * number


def _near_day(match: re.Match[str], days: ReferenceDays) -> Named | None:
    word = match["word"]
    day = days.reported if word == "即日" else shift_day(days.issue, _NEAR_DAYS.get(word, 0))
    return Named(day, day, "day")


def _week(match: re.Match[str], days: ReferenceDays) -> Named | None:
    monday, sunday = week_of(shift_day(days.issue, 7 * (match["week"][0] == "下")))
    if not match["weekday"]:
        return Named(monday, sunday, "week")
    day = shift_day(monday, min("一二三四五六日天".index(match["weekday"]), 6))
    return Named(day, day, "day")


def _plan(match: re.Match[str], _days: ReferenceDays) -> Named | None:
    first = _FIRST_PLAN_YEAR + 5 * _PLANS.index(match["plan"])
    return Named(date(first, 1, 1), date(first + 4, 12, 31), "plan", "by" if match["end"] else "in")


def _duration(match: re.Match[str], days: ReferenceDays) -> Named | None:
    count = parse_number(match["most"] or match["count"])
    if not count:
        return None
    unit = match["unit"]
    if unit in _UNIT_DAYS:
        last = shift_day(days.reported, count * _UNIT_DAYS[unit])
    else:
        last = _months_on(days.reported, count * (12 if unit == "年" else 1))
    return Named(days.reported, last, "duration", "by" if match["within"] else "range")


def _countdown(match: re.Match[str], days: ReferenceDays) -> Named | None:
    day = shift_day(days.issue, parse_number(match["count"]) or 0)
    return Named(day, day, "day")


def _holiday(match: re.Match[str], days: ReferenceDays) -> Named | None:
    month, number = _HOLIDAYS[match["holiday"]]
    day = date(_year(match["year"], days) or _nearest_year(month, number, days), month, number)
    return Named(day, day, "day")


def _century(match: re.Match[str], days: ReferenceDays) -> Named | None:
    century = days.issue.year // 100 * 100
    year = century + (50 if match["part"] == "中叶" else 100)
    return Named(date(year, 1, 1), date(year, 12, 31), "year")


_Read = Callable[[re.Match[str], ReferenceDays], Named | None]
_QUARTER = "第?[一二三四1-4]季度"
_PART_OF_YEAR = f"年?底|年?末|年?初|年中|[上下]半年|[春夏秋]季|{_QUARTER}"
_PART_OF_MONTH = f"(?P<part>{'|'.join(_MONTH_PARTS)})?"
GRAMMAR: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            rf"(?:{_year_pattern('a_')})?(?:{_month_pattern('a_')})?(?P<a_day>{NUMERAL}{{1,3}})[日号]?"
            rf"(?:\d{{1,2}}[时点:：]\d{{0,2}}分?)?\s*(?:至|到|—{{1,2}}|－|-|–|~|～)\s*"
            rf"(?:{_year_pattern('b_')})?(?:{_month_pattern('b_')})?(?P<b_day>{NUMERAL}{{1,3}})[日号]",
            _day_range,
        ),
        (rf"(?:{_year_pattern()})?(?:{_month_pattern()})?(?<!{NUMERAL})(?P<day>{NUMERAL}{{1,3}})[日号]", _one_day),
        (rf"(?:{_year_pattern()})?(?P<holiday>{'|'.join(_HOLIDAYS)})(?=节?(?:前|起|后|期间|假期))", _holiday),
        (rf"(?:{_year_pattern()})?{_month_pattern()}{_PART_OF_MONTH}", _whole_month),
        (rf"{_year_pattern()}度?(?P<part>{_PART_OF_YEAR})?", _whole_year),
        (rf"(?P<part>年底|年末|年初|年中|[上下]半年|{_QUARTER})", _whole_year),
        (r"(?<![今明去前本半几多数\d〇一二两三四五六七八九十])年(?=度?内)", _whole_year),
        (rf"(?P<word>{'|'.join(_NEAR_DAYS)}|即日|今(?=起))", _near_day),
        (r"(?P<week>本|这|下)(?:个)?(?:周|星期)(?P<weekday>[一二三四五六日天])?", _week),
        (
            rf"[“\"‘]?(?P<plan>{_PLAN_NAMES})五[”\"’]?+(?!规划|建议|纲要|收官|开局|以来)(?P<end>末)?",
            _plan,
        ),
        (
            rf"(?:未来|今后|接下来)的?(?P<count>{_N})(?:[至到—-](?P<most>{_N}))?个?(?P<unit>天|日|周|星期|月|年)"
            r"(?P<within>之?内)?(?!后)",
            _duration,
        ),
        (
            rf"(?<![几数])(?P<count>{_N})(?:[至到—-](?P<most>{_N}))?个?(?P<unit>天|日|周|星期|月|年)(?:时间)?(?P<within>之?内)",
            _duration,
        ),
        (rf"还有\s*(?P<count>{_N})\s*天", _countdown),
        (r"本世纪(?P<part>中叶|末)", _century),
    )
)
"""Pattern and reader of each form of a time; the longest match counts."""
