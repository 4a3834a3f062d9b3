"""The first step: the lines of a page as they were given, and what is plain to see of each."""

import unicodedata
from dataclasses import dataclass

ENDS = "。！？；…!?;."
"""Signs a sentence or clause of a body ends with, widths folded."""
CLOSERS = "”’」』)】》\"'"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the lines of a hard-wrapped paragraph, without the white space and markup around it."""

    first: int
    last: int
    text: str
    level: int = 0
    """Of a markdown heading, 1 to 6; 0 for any other line."""
    plain: str = ""
    """The text with widths folded, for looking at only."""


def split(text: str) -> list[Line]:
    """The non-empty lines of a page, numbered from 1."""
    return [line(number, number, raw) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]


def line(first: int, last: int, raw: str) -> Line:
    """The value of one line with its numbers."""
    stripped = raw.strip()
    level = len(stripped) - len(stripped.lstrip("#"))
    marked = 0 < level <= 6
    content = stripped.strip("#").strip() if marked else stripped
    return Line(first, last, content or stripped, level if marked else 0, fold(content or stripped))


def fold(text: str) -> str:
    """`text` with widths made equal, character for character where it matters: ，becomes , and （ becomes (."""
    return unicodedata.normalize("NFKC", text)


def is_closed(plain: str) -> bool:
    """Whether a folded line ends as a sentence does."""
    bare = plain.rstrip(CLOSERS + " ")
    return bool(bare) and (bare[-1] in ENDS or plain[-1] == ")")
