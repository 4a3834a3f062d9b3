"""The back-test's figures at their exact limits; a list of articles stands in for the index."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import cast

import pytest

from digests.analysis import Labeller
from digests.models import Article, Issue
from digests.search.index import Index
from digests.subscriptions.backtest import Backtest, backtest
from tests.invented import DAY, article
from tests.newsroom import story


class Articles:
    """An index that returns all its articles for any term."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles

    def mentioning(self, terms: Iterable[str]) -> Sequence[Article]:
        return self._articles

    def between(self, first: date | None, last: date | None) -> Sequence[Article]:
        return self._articles


def run_backtest(query: str, articles: Sequence[Article], issues: Sequence[date] = (DAY,)) -> Backtest:
    of_days = [Issue(day, "云河日报", (1,), 1, 0, 1.0, "") for day in issues]
    return backtest(cast(Index, Articles(articles)), query, of_days, lambda found: found, Labeller())


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
