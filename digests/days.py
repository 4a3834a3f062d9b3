"""What a reader types as a day -> the day. Times and zones are the caller's: `today` is passed in."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_NAMED = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}


def parse_day(said: str, issues: Iterable[date], today: date) -> date | None:
    """The day that `said` means: 2022-08-29, 2022年8月29日, 20220829, 8月29日, 8-29, 今天, yesterday.

    A day without a year is the newest of `issues` on it; where there is none, the latest such day up to `today`. None
    where `said` is no day, or one that no calendar has (2月30日).
    """
    said = unicodedata.normalize("NFKC", said).strip().lower()
    if said in _NAMED:
        return today - timedelta(days=_NAMED[said])
    if match := _FULL.fullmatch(said) or _CLOSE.fullmatch(said):
        return _day(*map(int, match.groups()))
    if match := _SHORT.fullmatch(said):
        month, day = map(int, match.groups())
        return max((d for d in issues if (d.month, d.day) == (month, day)), default=_latest(month, day, today))
    return None


def _latest(month: int, day: int, today: date) -> date | None:
    years = range(today.year, today.year - 8, -1)  # eight years back there was a 29 February, 1900 and 2100 apart
    return next((d for year in years if (d := _day(year, month, day)) and d <= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
