"""Search results and their buttons."""

from dataclasses import replace

import pytest

from bot import render
from digests.chats import Language
from digests.errors import QueryError
from digests.models import FacetValue, Hit, SearchResult, Snippet
from tests.render.samples import MARKUP, article, proper


def hit(text: str, *marks: tuple[int, int], **parts: object) -> Hit:
    return Hit(article(**parts), 1.0, Snippet(text, marks))


def test_hits_have_the_matched_terms_in_bold() -> None:
    message = render.search_results(SearchResult("锂电池", 1, 0, (hit("刚投产的锂电池隔膜。", (4, 7)),)), "zh")
    assert message.text == (
        "🔍 <code>锂电池</code>\n找到1篇\n\n<b>1. 厚生锂电池隔膜项目投产</b>\n"
        "太原日报 · 2022年8月29日 · 第1版\n刚投产的<b>锂电池</b>隔膜。"
    )
    assert [[label for label, _ in row] for row in message.buttons] == [["1"], ["订阅这个搜索"]]


def test_matched_terms_are_bold_in_text_that_needs_escaping() -> None:
    message = render.search_results(SearchResult("<6 & 7>", 1, 0, (hit("5<6 & 7>6", (1, 3), (6, 7)),)), "zh")
    assert message.text.endswith("5<b>&lt;6</b> &amp; <b>7</b>&gt;6")
    assert message.text.startswith("🔍 <code>&lt;6 &amp; 7&gt;</code>")


def test_a_search_without_hits_offers_suggestions() -> None:
    message = render.search_results(SearchResult("fangxun", 0, 0, (), suggestions=("防汛", "<汛")), "zh")
    assert message.text.endswith("是不是要找：<code>防汛</code> · <code>&lt;汛</code>")


def test_a_hit_by_a_misread_form_is_marked() -> None:
    found = Hit(article(), 1.0, Snippet("防讯"), look_alike=True)
    assert "</b> <i>字形相近</i>" in render.search_results(SearchResult("防汛", 1, 0, (found,)), "zh").text


def test_a_search_with_partial_hits_alone_says_so() -> None:
    result = SearchResult("锂电池 足球", 1, 0, (hit("锂电池。"),), partial_only=True)
    assert "符合部分条件" in render.search_results(result, "zh").text


def test_hits_in_the_middle_have_buttons_both_ways() -> None:
    message = render.search_results(SearchResult("疫情", 23, 5, (hit("疫情"),) * 5), "zh")
    assert "找到23篇，这里是第6–10篇" in message.text
    assert message.buttons[1] == (("‹ 上一页", "1:q:=疫情:0:0"), ("下一页 ›", "1:q:=疫情:10:0"))


def test_the_longest_search_fits_one_message() -> None:
    hits = (hit(MARKUP * 11, headline=MARKUP * 40, paper="太原日报、山西日报、山西晚报"),) * 5
    proper(render.search_results(SearchResult("疫" * 200, 1000, 500, hits), "en"))


@pytest.mark.parametrize(
    ("total", "choices"), [(5, []), (6, ["最新优先", "按月份", "按主题", "按人物", "按地点", "按机构"])]
)
def test_more_than_5_hits_can_be_ordered_and_refined(total: int, choices: list[str]) -> None:
    result = SearchResult("疫情", total, 0, (hit("疫情"),) * 5, narrowable=True)
    message = render.search_results(result, "zh")
    labels = [[label for label, _ in row] for row in message.buttons]
    assert labels[0] == ["1", "2", "3", "4", "5"]
    assert [label for row in labels for label in row if label in choices] == choices
    assert [len(row) for row in labels[1:-1]] == ([1, 3, 3] if choices else [])
    newest = render.search_results(result, "zh", newest=True)
    assert (("最相关优先" in str(newest.buttons)), ("从新到旧" in newest.text)) == (total > 5, True)
    assert "从新到旧" not in message.text
    partial = render.search_results(replace(result, narrowable=False), "zh", newest=True)
    assert not {"最新优先", "最相关优先"} & {label for row in partial.buttons for label, _ in row}
    assert "从新到旧" not in partial.text


@pytest.mark.parametrize(
    ("total", "offset", "count"),
    [(0, 0, "没有找到。"), (5, 0, "找到5篇\n"), (6, 0, "找到6篇，这里是第1–5篇"), (10, 5, "找到10篇，这里是第6–10篇")],
)
def test_the_count_names_the_hits_that_are_shown(total: int, offset: int, count: str) -> None:
    result = SearchResult("疫情", total, offset, (hit("疫情"),) * min(5, total - offset))
    message = render.search_results(result, "zh")
    assert count in message.text
    assert ("下一页 ›" in str(message.buttons)) == (total > offset + 5)


