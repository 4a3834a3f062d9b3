"""The canvas and the font of pictures; the only file that imports the drawing library, which it does on first use.

All lengths are in pixels. Only the font in bot/images/fonts/ is used, never a font of the system; a character that
this font lacks is drawn as 〓, the printers' mark for a missing character.
"""

import io
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

WIDTH = 1080
"""Width of every picture. A phone shows it 360 to 430 points wide, so text of size 40 is shown at 13 to 16 points."""
MARGIN = 64
CONTENT_WIDTH = WIDTH - 2 * MARGIN
TOP_BAR_HEIGHT = 16

PAPER = "#fffdf9"
INK, MUTED_INK, RULE = "#231f1c", "#6f665f", "#e4dcd3"
ACCENT, LIGHT_ACCENT = "#b5301f", "#cf7a6d"
PALETTE_COLOURS = 64
"""Number of colours of a PNG: enough for smooth letters; the file has a third of the bytes of a full-colour PNG."""
MISSING_GLYPH = "〓"

Point = tuple[float, float]


class Font:
    """The font of this package; it measures text, and fits text into a width."""

    def __init__(self) -> None:
        self._path = str(files("bot.images").joinpath("fonts", "NotoSansCJKsc-Subset.otf"))
        self._face: Any = None
        self._advances: dict[str, float] = {}
        self._properties: dict[float, Any] = {}

    def printable(self, text: str) -> str:
        """Return the text on one line, with MISSING_GLYPH for each character that the font lacks."""
        charmap = self._loaded_face().get_charmap()
        return "".join(char if ord(char) in charmap else MISSING_GLYPH for char in " ".join(text.split()))

    def width(self, text: str, size: float) -> float:
        """Return the width of the text on one line; there is no kerning."""
        return size * sum(map(self._advance, self.printable(text)))

    def truncate(self, text: str, size: float, max_width: float) -> str:
        """Return the text, shortened with an ellipsis to at most `max_width`."""
        if self.width(text, size) <= max_width:
            return text
        while text and self.width(text + "…", size) > max_width:
            text = text[:-1]
        return text + "…"

    def wrap(self, text: str, size: float, max_width: float, max_lines: int) -> list[str]:
        """Break the text into at most `max_lines` lines; a longer text ends with an ellipsis."""
        lines = [""]
        for at, char in enumerate(text):
            if self.width(lines[-1] + char, size) > max_width:
                if len(lines) == max_lines:
                    return [*lines[:-1], self.truncate(lines[-1] + text[at:], size, max_width)]
                lines.append("")
            lines[-1] += char
        return lines

    def properties(self, size: float) -> Any:
        """Return the drawing library's description of the font at a size."""
        if size not in self._properties:
            from matplotlib.font_manager import FontProperties  # noqa: PLC0415  loaded with the first picture

            self._properties[size] = FontProperties(fname=self._path, size=size)
        return self._properties[size]

    def _advance(self, char: str) -> float:
        """Return the width of a character as a share of the font size."""
        if char not in self._advances:
            from matplotlib.ft2font import LoadFlags  # noqa: PLC0415

            face = self._loaded_face()
            glyph = face.load_char(ord(char), LoadFlags.NO_SCALE)
            self._advances[char] = float(glyph.horiAdvance / face.units_per_EM)
        return self._advances[char]

    def _loaded_face(self) -> Any:
        if self._face is None:
            from matplotlib.ft2font import FT2Font  # noqa: PLC0415

            self._face = FT2Font(self._path)
        return self._face


class Canvas:
    """A picture of width WIDTH, empty at first; coordinates count from its upper left corner."""

    def __init__(self, height: int, font: Font) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.height = height
        self.font = font
        # At 72 dots per inch, a point in the drawing library is a pixel.
        self._figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self._figure)

    def text(self, at: Point, text: str, size: float, colour: str, *, align: str = "left") -> None:
        """Draw a line of text with its left end, right end or center (by `align`) at `at`, centered vertically."""
        x, y = self._place(at)
        self._figure.text(
            x,
            y,
            self.font.printable(text),
            ha=align,
            va="center",
            color=colour,
            fontproperties=self.font.properties(size),
            parse_math=False,
        )

    def box(self, corner: Point, width: float, height: float, colour: str) -> None:
        """Draw a filled box from its upper left corner."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        lower_left = self._place((corner[0], corner[1] + height))
        size = width / WIDTH, height / self.height
        self._figure.add_artist(Rectangle(lower_left, *size, facecolor=colour, linewidth=0))

    def line(self, points: Sequence[Point], colour: str, marker: str, marked: list[int] | None = None) -> None:
        """Draw a line through the points, with a marker at each point, or only at the indices `marked`."""
        from matplotlib.lines import Line2D  # noqa: PLC0415

        xs, ys = zip(*map(self._place, points), strict=True)
        line = Line2D(xs, ys, linewidth=5, color=colour, marker=marker, markersize=14, markevery=marked)
        self._figure.add_artist(line)

    def png(self) -> bytes:
        """Return the picture as PNG with PALETTE_COLOURS colours."""
        from PIL import Image  # noqa: PLC0415

        self._canvas.draw()  # type: ignore[no-untyped-call]
        size = self._canvas.get_width_height()
        pixels = self._canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        picture = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
        out = io.BytesIO()
        picture.quantize(PALETTE_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
        return out.getvalue()

    def _place(self, at: Point) -> Point:
        """Return a point in the library's coordinates: fractions of the picture, from its lower left corner."""
        return at[0] / WIDTH, 1 - at[1] / self.height
