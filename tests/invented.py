"""Invented articles for tests."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from digests.errors import UnreadablePage
from digests.models import Article
from digests.pages import ready_articles

DAY = date(2023, 3, 5)


def article(**fields: Any) -> Article:
    """Return an article with the given fields and plain values for the others."""
    usual: dict[str, Any] = {
        "id": "aaaaa-aaaaa",
        "headline": "云河市建成首座雨水花园",
        "paragraphs": ("本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放。花园可蓄积雨水八百吨。",),
        "paper": "云河日报",
        "date": DAY,
        "page": 1,
    }
    return Article(**usual | fields)


def read_articles(path: Path) -> Iterator[Article | UnreadablePage]:
    """Yield the article of each line of a file of ready articles, or the error of a line."""
    for line in ready_articles.read_lines(path):
        yield line if isinstance(line, UnreadablePage) else ready_articles.parse_article(*line)
