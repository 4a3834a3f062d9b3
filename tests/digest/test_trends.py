"""Counts over issues, what is rising, weeks and months."""

from dataclasses import replace
from datetime import date, timedelta

from digests import digest
from digests.digest import trends
from digests.models import Digest, Issue, Keyword
from tests.digest.test_build import BEGUN, ENDED
from tests.invented import DAY, article


def _digest(day: date, *keywords: tuple[str, float], articles: int = 3) -> Digest:
    built = digest.build(Issue(day, "云河日报", (1,), articles, 1, 0.9, str(day)), [article(date=day, id=f"a{day}")])
    return replace(built, keywords=tuple(Keyword(*keyword) for keyword in keywords))


def test_counts_are_absolute_and_by_length() -> None:
    short = article(headline="", paragraphs=("防汛" + "。" * 98,))
    counted = trends.term_counts("防汛", {DAY: [short, article(headline="", paragraphs=("无" * 100,))]})
    assert (counted[0].times, counted[0].articles) == (1, 1)
    assert counted[0].rate == 50.0


def test_an_issue_without_the_term_counts_nothing_and_is_there() -> None:
    days = {DAY + timedelta(1): [article(headline="防汛")], DAY: [article()]}
    assert [(count.day, count.times) for count in trends.term_counts("防汛", days)] == [
        (DAY, 0),
        (DAY + timedelta(1), 1),
    ]


def test_an_issue_without_text_has_no_rate() -> None:
    assert trends.term_counts("防汛", {DAY: []})[0].rate == 0.0


def test_what_later_issues_list_more_is_rising() -> None:
    weights = [0.1, 0.1, 0.3, 0.4]
    digests = [_digest(DAY + timedelta(n), ("防汛", w), ("石桥", 0.5 - w)) for n, w in enumerate(weights)]
    assert [one.text for one in trends.rising_keywords(digests)] == ["防汛"]


def test_what_stands_in_two_issues_only_is_not_rising_yet() -> None:
    assert trends.rising_keywords([_digest(DAY + timedelta(n), ("防汛", 0.1 * (n + 1))) for n in range(2)]) == ()


def test_a_week_begins_on_monday_and_a_month_ends_on_its_last_day() -> None:
    assert trends.week_of(date(2023, 3, 5)) == (date(2023, 2, 27), date(2023, 3, 5))
    assert trends.month_of(date(2024, 2, 10)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert trends.month_of(date(2023, 12, 31)) == (date(2023, 12, 1), date(2023, 12, 31))


def test_a_period_adds_up_its_issues_and_leaves_out_the_others() -> None:
    span = trends.week_of(DAY)
    digests = [
        _digest(DAY, ("防汛", 0.2)),
        _digest(DAY - timedelta(1), ("防汛", 0.1), ("石桥", 0.4)),
        _digest(DAY + timedelta(1)),
    ]
    told = trends.summarise_period(digests, span)
    assert told is not None
    assert told.issues == (DAY - timedelta(1), DAY)
    assert told.articles == 6
    assert told.keywords == (("防汛", 2), ("石桥", 1))
    assert len(told.stories) == 2


def test_of_stories_that_continue_one_another_a_period_tells_the_last() -> None:
    one = digest.build(Issue(DAY, "", (1,), 1, 0, 1, "1"), [BEGUN])
    other = digest.build(Issue(DAY + timedelta(1), "", (1,), 1, 0, 1, "2"), [ENDED], earlier=[one])
    told = trends.summarise_period([one, other], (DAY, DAY + timedelta(1)))
    assert other.stories[0].follows is not None
    assert told is not None
    assert [story.article for _, story in told.stories] == [ENDED.id]


def test_a_period_without_issues_is_none() -> None:
    assert trends.summarise_period([], trends.week_of(DAY)) is None
