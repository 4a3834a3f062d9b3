"""Explained silence: what was read in a week, and what each subscription found in it (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digests.chats import Chat, Subscription
from digests.models import Issue
from digests.segment.quality import POOR_QUALITY
from digests.subscriptions import is_resting

ONE_WEEK = timedelta(days=7)
HABIT_WEEKS = 4
"""Weeks that show on which weekdays the paper comes out."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What one subscription found."""

    subscription: Subscription
    matched: int
    resting: bool


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """Of the seven days from `first` to `last`."""

    first: date
    last: date
    issues: int
    pages: int
    missing: tuple[date, ...]
    """Days on which the paper usually comes out and of which there is no issue."""
    poor: tuple[date, ...]
    """Issues that are badly read."""
    newest: date | None
    """The newest issue there is, of whatever day."""
    lines: tuple[ReportLine, ...]


def weekly_report(
    chat: Chat, issues: Sequence[Issue], matched: Mapping[int, int], *, before: date, now: datetime
) -> WeeklyReport:
    """Of the week before the day `before`; `matched` says how many articles each subscription found in it."""
    first, last = before - ONE_WEEK, before - timedelta(days=1)
    read = [issue for issue in issues if first <= issue.day <= last]
    return WeeklyReport(
        first=first,
        last=last,
        issues=len(read),
        pages=sum(len(issue.pages) or 1 for issue in read),
        missing=tuple(_missing({issue.day for issue in issues}, first, last)),
        poor=tuple(sorted(issue.day for issue in read if issue.quality < POOR_QUALITY)),
        newest=max((issue.day for issue in issues), default=None),
        lines=tuple(ReportLine(one, matched.get(one.id, 0), is_resting(one, now)) for one in chat.subscriptions),
    )


def _missing(days: set[date], first: date, last: date) -> list[date]:
    """The days without an issue whose weekday had one in at least half of the weeks before."""
    before = Counter(day.weekday() for day in days if first - HABIT_WEEKS * ONE_WEEK <= day < first)
    week = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in week if day not in days and 2 * before[day.weekday()] >= HABIT_WEEKS]
