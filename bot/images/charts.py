"""Line charts of one to four series over the same days, and bar charts of counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.images.drawing import (
    ACCENT,
    CONTENT_WIDTH,
    INK,
    LIGHT_ACCENT,
    MARGIN,
    MUTED_INK,
    RULE,
    TOP_BAR_HEIGHT,
    WIDTH,
    Canvas,
    Font,
)

TITLE_SIZE, NAME_SIZE, NOTE_SIZE = 54, 40, 34
SERIES_STYLES = ((ACCENT, "o"), ("#1f5f9e", "s"), ("#2f7a4a", "^"), ("#8a5b00", "D"))
"""Colour and marker of each series; the markers also distinguish the series without the colours."""
LEGEND_TOP, LEGEND_ROW_HEIGHT, LEGEND_COLUMNS = 240, 62, 2
PLOT_LEFT, PLOT_HEIGHT, PLOT_PADDING = 150, 500, 35
AXIS_HEIGHT = 110
"""Height of the area below the plot, with the labels of the days."""
LABEL_GAP = 24
"""Minimum distance between two labels of the axis."""
MIN_EDGE_DISTANCE = 20
"""Minimum distance between a label of the axis and the edge of the picture."""
MAX_GRID_STEPS = 5.5
"""The highest value of a line chart is at most this many grid steps above 0."""
BARS_TOP, BAR_ROW_HEIGHT, BAR_HEIGHT, MIN_BAR_WIDTH = 200, 84, 50, 6
MAX_BAR_NAME_WIDTH = 360
COUNT_WIDTH = 90
"""Width of the space for the count, to the right of the longest bar."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a line chart: its name, and a value for each day."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Series over the same days; `ticks` has the ordinal of each day and its label, such as 8月29日."""

    title: str
    note: str
    ticks: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Named counts, drawn in the given order."""

    title: str
    note: str
    bars: tuple[tuple[str, int], ...]


