"""Decisions on new articles, with exact limits: caps, backlogs, creation times, rhythms, repetitions and order."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digests.chats import Chat, Subscription
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, NewArticle
from digests.subscriptions.alerts import (
    AlertDecision,
    AlertRules,
    ArrivedArticle,
    ArticleSketch,
    EarlierDecisions,
    decide_alerts,
    issue_order,
    sketch_of,
    without_old_backlog,
)
from tests.invented import DAY, article
from tests.newsroom import story

NOW = datetime(2023, 3, 5, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONG_AGO = NOW - timedelta(days=99)


def about(number: int, day: date | None = DAY, **fields: Any) -> Article:
    """Return an article on 防汛 with a text of its own."""
    body = story(f"第{number}次防汛演练", number)
    return article(id=f"article-{number}", headline=f"第{number}条", paragraphs=(body,), date=day, **fields)


def arrived(*articles: Article, **fields: Any) -> list[ArrivedArticle]:
    return [ArrivedArticle(new, frozenset({new.id}), NOW, **fields) for new in articles]


def subscription(number: int = 1, **fields: Any) -> Subscription:
    return Subscription(number, "防汛", LONG_AGO, **fields)


def decide(
    new: Collection[ArrivedArticle],
    *subscriptions: Subscription,
    decided: Collection[tuple[int, int | None, str]] = (),
    counts: Mapping[tuple[int, int, date], int] | None = None,
    sketches: Collection[ArticleSketch] = (),
    quiet: bool = False,
    cap: int = 20,
) -> AlertDecision:
    chat = Chat(7, subscriptions=subscriptions)
    rules = AlertRules(NOW, cap, lambda _: quiet, lambda _: DAY)
    earlier = EarlierDecisions(decided, counts or {}, sketches)
    return decide_alerts(new, SubscriptionMatcher([chat]), {7: chat}, earlier, rules)


def immediate(decision: AlertDecision) -> list[str]:
    return [match.article for matches in decision.immediate.values() for match in matches]


def bundles(decision: AlertDecision) -> dict[str, str]:
    return {waiting.article: waiting.bundle for waiting in decision.entries.waiting}


@pytest.mark.parametrize(("before", "alerted"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_a_cap_is_reached_exactly(before: int, alerted: int) -> None:
    decision = decide(arrived(about(1), about(2), about(3)), subscription(cap=2), counts={(7, 1, DAY): before})
    assert len(immediate(decision)) == alerted
    assert list(bundles(decision).values()) == ["daily"] * (3 - alerted)
    assert [match.outcome for match in decision.entries.matches] == ["now"] * alerted + ["held"] * (3 - alerted)


def test_a_subscription_without_a_cap_has_the_default_one() -> None:
    assert len(immediate(decide(arrived(about(1), about(2), about(3)), subscription(), cap=2))) == 2


def test_counts_of_another_day_do_not_count() -> None:
    decision = decide(arrived(about(1)), subscription(cap=1), counts={(7, 1, DAY - timedelta(days=1)): 9})
    assert immediate(decision) == ["article-1"]


def test_a_subscription_created_when_the_article_arrived_matches_and_a_later_one_does_not() -> None:
    at_once, later = replace(subscription(1), created=NOW), replace(subscription(2), created=NOW + SECOND)
    [match] = decide(arrived(about(1)), at_once, later).entries.matches
    assert match.subscription == 1


def test_only_if_all_matching_subscriptions_are_weekly_the_article_waits_for_the_week() -> None:
    weekly, daily = subscription(1, rhythm="weekly"), subscription(2, rhythm="daily")
    assert bundles(decide(arrived(about(1)), weekly)) == {"article-1": "weekly"}
    assert bundles(decide(arrived(about(1)), weekly, daily)) == {"article-1": "daily"}
    resting = replace(daily, paused=True)
    assert bundles(decide(arrived(about(1)), weekly, resting)) == {"article-1": "weekly"}


def test_in_quiet_hours_an_alert_waits_for_their_end_and_counts_for_the_cap() -> None:
    decision = decide(arrived(about(1), about(2)), subscription(cap=1), quiet=True)
    assert immediate(decision) == []
    assert bundles(decision) == {"article-1": "quiet", "article-2": "daily"}


def test_a_passed_over_article_is_logged_and_neither_reported_nor_sketched() -> None:
    decision = decide(arrived(about(1)), subscription(muted_until=NOW + SECOND))
    assert [match.outcome for match in decision.entries.matches] == ["passed"]
    assert (decision.immediate, decision.entries.waiting, decision.entries.sketches) == ({}, (), ())
    assert immediate(decide(arrived(about(1)), subscription(muted_until=NOW))) == ["article-1"]


def test_an_alert_has_the_matches_of_all_subscriptions_but_the_resting_ones() -> None:
    decision = decide(arrived(about(1)), subscription(1), subscription(2, rhythm="daily"), subscription(3, paused=True))
    assert [match.subscription.id for match in decision.immediate[7, None]] == [1, 2]


@pytest.mark.parametrize(("days", "expected"), [(7, []), (8, ["article-1"])])
def test_a_repetition_within_seven_days_is_not_reported(days: int, expected: list[str]) -> None:
    former = replace(about(1, DAY - timedelta(days=days)), id="former")
    decision = decide(arrived(about(1)), subscription(), decided={(7, None, "former")}, sketches=[sketch_of(former)])
    assert immediate(decision) == expected


def test_undated_articles_repeat_only_undated_ones() -> None:
    former = sketch_of(replace(about(1, None), id="former"))
    decided = {(7, None, "former")}
    assert immediate(decide(arrived(about(1, None)), subscription(), decided=decided, sketches=[former])) == []
    assert immediate(decide(arrived(about(1)), subscription(), decided=decided, sketches=[former])) == ["article-1"]


def test_an_article_reported_in_one_topic_is_new_to_another() -> None:
    decision = decide(
        arrived(about(1)), subscription(1, topic=5), subscription(2, topic=6), decided={(7, 5, "article-1")}
    )
    assert list(decision.immediate) == [(7, 6)]


def test_what_was_passed_in_is_not_changed() -> None:
    decided, counts, sketches = set[Any](), dict[Any, int](), list[Any]()
    decide(arrived(about(1)), subscription(), decided=decided, counts=counts, sketches=sketches)
    assert (decided, counts, sketches) == (set(), {}, [])


def test_only_matches_that_the_former_reading_lacked_are_new() -> None:
    garden = Subscription(2, "花园", LONG_AGO)
    now = replace(about(1), paragraphs=("防汛演练在花园举行。",))
    former = replace(now, paragraphs=("防汛演练在公园举行。",))
    [match] = decide(arrived(now, former=former), subscription(1), garden).entries.matches
    assert match.subscription == 2


def test_articles_are_decided_on_by_day_paper_page_and_number_and_undated_ones_last() -> None:
    articles = [
        about(1, None),
        about(2, DAY, paper="b"),
        about(3, DAY, paper="a", page=2, n=1),
        about(4, DAY, paper="a", page=1, n=2),
        about(5, DAY - timedelta(days=1), paper="z"),
    ]
    assert [found.id[-1] for found in sorted(articles, key=issue_order)] == ["5", "4", "3", "2", "1"]
    assert immediate(decide(arrived(*articles), subscription())) == [f"article-{n}" for n in (5, 4, 3, 2, 1)]


def backlog(issues: int) -> list[NewArticle]:
    return [NewArticle(f"article-{n}", DAY - timedelta(days=n)) for n in range(issues)]


@pytest.mark.parametrize(("issues", "kept"), [(6, 6), (7, 7), (8, 4)])
def test_new_articles_of_up_to_seven_issues_are_no_backlog(issues: int, kept: int) -> None:
    assert len(without_old_backlog(backlog(issues), DAY, timedelta(days=3))) == kept


def test_of_a_backlog_articles_of_exactly_max_age_and_undated_ones_stay() -> None:
    articles = [*backlog(9), NewArticle("undated")]
    kept = without_old_backlog(articles, DAY, timedelta(days=2))
    assert [new.id for new in kept] == ["article-0", "article-1", "article-2", "undated"]


def test_age_counts_back_from_the_newest_issue_and_without_one_nothing_is_old() -> None:
    assert without_old_backlog(backlog(9), DAY + timedelta(days=9), timedelta(days=9)) == backlog(1)
    assert len(without_old_backlog(backlog(9), None, timedelta(days=1))) == 9
