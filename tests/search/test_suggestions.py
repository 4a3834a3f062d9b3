"""Similar words, name forms, wider and narrower queries, on an index of invented articles."""

import contextlib
from collections.abc import Iterator
from datetime import date

import pytest

from digests import search
from digests.errors import QueryError
from digests.models import Reporter, SourceFile
from digests.query import parse
from digests.search.index import Index
from digests.search.suggestions import narrowed_query, wider_queries, without_question_words
from tests.invented import article
from tests.search.conftest import MakeIndex


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    index = Index(tmp_path_factory.mktemp("suggesting") / "index")
    stored = [
        article(
            id="aaaaa-00001",
            headline="全市部署防汛工作",
            paragraphs=("云河市部署防汛。", "水库加强值守。"),
            reporters=(Reporter("殷雪嵩"),),
        ),
        article(
            id="aaaaa-00002",
            headline="古城雨后初晴",
            paragraphs=("雨后的析州古城迎来客人。",),
            date=date(2022, 8, 28),
            reporters=(Reporter("殷雪莹"),),
        ),
        article(id="aaaaa-00004", headline="行会开幕", paragraphs=("天气晴朗。",)),
        article(id="aaaaa-00003", headline="颱風過境", paragraphs=("颱風登陸臺灣東部。",), date=None, page=3),
    ]
    index.replace(SourceFile("invented", "1", (), 0), stored)
    index.commit()
    yield index
    index.close()


def _found(index: Index, asked: str) -> list[str]:
    return [hit.article.id[-1] for hit in search.search(index, asked, limit=5).hits]


def test_a_name_is_found_in_all_its_printed_forms(index: Index) -> None:
    assert sorted(_found(index, "殷雪嵩")) == ["1", "2"]
    assert _found(index, "=殷雪嵩") == ["1"]


def test_a_misread_form_is_found_and_marked(index: Index) -> None:
    hit = search.search(index, "忻州", limit=5).hits[0]
    assert hit.look_alike
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["析州"]
    assert _found(index, "=忻州") == []


@pytest.mark.parametrize("asked", ["fangxun", "防讯", "房汛", "阶汛"])
def test_for_a_word_that_no_article_holds_similar_words_are_suggested(index: Index, asked: str) -> None:
    assert "防汛" in search.search(index, asked, limit=5).suggestions


def test_three_similar_words_are_suggested_the_most_frequent_first(make_index: MakeIndex) -> None:
    counts = {"行会": 1, "姓惠": 2, "杏会": 4, "幸会": 3}
    index = make_index(
        *(
            article(id=f"xingh-{word}{n}", headline="一", reporters=(Reporter(word),), paragraphs=(f"{word}。",))
            for word, count in counts.items()
            for n in range(count)
        )
    )
    assert search.search(index, "xinghui", limit=5).suggestions == ("杏会", "幸会", "姓惠")


@pytest.mark.parametrize(("typed", "found"), [("shuang" * 4, ("霜霜霜霜",)), ("shuang" * 3 + "zhangan", ())])
def test_similar_words_are_looked_for_up_to_24_characters(
    make_index: MakeIndex, typed: str, found: tuple[str, ...]
) -> None:
    index = make_index(article(headline="一", reporters=(Reporter("霜霜霜霜"), Reporter("霜霜霜张安"))))
    assert search.search(index, typed, limit=5).suggestions == found


@pytest.mark.parametrize("asked", ['"fangxun"', "标题:fangxun", "fangxun fangxun2", "防"])
def test_phrases_fields_and_several_words_have_no_similar_words(index: Index, asked: str) -> None:
    assert search.search(index, asked, limit=5).suggestions == ()


def test_wider_queries_leave_out_one_of_three_words_each_and_never_an_excluded_one() -> None:
    assert wider_queries(parse("a b c -d")) == ("b c", "a c", "a b")
    assert wider_queries(parse("a b -d")) == ("a", "b")
    assert wider_queries(parse("a b c d")) == ("b c d", "a c d", "a b d"), "three at most"
    assert wider_queries(parse("a -d")) == wider_queries(parse("a | b")) == ()


