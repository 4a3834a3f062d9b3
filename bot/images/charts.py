"""Values -> pictures (PNG), in the colours of the chat page: an issue's card, lines over the issues, bars.

The same values give the same picture, so the latest ones are kept.
"""

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from bot.images.drawing import WIDTH, Canvas, broken, fitted, width

MARGIN = 64
ROOM = WIDTH - 2 * MARGIN
KEPT = 64
"""Pictures that are kept, of 20 to 100 KB."""
INK, SOFT, RULE = "#231f1c", "#6f665f", "#e4dcd3"
SEAL, ROSE = "#b5301f", "#cf7a6d"
SERIES = ((SEAL, "o"), ("#1f5f9e", "s"), ("#2f7a4a", "^"), ("#8a5b00", "D"))
"""Each line has a colour and a mark of its own, so that nobody has to tell them by their colours."""
SMALLEST, LARGEST = 40, 88
"""Sizes of keywords."""
TEXT, NOTE = 44, 34
TOP, LEFT, TALL = 240, 150, 500
"""Where the lines of a chart stand, below their names, and how high they reach."""
EDGE = 20
NAME, BAR = 62, 84
"""Heights of the name of a line, and of a bar."""


@dataclass(frozen=True, slots=True)
class Card:
    """An issue in one glance: its paper and day, keywords by weight, the headlines of its lead stories, a last line."""

    title: str
    day: str
    keywords: tuple[tuple[str, float], ...]
    stories: tuple[str, ...]
    foot: str


@dataclass(frozen=True, slots=True)
class Line:
    """How something went: a value for each moment."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """One to four lines over the same moments (ordinals of days), each with a name such as 8月29日."""

    title: str
    note: str
    moments: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Counts with their names, drawn in their order."""

    title: str
    note: str
    bars: tuple[tuple[str, int], ...]


Chart = Card | LineChart | BarChart

_drawing = threading.Lock()
"""One picture at a time: the library shares its fonts between all of them."""


@lru_cache(maxsize=KEPT)
def png(chart: Chart) -> bytes:
    """The picture; it takes a fifth of a second, the first one a second, so not on the event loop."""
    with _drawing:
        match chart:
            case Card():
                return _card(chart).png()
            case LineChart():
                return _line_chart(chart).png()
            case BarChart():
                return _bar_chart(chart).png()


def _card(card: Card) -> Canvas:
    rows = list(_flowing(card.keywords))
    stories = [broken(story, TEXT, ROOM - MARGIN, 2) for story in card.stories]
    below = 232 + sum(_height(row) for row in rows) + 18
    ends = list(accumulate((62 * len(lines) + 22 for lines in stories), initial=below + 36))
    sheet = Canvas(int(ends[-1] + 100))
    sheet.box((0, 0), WIDTH, 16, SEAL)
    sheet.text((MARGIN, 92), fitted(card.title, 68, ROOM), 68, INK)
    sheet.text((MARGIN, 168), card.day, 40, SOFT)
    sheet.box((MARGIN, 214), ROOM, 2, RULE)
    top = 232.0
    for row in rows:
        for x, word, size, colour in row:
            sheet.text((x, top + _height(row) / 2), word, size, colour)
        top += _height(row)
    if rows and stories:
        sheet.box((MARGIN, below), ROOM, 2, RULE)
    for number, (start, lines) in enumerate(zip(ends, stories, strict=False), 1):
        sheet.text((MARGIN, start + 30), str(number), TEXT, SEAL)
        for at, line in enumerate(lines):
            sheet.text((2 * MARGIN, start + 30 + 62 * at), line, TEXT, INK)
    sheet.text((MARGIN, sheet.height - 56), fitted(card.foot, NOTE, ROOM), NOTE, SOFT)
    return sheet


_Word = tuple[float, str, float, str]
"""A keyword with its place, size and colour."""


def _flowing(keywords: Sequence[tuple[str, float]]) -> Iterator[list[_Word]]:
    """The keywords in rows, the first three in the paper's colour."""
    most = max((weight for _, weight in keywords), default=0.0) or 1.0
    row: list[_Word] = []
    x: float = MARGIN
    for rank, (word, weight) in enumerate(keywords):
        size = round(SMALLEST + (LARGEST - SMALLEST) * weight / most)
        said = fitted(word, size, ROOM)
        if row and x + width(said, size) > WIDTH - MARGIN:
            yield row
            row, x = [], MARGIN
        row.append((x, said, size, SEAL if rank < 3 else INK))
        x += width(said, size) + 44
    if row:
        yield row


