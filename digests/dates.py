"""Parse days and periods in commands, free text, queries and articles; compute weeks, months and weekdays.

No function reads the clock; callers pass `today`. digests/times.py parses times of day and time zones;
digests/pages/issue_date.py infers the date of an issue from its text.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta
from typing import Literal, NamedTuple

from digests.text import NUMERAL, normalise, parse_number

WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
ALL_WEEKDAYS = (*WORKDAYS, *WEEKEND)
"""The days of the week, numbered as by `date.weekday`: 0 is Monday."""

FIRST_ISSUE, LAST_ISSUE = date(1600, 1, 1), date(2199, 12, 31)
"""An issue is dated between these days: newspapers exist since 1605, and a later day is a slip of the pen."""

WEEKDAY_SIGN = "[一二三四五六日天]"
"""Pattern of the last character of 星期一 or 周日."""


class InvalidDay(ValueError):
    """The text has the form of a day, but the day does not exist (2022-02-30)."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days from `first` to `last`, both included; None means no limit on that side."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        """Return the range in the syntax of queries."""
        if self.first and self.last:
            return self.first.isoformat() if self.first == self.last else f"{self.first}..{self.last}"
        if self.first:
            return f"after:{self.first}"
        return f"before:{shift_day(self.last, 1)}" if self.last and self.last < date.max else "after:0001-01-01"

    def contains(self, day: date | None) -> bool:
        """True if `day` is in the range; False for an unknown day."""
        if day is None:
            return False
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A month and a day, in any year."""

    month: int
    day: int

    def __str__(self) -> str:
        """Return the day in the syntax of queries."""
        return f"{self.month}月{self.day}日"

    def contains(self, day: date | None) -> bool:
        """True if `day` has this month and day; False for an unknown day."""
        return day is not None and (day.month, day.day) == (self.month, self.day)


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day named in a text; the year or the month is None if the text omits it."""

    year: int | None
    month: int | None
    day: int

    def reported_on(self, issue: date | None) -> bool:
        """True if this day is `issue`, the date of an issue, or the day before it; False for an unknown date."""
        return issue is not None and (self._matches(issue) or self._matches(shift_day(issue, -1)))

    def _matches(self, day: date) -> bool:
        return self.day == day.day and self.month in (None, day.month) and self.year in (None, day.year)


