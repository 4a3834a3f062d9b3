"""The weekly report: issues and pages read in a week, and the number of matched articles by subscription (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digests.chats import Chat, Subscription
from digests.models import Issue
from digests.segment.quality import POOR_QUALITY
from digests.subscriptions import is_paused_or_muted

ONE_WEEK = timedelta(days=7)
HABIT_WEEKS = 4
"""The paper is expected on each weekday on which it appeared in at least half of this many weeks."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The line of one subscription."""

    subscription: Subscription
    matched: int
    """Number of matched articles."""
    paused: bool
    """True if the subscription is paused or muted."""


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """The report on the seven days from `first` to `last`."""

    first: date
    last: date
    issues: int
    pages: int
    missing: tuple[date, ...]
    """Days without an issue on which the paper usually appears."""
    poor: tuple[date, ...]
    """Days of issues with poor text recognition."""
    newest: date | None
    """The newest issue of the archive."""
    lines: tuple[ReportLine, ...]


def weekly_report(
    chat: Chat, issues: Sequence[Issue], matched: Mapping[int, int], *, before: date, now: datetime
) -> WeeklyReport:
    """Return the report on the seven days before `before`; `matched` is the number of articles by subscription id."""
    first, last = before - ONE_WEEK, before - timedelta(days=1)
    read = [issue for issue in issues if first <= issue.day <= last]
    return WeeklyReport(
        first=first,
        last=last,
        issues=len(read),
        pages=sum(len(issue.pages) or 1 for issue in read),
        missing=tuple(_missing_days({issue.day for issue in issues}, first, last)),
        poor=tuple(sorted(issue.day for issue in read if issue.quality < POOR_QUALITY)),
        newest=max((issue.day for issue in issues), default=None),
        lines=tuple(
            ReportLine(subscription, matched.get(subscription.id, 0), is_paused_or_muted(subscription, now))
            for subscription in chat.subscriptions
        ),
    )


def _missing_days(days: set[date], first: date, last: date) -> list[date]:
    """Return the days without an issue whose weekday had one in at least half of the HABIT_WEEKS before `first`."""
    before = Counter(day.weekday() for day in days if first - HABIT_WEEKS * ONE_WEEK <= day < first)
    week = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in week if day not in days and 2 * before[day.weekday()] >= HABIT_WEEKS]
