"""The back-test agrees exactly with the alerts, and shows look-alikes."""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import cli
from digests.archive import Archive
from digests.errors import QueryError
from digests.subscriptions.backtest import Backtest
from tests.newsroom import Newsroom, newsroom, story

DAY = date(2023, 3, 5)

SAID = [
    "云河市防汛指挥部开了会",
    "校长治学有方，学生都说好",
    "长治来的客人参观了图书馆",
    "小店区的养老服务站开门",
    "煤改电补贴发到了农户手里",
    "煤改电招标公告今天公布",
    "记者方小满采访了雨水花园",
    "防讯的沙袋已经运到河边",  # misread: 防汛
    "地铁二号线与雨水花园同日开放",
    "社区里的养老院添了食堂，服务更周到",
]
QUERIES = [
    "防汛",
    "长治",
    "小店",
    "养老 服务",
    "养老 ~ 服务",
    "煤改电",
    "煤改电 -招标",
    "防汛 OR 地铁",
    "雨水花园 -地铁",
    '"养老服务"',
    "标题:第1条",
    "标题:第2条 OR 防汛",
    "by:方小满",
    "版:2",
    "2023-03-06..2023-03-08",
    "养老 2023-03",
    "=防汛",
    "人物:方小满",
    "(煤改电 OR 长治) -招标",
    "防汛 -(地铁 -花园)",
]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """An archive of a few days with look-alikes, a story on two pages and a misread word."""
    with newsroom(tmp_path_factory.mktemp("paper")) as room:
        for n, said in enumerate(SAID * 2):
            _issue(room, n, said)
        _issue(room, 99, SAID[4], number=4, day=DAY + timedelta(days=5))
        room.ingest()
        yield room


def _issue(room: Newsroom, n: int, said: str, *, number: int | None = None, day: date | None = None) -> None:
    room.add_articles(
        f"a{n:02}",
        {
            "headline": f"第{n}条",
            "body": story(said, n if number is None else number),
            "date": f"{day or DAY + timedelta(days=n)}",
            "page": n % 3 + 1,
            "byline": ["方小满"] if n == 3 else [],
        },
    )


def test_hits_are_counted_by_month_by_day_and_for_the_last_year(paper: Newsroom) -> None:
    tested = paper.services.archive.backtest("煤改电")
    assert tested.total == 4, "the story that stands on two pages counts once"
    assert tested.by_month == {"2023-03": 4}
    assert tested.busiest
    assert tested.busiest[1] == 1
    assert (tested.last_year, tested.issues) == (4, 20)
    assert not tested.firehose
    days = [hit.article.date or date.min for hit in tested.hits]
    assert days == sorted(days, reverse=True)


def test_the_reason_of_each_hit_is_in_the_article(paper: Newsroom) -> None:
    for hit in paper.services.archive.backtest("养老 服务").hits:
        assert hit.reason.snippet.text in hit.article.body


def test_look_alikes_are_no_hits_and_are_shown(paper: Newsroom) -> None:
    tested = paper.services.archive.backtest("长治")
    assert ["长治来的客人" in hit.reason.snippet.text for hit in tested.hits] == [True, True]
    shown = {one.snippet.text[start:end] for one in tested.look_alikes for start, end in one.snippet.marks}
    assert shown == {"长治"}
    assert all("校长治学" in one.snippet.text for one in tested.look_alikes)


