"""The numbers of a search at their boundaries: few hits, a question, checked and reranked hits, pages."""

import math
from collections.abc import Callable, Sequence
from itertools import product

import pytest

from digests import search
from digests.models import Article, Snippet
from digests.search.ranking import Question
from tests.invented import article
from tests.search.conftest import MakeIndex

MEANT = ("长治召开会议。",)
ACCIDENT = ("校长治学严谨。",)
"""Contains the characters 长治 but not the city."""


def _articles(count: int, paragraphs: tuple[str, ...], prefix: str) -> list[Article]:
    return [article(id=f"{prefix}-{n:05}", headline="一", paragraphs=paragraphs) for n in range(count)]


@pytest.mark.parametrize(("meant", "accidents", "total"), [(40, 20, 40), (41, 20, 61), (0, 60, 0), (60, 0, 60)])
def test_up_to_sixty_hits_are_checked_one_by_one(make_index: MakeIndex, meant: int, accidents: int, total: int) -> None:
    index = make_index(*_articles(meant, MEANT, "meant"), *_articles(accidents, ACCIDENT, "accid"))
    assert search.search(index, "长治", limit=5).total == total


@pytest.mark.parametrize(("near", "total"), [(599, 599), (600, 601)])
def test_up_to_six_hundred_hits_of_words_close_together_are_checked(
    make_index: MakeIndex, near: int, total: int
) -> None:
    """The index does not know that two words stand in different sentences, which are not close together."""
    index = make_index(*_articles(near, ("石桥旁是花园。",), "nears"), *_articles(1, ("石桥。花园。",), "apart"))
    assert search.search(index, "石桥 ~ 花园", limit=5).total == total


@pytest.mark.parametrize("newest", [False, True])
def test_a_total_that_is_a_multiple_of_the_page_size_has_no_further_page(make_index: MakeIndex, newest: bool) -> None:
    index = make_index(*_articles(10, MEANT, "meant"))
    pages = [search.search(index, "长治", limit=5, offset=offset, newest=newest) for offset in (0, 5, 10)]
    assert [page.total for page in pages] == [10, 10, 10]
    assert [len(page.hits) for page in pages] == [5, 5, 0]
    assert len({hit.article.id for page in pages for hit in page.hits}) == 10


@pytest.mark.parametrize("newest", [False, True])
def test_beyond_the_checked_hits_pages_go_on_without_a_gap(make_index: MakeIndex, newest: bool) -> None:
    index = make_index(*_articles(65, MEANT, "meant"))
    pages = [search.search(index, "长治", limit=5, offset=offset, newest=newest) for offset in range(0, 75, 5)]
    assert [len(page.hits) for page in pages] == [5] * 13 + [0, 0]
    assert len({hit.article.id for page in pages for hit in page.hits}) == 65


@pytest.mark.parametrize(("few", "misread", "total"), [(3, 2, 5), (4, 2, 4)])
def test_up_to_three_hits_are_followed_by_misread_forms(
    make_index: MakeIndex, few: int, misread: int, total: int
) -> None:
    index = make_index(
        *_articles(few, ("忻州古城开放。",), "print"), *_articles(misread, ("雨后的析州古城迎来客人。",), "misre")
    )
    result = search.search(index, "忻州", limit=10)
    assert (result.total, [hit.look_alike for hit in result.hits]) == (total, [False] * few + [True] * (total - few))
    second = search.search(index, "忻州", limit=few, offset=few)
    assert [hit.look_alike for hit in second.hits] == [True] * (total - few)


@pytest.mark.parametrize(("few", "wider"), [(3, ("石桥", "花园")), (4, ())])
def test_up_to_three_hits_are_followed_by_partial_matches_and_wider_queries(
    make_index: MakeIndex, few: int, wider: tuple[str, ...]
) -> None:
    index = make_index(*_articles(few, ("石桥旁是花园。",), "whole"), *_articles(2, ("石桥通车。",), "parts"))
    result = search.search(index, "石桥 花园", limit=few + 1)
    assert (result.total, result.wider_queries, result.narrowable, result.partial_only) == (few, wider, True, False)
    assert [hit.partial for hit in result.hits] == [False] * few + [True] * bool(wider)
    assert search.search(index, "石桥 花园", limit=5, offset=few).hits == ()


