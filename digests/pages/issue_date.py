"""Infer the date of an issue from its text, with a confidence.

A full date in the running head or foot is the issue date. Otherwise, the issue date is the day after the latest event,
because a morning paper reports events up to the day before. The year is taken from full dates of the weeks before
the issue, sentences about a recent event, and countdowns. It must agree with every weekday printed with a recent day.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from digests.dates import WEEKDAY_SIGN, valid_date, weekday_number
from digests.text import normalise_widths, sentences

MAX_TEXT_CHARS = 200_000
"""Characters at the beginning of a page that are searched for dates."""
HEAD_LINES, FOOT_LINES = 6, 4
"""Lines at the top and at the bottom of a page that may be the running head or foot."""
MAX_HEAD_CHARS = 60
EVENT_DAYS = 4
"""Maximum number of consecutive days that an issue reports on, such as a holiday weekend."""
LEAD_CHARS = 60
"""A day printed within this many characters of the start of a line gets LEAD_WEIGHT, any other day BODY_WEIGHT."""
LEAD_WEIGHT, BODY_WEIGHT = 3, 1
UNKNOWN_WEIGHT = 3
"""Added to the total weight when the confidence is computed, so that a text with few days gets a low confidence."""
FULL_DATE_VOTES = 3
"""Votes for the year that follows from a full date. A year in a sentence about an event, or from a countdown, gets one
vote."""
SURE_VOTES = 3
SURE_CONFIDENCE, UNSURE_CONFIDENCE = 0.95, 0.85
"""Confidence of a year with at least SURE_VOTES votes, and of a year with fewer."""
FULL_DATE_MAX_DAYS = 21
"""A full date at most this many days before the issue, as in a notice, gives FULL_DATE_VOTES."""
RECENT_DAYS = 7
"""A day at most this many days before the issue is recent."""
MAX_NEIGHBOUR_DAYS = 62
"""Maximum distance, in days, between two dated issues that are used to infer the year of an issue between them."""
WEEKDAY_CHARS = 14
"""Characters from the start of a day that are searched for its weekday."""

_LEAP_YEAR = 2000
"""Placeholder for an unknown year; 29 February is valid in it."""

_FULL_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日")
_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_NO_EVENT_BEFORE = re.compile(r"(?:将于|将在|定于|截至|截止|至|到|自|从|预计|计划于?|拟于|—|-)\s*$")
"""Text before a day that is in the future or is the start or end of a period."""
_NO_EVENT_AFTER = re.compile(r"\s*(?:\d{1,2}[时点:]\S{0,3})?\s*(?:起|前|至|到|—|-|~|以前|之前|以后|之后|截止|开始)")
"""Text after a day that is the start or end of a period."""
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年")
_NO_YEAR_BEFORE = re.compile(r"(?:到|至|预计|计划|规划|力争|截至|从|自|[—\-~])$")
"""Text before a year that belongs to a plan or is the start or end of a period."""
_WEEKDAY = re.compile(rf"日\s*[(]?\s*(?:星期|周|礼拜)(?P<weekday>{WEEKDAY_SIGN})")
_COUNTDOWN = re.compile(r"(?:距|离).{0,30}?(?P<year>20\d\d)年.{0,40}?(?:还有|仅剩)\s*(?P<left>\d{1,3})\s*天")
_RUNNING_HEAD = re.compile(r"版|星期|期|农历|社址|出版|刊号|日报|晚报|晨报")


@dataclass(frozen=True, slots=True)
class IssueDate:
    """The date of an issue, inferred from its text."""

    month: int
    day_of_month: int
    year: int | None
    """None if the text does not give it."""
    confidence: float
    """From 0 (a guess) to 1 (printed in the running head)."""

    @property
    def day(self) -> date | None:
        """The full date, or None if the year is unknown."""
        return valid_date(self.year, self.month, self.day_of_month) if self.year else None

    @property
    def text(self) -> str:
        """The date in ISO 8601-2: 2022-08-29, or XXXX-08-29 if the year is unknown."""
        year = f"{self.year:04}" if self.year else "XXXX"
        return f"{year}-{self.month:02}-{self.day_of_month:02}"


def from_text(text: str) -> IssueDate | None:
    """Return the date of the issue that a page with this text belongs to, or None if the text names no day."""
    lines = [normalise_widths(line) for line in text[:MAX_TEXT_CHARS].split("\n") if line.strip()]
    return _from_head(lines) or _from_events(lines)


def from_neighbours(partial: IssueDate, before: date | None, after: date | None) -> date | None:
    """Return the full date of an issue of unknown year, given the dates of the issues before and after it.

    Return None unless both dates are known and at most MAX_NEIGHBOUR_DAYS apart, and the issue is between them in
    exactly one year.
    """
    if before is None or after is None or not timedelta(0) <= after - before <= timedelta(days=MAX_NEIGHBOUR_DAYS):
        return None
    days = {valid_date(year, partial.month, partial.day_of_month) for year in (before.year, after.year)}
    fitting = [day for day in days if day and before <= day <= after]
    return fitting[0] if len(fitting) == 1 else None


def _from_head(lines: list[str]) -> IssueDate | None:
    """Return the full date in the running head or foot."""
    for line in (*lines[:HEAD_LINES], *lines[-FOOT_LINES:]):
        match = _FULL_DATE.search(line)
        if match and len(line) < MAX_HEAD_CHARS and (match.span() == (0, len(line)) or _RUNNING_HEAD.search(line)):
            day = valid_date(int(match["year"]), int(match["month"]), int(match["day"]))
            if day:
                return IssueDate(day.month, day.day, day.year, 1.0)
    return None


def _from_events(lines: list[str]) -> IssueDate | None:
    """Return the day after the latest event.

    The latest event is on the last of the EVENT_DAYS consecutive days with the highest total weight.
    """
    weights: Counter[date] = Counter()
    for line in lines:
        for start, day in _event_days(line):
            weights[day] += LEAD_WEIGHT if start < LEAD_CHARS else BODY_WEIGHT
    if not weights:
        return None
    latest = max(weights, key=lambda end: (_weight_until(weights, end), end))
    issue = _shift(latest, 1)
    confidence = _weight_until(weights, latest) / (weights.total() + UNKNOWN_WEIGHT)
    year, year_confidence = _year(lines, issue)
    return IssueDate(issue.month, issue.day, year, round(confidence * (year_confidence if year else 1.0), 2))


def _event_days(line: str) -> Iterator[tuple[int, date]]:
    """Yield the offset and the date (in _LEAP_YEAR) of each day in the line on which an event happened."""
    for match in _DAY.finditer(line):
        before, after = line[max(match.start() - 4, 0) : match.start()], line[match.end() : match.end() + 8]
        day = valid_date(_LEAP_YEAR, int(match["month"]), int(match["day"]))
        is_event = (
            not before.endswith("年") and not _NO_EVENT_BEFORE.search(before) and not _NO_EVENT_AFTER.match(after)
        )
        if day and is_event:
            yield match.start(), day


def _weight_until(weights: Counter[date], end: date) -> int:
    """Return the total weight of the EVENT_DAYS days that end with `end`."""
    return sum(weights[_shift(end, -back)] for back in range(EVENT_DAYS))


def _year(lines: list[str], issue: date) -> tuple[int | None, float]:
    """Return the year with the most votes that agrees with all printed weekdays, and its confidence."""
    votes: Counter[int] = Counter()
    for line in lines:
        votes.update(dict.fromkeys(_years_of_full_dates(line, issue), FULL_DATE_VOTES))
        votes.update(year for start, end in sentences(line) for year in _years_of_recent_event(line[start:end], issue))
        votes.update(_years_of_countdowns(line, issue))
    printed = {weekday for line in lines for weekday in _weekdays(line, issue)}
    fitting = {year: count for year, count in votes.items() if all(_agrees(year, *weekday) for weekday in printed)}
    if not fitting:
        return None, 0.0
    best = max(fitting, key=lambda year: (fitting[year], year))
    return best, SURE_CONFIDENCE if fitting[best] >= SURE_VOTES else UNSURE_CONFIDENCE


def _years_of_full_dates(line: str, issue: date) -> Iterator[int]:
    """Yield the year of the issue that follows from each full date at most FULL_DATE_MAX_DAYS days before the issue."""
    for match in _FULL_DATE.finditer(line):
        day = valid_date(_LEAP_YEAR, int(match["month"]), int(match["day"]))
        if day and 0 <= _days_before(day, issue) <= FULL_DATE_MAX_DAYS:
            yield int(match["year"]) + (1 if day > issue else 0)


def _years_of_recent_event(sentence: str, issue: date) -> Iterator[int]:
    """Yield the years named in a sentence about a recent event, unless the event was in the year before the issue."""
    recent = [day for _, day in _event_days(sentence) if 0 < _days_before(day, issue) <= RECENT_DAYS]
    if not recent or recent[0] > issue:
        return
    for match in _YEAR.finditer(sentence):
        is_full_date = _FULL_DATE.match(sentence, match.start())
        if not is_full_date and not _NO_YEAR_BEFORE.search(sentence[max(match.start() - 4, 0) : match.start()]):
            yield int(match["year"])


def _years_of_countdowns(line: str, issue: date) -> Iterator[int]:
    """Yield the year of the issue that follows from each countdown to an event of a printed year."""
    for match in _COUNTDOWN.finditer(line):
        event = date(_LEAP_YEAR, issue.month, issue.day) + timedelta(days=int(match["left"]))
        yield int(match["year"]) - (event.year - _LEAP_YEAR)


def _weekdays(line: str, issue: date) -> Iterator[tuple[int, int, int]]:
    """Yield month, day and weekday (0 is Monday) of each recent day that is printed with its weekday."""
    for start, day in _event_days(line):
        match = _WEEKDAY.search(line, start, start + WEEKDAY_CHARS)
        if match and 0 <= _days_before(day, issue) <= RECENT_DAYS:
            yield day.month, day.day, weekday_number(match["weekday"])


def _agrees(year: int, month: int, day_of_month: int, weekday: int) -> bool:
    """True if the day exists in `year` and is on this weekday."""
    day = valid_date(year, month, day_of_month)
    return day is not None and day.weekday() == weekday


def _days_before(day: date, issue: date) -> int:
    """Return the number of days from `day` to `issue`, with `day` in the year in which it is nearest to `issue`."""
    days = (issue - day).days
    return days + 366 if days < -183 else days - 366 if days > 183 else days


def _shift(day: date, days: int) -> date:
    """Return the day that is `days` days after `day`, in _LEAP_YEAR."""
    return (day + timedelta(days=days)).replace(year=_LEAP_YEAR)