def draw_line_chart(chart: LineChart, font: Font) -> Canvas:
    """Draw the chart: title and note, the legend in two columns, the grid with the lines, the axis of days."""
    top = LEGEND_TOP + LEGEND_ROW_HEIGHT * -(-len(chart.series) // LEGEND_COLUMNS)
    bottom = top + PLOT_HEIGHT
    canvas = _headed_canvas(chart.title, chart.note, bottom + AXIS_HEIGHT, font)
    highest = max(value for series in chart.series for value in series.values)
    step = _grid_step(highest)
    scale = PLOT_HEIGHT / max(highest, step)
    _draw_grid(canvas, bottom, step, scale)
    xs = _positions([day for day, _ in chart.ticks])
    _draw_axis(canvas, bottom, xs, [label for _, label in chart.ticks])
    for at, (series, (colour, marker)) in enumerate(zip(chart.series, SERIES_STYLES, strict=False)):
        points = [(x, bottom - scale * value) for x, value in zip(xs, series.values, strict=True)]
        canvas.line(points, colour, marker)
        _draw_legend_entry(canvas, at, series.name, colour, marker)
    return canvas


def _draw_grid(canvas: Canvas, bottom: float, step: float, scale: float) -> None:
    for level in range(int(PLOT_HEIGHT / (scale * step)) + 1):
        y = bottom - scale * step * level
        canvas.box((PLOT_LEFT - 20, y - 1), WIDTH - MARGIN - PLOT_LEFT + 40, 2, RULE)
        canvas.text((PLOT_LEFT - 36, y), f"{level * step:g}", NOTE_SIZE, MUTED_INK, align="right")


def _draw_axis(canvas: Canvas, bottom: float, xs: Sequence[float], labels: Sequence[str]) -> None:
    centers = [_label_center(x, label, canvas.font) for x, label in zip(xs, labels, strict=True)]
    shown = _spaced_labels(labels, centers, canvas.font)
    for x, center, label in zip(xs, centers, shown, strict=True):
        canvas.box((x - 1, bottom), 2, 14, MUTED_INK if label else RULE)
        canvas.text((center, bottom + 44), label, NOTE_SIZE, MUTED_INK, align="center")


def _draw_legend_entry(canvas: Canvas, at: int, name: str, colour: str, marker: str) -> None:
    x = MARGIN + CONTENT_WIDTH / LEGEND_COLUMNS * (at % LEGEND_COLUMNS)
    y = LEGEND_TOP - 26 + LEGEND_ROW_HEIGHT * (at // LEGEND_COLUMNS)
    canvas.line([(x, y), (x + 30, y), (x + 60, y)], colour, marker, marked=[1])
    name = canvas.font.truncate(name, NAME_SIZE, CONTENT_WIDTH / LEGEND_COLUMNS - 100)
    canvas.text((x + 76, y), name, NAME_SIZE, colour)


def _grid_step(highest: float) -> float:
    """Return the distance between grid lines: 1, 2 or 5 times a power of ten, for two to five lines above 0."""
    power = 10.0 ** math.floor(math.log10(highest or 1.0))
    return next(power * factor for factor in (0.2, 0.5, 1.0, 2.0) if highest <= MAX_GRID_STEPS * power * factor)


def _positions(days: Sequence[float]) -> list[float]:
    """Return the x coordinate of each day, in proportion to the time since the first day."""
    first, last = min(days), max(days)
    width = WIDTH - MARGIN - PLOT_LEFT - 2 * PLOT_PADDING
    return [PLOT_LEFT + PLOT_PADDING + width * (day - first) / ((last - first) or 1) for day in days]


def _label_center(x: float, label: str, font: Font) -> float:
    """Return the x coordinate of a label's center: `x`, moved as needed to keep MIN_EDGE_DISTANCE to the edges."""
    half = font.width(label, NOTE_SIZE) / 2 + MIN_EDGE_DISTANCE
    return min(max(x, half), WIDTH - half)


def _spaced_labels(labels: Sequence[str], centers: Sequence[float], font: Font) -> list[str]:
    """Return the labels, with empty strings in place of those that would overlap; the last label is always kept."""
    shown: dict[int, tuple[float, float]] = {}
    for at in (len(labels) - 1, *range(len(labels) - 1)):
        half = (font.width(labels[at], NOTE_SIZE) + LABEL_GAP) / 2
        if all(centers[at] + half <= start or centers[at] - half >= end for start, end in shown.values()):
            shown[at] = centers[at] - half, centers[at] + half
    return [label if at in shown else "" for at, label in enumerate(labels)]


def draw_bar_chart(chart: BarChart, font: Font) -> Canvas:
    """Draw a bar for each count; the longest bars have the accent colour."""
    canvas = _headed_canvas(chart.title, chart.note, BARS_TOP + 50 + BAR_ROW_HEIGHT * len(chart.bars), font)
    names = [font.truncate(name, NAME_SIZE, MAX_BAR_NAME_WIDTH) for name, _ in chart.bars]
    left = MARGIN + max(font.width(name, NAME_SIZE) for name in names) + 32
    highest = max(count for _, count in chart.bars)
    for at, (name, (_, count)) in enumerate(zip(names, chart.bars, strict=True)):
        y = BARS_TOP + BAR_ROW_HEIGHT * (at + 0.5)
        width = _bar_width(count, highest, left)
        canvas.text((left - 32, y), name, NAME_SIZE, INK, align="right")
        canvas.box((left, y - BAR_HEIGHT / 2), width, BAR_HEIGHT, ACCENT if count == highest else LIGHT_ACCENT)
        canvas.text((left + width + 18, y), str(count), NAME_SIZE, MUTED_INK)
    return canvas


def _bar_width(count: int, highest: int, left: float) -> float:
    """Return the width of a bar that begins at `left`: `count` in proportion to `highest`, at least MIN_BAR_WIDTH."""
    return max((WIDTH - MARGIN - COUNT_WIDTH - left) * count / highest, MIN_BAR_WIDTH)


def _headed_canvas(title: str, note: str, height: int, font: Font) -> Canvas:
    """Return a canvas with the top bar, the title and the note."""
    canvas = Canvas(height, font)
    canvas.box((0, 0), WIDTH, TOP_BAR_HEIGHT, ACCENT)
    canvas.text((MARGIN, 82), font.truncate(title, TITLE_SIZE, CONTENT_WIDTH), TITLE_SIZE, INK)
    canvas.text((MARGIN, 146), font.truncate(note, NOTE_SIZE, CONTENT_WIDTH), NOTE_SIZE, MUTED_INK)
    return canvas
