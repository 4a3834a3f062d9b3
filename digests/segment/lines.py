"""The first step: the lines of a page as they were given, and what is plain to see of each."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests import text as strings

ENDS = "。！？；…!?;."
"""Signs a sentence or clause of a body ends with, widths folded."""
CLOSERS = "”’」』)】》\"'"

_LONGEST_WRAPPED = 45
"""Characters; a page with a longer line is not hard-wrapped."""
_NARROWEST = 10
"""Characters; no column is narrower."""
_FEWEST_WRAPPED = 12
"""Lines; fewer do not show whether a page is hard-wrapped."""


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
    """The non-empty lines of a page, numbered from 1; hard-wrapped paragraphs are made whole."""
    raw = numbered(text)
    if _is_wrapped([content for _, content in raw]):
        return _unwrap(raw)
    return [line(number, number, content) for number, content in raw]


def numbered(text: str) -> list[tuple[int, str]]:
    """The non-empty lines as they stand, with their numbers."""
    return [(number, raw) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]


def line(first: int, last: int, raw: str) -> Line:
    """The value of one line with its numbers."""
    stripped = raw.strip()
    level = len(stripped) - len(stripped.lstrip("#"))
    marked = 0 < level <= 6
    content = (stripped.strip("#").strip() if marked else stripped) or stripped
    return Line(first, last, content, level if marked else 0, fold(content))


def fold(text: str) -> str:
    """`text` with widths made equal: ，becomes , and （ becomes (."""
    return unicodedata.normalize("NFKC", text)


def is_closed(plain: str) -> bool:
    """Whether a folded line ends as a sentence does."""
    bare = plain.rstrip(CLOSERS + " ")
    return bool(bare) and (bare[-1] in ENDS or plain[-1] == ")")


def _is_wrapped(raw: Sequence[str]) -> bool:
    """Whether lines end where the column ended: all of them short, and most in mid-sentence."""
    longest = max(map(len, raw), default=0)
    if len(raw) < _FEWEST_WRAPPED or not _NARROWEST <= longest <= _LONGEST_WRAPPED:
        return False
    open_ended = sum(not is_closed(fold(content.strip())) for content in raw)
    full = sum(len(content) >= longest - 1 for content in raw)
    alike = sum(abs(len(upper) - len(lower)) <= 1 for upper, lower in pairwise(raw))
    return open_ended * 2 > len(raw) and (full * 3 > len(raw) or alike * 3 > len(raw))


def _unwrap(raw: Sequence[tuple[int, str]]) -> list[Line]:
    """The paragraphs of a hard-wrapped page; empty lines part them, unless every line is followed by one."""
    parted = [lower[0] - upper[0] > 1 for upper, lower in pairwise(raw)]
    every = sum(parted) * 10 > len(parted) * 9
    widths, column = _widths([content.rstrip() for _, content in raw])
    groups = [[raw[0]]]
    top = widths[0]
    for at, gap in enumerate(parted):
        full = widths[at] >= (column or top) - 1
        if full and _goes_on(raw[at][1], raw[at + 1][1], widths[at + 1] - widths[at]) and (every or not gap):
            groups[-1].append(raw[at + 1])
        else:
            groups.append([raw[at + 1]])
            top = widths[at + 1]
    return [_whole(group) for group in groups]


def _goes_on(upper: str, lower: str, wider: float) -> bool:
    """Whether a line goes on from a full one above it: no line of a paragraph is wider than the one before."""
    begins = lower[:1] in ("\u3000", "\t") or lower[:2] == "  " or lower.lstrip().startswith("#")
    ended = is_closed(fold(upper.strip())) and wider < -1
    return not begins and not ended and wider <= 1


def _widths(raw: Sequence[str]) -> tuple[list[float], float]:
    """The widths of lines, and that of the page's columns or 0 where they differ.

    Columns are as wide as their characters are, or as many characters long: whichever the lines agree on.
    """
    counted = [float(len(content)) for content in raw]
    printed = [sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in content) for content in raw]
    (by_count, counts), (by_print, prints) = (Counter(map(round, w)).most_common(1)[0] for w in (counted, printed))
    widths, column, alike = (counted, by_count, counts) if counts >= prints else (printed, by_print, prints)
    return widths, column if alike * 4 >= len(raw) else 0.0


def _whole(group: Sequence[tuple[int, str]]) -> Line:
    return line(group[0][0], group[-1][0], strings.join(content.strip() for _, content in group))
