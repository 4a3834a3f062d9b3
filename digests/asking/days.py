"""What a reader types as a day -> the day. Times and zones are the caller's: `today` is passed in."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_NAMED = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}


def parse_day(said: str, issues: Iterable[date], today: date) -> date | None:
    """The day that `said` means: 2022-08-29, 2022年8月29日, 20220829, 8月29日, 8-29, 今天, yesterday.

    A day without a year is the newest of `issues` on it; where there is none, today if it is that day, else such a day
    in the year that brings it nearest to an issue. None where `said` is no day, or one that no calendar has (2月30日).
    """
    said = unicodedata.normalize("NFKC", said).strip().lower()
    if said in _NAMED:
        return today - timedelta(days=_NAMED[said])
    if match := _FULL.fullmatch(said) or _CLOSE.fullmatch(said):
        return _day(*map(int, match.groups()))
    if match := _SHORT.fullmatch(said):
        month, day = map(int, match.groups())
        held = list(issues)
        on_it = [issue for issue in held if (issue.month, issue.day) == (month, day)]
        return max(on_it, default=None) or _nearest(month, day, held, today)
    return None


def _nearest(month: int, day: int, issues: Sequence[date], today: date) -> date | None:
    if (today.month, today.day) == (month, day):
        return today
    years = sorted({issue.year for issue in issues} | {today.year}, reverse=True)
    possible = [d for year in years if (d := _day(year, month, day))]
    return min(possible, key=lambda d: min((abs(issue - d) for issue in issues), default=timedelta()), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
