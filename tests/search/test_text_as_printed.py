"""Searching an index finds an article however it is printed, and marks what is printed."""

import pytest

from digests import search
from digests.models import Article
from tests.search.conftest import MakeIndex

PRINTED = {
    "plain": "长治市防汛工作会议召开，雨水花园建成，张伟出席，2022年用水3500吨，气温37℃。",
    "spaced": "长 治市防 汛工作会议召开，雨水 花园建成，张　伟出席，2022 年用水3500吨，气温37 ℃。",
    "radicals": "⻓治市防汛⼯作会议召开，⾬⽔花园建成，张伟出席，2022年⽤⽔3500吨，⽓温37℃。",
    "invisible": "长\u200b治市防\ufe0f汛工作会议召开，雨水\u00ad花园建成，张\u2060伟出席，"
    "20\u200d22年，3500吨，37\ufeff℃。",
    "wide": "長治市防汛工作會議召開，雨水花園建成，張偉出席，２０２２年用水３５００吨，气温３７°Ｃ。",
}
QUERIES = (
    "长治",
    "防汛",
    "雨水花园",
    "张伟",
    "2022",
    "3500",
    "37℃",
    '"防汛工作会议"',
    "⻓治",
    "防\u200b汛",
    "張　偉",
    "２０２２",
)


@pytest.fixture
def articles() -> tuple[Article, ...]:
    other = "校长治学严谨，12022元，3500.5吨，气温370度，预防潮汛。"
    texts = {**PRINTED, "other": other}
    return tuple(Article(id=name, headline=None, paragraphs=(text,)) for name, text in texts.items())


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_every_way_of_printing(make_index: MakeIndex, articles: tuple[Article, ...], query: str) -> None:
    result = search.search(make_index(*articles), query, limit=10)
    full = {hit.article.id for hit in result.hits if not hit.partial and not hit.look_alike}
    assert full == set(PRINTED)
    assert all(hit.snippet.marks for hit in result.hits if hit.article.id in PRINTED)


@pytest.mark.parametrize(("query", "marked"), [("防汛", "防 汛"), ("张伟", "张　伟"), ("雨水花园", "雨水 花园")])
def test_a_snippet_marks_what_is_printed(make_index: MakeIndex, query: str, marked: str) -> None:
    index = make_index(Article(id="a", headline=None, paragraphs=("先有一段。", PRINTED["spaced"])))
    (hit,) = search.search(index, query, limit=1).hits
    assert hit.snippet.text == PRINTED["spaced"]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == [marked]


def test_a_snippet_marks_a_name_in_a_list_of_names(make_index: MakeIndex) -> None:
    names = "记者 王勇 司勇 李杰华 阎轶洁 侯慧琴"
    (hit,) = search.search(make_index(Article(id="a", headline=None, paragraphs=(names,))), "王勇", limit=1).hits
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["王勇"]
