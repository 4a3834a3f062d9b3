"""Counts over issues, what is rising, weeks and months."""

from dataclasses import replace
from datetime import date, timedelta

from digests import dates, digest
from digests.digest import trends
from digests.models import Digest, Issue, Keyword
from tests.digest.test_build import BEGUN, ENDED
from tests.invented import DAY, article


def _digest(day: date, *keywords: tuple[str, float], articles: int = 3) -> Digest:
    built = digest.build(Issue(day, "云河日报", (1,), articles, 1, 0.9, str(day)), [article(date=day, id=f"a{day}")])
    return replace(built, keywords=tuple(Keyword(*keyword) for keyword in keywords))


def _issue(day: date, articles: int) -> Issue:
    return Issue(day, "云河日报", (1,), articles, 0, 0.9, "")


def test_a_count_has_the_articles_with_the_term_and_their_share_in_percent() -> None:
    [count] = trends.term_counts({DAY: 1}, [_issue(DAY, 3)])
    assert (count.articles, count.of, count.share) == (1, 3, 33.3)


def test_issues_are_counted_from_the_oldest_on_and_one_without_the_term_counts_zero() -> None:
    counts = trends.term_counts({DAY + timedelta(1): 2}, [_issue(DAY + timedelta(1), 5), _issue(DAY, 4)])
    assert [(count.day, count.articles, count.of) for count in counts] == [(DAY, 0, 4), (DAY + timedelta(1), 2, 5)]


def test_a_day_without_articles_has_no_share() -> None:
    assert trends.TermCount(DAY, 0, 0).share == 0.0


def test_keywords_that_weigh_more_in_later_issues_rise() -> None:
    weights = [0.1, 0.1, 0.3, 0.4]
    digests = [_digest(DAY + timedelta(n), ("防汛", w), ("石桥", 0.5 - w)) for n, w in enumerate(weights)]
    assert [one.text for one in trends.rising_keywords(digests)] == ["防汛"]


def test_a_keyword_of_only_two_issues_does_not_rise() -> None:
    assert trends.rising_keywords([_digest(DAY + timedelta(n), ("防汛", 0.1 * (n + 1))) for n in range(2)]) == ()


