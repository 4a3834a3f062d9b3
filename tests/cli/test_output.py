"""What the command line prints, character by character."""

import datetime as dt

import orjson
import pytest

from bot.cli import output
from digests.errors import UsageError
from digests.models import (
    Article,
    ArticleRef,
    Digest,
    Figure,
    Hit,
    Keyword,
    Page,
    ParsedPage,
    Reason,
    ScoreParts,
    SearchResult,
    Snippet,
    Story,
)
from digests.subscriptions.backtest import Backtest, BacktestHit, LookAlike

DAY = dt.date(2022, 8, 29)
ARTICLE = Article(
    "k7f3m-9wq2d", "雨水花园建成", ("云河市雨水花园建成。",), date=DAY, file="a.txt", n=3, lines=((2, 4), (7, 7))
)
UNDATED = Article("x2222-33333", "图书馆延时", ())
REASON = Reason("花园", "body", Snippet("云河市雨水花园建成，花园开放。", ((5, 7), (10, 12))), "inside")


def test_a_parsed_page_is_a_line_and_its_articles_are_numbered() -> None:
    page = Page("a.txt", "", "云河晚报", DAY, "archive.toml", 2, date_confidence=0.954)
    assert output.page_text(ParsedPage(page, (ARTICLE,), quality=0.987)) == (
        "a.txt: 云河晚报, 2022-08-29 (archive.toml, sure 0.95), page 2, quality 0.99, structure 1.00\n"
        "  3. [news] 雨水花园建成  lines 2-4,7-7"
    )
    assert output.page_text(ParsedPage(Page("b.txt", ""), ())) == (
        "b.txt: paper not known, day not known, page not known, quality 1.00, structure 1.00"
    )


def test_the_json_of_a_page_says_how_sure_its_date_is() -> None:
    dated = orjson.loads(output.page_json(ParsedPage(Page("a.txt", "", date=DAY, date_source="text"), (ARTICLE,))))
    assert (dated["date"], dated["date_sure"], dated["articles"][0]["lines"]) == ("2022-08-29", 1.0, [[2, 4], [7, 7]])
    undated = orjson.loads(output.page_json(ParsedPage(Page("a.txt", ""), ())))
    assert (undated["date"], undated["date_sure"]) == (None, 0.0)


def _digest(*stories: Story, repeated: int = 0) -> Digest:
    return Digest(
        day=DAY,
        paper="云河晚报",
        pages=(1, 2),
        articles=9,
        notices=2,
        quality=0.956,
        keywords=(Keyword("防汛", 1.0, "new"), Keyword("花园", 0.5)),
        stories=stories,
        fingerprint="",
        figures=(Figure("800吨", "", "b"), Figure("9点", "", "none")),
        repeated=repeated,
    )


def test_a_digest_is_printed_in_sections_with_keywords_figures_and_marks() -> None:
    stories = (
        Story("a", "防汛部署", 1, "部署防汛工作。", 2.345, ScoreParts(), "防汛", copies=("a2", "a3")),
        Story("b", "花园建成", 1, "", 1.0, ScoreParts(), follows=ArticleRef(dt.date(2022, 8, 1), "z", "花园开工")),
    )
    assert output.digest_text(_digest(*stories)) == (
        "云河晚报 2022-08-29, page 1, 2: 9 articles, 2 notices, quality 0.96\n"
        "keywords: 防汛 (new)、花园\n"
        "figures: 800吨 (2)\n"
        "\n"
        "【防汛】\n"
        " 1. 防汛部署  (a, score 2.35, 2 near-duplicates)\n"
        "    部署防汛工作。\n"
        "\n"
        "【other】\n"
        " 2. 花园建成  (b, score 1.00, follows up 2022-08-01 z)"
    )


@pytest.mark.parametrize(
    ("repeated", "line"),
    [
        (0, "no complete story was found in this issue"),
        (4, "nothing new in this issue: 4 stories repeat earlier issues"),
    ],
)
def test_a_digest_without_stories_says_why(repeated: int, line: str) -> None:
    assert output.digest_text(_digest(repeated=repeated)).splitlines()[-1] == line


HITS = (
    Hit(ARTICLE, 1.23456, Snippet("雨水花园建成。")),
    Hit(UNDATED, 0.5, Snippet("图书馆。"), look_alike=True, partial=True),
)


def test_hits_are_printed_with_day_headline_id_and_snippet() -> None:
    assert output.search_text(SearchResult("花园", 2, 0, HITS)) == (
        "2 articles\n"
        "\n"
        " 1. 2022-08-29  雨水花园建成  (k7f3m-9wq2d)\n"
        "    雨水花园建成。\n"
        "\n"
        " 2. day not known  图书馆延时  (x2222-33333, some of the words)\n"
        "    图书馆。"
    )
    nothing = SearchResult("花圆", 0, 0, (), partial_only=True, suggestions=("花园", "公园"))
    assert output.search_text(nothing) == (
        "0 articles (no article contains all words; these contain some of them)\ndid you mean: 花园, 公园"
    )


