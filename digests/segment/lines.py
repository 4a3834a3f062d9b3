"""Split a page into lines, and join hard-wrapped paragraphs."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests.segment.printed_signs import LEAD
from digests.text import join_lines, normalise_widths

SENTENCE_ENDS = "。！？；…!?;."
CLOSING_MARKS = "”’」』)】》\"'"

MAX_WRAPPED_CHARS = 45
"""A page with a longer line is not hard-wrapped."""
MIN_COLUMN_CHARS = 10
"""A page whose longest line is shorter is not hard-wrapped."""
MIN_WRAPPED_LINES = 12
"""A page with fewer lines is treated as not hard-wrapped."""
MIN_COLUMN_SHARE = 1 / 8
"""A width that at least this share of lines has is the width of a column of the page."""
MAX_HANGING = 2
"""Width by which the marks at the end of a line may exceed the column."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the joined lines of a hard-wrapped paragraph, without the white space and markup around it."""

    first: int
    last: int
    text: str
    level: int = 0
    """Level of a markdown heading, 1 to 6; 0 for any other line."""
    plain: str = ""
    """The text with normalised widths, for the patterns."""


def split_lines(text: str) -> list[Line]:
    """Return the non-blank lines of a page, numbered from 1; hard-wrapped paragraphs are joined."""
    return join_wrapped(numbered_lines(text))


def join_wrapped(raw: Sequence[tuple[int, str]]) -> list[Line]:
    """Return the non-blank lines `raw`, given with their numbers; hard-wrapped paragraphs are joined."""
    if _is_wrapped([content for _, content in raw]):
        return _unwrap(raw)
    return [make_line(number, number, content) for number, content in raw]


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """Return the non-blank lines, unchanged, with their numbers from 1."""
    return [(number, raw) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]


def make_line(first: int, last: int, raw: str) -> Line:
    """Return the `Line` for the text `raw` that is printed in lines `first` to `last` of the page."""
    stripped = raw.strip()
    level = len(stripped) - len(stripped.lstrip("#"))
    is_heading = 0 < level <= 6
    content = (stripped.strip("#").strip() if is_heading else stripped) or stripped
    return Line(first, last, content, level if is_heading else 0, normalise_widths(content))


def ends_sentence(plain: str) -> bool:
    """True if a line with normalised widths ends with the end of a sentence or with a closing bracket."""
    bare = plain.rstrip(CLOSING_MARKS + " ")
    return bool(bare) and (bare[-1] in SENTENCE_ENDS or plain[-1] == ")")


def _is_wrapped(raw: Sequence[str]) -> bool:
    """True if all lines are short, most end in mid-sentence, and over a third have about the same length."""
    longest = max(map(len, raw), default=0)
    if len(raw) < MIN_WRAPPED_LINES or not MIN_COLUMN_CHARS <= longest <= MAX_WRAPPED_CHARS:
        return False
    open_ended = sum(not ends_sentence(normalise_widths(content.strip())) for content in raw)
    full = sum(len(content) >= longest - 1 for content in raw)
    equal = sum(abs(len(upper) - len(lower)) <= 1 for upper, lower in pairwise(raw))
    return open_ended * 2 > len(raw) and (full * 3 > len(raw) or equal * 3 > len(raw))


def _unwrap(raw: Sequence[tuple[int, str]]) -> list[Line]:
    """Return the paragraphs of a hard-wrapped page; blank lines separate them unless the page is double-spaced."""
    gaps = [lower[0] - upper[0] > 1 for upper, lower in pairwise(raw)]
    is_double_spaced = sum(gaps) * 10 > len(gaps) * 9
    widths, columns = _widths([content.rstrip() for _, content in raw])
    paragraphs = [[raw[0]]]
    first_width = widths[0]
    for at, gap in enumerate(gaps):
        is_full = any(column - 1 <= widths[at] <= column + MAX_HANGING for column in columns or (first_width,))
        if (
            is_full
            and (is_double_spaced or not gap)
            and _continues(raw[at][1], raw[at + 1][1], widths[at + 1] - widths[at])
        ):
            paragraphs[-1].append(raw[at + 1])
        else:
            paragraphs.append([raw[at + 1]])
            first_width = widths[at + 1]
    return [_joined(paragraph) for paragraph in paragraphs]


def _continues(upper: str, lower: str, wider: float) -> bool:
    """True if `lower` continues the paragraph of the full line `upper`; `wider` is its width minus that of `upper`.

    `lower` begins a paragraph if it is a lead, indented, a markdown heading or wider, or if `upper` ends a sentence and
    `lower` is clearly narrower.
    """
    if LEAD.match(normalise_widths(lower.strip())):
        return False
    is_indented = lower[:1] in ("\u3000", "\t") or lower[:2] == "  " or lower.lstrip().startswith("#")
    is_ended = ends_sentence(normalise_widths(upper.strip())) and wider < -1
    return not is_indented and not is_ended and wider <= 1


def _widths(raw: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the widths of the lines, and the widths of the columns of the page, none if few lines have equal widths.

    Widths are counted either in characters or in full-width units, depending on which gives more lines the same width.
    """
    counted = [float(len(content)) for content in raw]
    printed = [sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in content) for content in raw]
    by_count, by_print = (Counter(map(round, widths)) for widths in (counted, printed))
    is_counted = by_count.most_common(1)[0][1] >= by_print.most_common(1)[0][1]
    widths, agreeing = (counted, by_count) if is_counted else (printed, by_print)
    columns = [float(width) for width, count in agreeing.items() if count >= len(raw) * MIN_COLUMN_SHARE]
    return widths, [width for width in columns if width >= MIN_COLUMN_CHARS]


def _joined(paragraph: Sequence[tuple[int, str]]) -> Line:
    return make_line(paragraph[0][0], paragraph[-1][0], join_lines(content.strip() for _, content in paragraph))
