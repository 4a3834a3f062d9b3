"""Ids of articles of files that are read again, at the boundaries of similarity."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from digests.ingest.article_ids import ArticleIds
from digests.models import Article, NewArticle, SourceFile
from digests.search.index import Index
from digests.text import article_id
from tests.invented import article

PAGE = "page.txt"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index")
    yield index
    index.close()


def _body(letters: str, id_: str = "other-00001", **fields: object) -> Article:
    return article(id=id_, headline=None, n=1, paragraphs=(letters,), **fields)


def _hold(index: Index, name: str, *articles: Article) -> None:
    index.replace(SourceFile(name, "f", (), 0), articles)
    index.commit()


def _identify(
    index: Index, *articles: Article, known: bool = True, vanished: Sequence[str] = ()
) -> tuple[list[str], list[NewArticle]]:
    named, news = ArticleIds(index).identify(PAGE, articles, known=known, vanished=vanished)
    return [named_article.id for named_article in named], news


EARLIER = "abcdefghij"
"""Ten letters: eight shingles of three, from abc to hij."""


@pytest.mark.parametrize(
    ("letters", "is_same"),
    [
        ("abcdefghijklm", True),  # 8 of 11 shingles are shared
        ("bcdefghijkl", True),  # 7 of 10
        ("cdefghijkl", True),  # 6 of 10, the boundary
        ("bcdefghijklmn", False),  # 7 of 12
        ("defghijkl", False),  # 5 of 10
    ],
)
def test_an_article_with_six_tenths_of_the_shingles_in_common_keeps_the_earlier_id(
    index: Index, letters: str, is_same: bool
) -> None:
    _hold(index, PAGE, _body(EARLIER, "early-00001"))
    ids, _ = _identify(index, _body(letters))
    assert ids == ["early-00001" if is_same else "other-00001"]


def test_the_most_similar_earlier_article_gives_its_id_and_gives_it_once(index: Index) -> None:
    _hold(index, PAGE, _body("abcdefghij", "early-00001"), _body("abcdefghijk", "early-00002"))
    ids, _ = _identify(index, _body("abcdefghijkl", "other-00001"), _body("abcdefghijklm", "other-00002"))
    assert ids == ["early-00002", "early-00001"]


@pytest.mark.parametrize(
    ("letters", "is_news"),
    [
        ("abcdexyz", True),  # 3 of 6 shingles were on the page before
        ("abcde0xyz", True),  # 4 of 7
        ("abcdeyz", False),  # 3 of 5, the boundary
        ("abcdez", False),  # 3 of 4
    ],
)
def test_an_article_with_six_tenths_of_its_text_on_the_page_before_is_no_news(
    index: Index, letters: str, is_news: bool
) -> None:
    _hold(index, PAGE, _body("abcde" + "0123456789" * 3, "early-00001"))
    ids, news = _identify(index, _body(letters))
    assert ids == ["other-00001"]
    assert [new.id for new in news] == ["other-00001"] * is_news


def test_an_article_that_a_better_reading_of_a_page_reveals_is_late_and_one_of_ready_articles_is_not(
    index: Index,
) -> None:
    _hold(index, PAGE, _body("0123456789", "early-00001"))
    for number, late in ((1, True), (None, False)):
        read = article(id="other-00001", n=number, paragraphs=("abcdefghij",))
        _, news = _identify(index, read)
        assert news == [NewArticle("other-00001", read.date, late=late)]
    _, news = _identify(index, _body("abcdefghij"), known=False)
    assert news == [NewArticle("other-00001", article().date, late=False)]


@pytest.mark.parametrize(
    ("change", "differs"),
    [({}, False), ({"page": 2}, True), ({"date": None}, True), ({"kicker": "城事"}, True), ({"quality": 0.5}, False)],
)
def test_an_article_that_reads_differently_is_matched_again(
    index: Index, change: dict[str, object], differs: bool
) -> None:
    before = _body(EARLIER, "early-00001")
    _hold(index, PAGE, before)
    for part in (False, True):
        ids = ArticleIds(index)
        again = article(**{"id": before.id, "headline": None, "n": 1, "paragraphs": (EARLIER,)} | change)
        identify = ids.identify_part if part else ids.identify
        options = {} if part else {"known": True}
        _, news = identify(PAGE, [again], vanished=(), **options)
        assert news == [NewArticle(before.id, again.date, late=True, former=before)] * differs


def test_an_article_of_another_file_keeps_its_id_and_an_equal_one_gets_the_next(index: Index) -> None:
    _hold(index, "elsewhere.txt", _body(EARLIER, article_id(EARLIER)))
    read = _body(EARLIER, article_id(EARLIER))
    assert _identify(index, read, known=False)[0] == [article_id(EARLIER, 1)]
    assert _identify(index, read, known=False, vanished=["elsewhere.txt"])[0] == [article_id(EARLIER)]


def test_a_second_article_of_a_given_id_gets_one_from_its_text(index: Index) -> None:
    ids, _ = _identify(index, _body("abcdef", "r-1"), _body("uvwxyz", "r-1"), known=False)
    assert ids == ["r-1", article_id("uvwxyz", 1)]


def test_equal_articles_of_one_file_get_an_id_each_also_in_parts_and_after_a_commit(index: Index) -> None:
    read = _body(EARLIER, article_id(EARLIER))
    expected = [article_id(EARLIER), article_id(EARLIER, 1), article_id(EARLIER, 2)]
    assert _identify(index, read, read, read, known=False)[0] == expected
    ids = ArticleIds(index)
    parts = [ids.identify_part(PAGE, [read], vanished=())[0][0].id for _ in range(3)]
    assert parts == expected
    ids.forget()
    assert ids.identify_part(PAGE, [read], vanished=())[0][0].id == expected[0]