def test_the_json_of_hits_has_scores_of_four_decimals() -> None:
    document = orjson.loads(output.search_json("花园", SearchResult("花园", 2, 0, HITS)))
    assert {key: document[key] for key in ("q", "total", "loose", "suggestions")} == {
        "q": "花园",
        "total": 2,
        "loose": False,
        "suggestions": [],
    }
    assert document["hits"][0] == {
        "id": "k7f3m-9wq2d",
        "file": "a.txt",
        "n": 3,
        "date": "2022-08-29",
        "headline": "雨水花园建成",
        "score": 1.2346,
        "alike": False,
        "partial": False,
        "excerpt": "雨水花园建成。",
    }
    assert [document["hits"][1][key] for key in ("file", "n", "date", "alike", "partial")] == [
        None,
        None,
        None,
        True,
        True,
    ]


BACKTEST = Backtest(
    "花园",
    (BacktestHit(ARTICLE, REASON),),
    total=1,
    last_year=1,
    issues=7,
    by_month={"2022-08": 1},
    busiest=(DAY, 1),
    look_alikes=(LookAlike(UNDATED, Snippet("校长治学。", ((1, 3),))),),
    tighter=("标题:花园",),
    looser=("花园 OR 公园", "园"),
    firehose=True,
)


def test_a_back_test_is_printed_with_the_matched_words_in_brackets() -> None:
    assert output.backtest_text(BACKTEST) == (
        "1 alert over 7 issues, 1 in the last year, at most 1 on a day (2022-08-29)\n"
        "a firehose: too many alerts to read\n"
        "narrower: 标题:花园\n"
        "broader: 花园 OR 公园, 园\n"
        "\n"
        "2022-08-29  雨水花园建成  (k7f3m-9wq2d)\n"
        "    match: 花园 (inside) in the body: 云河市雨水[花园]建成，[花园]开放。\n"
        "\n"
        "left out: 图书馆延时  (x2222-33333)\n"
        "    校[长治]学。"
    )
    assert (
        output.backtest_text(Backtest("花园", (), total=0, last_year=0, issues=7))
        == "0 alerts over 7 issues, 0 in the last year"
    )


def test_the_json_of_a_back_test_names_the_busiest_day_and_the_reasons() -> None:
    document = orjson.loads(output.backtest_json("花园", BACKTEST))
    assert document["busiest"] == {"date": "2022-08-29", "count": 1}
    assert document["by_month"] == {"2022-08": 1}
    assert document["left_out"] == [{"id": "x2222-33333", "excerpt": {"text": "校长治学。", "marks": [[1, 3]]}}]
    [hit] = document["hits"]
    assert (hit["reason"]["term"], hit["reason"]["where"], hit["reason"]["rule"]) == ("花园", "body", "inside")
    empty = orjson.loads(output.backtest_json("花园", Backtest("花园", (), total=0, last_year=0, issues=7)))
    assert (empty["total"], empty["busiest"]) == (0, {"date": None, "count": 0})


def test_no_match_is_said_so() -> None:
    assert output.reason_text(None) == "no match"


def test_an_input_row_gives_the_first_of_the_named_texts() -> None:
    row = output.Row('{"id": 7, "term": "防汛", "query": "内涝", "text": 5}'.encode(), 3)
    assert (row.field("id"), row.text("term", "query"), row.text("sentence", "query")) == (7, "防汛", "内涝")
    assert row.text("sentence", default="") == ""
    with pytest.raises(UsageError, match=r'line 3 of the input is .*; expected a text in "sentence" or "text"'):
        row.text("sentence", "text")


@pytest.mark.parametrize("line", ["nonsense", "[]", "7", '"x"'])
def test_an_input_line_is_a_json_object(line: str) -> None:
    with pytest.raises(UsageError, match=r"line 2 of the input is .*; expected a JSON object"):
        output.Row(line.encode(), 2)


def test_a_long_input_line_is_shown_up_to_sixty_characters() -> None:
    with pytest.raises(UsageError) as caught:
        output.Row(b"x" * 61, 1)
    assert f"'{'x' * 60}'" in str(caught.value)


def test_the_lines_of_a_text_are_the_paragraphs_of_an_article() -> None:
    article = output.article_from_text("一行。\n\n  \n两行。", title="题")
    assert (article.headline, article.paragraphs) == ("题", ("一行。", "两行。"))
    assert output.article_from_text("").headline is None
