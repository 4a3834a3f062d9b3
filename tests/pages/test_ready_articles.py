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
from tests.invented import read_articles


def _articles(path: Path) -> list[Article]:
    return [found for found in read_articles(path) if isinstance(found, Article)]


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
        ('{"page":1e30}', "page is 1e\\+30; expected a number from 1 to 9999"),
        ('{"page":18446744073709551616}', "page is 1.8446744073709552e\\+19"),
        ('{"page":10000}', "page is 10000"),
        ('{"page":0}', "page is 0"),
        ('{"page":-1}', "page is -1"),
        ('{"page":1.5}', "page is 1.5"),
        ('{"page":true}', "page is True"),
        ('{"page":[1]}', r"page is \[1\]"),
        ('{"date":"9999-12-31"}', "date is 9999-12-31; expected a day from 1600-01-01 to 2199-12-31"),
        ('{"date":"0001-01-01"}', "date is 0001-01-01"),
        ('{"date":"1599-12-31"}', "date is 1599-12-31"),
        ('{"date":"2200-01-01"}', "date is 2200-01-01"),
        ('{"date":20220829}', "date is 20220829"),
        ('{"date":"2022-02-30"}', "date is '2022-02-30'"),
        ('{"paragraphs":[["一"]]}', "paragraphs is"),
        ("[" * 5000 + "]" * 5000, "not JSON"),
    ],
)
def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path, row: str, word: str) -> None:
    path = tmp_path / "ready.jsonl"
    path.write_text('{"headline":"好","paragraphs":[]}\n' + row + '\n{"headline":"也好","paragraphs":[]}\n')
    assert [article.headline for article in _articles(path)][:: 1 if word else 2] == ["好", "也好"]
    problems = [str(problem) for problem in read_articles(path) if isinstance(problem, UnreadablePage)]
    assert [bool(re.match(f"ready.jsonl:2: .*{word}", problem)) for problem in problems] == [True] * bool(word)


def test_a_truncated_gzip_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ready.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"headline":"x"}\n' * 5000)[:-20])
    *read, problem = read_articles(path)
    assert isinstance(problem, UnreadablePage)
    assert "cannot be read" in str(problem)
    assert len(read) < 5000


def test_a_ready_article_without_a_valid_id_gets_one_of_its_text() -> None:
    def read(line: str) -> str:
        article = ready_articles.parse_article("x:1", line.encode())
        assert isinstance(article, Article)
        return article.id

    assert read('{"id":"a_1-B"}') == "a_1-B"
    assert read('{"id":"page.txt#4"}') == "page.txt#4"
    assert read('{"id":"带 空格","headline":"题","paragraphs":["一。","二。"]}') == article_id("一。\n二。")
    assert read('{"id":"带 空格","headline":"题"}') == article_id("题")
    assert read('{"id":"带 空格"}') == article_id("带 空格")


def test_an_error_shows_forty_characters_of_a_wrong_value() -> None:
    problem = ready_articles.parse_article("x:1", b'{"paragraphs":[' + b"1," * 50 + b"1]}")
    assert str(problem) == "x:1: paragraphs is " + ("[" + "1, " * 50)[:39].rstrip(", ") + "…; expected a list of texts"
    assert str(ready_articles.parse_article("x:1", b'{"page":1e999}')).startswith("x:1: ")


def test_a_file_that_cannot_be_read_is_reported_at_its_next_line(tmp_path: Path) -> None:
    [problem] = read_articles(tmp_path / "gone.jsonl")
    assert str(problem).startswith("gone.jsonl:1: cannot be read from here on: ")


@pytest.mark.parametrize(
    ("page", "number"), [("1", 1), ("9999", 9999), ('"12"', 12), ('"３"', 3), ("3.0", 3), ("null", None), ('""', None)]
)
def test_a_page_is_a_number_from_1_to_9999_also_in_quotes(page: str, number: int | None) -> None:
    article = ready_articles.parse_article("x:1", f'{{"headline":"题","page":{page}}}'.encode())
    assert isinstance(article, Article)
    assert article.page == number


@pytest.mark.parametrize("day", ["1600-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_an_issue_are_taken(day: str) -> None:
    article = ready_articles.parse_article("x:1", f'{{"headline":"题","date":"{day}"}}'.encode())
    assert isinstance(article, Article)
    assert article.date == date.fromisoformat(day)
