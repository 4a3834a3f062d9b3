"""Days as readers write them in a query -> Between or Yearly (pure)."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from digests.asking.tree import Between, Yearly

_DAY = r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
_CHINESE = r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?"
_PERIODS = (re.compile(_DAY), re.compile(_CHINESE))
_YEARLY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"(?P<first>[\d年月日号-]+)\.\.(?P<last>[\d年月日号-]+)")


class NoSuchDay(ValueError):
    """It is written like a day and is none."""


def period(said: str) -> Between | None:
    """The days of a year, a month or a day such as 2022, 2022-08, 2022年8月28日; raises NoSuchDay."""
    found = next((match for shape in _PERIODS if (match := shape.fullmatch(said))), None)
    if found is None:
        return None
    year, month, day = (int(found[name]) if found[name] else None for name in ("year", "month", "day"))
    try:
        first = date(int(year or 0), month or 1, day or 1)
        if day:
            return Between(first, first)
        if month:
            return Between(first, _next_month(first) - timedelta(days=1))
        return Between(first, date(first.year, 12, 31))
    except (ValueError, OverflowError) as error:
        raise NoSuchDay(said) from error


def days(said: str, today: date | None) -> Between | Yearly | None:
    """What a word of a query says of days; None for other words, also for a bare year, which may be a figure.

    Raises NoSuchDay for what is written like a day and is none (2022-02-30).
    """
    if today and said in _RELATIVE:
        return _RELATIVE[said](today)
    if not _DIGIT.search(said):  # most words; a hundred thousand are read at once
        return None
    if span := _RANGE.fullmatch(said):
        first, last = period(span["first"]), period(span["last"])
        if first and last:
            return Between(first.first, last.last)
    if yearly := _YEARLY.fullmatch(said):
        month, day = int(yearly["month"]), int(yearly["day"])
        try:
            date(2000, month, day)  # a leap year: 2月29日 is a day
        except ValueError as error:
            raise NoSuchDay(said) from error
        return Yearly(month, day)
    return None if re.fullmatch(r"\d+", said) else period(said)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _year(year: int) -> Between:
    return Between(date(year, 1, 1), date(year, 12, 31))


def _week(monday: date) -> Between:
    return Between(monday, monday + timedelta(days=6))


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _month(first: date) -> Between:
    return Between(first, _next_month(first) - timedelta(days=1))


def _last_month(today: date) -> Between:
    end = today.replace(day=1) - timedelta(days=1)
    return Between(end.replace(day=1), end)


_RELATIVE: dict[str, Callable[[date], Between]] = {
    "今天": lambda today: Between(today, today),
    "昨天": lambda today: Between(today - timedelta(days=1), today - timedelta(days=1)),
    "本周": lambda today: _week(_monday(today)),
    "上周": lambda today: _week(_monday(today) - timedelta(days=7)),
    "本月": lambda today: _month(today.replace(day=1)),
    "上月": _last_month,
    "上个月": _last_month,
    "今年": lambda today: _year(today.year),
    "去年": lambda today: _year(today.year - 1),
    "前年": lambda today: _year(today.year - 2),
}