def _height(row: Sequence[_Word]) -> float:
    return 1.4 * max(size for _, _, size, _ in row)


def _line_chart(chart: LineChart) -> Canvas:
    lower = NAME * -(-len(chart.lines) // 2)
    bottom = TOP + lower + TALL
    sheet = _headed(chart.title, chart.note, bottom + 110)
    highest = max(value for line in chart.lines for value in line.values)
    step = _step(highest)
    scale = TALL / max(highest, step)
    for level in range(int(TALL / (scale * step)) + 1):
        y = bottom - scale * step * level
        sheet.box((LEFT - 20, y - 1), WIDTH - MARGIN - LEFT + 40, 2, RULE)
        sheet.text((LEFT - 36, y), f"{level * step:g}", NOTE, SOFT, side="right")
    places = _places([moment for moment, _ in chart.moments])
    days = [day for _, day in chart.moments]
    middles = [_inside(x, day) for x, day in zip(places, days, strict=True)]
    for x, middle, day in zip(places, middles, _apart(days, middles), strict=True):
        sheet.box((x - 1, bottom), 2, 14, SOFT if day else RULE)
        sheet.text((middle, bottom + 44), day, NOTE, SOFT, side="center")
    for at, (line, (colour, mark)) in enumerate(zip(chart.lines, SERIES, strict=False)):
        sheet.line([(x, bottom - scale * value) for x, value in zip(places, line.values, strict=True)], colour, mark)
        x, y = MARGIN + ROOM / 2 * (at % 2), TOP - 26 + NAME * (at // 2)
        sheet.line([(x, y), (x + 30, y), (x + 60, y)], colour, mark, marked=[1])
        sheet.text((x + 76, y), fitted(line.name, 40, ROOM / 2 - 100), 40, colour)
    return sheet


def _step(highest: float) -> float:
    """Between the levels of a chart: 1, 2 or 5 of a power of ten, so that there are two to five levels above 0."""
    power = 10.0 ** math.floor(math.log10(highest or 1.0))
    return next(power * times for times in (0.2, 0.5, 1.0, 2.0) if highest <= 5.5 * power * times)


def _places(moments: Sequence[float]) -> list[float]:
    first, last = min(moments), max(moments)
    return [LEFT + (WIDTH - MARGIN - 70 - LEFT) * (moment - first) / ((last - first) or 1) + 35 for moment in moments]


def _inside(x: float, day: str) -> float:
    """Where the middle of a day's name stands: below its place, but not over the edge of the sheet."""
    half = width(day, NOTE) / 2 + EDGE
    return min(max(x, half), WIDTH - half)


def _apart(days: Sequence[str], places: Sequence[float]) -> list[str]:
    """The days that have room below their places, the last one first of all; the others empty."""
    shown: dict[int, tuple[float, float]] = {}
    for at in (len(days) - 1, *range(len(days) - 1)):
        half = width(days[at], NOTE) / 2 + 12
        if all(places[at] + half <= start or places[at] - half >= end for start, end in shown.values()):
            shown[at] = places[at] - half, places[at] + half
    return [day if at in shown else "" for at, day in enumerate(days)]


def _bar_chart(chart: BarChart) -> Canvas:
    sheet = _headed(chart.title, chart.note, 250 + BAR * len(chart.bars))
    names = [fitted(name, 40, 360) for name, _ in chart.bars]
    left = MARGIN + max(width(name, 40) for name in names) + 32
    most = max(count for _, count in chart.bars)
    for at, (name, (_, count)) in enumerate(zip(names, chart.bars, strict=True)):
        y = 200 + BAR * (at + 0.5)
        long = max((WIDTH - MARGIN - 90 - left) * count / most, 6)
        sheet.text((left - 32, y), name, 40, INK, side="right")
        sheet.box((left, y - 25), long, 50, SEAL if count == most else ROSE)
        sheet.text((left + long + 18, y), str(count), 40, SOFT)
    return sheet


def _headed(title: str, note: str, height: int) -> Canvas:
    sheet = Canvas(height)
    sheet.box((0, 0), WIDTH, 16, SEAL)
    sheet.text((MARGIN, 82), fitted(title, 54, ROOM), 54, INK)
    sheet.text((MARGIN, 146), fitted(note, NOTE, ROOM), NOTE, SOFT)
    return sheet
