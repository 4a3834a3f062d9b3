"""Ready articles: .jsonl and .jsonl.gz files with one article per line, as a JSON object (keys: see `_article`)."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

import orjson

from digests.dates import FIRST_ISSUE, LAST_ISSUE
from digests.errors import UnreadablePage
from digests.language.boundaries import join_split_words
from digests.language.normal_form import clean_text
from digests.models import MAX_PAGE, Article, Reporter
from digests.text import article_id, shorten

MAX_SHOWN_CHARS = 40
"""Characters of a wrong value that an error shows."""

MAX_LINE_BYTES = 2 << 20
"""A longer line is skipped; the longest articles of newspapers have a hundred thousand bytes."""
_TOO_LONG = f"the line has more than {MAX_LINE_BYTES >> 20} MB; expected one article a line"
MAX_UNPACKED_BYTES = 16 << 30
"""A file is read up to this size; a small packed file can unpack to any size."""
_GZIP_SIGNATURE = b"\x1f\x8b"

_ID = re.compile(r"[A-Za-z0-9_.#-]{1,40}")


class BrokenOff(UnreadablePage):
    """The rest of a file cannot be read."""

    is_temporary = False
    """True if the reason may pass although the file does not change, such as a missing permission."""


NumberedLine = tuple[str, bytes] | UnreadablePage
"""A line with its place (file:number), or the reason why a line, or the rest of the file, cannot be read."""


def read_lines(path: Path) -> Iterator[NumberedLine]:
    """Yield the non-blank lines of a file with their places, as arguments of `parse_article`.

    A line of more than MAX_LINE_BYTES is skipped without being held in memory. If the file cannot be read to its end,
    the last item says so.
    """
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    _skip_line(file, line)
                    yield UnreadablePage(f"{path.name}:{number}: {_TOO_LONG}")
                elif line.strip():
                    yield f"{path.name}:{number}", line.removeprefix(codecs.BOM_UTF8)
                if file.tell() > MAX_UNPACKED_BYTES:
                    raise OSError(f"more than {MAX_UNPACKED_BYTES >> 30} GB after unpacking")  # noqa: TRY301
    except (OSError, EOFError, zlib.error) as error:
        broken_off = BrokenOff(f"{path.name}:{number + 1}: cannot be read from here on: {error}")
        broken_off.is_temporary = getattr(error, "errno", None) is not None
        yield broken_off


def _open(path: Path) -> IO[bytes]:
    """Open a file for reading; a packed one is recognised by its first bytes, whatever its name."""
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP_SIGNATURE)) == _GZIP_SIGNATURE
    return cast(IO[bytes], gzip.open(path, "rb")) if is_packed else path.open("rb")


def _skip_line(file: IO[bytes], line: bytes) -> None:
    """Read to the end of a line of which `line` is the beginning."""
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE_BYTES)


def parse_article(place: str, line: bytes) -> Article | UnreadablePage:
    """Return the article in a line, or an error whose message begins with `place`."""
    try:
        return _article(line)
    except ValueError as problem:
        return UnreadablePage(f"{place}: {problem}")


def _article(line: bytes) -> Article:
    """Return the article in a line; raises ValueError. Validation with pydantic would take 1.6 times as long."""
    try:
        item = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error}); expected one article a line") from error
    if not isinstance(item, dict):
        raise ValueError(f"{_shown(item)} is not an article; expected an object")  # noqa: TRY004  callers catch ValueError
    paragraphs = _texts(item, "paragraphs")
    headline = _text(item, "headline")
    own_id = str(item.get("id") or "")
    return Article(
        id=own_id if _ID.fullmatch(own_id) else article_id("\n".join(paragraphs) or headline or own_id),
        headline=headline or None,
        paragraphs=paragraphs,
        paper=_text(item, "paper"),
        date=_date(item.get("date")),
        page=_number(item.get("page")),
        kicker=_text(item, "kicker"),
        deck=_text(item, "deck"),
        section=_text(item, "section"),
        reporters=tuple(Reporter(name) for name in _texts(item, "byline")),
    )


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is {_shown(value)}; expected text")
    return join_split_words(clean_text(value or "")).strip()


def _texts(item: dict[str, Any], key: str) -> tuple[str, ...]:
    values = item.get(key)
    values = [values] if isinstance(values, str) else values or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key} is {_shown(values)}; expected a list of texts")
    return tuple(filter(None, (join_split_words(clean_text(value)).strip() for value in values)))


def _date(value: Any) -> date | None:
    if value in (None, ""):
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"date is {_shown(value)}; expected a day such as 2022-08-29") from error
    if not FIRST_ISSUE <= day <= LAST_ISSUE:
        raise ValueError(f"date is {value}; expected a day from {FIRST_ISSUE} to {LAST_ISSUE}")
    return day


def _number(value: Any) -> int | None:
    if value in (None, ""):
        return None
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10 else value
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MAX_PAGE:
        raise ValueError(f"page is {_shown(value)}; expected a number from 1 to {MAX_PAGE}")
    return number


def _shown(value: Any) -> str:
    return shorten(repr(value), MAX_SHOWN_CHARS)
