"""Prints measurements as a table, aligned for Chinese characters of double width."""

import unicodedata
from collections.abc import Iterable, Sequence

Row = tuple[str, float, float]
"""The name of a figure of quality, its value and its floor."""


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with a title; floats with three decimals."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for row in cells:
        print("  " + "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def with_floors(rows: Iterable[Row]) -> str:
    """Return the figures as text, with a star at each below its floor."""
    return "\n".join(
        f"{name:52} {value:.3f}  (floor {floor:.2f}){' *' * (value < floor)}" for name, value, floor in rows
    )


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "FW" else 1 for char in cell)
