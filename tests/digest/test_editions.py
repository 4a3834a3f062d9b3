"""Editions: the newest issue, the issues of this day in earlier years, or the next issue of a replay."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.digest.editions import Edition, EditionPlan, choose_edition

LATEST, ANNIVERSARY = EditionPlan(), EditionPlan("on_this_day")
BEGUN = date(2026, 12, 1)
REPLAY = EditionPlan("replay", replay_since=BEGUN)
ISSUES = [date(1952, 2, 29), date(1953, 2, 28), date(1953, 3, 1), date(1960, 2, 29), date(1961, 3, 1)]


def days(plan: EditionPlan, today: date, issues: Iterable[date] = ISSUES) -> tuple[date, ...] | None:
    edition = choose_edition(plan, issues, today)
    return edition and edition.days


def test_the_newest_issue_is_the_edition_until_a_newer_one_comes() -> None:
    first, again = (choose_edition(LATEST, ISSUES, date(2026, 11, day)) for day in (22, 23))
    assert first == again == Edition((date(1961, 3, 1),), "digest:1961-03-01")


def test_without_any_issue_there_is_no_edition() -> None:
    assert [days(plan, BEGUN, []) for plan in (LATEST, ANNIVERSARY, REPLAY)] == [None, None, None]


def test_on_this_day_has_the_issues_of_earlier_years_the_latest_first() -> None:
    assert days(ANNIVERSARY, date(2026, 3, 1)) == (date(1961, 3, 1), date(1953, 3, 1))


def test_on_this_day_leaves_out_the_issue_of_this_year() -> None:
    assert days(ANNIVERSARY, date(1961, 3, 1)) == (date(1953, 3, 1),)


def test_a_day_without_an_issue_in_earlier_years_has_an_empty_edition() -> None:
    edition = choose_edition(ANNIVERSARY, ISSUES, date(2026, 3, 2))
    assert edition
    assert edition.days == ()


def test_the_leap_day_comes_on_28_february_of_other_years() -> None:
    leap_days = (date(1960, 2, 29), date(1952, 2, 29))
    assert days(ANNIVERSARY, date(2024, 2, 29)) == leap_days
    assert days(ANNIVERSARY, date(2024, 2, 28)) == (date(1953, 2, 28),)
    assert days(ANNIVERSARY, date(2025, 2, 28)) == (leap_days[0], date(1953, 2, 28), leap_days[1])
    assert days(ANNIVERSARY, date(2025, 3, 1)) == (date(1961, 3, 1), date(1953, 3, 1))


@given(issue=st.dates(max_value=date(1999, 12, 31)), year=st.integers(2000, 2400))
def test_every_issue_comes_once_in_every_later_year(issue: date, year: int) -> None:
    of_year = [day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).year == year]
    assert sum(days(ANNIVERSARY, day, [issue]) == (issue,) for day in of_year) == 1


def test_each_year_has_a_key_of_its_own_for_a_day() -> None:
    keys = {edition.key for year in (2025, 2026) if (edition := choose_edition(ANNIVERSARY, ISSUES, date(year, 3, 1)))}
    assert len(keys) == 2


def test_a_replay_has_an_issue_every_day() -> None:
    played = [days(REPLAY, BEGUN + timedelta(days=n)) for n in range(5)]
    assert played == [(issue,) for issue in ISSUES]


def test_a_replay_begins_with_the_first_issue_from_its_start_on() -> None:
    assert days(EditionPlan("replay", date(1953, 2, 28), BEGUN), BEGUN) == (date(1953, 2, 28),)
    assert days(EditionPlan("replay", date(1954, 1, 1), BEGUN), BEGUN) == (date(1960, 2, 29),)
    assert days(EditionPlan("replay", date(1999, 1, 1), BEGUN), BEGUN) is None


def test_before_a_replay_begins_there_is_no_edition() -> None:
    assert days(REPLAY, BEGUN - timedelta(days=1)) is None


def test_a_replay_at_its_end_goes_on_with_the_newest_issue() -> None:
    later = BEGUN + timedelta(days=100)
    assert days(REPLAY, later) == (ISSUES[-1],)
    assert days(REPLAY, later, [*ISSUES, date(2027, 3, 1)]) == (date(2027, 3, 1),)


def test_an_older_issue_added_later_changes_no_key_of_a_replay() -> None:
    edition = {choose_edition(REPLAY, ISSUES, BEGUN + timedelta(days=n)) for n in range(3)}
    shifted = choose_edition(REPLAY, [date(1950, 1, 1), *ISSUES], BEGUN + timedelta(days=3))
    assert shifted in edition


def test_a_replay_begun_again_has_new_keys() -> None:
    anew = EditionPlan("replay", replay_since=BEGUN + timedelta(days=1))
    first, again = choose_edition(REPLAY, ISSUES, BEGUN), choose_edition(anew, ISSUES, BEGUN + timedelta(days=1))
    assert first
    assert again
    assert first.days == again.days
    assert first.key != again.key


def test_only_a_replay_with_its_first_day_is_replayed() -> None:
    newest = (date(1961, 3, 1),)
    assert days(EditionPlan("replay"), BEGUN) == newest
    assert days(EditionPlan("latest", replay_since=BEGUN), BEGUN) == newest
    assert days(EditionPlan("on_this_day", replay_since=BEGUN), date(2026, 3, 2)) == ()
