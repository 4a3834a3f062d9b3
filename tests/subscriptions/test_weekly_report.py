"""Explained silence: what was read in a week, what is missing of it, and what each subscription found."""

from datetime import UTC, date, datetime, timedelta

from digests.chats import Chat, Subscription
from digests.models import Issue
from digests.subscriptions.weekly_report import ReportLine, weekly_report

MONDAY = date(2023, 3, 6)
NOW = datetime(2023, 3, 6, tzinfo=UTC)
CHAT = Chat(7, subscriptions=(Subscription(1, "防汛", NOW), Subscription(2, "地铁", NOW, paused=True)))


def issue(day: date, quality: float = 1.0) -> Issue:
    return Issue(day, "云河日报", (1, 2), 10, 0, quality, "")


def test_it_counts_the_seven_days_before_the_day_on_which_it_is_given() -> None:
    issues = [issue(MONDAY - timedelta(days=n)) for n in range(10)]
    week = weekly_report(CHAT, issues, {1: 3}, before=MONDAY, now=NOW)
    assert (week.first, week.last) == (date(2023, 2, 27), date(2023, 3, 5))
    assert (week.issues, week.pages) == (7, 14)
    first, second = CHAT.subscriptions
    assert week.lines == (ReportLine(first, 3, resting=False), ReportLine(second, 0, resting=True))


def test_a_day_on_which_the_paper_usually_comes_out_is_missed() -> None:
    """It comes out from Monday to Friday, and this Thursday's is not there."""
    days = [MONDAY - timedelta(days=n) for n in range(1, 40)]
    issues = [issue(day) for day in days if day.weekday() < 5 and day != date(2023, 3, 2)]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).missing == (date(2023, 3, 2),)


def test_badly_read_issues_are_named() -> None:
    issues = [issue(date(2023, 3, 1), 0.2), issue(date(2023, 3, 2))]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).poor == (date(2023, 3, 1),)


def test_an_archive_of_another_time_says_what_its_newest_issue_is() -> None:
    week = weekly_report(CHAT, [issue(date(2020, 1, 1))], {}, before=MONDAY, now=NOW)
    assert (week.issues, week.newest) == (0, date(2020, 1, 1))
    assert weekly_report(CHAT, [], {}, before=MONDAY, now=NOW).newest is None
