"""Search over the five sample pages and over invented articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from digests import search
from digests.archive import Archive
from digests.errors import QueryError
from digests.models import Article, Snippet, SourceFile
from digests.query import parse, wanted_terms
from digests.search.index import Index
from digests.storage.stores import DigestStore
from tests.conftest import SEEDS
from tests.invented import article


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    data: Path = tmp_path_factory.mktemp("data")
    digests = DigestStore(data / "digests")
    archive = Archive(SEEDS, Index(data / "index"), digests)
    archive.ingest()
    yield archive
    archive.close()
    digests.close()


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> set[str]:
    return {text[a:b] for a, b in marks}


def test_the_best_hit_is_the_story_about_the_term(archive: Archive) -> None:
    best = archive.search("锂电池隔膜").hits[0].article
    assert "锂电池隔膜" in f"{best.kicker} {best.headline} {best.deck}"


def test_hits_hold_every_word_and_their_snippets_mark_it(archive: Archive) -> None:
    result = archive.search("防汛")
    assert result.total == len(result.hits) > 0
    for hit in result.hits:
        assert "防汛" in hit.article.body
        assert _marked(hit.snippet.text, hit.snippet.marks) == {"防汛"}


def test_paging_shows_each_hit_once_and_the_same_total(archive: Archive) -> None:
    first, second = archive.search("太原", limit=3), archive.search("太原", limit=3, offset=3)
    ids = [hit.article.id for hit in (*first.hits, *second.hits)]
    assert len(set(ids)) == 6
    assert first.total == second.total > 6


@pytest.mark.parametrize("asked", ["哪里可以查民生档案", "我省“民生档案”可两站通查"])
def test_a_sentence_finds_articles_with_some_of_its_words_and_the_result_says_so(archive: Archive, asked: str) -> None:
    result = archive.search(asked)
    assert result.partial_only
    assert "档案" in str(result.hits[0].article.headline)


def test_a_sentence_is_a_question_but_separate_words_must_all_match(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    both = article(id="aaaaa-00001", headline="周末", paragraphs=("市民到花园去看花。",))
    one = article(id="aaaaa-00002", headline="周末", paragraphs=("花园开放。",))
    index.replace(SourceFile("invented", "1", (), 0), [one, both])
    index.commit()
    asked, wanted = (search.search(index, query, limit=5) for query in ("到花园去看花", "花园 看花"))
    assert [hit.article.id for hit in asked.hits] == [both.id, one.id]
    assert (asked.total, asked.narrowable) == (2, False)
    assert (wanted.total, wanted.narrowable) == (1, True)
    assert [hit.partial for hit in wanted.hits] == [False, True]
    index.close()


def test_partial_matches_follow_few_hits_and_do_not_count(archive: Archive) -> None:
    result = archive.search("蓝宝石 晶体")
    whole = [hit for hit in result.hits if not hit.partial]
    assert result.total == len(whole) < len(result.hits)
    assert all(hit.partial for hit in result.hits[len(whole) :])


def test_a_word_that_no_article_holds_finds_nothing(archive: Archive) -> None:
    result = archive.search("皮划艇")
    assert (result.total, result.hits, result.partial_only) == (0, (), False)


def test_a_phrase_in_quotation_marks_is_found_whole_or_not_at_all(archive: Archive) -> None:
    assert archive.search('"民生档案可一站通查"').total == 1
    assert archive.search('"民生档案可两站通查"').total == 0


def test_a_hit_with_the_words_of_a_quotation_apart_is_a_partial_match(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    apart = article(paragraphs=("礼包送到，大家有爱心。社区推出新举措。",))
    index.replace(SourceFile("invented", "1", (), 0), [apart])
    index.commit()
    result = search.search(index, "社区推出“爱心礼包”", limit=5)
    assert ([hit.article for hit in result.hits], result.partial_only) == ([apart], True)
    index.close()


def test_a_query_of_punctuation_is_refused(archive: Archive) -> None:
    with pytest.raises(QueryError):
        archive.search("，。！")


def _snippet(query: str, article: Article) -> Snippet:
    return search.snippet(article, wanted_terms(parse(query)))


def test_a_snippet_has_whole_sentences_from_the_best_one_on() -> None:
    stored = article(paragraphs=("天气晴朗。石桥完工。市民散步。", "雨水花园开放。"))
    assert _snippet("石桥", stored).text == "石桥完工。市民散步。"


def test_the_snippet_of_an_article_found_by_its_headline_is_its_beginning() -> None:
    stored = article(headline="石桥", paragraphs=("天气晴朗。",))
    found = _snippet("石桥", stored)
    assert (found.text, found.marks) == ("天气晴朗。", ())


def test_a_long_sentence_is_shortened_around_the_found_word() -> None:
    stored = article(paragraphs=("晴" * 900 + "石桥" + "晴" * 900,))
    found = _snippet('"石桥"', stored)
    assert len(found.text) < 300
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert _marked(found.text, found.marks) == {"石桥"}


def test_an_article_without_a_body_has_an_empty_excerpt() -> None:
    assert _snippet("石桥", article(paragraphs=())).text == ""
