"""What a reader types as a day -> the day. Times and zones are the caller's: `today` is passed in.

Days as readers write them in a query -> Between or Yearly (pure).

The days that a question names, as newspapers write them: 5月22日, 二〇二〇年五月二十二日, 十四日 (pure).

What happened on a day stands in the paper of that day or of the next: so such a paper answers sooner than another.

Times of day and days of the week as readers say them (pure): 早上七点半, 7:30 pm, 周末不要发, weekdays only.

The names of time zones, as readers type them (pure).
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from digests.errors import UsageError
from digests.text import normalise


@dataclass(frozen=True, slots=True)
class DayRange:
    """The day of the issue, from `first` to `last`, both included; None leaves a side open."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        if self.first and self.last:
            return self.first.isoformat() if self.first == self.last else f"{self.first}..{self.last}"
        if self.first:
            return f"after:{self.first}"
        return f"before:{self.last + timedelta(days=1)}" if self.last else "after:0001-01-01"

    def contains(self, day: date | None) -> bool:
        if day is None:
            return False
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day of the year, in any year."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"

    def contains(self, day: date | None) -> bool:
        return day is not None and (day.month, day.day) == (self.month, self.day)


_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_NAMED = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}


def parse_day(said: str, issues: Iterable[date], today: date) -> date | None:
    """The day that `said` means: 2022-08-29, 2022年8月29日, 20220829, 8月29日, 8-29, 今天, yesterday.

    A day without a year is the newest of `issues` on it; where there is none, today if it is that day, else such a day
    in the year that brings it nearest to an issue. None where `said` is no day, or one that no calendar has (2月30日).
    """
    said = normalise(said)
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


_QUERY_DAY = r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
_CHINESE = r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?"
_PERIODS = (re.compile(_QUERY_DAY), re.compile(_CHINESE))
_YEARLY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"(?P<first>[\d年月日号-]+)\.\.(?P<last>[\d年月日号-]+)")


class InvalidDay(ValueError):
    """It is written like a day and is none."""


def parse_period(said: str) -> DayRange | None:
    """The days of a year, a month or a day such as 2022, 2022-08, 2022年8月28日; raises NoSuchDay."""
    found = next((match for shape in _PERIODS if (match := shape.fullmatch(said))), None)
    if found is None:
        return None
    year, month, day = (int(found[name]) if found[name] else None for name in ("year", "month", "day"))
    try:
        first = date(int(year or 0), month or 1, day or 1)
        if day:
            return DayRange(first, first)
        if month:
            return DayRange(first, _next_month(first) - timedelta(days=1))
        return DayRange(first, date(first.year, 12, 31))
    except (ValueError, OverflowError) as error:
        raise InvalidDay(said) from error


def parse_query_days(said: str, today: date | None) -> DayRange | DayOfYear | None:
    """What a word of a query says of days; None for other words, also for a bare year, which may be a figure.

    Raises NoSuchDay for what is written like a day and is none (2022-02-30).
    """
    if today and said in _RELATIVE:
        return _RELATIVE[said](today)
    if not _DIGIT.search(said):  # most words; a hundred thousand are read at once
        return None
    if span := _RANGE.fullmatch(said):
        first, last = parse_period(span["first"]), parse_period(span["last"])
        if first and last:
            return DayRange(first.first, last.last)
    if yearly := _YEARLY.fullmatch(said):
        month, day = int(yearly["month"]), int(yearly["day"])
        try:
            date(2000, month, day)  # a leap year: 2月29日 is a day
        except ValueError as error:
            raise InvalidDay(said) from error
        return DayOfYear(month, day)
    return None if re.fullmatch(r"\d+", said) else parse_period(said)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _year(year: int) -> DayRange:
    return DayRange(date(year, 1, 1), date(year, 12, 31))


def _week(monday: date) -> DayRange:
    return DayRange(monday, monday + timedelta(days=6))


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _month(first: date) -> DayRange:
    return DayRange(first, _next_month(first) - timedelta(days=1))


