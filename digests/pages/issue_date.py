"""The date of an issue from its text, and how sure it is.

A morning paper tells what happened until the day before, so the issue is of the day after the latest day on which its
stories happened. The year counts only where the text prints it: in the running head, in a full date of these days, in
the same sentence as a day of these days; a printed weekday has to agree with it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from digests.dates import WEEKDAY_SIGN, valid_date, weekday_number
from digests.text import normalise_widths, sentences

_LEAP = 2000
"""A year that has every day, for reckoning with days whose year is not known."""
_SPAN = 4
"""Days of news in one issue: stories are told of the day before, of a week-end, of a holiday."""
_LONGEST = 200_000
"""Characters of a page that are looked at."""
_LEAD = 60
"""Characters at a line's start in which a day is the day of its story."""

_FULL = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日")
_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_AHEAD = re.compile(r"(?:将于|将在|定于|截至|截止|至|到|自|从|预计|计划于?|拟于|—|-)\s*$")
"""Before a day: it is still to come, or only bounds a stretch of time."""
_BOUND = re.compile(r"\s*(?:\d{1,2}[时点:]\S{0,3})?\s*(?:起|前|至|到|—|-|~|以前|之前|以后|之后|截止|开始)")
"""After a day: the same."""
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年")
_YEAR_AHEAD = re.compile(r"(?:到|至|预计|计划|规划|力争|截至|从|自|[—\-~])$")
_WEEKDAY = re.compile(rf"日\s*[(]?\s*(?:星期|周|礼拜)(?P<weekday>{WEEKDAY_SIGN})")
_COUNTDOWN = re.compile(r"(?:距|离).{0,30}?(?P<year>20\d\d)年.{0,40}?(?:还有|仅剩)\s*(?P<left>\d{1,3})\s*天")
_HEAD = re.compile(r"版|星期|期|农历|社址|出版|刊号|日报|晚报|晨报")


@dataclass(frozen=True, slots=True)
class IssueDate:
    """What a text tells of the day its issue came out; `year` is None where the text does not tell it."""

    month: int
    day_of_month: int
    year: int | None
    confidence: float
    """From 0 (a guess) to 1 (printed)."""

    @property
    def day(self) -> date | None:
        return valid_date(self.year, self.month, self.day_of_month) if self.year else None

    @property
    def text(self) -> str:
        """As ISO 8601-2 writes it: 2022-08-29, or XXXX-08-29 where the year is not known."""
        year = f"{self.year:04}" if self.year else "XXXX"
        return f"{year}-{self.month:02}-{self.day_of_month:02}"


def from_text(text: str) -> IssueDate | None:
    """The date of the issue that a page with this text belongs to, or None if the text tells no day."""
    lines = [normalise_widths(line) for line in text[:_LONGEST].split("\n") if line.strip()]
    return _from_head(lines) or _from_events(lines)


def from_neighbours(told: IssueDate, before: date | None, after: date | None) -> date | None:
    """The full date of an issue told without its year that stands between two dated ones of a chronological archive.

    None unless both are known, at most two months apart, and the day falls between them in exactly one year.
    """
    if before is None or after is None or not timedelta(0) <= after - before <= timedelta(days=62):
        return None
    days = {valid_date(year, told.month, told.day_of_month) for year in (before.year, after.year)}
    fitting = [day for day in days if day and before <= day <= after]
    return fitting[0] if len(fitting) == 1 else None


def _from_head(lines: list[str]) -> IssueDate | None:
    """The full date of a running head or foot."""
    for line in (*lines[:6], *lines[-4:]):
        match = _FULL.search(line)
        if match and len(line) < 60 and (match.span() == (0, len(line)) or _HEAD.search(line)):
            day = valid_date(int(match["year"]), int(match["month"]), int(match["day"]))
            if day:
                return IssueDate(day.month, day.day, day.year, 1.0)
    return None


