"""Editions: the choice of issues for a day's digest. Pure functions.

latest       the newest issue, regardless of its date
on_this_day  the issues of this calendar day in earlier years, the latest year first. On 28 February of a common year,
             the issues of 29 February are added, because they would otherwise be sent only in leap years.
replay       one issue a day, in order of date. The first issue on or after `replay_from` is sent on the day
             `replay_since`. Dates without an issue are skipped. After its last issue, a replay continues with the
             newest issue, like `latest`.
"""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

EditionMode = Literal["latest", "on_this_day", "replay"]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The operator's choice of the issues for daily digests."""

    mode: EditionMode = "latest"
    replay_from: date | None = None
    """A replay begins with the first issue on or after this date; None means the oldest issue."""
    replay_since: date | None = None
    """The day on which a replay's first issue is sent."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The issues of one day's digest."""

    days: tuple[date, ...]
    """Dates of the issues; the first gets the full digest. If empty, the message says that there is no issue."""
    key: str
    """Key in the outbox; a chat receives each key at most once."""


EditionOfDay = Callable[[date], Edition | None]
"""Function that returns the edition for a reader's local date, or None if nothing is sent on that day."""


def choose_edition(plan: EditionPlan, issues: Iterable[date], today: date) -> Edition | None:
    """Return the edition for the reader's local date `today`; `issues` are the dates of all issues.

    Return None if nothing is to be sent: there are no issues, or a replay has no issue or has not begun.
    """
    newest_first = sorted(issues, reverse=True)
    if not newest_first:
        return None
    if plan.mode == "on_this_day":
        return Edition(tuple(day for day in newest_first if _is_anniversary(day, today)), f"digest:on-this-day:{today}")
    if plan.mode == "replay" and plan.replay_since:
        return _replayed(newest_first, today, plan.replay_from or newest_first[-1], plan.replay_since)
    return Edition((newest_first[0],), f"digest:{newest_first[0]}")


def _is_anniversary(day: date, today: date) -> bool:
    """True if `day` is in an earlier year and belongs to the calendar day `today` (see `on_this_day`)."""
    calendar_days = {(today.month, today.day)}
    if (today.month, today.day) == (2, 28) and not calendar.isleap(today.year):
        calendar_days.add((2, 29))
    return day.year < today.year and (day.month, day.day) in calendar_days


def _replayed(newest_first: list[date], today: date, first: date, since: date) -> Edition | None:
    """Return the edition of a replay that begins with the issue of `first` on the day `since`."""
    replayed = [day for day in reversed(newest_first) if day >= first]
    if today < since or not replayed:
        return None
    # The key contains the issue's date, so no chat receives an issue twice if an added issue shifts the others.
    day = replayed[min((today - since).days, len(replayed) - 1)]
    return Edition((day,), f"digest:replay-{since}:{day}")