def test_a_week_begins_on_monday_and_a_month_ends_on_its_last_day() -> None:
    assert dates.week_of(date(2023, 3, 5)) == (date(2023, 2, 27), date(2023, 3, 5))
    assert dates.month_of(date(2024, 2, 10)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert dates.month_of(date(2023, 12, 31)) == (date(2023, 12, 1), date(2023, 12, 31))


def test_a_period_adds_up_its_issues_and_leaves_out_the_others() -> None:
    span = dates.week_of(DAY)
    digests = [
        _digest(DAY, ("防汛", 0.2)),
        _digest(DAY - timedelta(1), ("防汛", 0.1), ("石桥", 0.4)),
        _digest(DAY + timedelta(1)),
    ]
    period = trends.summarise_period(digests, span)
    assert period is not None
    assert period.issues == (DAY - timedelta(1), DAY)
    assert period.articles == 6
    assert period.keywords == (("防汛", 2), ("石桥", 1))
    assert len(period.stories) == 2


def test_of_stories_that_follow_one_another_a_period_has_the_last() -> None:
    one = digest.build(Issue(DAY, "", (1,), 1, 0, 1, "1"), [BEGUN])
    other = digest.build(Issue(DAY + timedelta(1), "", (1,), 1, 0, 1, "2"), [ENDED], earlier=[one])
    period = trends.summarise_period([one, other], (DAY, DAY + timedelta(1)))
    assert other.stories[0].follows is not None
    assert period is not None
    assert [story.article for _, story in period.stories] == [ENDED.id]


def test_a_period_without_issues_is_none() -> None:
    assert trends.summarise_period([], dates.week_of(DAY)) is None


def test_a_keyword_rises_from_three_issues_on_by_the_means_of_the_halves() -> None:
    digests = [_digest(DAY + timedelta(n), ("防汛", 0.1 * n)) for n in range(1, 4)]
    assert trends.rising_keywords(digests) == (trends.RisingKeyword("防汛", 0.1, 0.25),)
    twice = [*digests[:2], _digest(DAY + timedelta(3))]
    assert trends.rising_keywords(twice) == ()
    steady = [_digest(DAY + timedelta(n), ("防汛", 0.1)) for n in range(4)]
    assert trends.rising_keywords(steady) == ()


def test_the_ten_steepest_rising_keywords_are_listed() -> None:
    late = tuple((f"词{n:02}", 0.01 * n) for n in range(1, 13))
    early = tuple((text, weight / 2) for text, weight in late)
    digests = [_digest(DAY, *early), _digest(DAY + timedelta(1), *late), _digest(DAY + timedelta(2), *late)]
    assert [one.text for one in trends.rising_keywords(digests)] == [f"词{n:02}" for n in range(12, 2, -1)]


def test_a_period_has_ten_keywords_and_twelve_stories() -> None:
    issue = Issue(DAY, "云河日报", (1,), 20, 0, 0.9, "1")
    stories = [article(id=f"s{n:02}", n=n, page=n % 4, paragraphs=(f"第{n}座花园开放。",)) for n in range(20)]
    themed = digest.build(issue, stories, stories=20, themes=[])
    many = replace(
        themed,
        stories=tuple(replace(story, theme=str(n)) for n, story in enumerate(themed.stories * 4)),
        keywords=tuple(Keyword(f"词{n:02}", 0.01) for n in range(20)),
    )
    period = trends.summarise_period([many], (DAY, DAY))
    assert period is not None
    assert len(period.stories) == 12
    assert [text for text, _ in period.keywords] == [f"词{n:02}" for n in range(10)]


def test_of_keywords_in_as_many_issues_the_weightier_comes_first() -> None:
    period = trends.summarise_period([_digest(DAY, ("甲", 0.1), ("乙", 0.2), ("丙", 0.1))], (DAY, DAY))
    assert period is not None
    assert [text for text, _ in period.keywords] == ["乙", "丙", "甲"]


def test_rising_weights_are_means_with_six_digits() -> None:
    weights = (0.1, 0.2, 0.3, 0.4, 0.1, 0.6)
    digests = [_digest(DAY + timedelta(n), ("防汛", weight)) for n, weight in enumerate(weights)]
    assert trends.rising_keywords(digests) == (trends.RisingKeyword("防汛", 0.2, 0.366667),)
    digests = [_digest(DAY + timedelta(n), *((("防汛", 1.0),) if n else ())) for n in range(4)]
    assert trends.rising_keywords(digests) == (trends.RisingKeyword("防汛", 0.5, 1.0),)
    digests = [_digest(DAY + timedelta(n), *((("防汛", 0.009),) if n > 2 else ())) for n in range(6)]
    assert trends.rising_keywords(digests) == (trends.RisingKeyword("防汛", 0.0, 0.009),)
    digests = [_digest(DAY + timedelta(n), ("防汛", w)) for n, w in enumerate((0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3))]
    assert trends.rising_keywords(digests) == (trends.RisingKeyword("防汛", 0.166667, 0.275),)


def test_the_stories_of_a_period_come_by_score_then_by_day_and_id() -> None:
    first, second = _digest(DAY), _digest(DAY + timedelta(1))
    story = first.stories[0]

    def with_scores(built: Digest, **scores: float) -> Digest:
        return replace(built, stories=tuple(replace(story, article=n, score=s) for n, s in scores.items()))

    digests = [with_scores(first, b=0.5, a=0.5, z=0.1), with_scores(second, c=0.9, d=0.5)]
    period = trends.summarise_period(digests, (DAY, DAY + timedelta(1)))
    assert period is not None
    assert [(day, story.article) for day, story in period.stories] == [
        (DAY + timedelta(1), "c"),
        (DAY, "a"),
        (DAY, "b"),
        (DAY + timedelta(1), "d"),
        (DAY, "z"),
    ]
    assert (period.first, period.last, period.notices) == (DAY, DAY + timedelta(1), 2)
