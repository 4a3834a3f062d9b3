"""Ready articles."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest

from digests.errors import UnreadablePage
from digests.models import Article
from digests.pages import ready_articles
from digests.text import article_id


def _articles(path: Path) -> list[Article]:
    return [found for found in ready_articles.read_articles(path) if isinstance(found, Article)]


def test_all_fields_of_a_ready_article_are_read(tmp_path: Path) -> None:
    row = (
        '{"id":"a-1","date":"2020-06-10","page":4,"headline":"题","kicker":"引","deck":"副","byline":["王伟"],'
        '"paragraphs":["一。","二。"]}\n\n{"id":"带 空格","headline":"题","paragraphs":["三。"]}\n'
    )
    path = tmp_path / "ready.jsonl.gz"
    path.write_bytes(gzip.compress(row.encode()))
    first, second = _articles(path)
    assert (first.id, first.date, first.page, first.headline) == ("a-1", date(2020, 6, 10), 4, "题")
    assert (first.kicker, first.deck, first.byline, first.paragraphs) == ("引", "副", ("王伟",), ("一。", "二。"))
    assert (first.file, first.n) == (None, None)
    assert len(second.id) == 11


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("not json", "not JSON"),
        ("[1]", "is not an article"),
        ('{"date":"yesterday"}', "date is 'yesterday'"),
        ('{"paragraphs":"一"}', ""),
        ('{"paragraphs":[1]}', "paragraphs is"),
        ('{"headline":1}', "headline is 1"),
        ('{"page":"x"}', "page is 'x'"),
    ],
)
def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path, row: str, word: str) -> None:
    path = tmp_path / "ready.jsonl"
    path.write_text('{"headline":"好","paragraphs":[]}\n' + row + '\n{"headline":"也好","paragraphs":[]}\n')
    assert [article.headline for article in _articles(path)][:: 1 if word else 2] == ["好", "也好"]
    problems = [str(problem) for problem in ready_articles.read_articles(path) if isinstance(problem, UnreadablePage)]
    assert [bool(re.match(f"ready.jsonl:2: .*{word}", problem)) for problem in problems] == [True] * bool(word)


def test_a_truncated_gzip_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ready.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"headline":"x"}\n' * 5000)[:-20])
    *read, problem = ready_articles.read_articles(path)
    assert isinstance(problem, UnreadablePage)
    assert "cannot be read" in str(problem)
    assert len(read) < 5000


def test_a_ready_article_without_a_valid_id_gets_one_of_its_text() -> None:
    def read(line: str) -> str:
        article = ready_articles.parse_article("x:1", line.encode())
        assert isinstance(article, Article)
        return article.id

    assert read('{"id":"a_1-B"}') == "a_1-B"
    assert read('{"id":"带 空格","headline":"题","paragraphs":["一。","二。"]}') == article_id("一。\n二。")
    assert read('{"id":"带 空格","headline":"题"}') == article_id("题")
    assert read('{"id":"带 空格"}') == article_id("带 空格")


def test_an_error_shows_forty_characters_of_a_wrong_value() -> None:
    problem = ready_articles.parse_article("x:1", b'{"paragraphs":[' + b"1," * 50 + b"1]}")
    assert (
        str(problem) == "x:1: paragraphs is '" + ("[" + "1, " * 50)[:39].rstrip(", ") + "…'; expected a list of texts"
    )
    assert str(ready_articles.parse_article("x:1", b'{"page":1e999}')).startswith("x:1: ")


def test_a_file_that_cannot_be_read_is_reported_at_its_next_line(tmp_path: Path) -> None:
    [problem] = ready_articles.read_articles(tmp_path / "gone.jsonl")
    assert str(problem).startswith("gone.jsonl:1: cannot be read: ")