def _last_month(today: date) -> DayRange:
    end = today.replace(day=1) - timedelta(days=1)
    return DayRange(end.replace(day=1), end)


_RELATIVE: dict[str, Callable[[date], DayRange]] = {
    "今天": lambda today: DayRange(today, today),
    "昨天": lambda today: DayRange(today - timedelta(days=1), today - timedelta(days=1)),
    "本周": lambda today: _week(_monday(today)),
    "上周": lambda today: _week(_monday(today) - timedelta(days=7)),
    "本月": lambda today: _month(today.replace(day=1)),
    "上月": _last_month,
    "上个月": _last_month,
    "今年": lambda today: _year(today.year),
    "去年": lambda today: _year(today.year - 1),
    "前年": lambda today: _year(today.year - 2),
}


_NAMED_NUMBER = r"[0-9〇零一二三四五六七八九十]"
_NAMED_DAY = re.compile(
    rf"(?:({_NAMED_NUMBER}{{4}})年)?(?:({_NAMED_NUMBER}{{1,3}})月)?(?<!{_NAMED_NUMBER})({_NAMED_NUMBER}{{1,3}})日"
)
_NAMED_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day as far as it is named; None for the year or the month that is not."""

    year: int | None
    month: int | None
    day: int

    def reported_on(self, issue: date | None) -> bool:
        """Whether the paper of the day `issue` tells what happened on it."""
        return issue is not None and (self._is(issue) or self._is(issue - timedelta(days=1)))

    def _is(self, day: date) -> bool:
        return self.day == day.day and self.month in (None, day.month) and self.year in (None, day.year)


def find_days(said: str) -> tuple[PartialDay, ...]:
    """The days that stand in `said`, in their order."""
    return tuple(
        PartialDay(_named_number(year) if year else None, _named_number(month) if month else None, _named_number(day))
        for year, month, day in _NAMED_DAY.findall(said)
    )


def _named_number(said: str) -> int:
    """A year digit by digit, a month or a day in figures or as it is read aloud; 0 for what is no number."""
    if "十" not in said:
        return int(said.translate(_NAMED_DIGITS))
    tens, _, ones = said.partition("十")
    if "十" in ones:
        return 0
    return int(tens.translate(_NAMED_DIGITS) or 1) * 10 + int(ones.translate(_NAMED_DIGITS) or 0)


WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
ALL_DAYS = (*WORKDAYS, *WEEKEND)

_SPOKEN_DIGITS = "零一二三四五六七八九"
_SPOKEN_NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_MORNING, _NOON, _EVENING = "凌晨|清晨|早上|早晨|早|上午|morning", "中午", "下午|傍晚|晚上|晚|夜里|evening"
_SAID = re.compile(
    rf"(?P<part>{_MORNING}|{_NOON}|{_EVENING})?\s*(?P<at>at\s+)?(?P<hour>{_SPOKEN_NUMBER})"
    rf"(?:[:：](?P<minutes>\d{{2}})|[点时](?P<past>半|[一三]刻|{_SPOKEN_NUMBER}分?)?整?)?\s*(?P<half>am|pm)?"
)
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}

_PART_OF_DAY = r"(?:周末|工作日|(?:周|星期|礼拜)[一二三四五六日天])"
_HOW = "就?(?:不要|不用|不|别)|也|都|才"
_ON_DAYS = re.compile(
    rf"(?:只在?)?(?P<days>{_PART_OF_DAY}(?:[、,，和及 ]?{_PART_OF_DAY})*)"
    rf"(?P<how>{_HOW})?再?(?:发|送|推送)(?:简报|了|就行|吧)*"
)
_EVERY_DAY = re.compile(r"(?:每天都?|天天)(?:发|送|推送)(?:简报|吧)?|(?:send )?(?:it )?every day")
_ENGLISH = {
    "weekdays only": WORKDAYS,
    "only on weekdays": WORKDAYS,
    "not on weekends": WORKDAYS,
    "not at weekends": WORKDAYS,
    "no digest on weekends": WORKDAYS,
    "weekends only": WEEKEND,
    "only on weekends": WEEKEND,
}


def parse_time_of_day(said: str) -> time | None:
    """The time of day that `said` is; None where it is none, also 七 alone, which may be anything."""
    match = _SAID.fullmatch(said)
    if match is None:
        return None
    hour, part = (
        _spoken_number(match["hour"]),
        match["part"] or {"am": "早上", "pm": "下午"}.get(match["half"] or "", ""),
    )
    minutes = _QUARTERS.get(match["past"] or "") or _spoken_number(
        (match["past"] or match["minutes"] or "0").rstrip("分")
    )
    is_bare = match.end("hour") == len(said) and not part and not match["at"]
    if hour is None or minutes is None or minutes > 59 or is_bare:
        return None
    hour = _of_the_day(hour, part)
    return time(hour, minutes) if 0 <= hour <= 23 else None


def parse_weekdays(said: str) -> tuple[int, ...] | None:
    """The days of the week (0 is Monday) on which something is to be sent; None where `said` is no such wish."""
    if _EVERY_DAY.fullmatch(said):
        return ALL_DAYS
    if (days := _ENGLISH.get(said)) is not None:
        return days
    match = _ON_DAYS.fullmatch(said)
    if match is None:
        return None
    named = {day for one in re.findall(_PART_OF_DAY, match["days"]) for day in _days(one)}
    how = match["how"] or ""
    if how == "也":
        return ALL_DAYS
    return tuple(day for day in ALL_DAYS if (day in named) != ("不" in how or "别" in how)) or None


def _of_the_day(hour: int, part: str) -> int:
    """The hour on a clock of 24: 下午三点 is 15, 中午一点 is 13, 晚上十二点 is midnight."""
    if re.fullmatch(_EVENING, part):
        return hour + 12 if hour < 12 else hour % 12 if part != "下午" and hour == 12 else hour
    if part == _NOON and hour < 6:
        return hour + 12
    return 0 if re.fullmatch(_MORNING, part) and part != "上午" and hour == 12 else hour


def _days(named: str) -> tuple[int, ...]:
    if named == "周末":
        return WEEKEND
    if named == "工作日":
        return WORKDAYS
    return (("一二三四五六日天".index(named[-1])) % 7 if named[-1] != "天" else 6,)


def _spoken_number(said: str) -> int | None:
    """A number below 100 in figures or as it is said: 7, 七, 十二, 二十三."""
    if said.isdecimal():
        return int(said)
    said = said.replace("两", "二")
    tens, ten, ones = said.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens or (tens and not ten):
        return None
    return (_SPOKEN_DIGITS.find(tens) if tens else 1 if ten else 0) * 10 + (_SPOKEN_DIGITS.find(ones) if ones else 0)


NEAR = 3
"""Names that are offered in place of one that there is not."""


class NoSuchTimeZone(UsageError):
    """A time zone that there is not; `near` lists names like it."""

    def __init__(self, name: str, near: list[str]) -> None:
        self.name = name
        self.near = tuple(near)
        super().__init__(f"there is no time zone {name!r}; expected an IANA name such as Asia/Shanghai")


def parse_time_zone(name: str) -> str:
    """The IANA name that `name` means: in any case, with spaces, or only its city; raises NoSuchTimeZone."""
    wanted = _folded(name)
    names = _names()
    if wanted in names:
        return names[wanted]
    cities = sorted({full for folded, full in names.items() if folded.endswith(f"/{wanted}")}, key=len)
    if cities:
        return cities[0]
    raise NoSuchTimeZone(name, _near(wanted))


def _near(wanted: str) -> list[str]:
    by_city = {folded.rpartition("/")[2]: full for folded, full in _names().items()} | _names()
    alike = difflib.get_close_matches(wanted, by_city, n=NEAR, cutoff=0.7)
    return list(dict.fromkeys(by_city[one] for one in alike))


@cache
def _names() -> dict[str, str]:
    """The names by which zones are known, as they are typed -> as they are written."""
    return {_folded(name): name for name in available_timezones() if "/" in name or name == "UTC"}


def _folded(name: str) -> str:
    return normalise(name).replace(" ", "_")