def test_a_partial_hit_is_marked() -> None:
    partial = Hit(article(), 1.0, Snippet("锂电池"), partial=True)
    assert "</b> <i>部分符合</i>\n" in render.search_results(SearchResult("锂电池 足球", 1, 0, (partial,)), "zh").text


def test_wider_and_suggested_queries_have_a_row_each() -> None:
    result = SearchResult("x", 0, 0, (), suggestions=("防汛", "长" * 25), wider_queries=("疫情 OR 防汛",))
    rows = [[label for label, _ in row] for row in render.search_results(result, "zh").buttons]
    assert rows == [["放宽到 疫情 OR 防汛"], ["改搜 防汛"], ["改搜 " + "长" * 23 + "…"], ["订阅这个搜索"]]


@pytest.mark.parametrize(("lang", "label"), [("zh", "放宽到 报纸:江城晚报"), ("en", "Broaden to paper:江城晚报")])
def test_the_labels_of_other_queries_name_fields_in_the_reader_s_language(lang: Language, label: str) -> None:
    result = SearchResult("x", 0, 0, (), wider_queries=("paper:江城晚报",))
    [(found, _)], *_ = render.search_results(result, lang).buttons
    assert found == label


def test_values_that_refine_a_search_stand_three_in_a_row() -> None:
    values = [
        FacetValue("长" * 25, 1200, "a"),
        FacetValue("乙", 2, "b"),
        FacetValue("丙", 1, "c"),
        FacetValue("丁", 1, "d"),
    ]
    message = render.facet_values("title:疫情", values, "zh")
    assert message.text == "🔍 <code>标题:疫情</code>\n筛选："
    assert [[label for label, _ in row] for row in message.buttons] == [
        ["长" * 23 + "…（1200）", "乙（2）"],
        ["丙（1）", "丁（1）"],
        ["‹ 返回结果"],
    ]


def test_a_person_has_titles_above_the_newest_five_hits() -> None:
    result = SearchResult('"韦韬"', 9, 0, (hit("韦韬"),) * 9, narrowable=True)
    message = render.person("韦韬", ("市长", "书记"), result, "zh")
    assert message.text.startswith(
        '🔍 <code>"韦韬"</code>\n<b>韦韬</b>：市长、书记（报纸上的称呼）\n找到9篇，这里是第1–5篇 · 从新到旧\n\n'
    )
    assert message.text.count("太原日报") == 5
    assert "no title given" in render.person("韦韬", (), result, "en").text


@pytest.mark.parametrize(
    ("query", "error", "text"),
    [
        ("(防汛", QueryError("", at=0, suggestion="(防汛)"), "括号不成对。可以写成 <code>(防汛)</code>。"),
        ("防汛)", QueryError("", at=2, suggestion=""), "括号不成对。"),
        (
            "OR " + "长" * 30,
            QueryError("", at=0, suggestion="x"),
            f"“OR {'长' * 16}…”没看懂。可以写成 <code>x</code>。",
        ),
        ("长" * 20 + "丙", QueryError("", at=1, suggestion="x"), f"“{'长' * 19}丙”没看懂。可以写成 <code>x</code>。"),
        ("？！", QueryError(""), '没有可以搜索的字。请写上要找的词，如 <code>防汛</code> 或 <code>"动态清零"</code>。'),
        ("-防汛", QueryError(""), "只写了要排除的词。请在前面加上要找的词，如 <code>疫情 -外省</code>。"),
        ("防汛：", QueryError(""), "没看懂这种写法。写几个词即可，如 <code>防汛</code>；用法见 /help。"),
    ],
)
def test_an_error_says_what_is_wrong_with_the_query(query: str, error: QueryError, text: str) -> None:
    assert render.query_error(query, error, "zh").text == text


def test_an_error_of_a_subscription_shows_the_command() -> None:
    error = QueryError("", at=0, suggestion="(防汛)")
    assert "<code>/subscribe (防汛)</code>" in render.query_error("(防汛", error, "zh", follow=True).text
    assert "<code>/subscribe 疫情 -外省</code>" in render.query_error("-防汛", QueryError(""), "en", follow=True).text
    assert render.query_error("？", QueryError(""), "zh", follow=True).text.startswith("没有可以订阅的字。")


def test_another_order_begins_with_the_first_hit() -> None:
    result = SearchResult("疫情", 12, 5, (hit("疫情"),) * 5, narrowable=True)
    assert ("最新优先", "1:q:=疫情:0:1") in render.search_results(result, "zh").buttons[2]
    assert ("最相关优先", "1:q:=疫情:0:0") in render.search_results(result, "zh", newest=True).buttons[2]
