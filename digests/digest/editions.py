"""Which issues' digests are today's edition: the newest, those of this day in earlier years, or a replay. Pure.

latest       the newest issue, whenever it appeared
on_this_day  the issues of this calendar day in earlier years, the latest year first; on 28 February of a year without
             a 29th also those of 29 February, so that no issue is left out for years
replay       an issue a day, the oldest first, beginning with the first issue of `replay_from` or after it on the day
             `replay_since`; days without an issue are not waited for. Once the archive is played to its end, the
             newest issue is today's, so that a replay that has caught up goes on as `latest`.
"""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

EditionMode = Literal["latest", "on_this_day", "replay"]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """How the operator wants the archive told."""

    mode: EditionMode = "latest"
    replay_from: date | None = None
    """The issue that a replay begins with, or the first after it; None: the oldest."""
    replay_since: date | None = None
    """The day on which a replay tells its first issue."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What is told on one day."""

    days: tuple[date, ...]
    """Of the issues, the one told in full first; empty where this day has none, which is said."""
    key: str
    """What the outbox knows it by: a chat is owed each key once."""


EditionOfDay = Callable[[date], Edition | None]
"""A reader's day -> the edition of that day; None while there is nothing at all to tell."""


def choose_edition(plan: EditionPlan, issues: Iterable[date], today: date) -> Edition | None:
    """The edition of the reader's day `today` from the `issues` there are; None while there is nothing at all to tell.

    That is so without any issue, and before a replay begins.
    """
    held = sorted(issues, reverse=True)
    if not held:
        return None
    if plan.mode == "on_this_day":
        return Edition(tuple(day for day in held if _is_anniversary(day, today)), f"digest:on-this-day:{today}")
    if plan.mode == "replay" and plan.replay_since:
        return _replayed(held, today, plan.replay_from or held[-1], plan.replay_since)
    return Edition((held[0],), f"digest:{held[0]}")


def _is_anniversary(day: date, today: date) -> bool:
    told = {(today.month, today.day)}
    if (today.month, today.day) == (2, 28) and not calendar.isleap(today.year):
        told.add((2, 29))
    return day.year < today.year and (day.month, day.day) in told


def _replayed(held: list[date], today: date, first: date, since: date) -> Edition | None:
    played = [day for day in reversed(held) if day >= first]
    if today < since or not played:
        return None
    # By the issue and the replay: an issue that is added behind this one moves the others, and none is sent twice.
    day = played[min((today - since).days, len(played) - 1)]
    return Edition((day,), f"digest:replay-{since}:{day}")
