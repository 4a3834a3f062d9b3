"""The number of hits: the same on every page, and exact up to the hits that are checked."""

from collections.abc import Iterator

import pytest

from digests import search
from digests.models import SourceFile
from digests.search.index import Index
from tests.invented import article

NEAR, FAR, ACCIDENTS, FORMS, MANY = 70, 10, 30, 8, 90


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    index = Index(tmp_path_factory.mktemp("totals") / "index")
    stored = [
        *(article(id=f"nears-{n:05}", paragraphs=("云河市的石桥修缮完工。",)) for n in range(NEAR)),
        *(article(id=f"farap-{n:05}", paragraphs=(f"云河市{'天气晴朗，' * 9}石桥完工。",)) for n in range(FAR)),
        *(article(id=f"accid-{n:05}", paragraphs=("校长治学严谨。",)) for n in range(ACCIDENTS)),
        *(article(id=f"sever-{n:05}", paragraphs=("大理古城下雨。" if n % 3 else "远大理想。",)) for n in range(MANY)),
        article(id="meant-00000", paragraphs=("长治召开会议。",)),
        *(article(id=f"forms-{n:05}", paragraphs=("雨后的析州古城迎来客人。",)) for n in range(FORMS)),
    ]
    index.replace(SourceFile("invented", "1", (), 0), stored)
    index.commit()
    yield index
    index.close()


def _pages(index: Index, query: str, pages: int, *, newest: bool = False) -> tuple[set[int], list[str]]:
    results = [search.search(index, query, limit=5, offset=5 * page, newest=newest) for page in range(pages)]
    return {result.total for result in results}, [hit.article.id for result in results for hit in result.hits]


def test_words_close_together_are_counted_exactly_up_to_600_hits(index: Index) -> None:
    totals, found = _pages(index, "云河 ~ 石桥", 15)
    assert totals == {NEAR}
    assert len(set(found)) == len(found) == NEAR


def test_words_close_together_may_stand_in_any_order(index: Index) -> None:
    assert search.search(index, "石桥 ~ 云河", limit=5).total == NEAR


def test_hits_by_accident_of_characters_do_not_count(index: Index) -> None:
    assert _pages(index, "长治", 2) == ({1}, ["meant-00000"])


def test_misread_forms_are_paged_like_any_hits(index: Index) -> None:
    totals, found = _pages(index, "忻州", 2)
    assert totals == {FORMS}
    assert len(set(found)) == len(found) == FORMS


def test_every_hit_of_many_is_on_one_page_wherever_the_accidental_ones_are(index: Index) -> None:
    totals, found = _pages(index, "大理", MANY // 5, newest=True)
    assert totals == {MANY}, "of more than are looked at, the characters alone are counted"
    meant = {f"sever-{n:05}" for n in range(MANY) if n % 3}
    assert meant <= set(found)
    assert len(set(found)) == len(found) < MANY


@pytest.mark.parametrize("query", ["云河 石桥", "云河市的石桥何时修缮完工"])
def test_every_hit_is_on_one_page_also_beyond_the_reranked_ones(index: Index, query: str) -> None:
    total = search.search(index, query, limit=5).total
    totals, found = _pages(index, query, -(-total // 5))
    assert totals == {total}
    assert len(set(found)) == len(found) == total >= NEAR + FAR


def test_a_page_far_beyond_the_end_is_empty(index: Index) -> None:
    for query in ("大理", "云河 石桥", "古城里迎来了多少客人"):
        assert search.search(index, query, limit=5, offset=999_999_999).hits == ()
