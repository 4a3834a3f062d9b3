"""The weekly report: what was read, what is missing, and what each subscription matched."""

from datetime import UTC, date, datetime, timedelta

from digests.chats import Chat, Subscription
from digests.models import Issue
from digests.segment.quality import POOR_QUALITY
from digests.subscriptions.weekly_report import ReportLine, weekly_report

MONDAY = date(2023, 3, 6)
NOW = datetime(2023, 3, 6, tzinfo=UTC)
CHAT = Chat(7, subscriptions=(Subscription(1, "防汛", NOW), Subscription(2, "地铁", NOW, paused=True)))


def issue(day: date, quality: float = 1.0) -> Issue:
    return Issue(day, "云河日报", (1, 2), 10, 0, quality, "")


def test_the_report_counts_the_seven_days_before_its_day() -> None:
    issues = [issue(MONDAY - timedelta(days=n)) for n in range(10)]
    week = weekly_report(CHAT, issues, {1: 3}, before=MONDAY, now=NOW)
    assert (week.first, week.last) == (date(2023, 2, 27), date(2023, 3, 5))
    assert (week.issues, week.pages) == (7, 14)
    first, second = CHAT.subscriptions
    assert week.lines == (ReportLine(first, 3, paused=False), ReportLine(second, 0, paused=True))


def test_a_usual_day_without_an_issue_is_missing() -> None:
    """The paper appears from Monday to Friday; the issue of this Thursday is missing."""
    days = [MONDAY - timedelta(days=n) for n in range(1, 40)]
    issues = [issue(day) for day in days if day.weekday() < 5 and day != date(2023, 3, 2)]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).missing == (date(2023, 3, 2),)


def test_issues_with_poor_text_recognition_are_named() -> None:
    issues = [issue(date(2023, 3, 1), 0.2), issue(date(2023, 3, 2))]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).poor == (date(2023, 3, 1),)


def test_the_report_names_the_newest_issue_of_an_old_archive() -> None:
    week = weekly_report(CHAT, [issue(date(2020, 1, 1))], {}, before=MONDAY, now=NOW)
    assert (week.issues, week.newest) == (0, date(2020, 1, 1))
    assert weekly_report(CHAT, [], {}, before=MONDAY, now=NOW).newest is None


def thursdays(*weeks_back: int) -> list[Issue]:
    """Issues of the Thursdays so many weeks before the one of the report."""
    return [issue(date(2023, 3, 2) - timedelta(weeks=n)) for n in weeks_back]


def test_a_weekday_is_usual_if_two_of_the_four_weeks_before_had_an_issue() -> None:
    def missing(*weeks_back: int) -> tuple[date, ...]:
        return weekly_report(CHAT, thursdays(*weeks_back), {}, before=MONDAY, now=NOW).missing

    assert missing(1, 2) == missing(3, 4) == (date(2023, 3, 2),)
    assert missing(1) == missing(4) == ()
    assert missing(4, 5) == missing(5, 6) == ()


def test_the_four_weeks_end_before_the_first_day_and_begin_on_the_same_weekday() -> None:
    def missing(*days: date) -> tuple[date, ...]:
        return weekly_report(CHAT, [issue(day) for day in days], {}, before=MONDAY, now=NOW).missing

    first = date(2023, 2, 27)
    assert missing(first - timedelta(weeks=4), first - timedelta(weeks=1)) == (first,)
    assert missing(first - timedelta(weeks=4), first) == ()


def test_an_issue_without_page_numbers_counts_as_one_page() -> None:
    issues = [Issue(MONDAY - timedelta(days=1), "云河日报", (), 10, 0, 1.0, ""), issue(MONDAY - timedelta(days=2))]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).pages == 3


def test_an_issue_of_exactly_the_quality_limit_is_not_poor() -> None:
    issues = [issue(date(2023, 3, 1), POOR_QUALITY), issue(date(2023, 3, 2), POOR_QUALITY - 0.001)]
    assert weekly_report(CHAT, issues, {}, before=MONDAY, now=NOW).poor == (date(2023, 3, 2),)
