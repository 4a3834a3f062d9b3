"""A sheet to draw on, measured in pixels: the only file that knows the drawing library, loaded with the first picture.

Only the font in bot/images/fonts/ is used, whatever fonts the machine has. A character that it lacks is set as 〓, as
printers do.
"""

import io
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from digests.text import single_spaced

WIDTH = 1080
"""Pixels; a phone shows them on 360 to 430 of its points, so that 40 of them are letters of a usual size."""
PAPER = "#fffdf9"
COLOURS = 64
"""In a picture: enough for smooth letters, at a third of the bytes."""
MISSING = "〓"

Point = tuple[float, float]


class Canvas:
    """An empty sheet; places count from its upper left corner."""

    def __init__(self, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  only where a picture is drawn
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.height = height
        # At 72 dots an inch a point of the library is a pixel.
        self._figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self._figure)

    def text(self, at: Point, said: str, size: float, colour: str, *, side: str = "left") -> None:
        """One line of text, which `at` is the left, right or center of, half way up."""
        x, y = self._place(at)
        font = _font(size)
        self._figure.text(
            x, y, settable(said), ha=side, va="center", color=colour, fontproperties=font, parse_math=False
        )

    def box(self, at: Point, width: float, height: float, colour: str) -> None:
        """A filled box with its upper left corner at `at`."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        corner = self._place((at[0], at[1] + height))
        size = width / WIDTH, height / self.height
        self._figure.add_artist(Rectangle(corner, *size, facecolor=colour, linewidth=0))

    def line(self, points: Sequence[Point], colour: str, mark: str, marked: list[int] | None = None) -> None:
        """A line through the points, with a mark at each, or at those of the given numbers."""
        from matplotlib.lines import Line2D  # noqa: PLC0415

        xs, ys = zip(*map(self._place, points), strict=True)
        drawn = Line2D(xs, ys, linewidth=5, color=colour, marker=mark, markersize=14, markevery=marked)
        self._figure.add_artist(drawn)

    def png(self) -> bytes:
        """The sheet as a picture."""
        from PIL import Image  # noqa: PLC0415

        self._canvas.draw()  # type: ignore[no-untyped-call]
        size = self._canvas.get_width_height()
        pixels = self._canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        drawn = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
        out = io.BytesIO()
        drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
        return out.getvalue()

    def _place(self, at: Point) -> Point:
        return at[0] / WIDTH, 1 - at[1] / self.height


def width(said: str, size: float) -> float:
    """Pixels that a text takes; the font sets each character whatever its neighbours are."""
    return size * sum(map(_advance, settable(said)))


def fitted(said: str, size: float, room: float) -> str:
    """The text, cut to what has room."""
    if width(said, size) <= room:
        return said
    while said and width(said + "…", size) > room:
        said = said[:-1]
    return said + "…"


def broken(said: str, size: float, room: float, most: int) -> list[str]:
    """A text in so many lines at most; where it is longer, the last one ends with an ellipsis."""
    lines = [""]
    for at, char in enumerate(said):
        if width(lines[-1] + char, size) > room:
            if len(lines) == most:
                return [*lines[:-1], fitted(lines[-1] + said[at:], size, room)]
            lines.append("")
        lines[-1] += char
    return lines


def settable(said: str) -> str:
    """The text as the font can set it, on one line."""
    known = _face().get_charmap()
    return "".join(char if ord(char) in known else MISSING for char in single_spaced(said))


@cache
def _advance(char: str) -> float:
    """How far a character reaches, as a share of the size."""
    from matplotlib.ft2font import LoadFlags  # noqa: PLC0415

    face = _face()
    reach = face.load_char(ord(char), LoadFlags.NO_SCALE).horiAdvance
    return float(reach / face.units_per_EM)


@lru_cache(maxsize=1)
def _face() -> Any:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    return FT2Font(_path())


@lru_cache(maxsize=32)
def _font(size: float) -> Any:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    return FontProperties(fname=_path(), size=size)


def _path() -> str:
    return str(files("bot.images").joinpath("fonts", "NotoSansCJKsc-Subset.otf"))
