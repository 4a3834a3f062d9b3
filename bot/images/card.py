"""An issue's card: paper and day, keywords sized by weight, headlines of the lead stories, and a footer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.images.drawing import (
    ACCENT,
    CONTENT_WIDTH,
    INK,
    MARGIN,
    MUTED_INK,
    RULE,
    TOP_BAR_HEIGHT,
    WIDTH,
    Canvas,
    Font,
)

TITLE_SIZE, DAY_SIZE, STORY_SIZE, FOOT_SIZE = 68, 40, 44, 34
MIN_KEYWORD_SIZE, MAX_KEYWORD_SIZE = 40, 88
KEYWORD_GAP = 44
ACCENTED_KEYWORDS = 3
"""Number of leading keywords that are drawn in the accent colour."""
KEYWORD_ROW_HEIGHT = 1.4
"""Height of a row of keywords, as a multiple of the size of its largest keyword."""
KEYWORDS_TOP = 232
STORY_LINE_HEIGHT, STORY_GAP, MAX_STORY_LINES = 62, 22, 2
FOOT_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Card:
    """The content of a card; each keyword has a weight above 0."""

    title: str
    day: str
    keywords: tuple[tuple[str, float], ...]
    stories: tuple[str, ...]
    foot: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A keyword with its position in a row, its size and its colour."""

    x: float
    text: str
    size: int
    colour: str


def draw_card(card: Card, font: Font) -> Canvas:
    """Draw the card, with the height that its keywords and stories need."""
    rows = list(_keyword_rows(card.keywords, font))
    stories = [font.wrap(story, STORY_SIZE, CONTENT_WIDTH - MARGIN, MAX_STORY_LINES) for story in card.stories]
    rule = KEYWORDS_TOP + sum(map(_row_height, rows)) + 18
    tops = list(accumulate((STORY_LINE_HEIGHT * len(lines) + STORY_GAP for lines in stories), initial=rule + 36))
    canvas = Canvas(int(tops[-1] + FOOT_HEIGHT), font)
    canvas.box((0, 0), WIDTH, TOP_BAR_HEIGHT, ACCENT)
    canvas.text((MARGIN, 92), font.truncate(card.title, TITLE_SIZE, CONTENT_WIDTH), TITLE_SIZE, INK)
    canvas.text((MARGIN, 168), card.day, DAY_SIZE, MUTED_INK)
    canvas.box((MARGIN, 214), CONTENT_WIDTH, 2, RULE)
    _draw_keywords(canvas, rows)
    if rows and stories:
        canvas.box((MARGIN, rule), CONTENT_WIDTH, 2, RULE)
    for number, (top, lines) in enumerate(zip(tops, stories, strict=False), 1):
        canvas.text((MARGIN, top + 30), str(number), STORY_SIZE, ACCENT)
        for at, line in enumerate(lines):
            canvas.text((2 * MARGIN, top + 30 + STORY_LINE_HEIGHT * at), line, STORY_SIZE, INK)
    foot = font.truncate(card.foot, FOOT_SIZE, CONTENT_WIDTH)
    canvas.text((MARGIN, canvas.height - 56), foot, FOOT_SIZE, MUTED_INK)
    return canvas


def _draw_keywords(canvas: Canvas, rows: Sequence[Sequence[_Word]]) -> None:
    top: float = KEYWORDS_TOP
    for row in rows:
        for word in row:
            canvas.text((word.x, top + _row_height(row) / 2), word.text, word.size, word.colour)
        top += _row_height(row)


def _keyword_rows(keywords: Sequence[tuple[str, float]], font: Font) -> Iterator[list[_Word]]:
    """Yield the keywords row by row, each sized by its weight relative to the highest weight."""
    highest = max((weight for _, weight in keywords), default=0.0) or 1.0
    row: list[_Word] = []
    x: float = MARGIN
    for rank, (keyword, weight) in enumerate(keywords):
        size = round(MIN_KEYWORD_SIZE + (MAX_KEYWORD_SIZE - MIN_KEYWORD_SIZE) * weight / highest)
        text = font.truncate(keyword, size, CONTENT_WIDTH)
        if row and x + font.width(text, size) > WIDTH - MARGIN:
            yield row
            row, x = [], MARGIN
        row.append(_Word(x, text, size, ACCENT if rank < ACCENTED_KEYWORDS else INK))
        x += font.width(text, size) + KEYWORD_GAP
    if row:
        yield row


def _row_height(row: Sequence[_Word]) -> float:
    return KEYWORD_ROW_HEIGHT * max(word.size for word in row)