@pytest.mark.parametrize(("query", "question"), [("石桥 花园 球场", False), ("石桥 花园 球场 码头", True)])
def test_four_words_are_a_question_and_three_are_all_wanted(make_index: MakeIndex, query: str, question: bool) -> None:
    index = make_index(*_articles(5, ("石桥旁是花园、码头和球场。",), "whole"))
    result = search.search(index, query, limit=5)
    assert result.narrowable is not question
    assert result.total == 5
    assert search.search(index, query, limit=5, newest=True).narrowable


@pytest.mark.parametrize(("query", "question"), [("雨水花园开放", False), ("雨水花园今日开放", True)])
def test_a_sentence_of_four_words_is_a_question(make_index: MakeIndex, query: str, question: bool) -> None:
    index = make_index(*_articles(5, ("雨水花园今日开放。雨水花园开放。",), "whole"))
    assert search.search(index, query, limit=5).narrowable is not question


def test_forty_hits_are_ranked_again_and_those_after_them_keep_their_order(make_index: MakeIndex) -> None:
    """Of the hits that are ranked again, the article that has the words together comes first."""
    far = ("石桥通车。" + "天晴。" * 3 + "花园开放。",)
    together = article(id="close-00001", headline="一", paragraphs=("石桥旁花园。" + "天晴。" * 30,))
    for count, first in ((39, True), (40, False)):
        index = make_index(*_articles(count, far, "apart"), together)
        ids = [hit.article.id for hit in search.search(index, "石桥 花园", limit=50).hits]
        assert (ids[0] == together.id) is first, count
        assert (ids[-1] == together.id) is not first, count


def test_an_alternative_that_only_meets_by_accident_does_not_make_a_hit(make_index: MakeIndex) -> None:
    index = make_index(*_articles(1, ACCIDENT, "accid"), *_articles(1, ("太原下雪。",), "taiyu"))
    assert search.search(index, "长治 OR 太原", limit=5).total == 1
    assert search.search(index, "长治 OR 严谨", limit=5).total == 1
    assert search.search(index, "太原 -长治", limit=5).total == 1


@pytest.mark.parametrize(("gap", "total"), [(20, 1), (21, 0)])
def test_words_close_together_have_at_most_twenty_characters_between_them(
    make_index: MakeIndex, gap: int, total: int
) -> None:
    index = make_index(*_articles(1, (f"石桥{'晴' * gap}花园。",), "nears"))
    assert search.search(index, "石桥 ~ 花园", limit=5).total == total
    assert search.search(index, "花园 ~ 石桥", limit=5).total == total


def test_facets_count_twelve_values_at_most_the_most_frequent_first(make_index: MakeIndex) -> None:
    days = [(year, month) for year, month in product((2021, 2022), range(1, 13))][:13]
    index = make_index(
        *(
            article(id=f"month-{year}{month:02}{n}", date=article().date.replace(year=year, month=month))  # type: ignore[union-attr]
            for at, (year, month) in enumerate(days)
            for n in range(1 + (at == 5))
        )
    )
    months = search.facets(index, "花园")["month"]
    assert len(months) == 12
    assert (months[0].value, months[0].count, months[1].count) == ("2021-06", 2, 1)


def test_the_rarity_of_a_term_is_the_log_of_the_articles_for_each_that_holds_it(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    rarities: list[float] = []

    class Recorded(Question):
        def __init__(self, text: str, words: Sequence[str], rarity: Callable[[str, str], float]) -> None:
            rarities.extend((rarity("body", "石桥"), rarity("body", "码头")))
            super().__init__(text, words, rarity)

    monkeypatch.setattr(search, "Question", Recorded)
    index = make_index(*_articles(3, ("石桥旁是花园。",), "bridg"), *_articles(4, ("天晴。",), "clear"))
    search.search(index, "石桥 花园", limit=5)
    assert rarities[:2] == pytest.approx([math.log(1 + 7 / 3.5), math.log(1 + 7 / 0.5)])


def test_a_form_misread_in_the_headline_is_marked_in_the_body(make_index: MakeIndex) -> None:
    misread = article(id="misre-00001", headline="析州古城迎客", paragraphs=("天晴。", "云河。客人来到析州古城。"))
    (hit,) = search.search(make_index(misread), "忻州", limit=5).hits
    assert (hit.look_alike, hit.snippet) == (True, Snippet("客人来到析州古城。", ((4, 6),)))