def test_a_narrowed_query_puts_alternatives_into_parentheses() -> None:
    assert narrowed_query(parse("a b"), "person", "梁涛") == 'a b person:"梁涛"'
    assert narrowed_query(parse("a | b"), "month", "2022-08") == "(a OR b) 2022-08"


def test_a_query_of_question_words_alone_stays_as_it_is() -> None:
    for query in ("什么 怎么", "什么", "花园 OR 怎么办"):
        parsed = parse(query)
        assert without_question_words(parsed) == parsed
    assert str(without_question_words(parse("石桥怎么走 多少"))) == "石桥 走"


@pytest.mark.parametrize("asked", ["xinghui", "hanghui", "姓惠"])
def test_a_word_is_suggested_for_each_of_its_readings(index: Index, asked: str) -> None:
    assert search.search(index, asked, limit=5).suggestions == ("行会",)


def test_simplified_and_traditional_characters_find_each_other(index: Index) -> None:
    assert _found(index, "台风") == _found(index, "颱風") == ["3"]
    assert _found(index, "防汛") == ["1"]


def test_fields_days_and_near_terms_narrow_the_search(index: Index) -> None:
    assert _found(index, "标题:古城") == ["2"]
    assert _found(index, "标题:水库") == []
    assert sorted(_found(index, "记者:殷雪嵩")) == ["1", "2"], "a name is asked for in all its forms"
    assert _found(index, "记者:古城") == []
    assert _found(index, "版:3") == ["3"]
    assert _found(index, "2022-08") == _found(index, "8月28日") == _found(index, "before:2023-01-01") == ["2"]
    assert _found(index, "云河 ~ 防汛") == ["1"]
    assert _found(index, "云河 ~ 值守") == []


def test_the_newest_come_first_on_request(index: Index) -> None:
    result = search.search(index, "防汛 OR 古城", limit=5, newest=True)
    assert [hit.article.id[-1] for hit in result.hits] == ["1", "2"]


def test_each_month_is_counted_with_the_query_for_it(index: Index) -> None:
    months = search.facets(index, "防汛 OR 古城")["month"]
    assert [(one.value, one.count) for one in months] == [("2022-08", 1), ("2023-03", 1)]
    assert [_found(index, one.query) for one in months] == [["2"], ["1"]]


def test_wider_queries_leave_one_word_out_and_narrower_ones_add_a_value_of_a_facet(index: Index) -> None:
    (month,) = search.facets(index, "防汛")["month"]
    assert (month.value, month.count, month.query) == ("2023-03", 1, "防汛 2023-03")
    assert search.facets(index, "防汛 水库")["month"][0].query == "防汛 水库 2023-03"
    assert search.search(index, "防汛 水库", limit=5).wider_queries == ("防汛", "水库")
    assert "防汛" in search.search(index, "fangxun", limit=5).suggestions


def test_question_words_are_left_out_and_the_rest_stays_together() -> None:
    assert str(without_question_words(parse("哪里可以查民生档案"))) == "民生档案"


@pytest.mark.parametrize(
    "asked",
    [
        "防" * 4096,
        "防汛 " * 1024,
        " OR ".join(f"词{n}" for n in range(200)),
        "~ ~ = = : | |",
        "(((防汛",
        "😀防汛😀 \u202e\x00\ud800",
        "=" * 4096,
        "标题:" * 900,
        "2022-02-30 防汛",
        "after:2022-09 before:2022-08 防汛",
        "防~" * 1300,
    ],
)
@pytest.mark.timeout(5)
def test_any_query_gets_hits_or_a_query_error(index: Index, asked: str) -> None:
    with contextlib.suppress(QueryError):  # any other error, and more than five seconds, fail the test
        assert search.search(index, asked, limit=5).total >= 0