def test_a_subscription_with_too_many_hits_is_a_firehose(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        bodies = [story("记者到了现场" if n else "编辑到了现场", n) for n in range(12)]
        room.add_articles("a", *({"headline": f"第{n}条", "body": body} for n, body in enumerate(bodies)))
        room.ingest()
        assert room.services.archive.backtest("现场").firehose
        assert not room.services.archive.backtest("编辑").firehose


def test_a_tighter_and_a_looser_form_are_proposed(paper: Newsroom) -> None:
    backtest = paper.services.archive.backtest
    assert "养老 ~ 服务" in backtest("养老 服务").tighter
    assert backtest("养老 服务").looser == ("服务", "养老")
    assert backtest("防汛 OR 地铁").tighter == ("防汛", "地铁")
    for form in (*backtest("养老 服务").tighter, *backtest("煤改电 -招标 补贴").looser):
        assert str(form) == backtest(form).query


def test_an_empty_query_is_refused(paper: Newsroom) -> None:
    with pytest.raises(QueryError):
        paper.services.archive.backtest("((")


def test_an_empty_archive_has_no_hits(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        assert room.services.archive.backtest("防汛") == Backtest("防汛", (), total=0, last_year=0, issues=0)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, set[str]]]]:
    """Return the articles reported to each query's subscription while the same archive is ingested day by day."""
    with newsroom(tmp_path_factory.mktemp("lived"), alerts={"cap": 100}) as room:
        for number, query in enumerate(QUERIES, 1):
            room.subscribe(number, query)
        for n, said in enumerate(SAID * 2):
            _issue(room, n, said)
            if n == 5:
                _issue(room, 99, SAID[4], number=4, day=DAY + timedelta(days=5))
            room.ingest()
        told = {query: set(room.services.outbox.reported_articles(number)) for number, query in enumerate(QUERIES, 1)}
        yield room.services.archive, told


def test_most_of_the_test_queries_have_hits(lived: tuple[Archive, dict[str, set[str]]]) -> None:
    assert sum(map(bool, lived[1].values())) >= len(QUERIES) - 2


@pytest.mark.parametrize("query", QUERIES)
def test_pages_ingested_one_by_one_alert_to_exactly_the_hits_of_the_back_test(
    lived: tuple[Archive, dict[str, set[str]]], query: str
) -> None:
    archive, told = lived
    assert {hit.article.id for hit in archive.backtest(query).hits} == told[query]


_WORD = st.sampled_from(
    "防汛 长治 小店 养老 服务 煤改电 招标 地铁 雨水花园 记者 云河 标题:第1条"
    ' 版:2 =防汛 2023-03-08 方小满 校长 指挥部 雨水 "养老服务"'.split()
)
_QUERY = st.recursive(
    _WORD,
    lambda part: st.one_of(
        st.tuples(part, part).map(lambda two: f"({two[0]}) ({two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]}) -({two[1]})"),
    ),
    max_leaves=4,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries=st.lists(_QUERY, min_size=4, max_size=12, unique=True), said=st.permutations(SAID))
def test_random_pages_alert_to_exactly_the_hits_of_the_back_test(queries: list[str], said: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, newsroom(Path(folder), alerts={"cap": 100}) as room:
        made = [room.subscribe(number, query) for number, query in enumerate(queries, 1)]
        for n, one in enumerate(said[:4]):
            _issue(room, n, one)
            room.ingest()
        for number, subscription in enumerate(made, 1):
            told = room.services.outbox.reported_articles(number)
            hits = {hit.article.id for hit in room.services.archive.backtest(subscription.query).hits}
            assert hits == told, subscription.query


def test_the_command_prints_all_hits_with_their_reasons(tmp_path: Path) -> None:
    asked = ["backtest", "防汛", "--data", str(tmp_path)]
    tested = orjson.loads(CliRunner().invoke(cli, [*asked, "--json"]).stdout)
    promised = {"query", "total", "by_month", "busiest", "hits"}
    assert promised <= tested.keys()
    assert tested["total"] == len(tested["hits"]) == sum(tested["by_month"].values()) > 0
    assert set(tested["busiest"]) == {"date", "count"}
    for hit in tested["hits"]:
        assert {"id", "date", "headline", "reason"} <= hit.keys()
        assert "防汛" in hit["reason"]["excerpt"]["text"]
    assert "alerts over 5 issues" in CliRunner().invoke(cli, asked).stdout
    assert CliRunner().invoke(cli, ["backtest", "((", "--data", str(tmp_path)]).exit_code == 2
