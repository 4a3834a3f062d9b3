"""Editions: which issues a day's digest is about. Pure.

latest       the newest issue, whenever it appeared
on_this_day  the issues of this calendar day in earlier years, the latest year first; on 28 February of a year without
             a 29th also those of 29 February, so that no issue is left out for years
replay       an issue a day, the oldest first, from the first issue of `replay_from` or later, which comes on the day
             `replay_since`; days without an issue are skipped. At its end a replay goes on with the newest issue, like
             `latest`.
"""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

EditionMode = Literal["latest", "on_this_day", "replay"]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The operator's choice of the issues that daily digests are about."""

    mode: EditionMode = "latest"
    replay_from: date | None = None
    """A replay begins with the first issue of this day or later; None begins with the oldest."""
    replay_since: date | None = None
    """The day of a replay's first issue."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The issues of one day's digest."""

    days: tuple[date, ...]
    """Days of the issues, the one for the full digest first; empty if this day has no issue, which the message says."""
    key: str
    """Its key in the outbox: a chat gets each key once."""


EditionOfDay = Callable[[date], Edition | None]
"""Returns the edition of a reader's day; None if there is nothing to send at all."""


def choose_edition(plan: EditionPlan, issues: Iterable[date], today: date) -> Edition | None:
    """Return the edition of the reader's day `today` from the days of the `issues`.

    None without any issue, and before a replay begins: nothing is sent then.
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
    calendar_days = {(today.month, today.day)}
    if (today.month, today.day) == (2, 28) and not calendar.isleap(today.year):
        calendar_days.add((2, 29))
    return day.year < today.year and (day.month, day.day) in calendar_days


def _replayed(newest_first: list[date], today: date, first: date, since: date) -> Edition | None:
    replayed = [day for day in reversed(newest_first) if day >= first]
    if today < since or not replayed:
        return None
    # The key names issue and replay: an older issue added later moves the others to other days, and none comes twice.
    day = replayed[min((today - since).days, len(replayed) - 1)]
    return Edition((day,), f"digest:replay-{since}:{day}")