class RelativePeriod(NamedTuple):
    """The day, week, month or year that is `back` units before the current one."""

    unit: Literal["day", "week", "month", "year"]
    back: int

    def days(self, today: date) -> DayRange:
        """Return the days of the period relative to `today`; a week begins on Monday."""
        match self.unit:
            case "day":
                day = shift_day(today, -self.back)
                return DayRange(day, day)
            case "week":
                return DayRange(*week_of(shift_day(today, -7 * self.back)))
            case "month":
                months = max(MINYEAR * 12, today.year * 12 + today.month - 1 - self.back)
                return DayRange(*month_of(date(months // 12, months % 12 + 1, 1)))
            case "year":
                year = max(MINYEAR, today.year - self.back)
                return DayRange(date(year, 1, 1), date(year, 12, 31))


RELATIVE_PERIODS = {
    word: period
    for period, words in {
        RelativePeriod("day", 0): "今天|今日|today",
        RelativePeriod("day", 1): "昨天|昨日|yesterday",
        RelativePeriod("day", 2): "前天|前日",
        RelativePeriod("day", 3): "大前天",
        RelativePeriod("week", 0): "本周|这周|本星期|这星期|这个星期|这礼拜|这个礼拜|this week",
        RelativePeriod("week", 1): "上周|上星期|上个星期|上礼拜|上个礼拜|last week",
        RelativePeriod("month", 0): "本月|这个月|this month",
        RelativePeriod("month", 1): "上月|上个月|last month",
        RelativePeriod("year", 0): "今年",
        RelativePeriod("year", 1): "去年",
        RelativePeriod("year", 2): "前年",
    }.items()
    for word in words.split("|")
}
"""Words for periods relative to today, in commands, free text and queries."""

_YEAR, _NUMBER = rf"(?P<year>{NUMERAL}{{4}})", f"{NUMERAL}{{1,3}}"
_FULL_DAY = re.compile(rf"{_YEAR}\s*[-/.年]\s*(?P<month>{_NUMBER})\s*[-/.月]\s*(?P<day>{_NUMBER})\s*[日号]?")
_COMPACT_DAY = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH_AND_DAY = re.compile(rf"(?P<month>{_NUMBER})\s*[-/.月]\s*(?P<day>{_NUMBER})\s*[日号]?")
_NAMED_DAY = re.compile(rf"(?:{_YEAR}年)?(?:(?P<month>{_NUMBER})月)?(?<!{NUMERAL})(?P<day>{_NUMBER})日")

# In queries only digits form a day; a word such as 五月 is a search term.
_QUERY_PERIODS = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"),
    re.compile(r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?"),
)
_QUERY_DAY_OF_YEAR = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_QUERY_RANGE = re.compile(r"(?P<first>[\d年月日号-]+)\.\.(?P<last>[\d年月日号-]+)")
_DIGIT = re.compile(r"\d")

_LEAP_YEAR = 2000


def shift_day(day: date, days: int) -> date:
    """Return the day `days` days after `day`; where the calendar ends, its first or last day."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week of `day`."""
    return shift_day(day, -day.weekday()), shift_day(day, 6 - day.weekday())


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of `day`."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def parse_day(text: str, issues: Iterable[date], today: date) -> date | None:
    """Return the day that a command or free text names: 2022-08-29, 20220829, 八月二十九日, 8-29, 前天, yesterday.

    If the text has no year, return the newest of `issues` that has this month and day. If there is no such issue,
    return `today` if it has this month and day, else the date with this month and day that is nearest to any issue.
    Return None for other text and for a day that does not exist (2月30日).
    """
    text = normalise(text)
    relative = RELATIVE_PERIODS.get(text)
    if relative and relative.unit == "day":
        return relative.days(today).first
    if match := _FULL_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
        return valid_date(*map(_number, match.group("year", "month", "day")))
    if match := _MONTH_AND_DAY.fullmatch(text):
        month, day = map(_number, match.group("month", "day"))
        dated = list(issues)
        same = [issue for issue in dated if (issue.month, issue.day) == (month, day)]
        return max(same, default=None) or _nearest(month, day, dated, today)
    return None


def _nearest(month: int, day: int, issues: Sequence[date], today: date) -> date | None:
    if (today.month, today.day) == (month, day):
        return today
    years = sorted({issue.year for issue in issues} | {today.year}, reverse=True)
    possible = [found for year in years if (found := valid_date(year, month, day))]
    return min(possible, key=lambda d: min((abs(issue - d) for issue in issues), default=timedelta()), default=None)


def valid_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if it does not exist."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_period(text: str) -> DayRange | None:
    """Return the days of a year, a month or a day in the forms of a query: 2022, 2022-08, 2022年8月28日.

    Return None for other text; raise InvalidDay if the day does not exist.
    """
    match = next((match for pattern in _QUERY_PERIODS if (match := pattern.fullmatch(text))), None)
    if match is None:
        return None
    year, month, day = (int(match[name]) if match[name] else None for name in ("year", "month", "day"))
    first = valid_date(int(year or 0), month or 1, day or 1)
    if first is None:
        raise InvalidDay(text)
    if day:
        return DayRange(first, first)
    return DayRange(*month_of(first)) if month else DayRange(first, date(first.year, 12, 31))


def parse_query_days(word: str, today: date | None) -> DayRange | DayOfYear | None:
    """Return the days that a word of a query denotes; None for other words.

    A bare number such as 2022 is a search term. Words of RELATIVE_PERIODS denote days only if `today` is given.
    Raises InvalidDay.
    """
    if today and (relative := RELATIVE_PERIODS.get(normalise(word))):
        return relative.days(today)
    if not _DIGIT.search(word):  # the most frequent case; matching may parse a hundred thousand queries at once
        return None
    if match := _QUERY_RANGE.fullmatch(word):
        first, last = parse_period(match["first"]), parse_period(match["last"])
        if first and last:
            return DayRange(first.first, last.last)
    if match := _QUERY_DAY_OF_YEAR.fullmatch(word):
        month, day = int(match["month"]), int(match["day"])
        if not valid_date(_LEAP_YEAR, month, day):
            raise InvalidDay(word)
        return DayOfYear(month, day)
    return None if word.isdecimal() else parse_period(word)


def find_days(text: str) -> tuple[PartialDay, ...]:
    """Return the days named in `text`, in order, in newspaper forms: 5月22日, 二〇二〇年五月二十二日, 十四日."""
    named = (match.group("year", "month", "day") for match in _NAMED_DAY.finditer(text))
    return tuple(
        PartialDay(_number(year) if year else None, _number(month) if month else None, _number(day))
        for year, month, day in named
    )


def weekday_number(sign: str) -> int:
    """Return the weekday of a WEEKDAY_SIGN: 0 for 一 (Monday) to 6 for 日 and 天."""
    return min("一二三四五六日天".index(sign), 6)


def _number(text: str) -> int:
    """Return the number written in `text`; 0, which is never a valid day or month, if it is not a number (十十)."""
    return parse_number(text) or 0
