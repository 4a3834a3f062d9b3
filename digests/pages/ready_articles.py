"""Ready articles: a .jsonl or .jsonl.gz file, one article a line with the fields of `Article` that its source knows."""

import gzip
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from digests import text as strings
from digests.errors import UnreadablePage
from digests.models import Article, Reporter

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")

NumberedLine = tuple[str, bytes] | UnreadablePage
"""A line that says something with its place in the file, or why there are no more."""


def read_articles(path: Path) -> Iterator[Article | UnreadablePage]:
    """The articles of a file.

    In the place of a line that is no article comes what is wrong with it; the others are read all the same.
    """
    for line in read_lines(path):
        yield line if isinstance(line, UnreadablePage) else parse_article(*line)


def read_lines(path: Path) -> Iterator[NumberedLine]:
    """The lines of a file, for `article`."""
    number = 0
    try:
        with gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path.name}:{number}", line
    except (OSError, EOFError) as error:
        yield UnreadablePage(f"{path.name}:{number + 1}: cannot be read: {error}")


def parse_article(where: str, line: bytes) -> Article | UnreadablePage:
    """The article in a line, or what is wrong with it."""
    try:
        return _article(line, where)
    except UnreadablePage as problem:
        return problem


def _article(line: bytes, where: str) -> Article:
    try:
        item = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UnreadablePage(f"{where}: not JSON ({error}); expected one article a line") from error
    if not isinstance(item, dict):
        raise UnreadablePage(f"{where}: {strings.shorten(str(item), 40)!r} is not an article; expected an object")
    paragraphs = _texts(item, "paragraphs", where)
    headline = _text(item, "headline", where)
    given = str(item.get("id") or "")
    return Article(
        id=given if _ID.fullmatch(given) else strings.article_id("\n".join(paragraphs) or headline or given),
        headline=headline or None,
        paragraphs=paragraphs,
        paper=_text(item, "paper", where),
        date=_day(item.get("date"), where),
        page=_number(item.get("page"), where),
        kicker=_text(item, "kicker", where),
        deck=_text(item, "deck", where),
        section=_text(item, "section", where),
        reporters=tuple(Reporter(name) for name in _texts(item, "byline", where)),
    )


def _text(item: dict[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise UnreadablePage(f"{where}: {key} is {value!r}; expected text")
    return (value or "").strip()


def _texts(item: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = item.get(key)
    values = [values] if isinstance(values, str) else values or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise UnreadablePage(f"{where}: {key} is {strings.shorten(str(values), 40)!r}; expected a list of texts")
    return tuple(value.strip() for value in values if value.strip())


def _day(value: Any, where: str) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise UnreadablePage(f"{where}: date is {value!r}; expected a day such as 2022-08-29") from error


def _number(value: Any, where: str) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise UnreadablePage(f"{where}: page is {value!r}; expected a number") from error