def _from_events(lines: list[str]) -> IssueDate | None:
    weights: Counter[date] = Counter()
    for line in lines:
        for start, day in _event_days(line):
            weights[day] += 3 if start < _LEAD else 1
    if not weights:
        return None
    latest = max(weights, key=lambda end: (_weight_until(weights, end), end))
    issue = _shift(latest, 1)
    sure = _weight_until(weights, latest) / (weights.total() + 3)
    year, year_sure = _year(lines, issue)
    return IssueDate(issue.month, issue.day, year, round(sure * (year_sure if year else 1.0), 2))


def _event_days(line: str) -> Iterator[tuple[int, date]]:
    """Where a line names days on which something happened, and the days, in the year that stands for all."""
    for match in _DAY.finditer(line):
        before, after = line[max(match.start() - 4, 0) : match.start()], line[match.end() : match.end() + 8]
        day = valid_date(_LEAP, int(match["month"]), int(match["day"]))
        if day and not before.endswith("年") and not _AHEAD.search(before) and not _BOUND.match(after):
            yield match.start(), day


def _weight_until(weights: Counter[date], end: date) -> int:
    """The weight of the days of one issue whose latest is `end`."""
    return sum(weights[_shift(end, -back)] for back in range(_SPAN))


def _year(lines: list[str], issue: date) -> tuple[int | None, float]:
    """The year that the text prints for these days, and how sure that is."""
    votes: Counter[int] = Counter()
    for line in lines:
        votes.update(dict.fromkeys(_full_dates(line, issue), 3))
        votes.update(year for start, end in sentences(line) for year in _beside_event(line[start:end], issue))
        votes.update(_of_countdown(line, issue))
    weekdays = {match for line in lines for match in _weekdays(line, issue)}
    fitting = {year: vote for year, vote in votes.items() if all(_agrees(year, *told) for told in weekdays)}
    if not fitting:
        return None, 0.0
    best = max(fitting, key=lambda year: (fitting[year], year))
    return best, 0.95 if fitting[best] >= 3 else 0.85


def _full_dates(line: str, issue: date) -> Iterator[int]:
    """The years of full dates that lie in the weeks before the issue, as in a notice."""
    for match in _FULL.finditer(line):
        day = valid_date(_LEAP, int(match["month"]), int(match["day"]))
        if day and 0 <= _apart(day, issue) <= 21:
            yield int(match["year"]) + (1 if day > issue else 0)


def _beside_event(sentence: str, issue: date) -> Iterator[int]:
    """The years in a sentence that tells what happened in these days."""
    near = [day for _, day in _event_days(sentence) if 0 < _apart(day, issue) <= 7]
    if not near or near[0] > issue:
        return
    for match in _YEAR.finditer(sentence):
        whole = _FULL.match(sentence, match.start())
        if not whole and not _YEAR_AHEAD.search(sentence[max(match.start() - 4, 0) : match.start()]):
            yield int(match["year"])


def _of_countdown(line: str, issue: date) -> Iterator[int]:
    """The year of an event that is a printed number of days away and bears its year in its name."""
    for match in _COUNTDOWN.finditer(line):
        year = int(match["year"])
        event = date(_LEAP, issue.month, issue.day) + timedelta(days=int(match["left"]))
        yield year - (event.year - _LEAP)


def _weekdays(line: str, issue: date) -> Iterator[tuple[int, int, int]]:
    """Month, day and weekday (0 is Monday) where the line prints them together, for days near the issue."""
    for start, day in _event_days(line):
        match = _WEEKDAY.search(line, start, start + 14)
        if match and 0 <= _apart(day, issue) <= 7:
            yield day.month, day.day, weekday_number(match["weekday"])


def _agrees(year: int, month: int, day_of_month: int, weekday: int) -> bool:
    day = valid_date(year, month, day_of_month)
    return day is not None and day.weekday() == weekday


def _apart(day: date, issue: date) -> int:
    """How many days `day` lies before `issue`, over the turn of the year if that is nearer."""
    days = (issue - day).days
    return days + 366 if days < -183 else days - 366 if days > 183 else days


def _shift(day: date, days: int) -> date:
    """A day of the year that stands for all, moved within it."""
    moved = day + timedelta(days=days)
    return moved.replace(year=_LEAP)
