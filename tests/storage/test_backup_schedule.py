"""The backup that is due and the expired ones follow from names and the current time alone."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.storage.backup_catalog import Retention, backup_name, backup_time, is_backup_name, is_scheduled

NOW = datetime(2026, 11, 22, 20, 41, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RETENTION = Retention(hourly=24, daily=14)


def kept_for(retention: Retention, hours: int) -> list[datetime]:
    """Return the backups after a program that ran the schedule every half an hour for some hours."""
    names: list[str] = []
    for half in range(2 * hours):
        now = NOW + half * HOUR / 2
        if retention.is_due(names, now):
            names.append(backup_name(now))
            names = sorted(set(names) - set(retention.expired(names)))
    return [moment for name in names if (moment := backup_time(name))]


def test_names_contain_the_time_and_sort_by_it() -> None:
    assert backup_name(NOW) == "2026-11-22T204107Z"
    assert backup_name(NOW.astimezone(timezone(8 * HOUR))) == "2026-11-22T204107Z"
    assert backup_time(backup_name(NOW)) == backup_time(backup_name(NOW, "before-update")) == NOW
    assert backup_name(NOW) < backup_name(NOW, "before-restore") < backup_name(NOW + timedelta(seconds=1))


@pytest.mark.parametrize("name", ["", "notes", "2026-11-22", "2026-11-22T204107Z.old", "2026-13-22T204107Z"])
def test_other_names_are_no_automatic_backups(name: str) -> None:
    assert not is_backup_name(name)
    assert RETENTION.expired([name]) == []
    assert RETENTION.is_due([name], NOW)


def test_the_first_backup_is_due_at_once_and_the_next_in_the_next_hour() -> None:
    assert RETENTION.is_due([], NOW)
    assert not RETENTION.is_due([backup_name(NOW)], NOW + timedelta(minutes=18))
    assert RETENTION.is_due([backup_name(NOW)], NOW + timedelta(minutes=19))


def test_a_clock_that_was_set_back_does_not_stop_the_backups() -> None:
    assert RETENTION.is_due([backup_name(NOW + 30 * DAY)], NOW)


def test_a_backup_outside_the_schedule_does_not_count_for_it() -> None:
    assert RETENTION.is_due([backup_name(NOW, "before-restore")], NOW)


def test_without_hourly_backups_one_is_due_each_day_and_without_any_none() -> None:
    assert not Retention(0, 14).is_due([backup_name(NOW)], NOW + HOUR)
    assert Retention(0, 14).is_due([backup_name(NOW)], NOW + 4 * HOUR)
    assert not Retention(0, 0).is_due([], NOW)


def test_after_a_month_there_is_one_for_each_of_the_last_hours_and_days() -> None:
    kept = kept_for(RETENTION, 24 * 30)
    assert {later - earlier for earlier, later in pairwise(kept[-24:])} == {HOUR}
    days = sorted({moment.date() for moment in kept})
    assert [later - earlier for earlier, later in pairwise(days)] == [DAY] * 13
    assert {moment.hour for moment in kept[:-24]} == {23}
    assert len(kept) == 24 + 12  # the last hours have the newest of two days among them


def test_a_machine_that_was_off_for_a_year_keeps_its_old_backups() -> None:
    names = [backup_name(NOW - 365 * DAY - hour * HOUR) for hour in range(5)]
    assert set(RETENTION.expired([*names, backup_name(NOW)])) == set()


def test_a_set_aside_backup_expires_with_the_scheduled_ones_of_its_time() -> None:
    aside = backup_name(NOW, "before-restore")
    assert RETENTION.expired([aside]) == []
    assert RETENTION.expired([aside, *(backup_name(NOW + day * DAY) for day in range(14))]) == []
    assert RETENTION.expired([aside, *(backup_name(NOW + day * DAY) for day in range(1, 24))]) == [aside]


@given(st.lists(st.integers(0, 60 * 24 * 40), max_size=60), st.integers(0, 5), st.integers(0, 5))
def test_the_newest_never_expires_and_deleting_again_deletes_nothing(
    minutes: list[int], hourly: int, daily: int
) -> None:
    retention = Retention(hourly, daily)
    names = sorted({backup_name(NOW + timedelta(minutes=minute)) for minute in minutes})
    kept = [name for name in names if name not in retention.expired(names)]
    assert len(kept) <= hourly + daily
    assert retention.expired(kept) == []
    assert kept[-1:] == (names[-1:] if hourly or daily else [])
    assert all(is_scheduled(name) for name in kept)


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_an_hour_ends_exactly() -> None:
    assert not RETENTION.is_due([backup_name(at(20))], at(20, 59))
    assert RETENTION.is_due([backup_name(at(20, 59))], at(21))
    assert RETENTION.is_due([backup_name(at(10))], at(11))
    assert not RETENTION.is_due([backup_name(at(20, 9))], at(20, 0))


def test_a_day_ends_exactly() -> None:
    daily = Retention(0, 2)
    assert not daily.is_due([backup_name(at(0))], at(23, 59))
    assert daily.is_due([backup_name(at(23, 59))], at(0, day=23))
    assert Retention(1, 0).is_due([backup_name(at(20))], at(21))


def test_the_newest_of_exactly_so_many_hours_and_days_is_kept() -> None:
    names = [backup_name(at(hour, minute)) for hour in (18, 19, 20) for minute in (0, 30)]
    assert Retention(2, 0).expired(names) == [names[0], names[1], names[2], names[4]]
    days = [backup_name(at(hour, day=day)) for day in (20, 21, 22) for hour in (1, 2)]
    assert Retention(0, 2).expired(days) == [days[0], days[1], days[2], days[4]]
    assert Retention(1, 2).expired(days) == [days[0], days[1], days[2], days[4]]
    assert Retention(0, 0).expired(days) == days


def test_a_backup_outside_the_schedule_expires_when_no_older_scheduled_one_is_kept() -> None:
    before_update = backup_name(at(18), "before-update")
    assert Retention(2, 0).expired([before_update, backup_name(at(19)), backup_name(at(20))]) == [before_update]
    assert Retention(2, 0).expired([backup_name(at(18)), before_update, backup_name(at(20))]) == []
