"""The back-test's figures at their exact limits; a list of articles stands in for the index."""

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import cast

import pytest

from digests.analysis import Labeller
from digests.models import Article, Issue
from digests.query import Term
from digests.search.index import Index
from digests.subscriptions.backtest import Backtest, BacktestStopped, backtest, plan_reading
from tests.invented import DAY, article
from tests.newsroom import story


class Articles:
    """An index that returns all its articles of the days for any term."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles

    def mentioning(
        self, _terms: Sequence[Term], _first: date | None, _last: date | None, days: Collection[date] | None
    ) -> Sequence[Article]:
        return [article for article in self._articles if days is None or article.date in days]

    def mention_days(self, _terms: Sequence[Term], _first: date | None, _last: date | None) -> Counter[date]:
        return Counter(article.date for article in self._articles if article.date)


def run_backtest(
    query: str, articles: Sequence[Article], issues: Sequence[date] = (DAY,), max_articles: int | None = None
) -> Backtest:
    of_days = [Issue(day, "云河日报", (1,), 1, 0, 1.0, "") for day in issues]
    index = cast(Index, Articles(articles))
    return backtest(index, query, of_days, lambda found: found, Labeller(), max_articles=max_articles)


def about(number: int, day: date | None = DAY, what: str = "防汛演练") -> Article:
    body = story(f"第{number}次{what}", number)
    return article(id=f"article-{number}", headline=f"第{number}条", paragraphs=(body,), date=day)


@pytest.mark.parametrize(("days_ago", "counted"), [(0, 1), (364, 1), (365, 0)])
def test_the_last_year_has_365_days_up_to_the_newest_issue(days_ago: int, counted: int) -> None:
    result = run_backtest("防汛", [about(1, DAY - timedelta(days=days_ago))])
    assert (result.total, result.last_year) == (1, counted)


@pytest.mark.parametrize(
    ("issues", "hits", "expected"), [(1, 10, False), (1, 11, True), (3, 11, True), (4, 12, False), (4, 13, True)]
)
def test_a_firehose_has_more_than_ten_hits_and_more_than_three_an_issue(issues: int, hits: int, expected: bool) -> None:
    days = [DAY - timedelta(days=n) for n in range(issues)]
    result = run_backtest("防汛", [about(n) for n in range(hits)], days)
    assert result.total == hits
    assert result.firehose is expected


def test_of_several_busiest_days_the_latest_counts_and_months_are_in_order() -> None:
    days = [date(2023, 3, 1), date(2023, 2, 27), date(2023, 3, 1), date(2023, 2, 27), date(2022, 12, 31)]
    result = run_backtest("防汛", [about(n, day) for n, day in enumerate([*days, None])])
    assert result.busiest == (date(2023, 3, 1), 2)
    assert list(result.by_month.items()) == [("2022-12", 1), ("2023-02", 2), ("2023-03", 2)]
    assert [hit.article.date for hit in result.hits][-1] is None
    assert result.total == 6


def test_at_most_three_look_alikes_are_shown_the_newest_first() -> None:
    articles = [about(n, DAY - timedelta(days=n), "校长治学经验介绍") for n in range(5)]
    result = run_backtest("长治", articles)
    assert result.total == 0
    assert [found.article.id for found in result.look_alikes] == ["article-0", "article-1", "article-2"]


@pytest.mark.parametrize("query", ["theme:体育", "theme:体育 足球", "theme:体育 OR 足球队员", "足球 -theme:教育"])
def test_labels_are_found_wherever_a_query_asks_for_them(query: str) -> None:
    sport = article(paragraphs=("云河市足球联赛昨日开幕，足球队员在体育场展开比赛，教练和球迷到场助威。",))
    assert run_backtest(query, [sport]).total == 1


@pytest.mark.parametrize("query", ["person:方小满", "place:云河市", "org:云河市教育局"])
def test_names_are_found_by_their_fields(query: str) -> None:
    named = article(paragraphs=("云河市教育局局长方小满在会上说，云河市将新建学校三所。记者在云河市采访。",))
    assert run_backtest(query, [named]).total == 1


def test_all_candidates_are_read_up_to_the_limit_and_their_counts_are_exact() -> None:
    articles = [about(n, DAY - timedelta(days=200 * n)) for n in range(5)]
    for limit in (5, None):
        result = run_backtest("防汛", articles, max_articles=limit)
        assert (result.total, result.last_year, len(result.hits)) == (5, 2, 5)
        assert not result.total_is_estimate
        assert not result.last_year_is_estimate


def test_beyond_the_limit_the_last_year_is_read_as_a_whole_and_earlier_days_are_estimated_by_their_share_of_hits() -> (
    None
):
    year = [about(n, DAY - timedelta(days=n)) for n in range(8)]
    older = [about(100 + n, DAY - timedelta(days=400 + n), "防汛演练" if n % 3 else "义务植树") for n in range(40)]
    result = run_backtest("防汛", [*year, *older], max_articles=20)
    assert result.last_year == 8
    assert not result.last_year_is_estimate
    assert result.total_is_estimate
    assert len(result.hits) == 9, "of the two earlier days read, one has a hit"
    assert result.total == 8 + 20, "half of 40 candidates"
    assert sum(result.by_month.values()) == result.total


def test_a_year_with_too_many_candidates_is_estimated_too() -> None:
    result = run_backtest("防汛", [about(n, DAY - timedelta(days=n)) for n in range(100)], max_articles=10)
    assert (len(result.hits), result.total, result.last_year) == (10, 100, 100)
    assert result.last_year_is_estimate


@pytest.mark.parametrize(
    ("max_articles", "days_read"),
    [(100, {0, 1, 2, 3, 4}), (4, {0, 2, 4}), (2, {0, 3}), (1, {0}), (0, {0})],
)
def test_every_nth_day_is_read_from_the_newest_on(max_articles: int, days_read: set[int]) -> None:
    counts = {DAY - timedelta(days=n): 1 for n in range(5)}
    plan = plan_reading(counts, DAY, max_articles)
    assert {n for n in range(5) if plan.read is None or DAY - timedelta(days=n) in plan.read} == days_read


def test_issues_of_every_weekday_are_read_though_every_seventh_would_do() -> None:
    counts = {DAY - timedelta(days=n): 1 for n in range(700)}
    assert len({day.weekday() for day in plan_reading(counts, DAY, 111).read or ()}) == 7


def test_a_tenth_of_the_articles_read_is_kept_for_earlier_years() -> None:
    counts = {DAY: 90, DAY - timedelta(days=365): 1000}
    assert plan_reading(counts, DAY, 100).reads_last_year
    assert not plan_reading({**counts, DAY - timedelta(days=1): 1}, DAY, 100).reads_last_year


@pytest.mark.parametrize("newest", [date.min, date.max])
def test_a_plan_holds_at_both_ends_of_the_calendar(newest: date) -> None:
    assert run_backtest("防汛", [about(1, newest)], [newest], max_articles=0).last_year == 1


def test_a_backtest_ends_as_soon_as_it_is_stopped() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(BacktestStopped):
        backtest(cast(Index, Articles([about(1)])), "防汛", [], lambda found: found, Labeller(), stop=stop)
