"""Characters: their normal forms, readings, and look-alikes in print.

Simplified forms come from OpenCC (Apache-2.0), one character at a time.
Readings come from pypinyin (MIT). The pairs of look-alikes in shapes.txt.gz were measured from glyphs, components and
stroke orders; tests/bench/build_shapes.py builds the file and lists its sources and their licences.
"""

import gzip
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import chain, islice, product

from digests.text import normalise_widths

HANZI = "〇㐀-䶿一-鿿𠀀-𲎯"
"""Ranges of Hanzi, for a pattern's brackets."""

_FIRST, _LAST = 0x3400, 0x9FFF

_IDEOGRAPH_BLOCKS = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
"""Radicals and compatibility ideographs, which NFKC maps to Hanzi."""
_LETTER_BLOCKS = (range(0x10000), range(0x1D400, 0x1D800), range(0x1F100, 0x1F300))
"""The basic plane, and mathematical and enclosed letters and digits."""
HYPHENS, NAME_DOTS = "‐‑‒–−﹣", "‧・•∙⋅･﹒"
"""Variants of the hyphen, and of the middle dot in foreign names."""
_KEPT = "…‥"
"""Punctuation that NFKC would write as several full stops."""
_WHITE_SPACE = "\t\v\f\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space inside a line."""
COLUMN_GAP = "  "
"""What separates columns in the normal form."""


@lru_cache(maxsize=1)
def simplified_forms() -> dict[str, str]:
    """Map traditional characters to their simplified forms; both are single characters."""
    import opencc  # noqa: PLC0415  loaded on first use

    chars = [chr(code) for code in range(_FIRST, _LAST + 1)]
    forms = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {char: form for char, form in zip(chars, forms, strict=True) if form != char and len(form) == 1}


def simplified(text: str) -> str:
    """Return `text` with traditional characters in their simplified forms; every character keeps its offset."""
    return text.translate(_simplification())


@lru_cache(maxsize=1)
def _simplification() -> dict[int, str]:
    return {ord(char): form for char, form in simplified_forms().items()}


@lru_cache(maxsize=1)
def unified_ideographs() -> dict[str, str]:
    """Map radicals, strokes and compatibility ideographs to their Hanzi."""
    chars = map(chr, chain.from_iterable(_IDEOGRAPH_BLOCKS))
    forms = {char: form for char in chars if _is_hanzi(form := normalise_widths(char)) and form != char}
    pairs = tomllib.loads(resources.files("digests.language").joinpath("radicals.toml").read_text(encoding="utf-8"))
    return forms | {pair[0]: pair[1] for kind in ("equivalent", "simplified") for pair in pairs[kind].split()}


def _is_hanzi(text: str) -> bool:
    return re.fullmatch(f"[{HANZI}]", text) is not None


@lru_cache(maxsize=1)
def normal_characters() -> dict[str, str]:
    """Map the characters whose normal form differs to that form, of any length."""
    changed = {}
    unified, simplified = unified_ideographs(), simplified_forms()
    for char in chain(map(chr, chain.from_iterable(_LETTER_BLOCKS)), unified):
        form = normalise_widths(normalise_widths(unified.get(char, char)).casefold())
        form = "".join(simplified.get(part, part) for part in form)
        if form != char and char not in _KEPT and any(map(str.isspace, form)) == char.isspace():
            changed[char] = form
    spaces = re.findall(f"[{_WHITE_SPACE}]", "".join(map(chr, range(0x10000))))
    one_form = {HYPHENS: "-", NAME_DOTS: "·", "".join(spaces): " ", "\t": COLUMN_GAP}
    return changed | {char: form for chars, form in one_form.items() for char in chars if char != " "}


MAX_CHARACTER_READINGS = 2
"""Maximum number of readings used per character (行: xing and hang); further readings are rare or archaic."""

MAX_WORD_READINGS = 16
"""Maximum number of readings used per word."""


def pinyin_readings(word: str) -> Iterator[str]:
    """Yield each likely pinyin reading of `word`, without tones and spaces: 银行 -> yinxing, yinhang."""
    return islice(map("".join, product(*map(_character_readings, word))), MAX_WORD_READINGS)


@lru_cache(maxsize=20_000)
def _character_readings(char: str) -> tuple[str, ...]:
    """Return the readings of a Hanzi, the most common one first; for any other character, the character itself."""
    # pypinyin's table of phrases would give the right reading in each word, but takes 40 MB of memory.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415  its table is slow to load

    (readings,) = pinyin(char, style=Style.NORMAL, heteronym=True)
    return tuple(readings[:MAX_CHARACTER_READINGS])


@lru_cache(maxsize=1)
def _look_alike_table() -> dict[str, str]:
    """Map each character to its look-alikes, sorted by code point."""
    # Each line of the file is a character followed by its look-alikes with higher code points. The values are strings
    # because thousands of sets would take 40 MB.
    packed = resources.files("digests.language").joinpath("shapes.txt.gz").read_bytes()
    alike: dict[str, str] = defaultdict(str)
    for line in gzip.decompress(packed).decode().splitlines():
        alike[line[0]] += line[1:]
        for other in line[1:]:
            alike[other] += line[0]
    return {char: "".join(sorted(set(others))) for char, others in alike.items()}


def look_alikes(char: str) -> str:
    """Return the characters that look like `char`, without `char` itself, sorted by code point."""
    return _look_alike_table().get(char, "")


def misread_position(printed: str, meant: str) -> int | None:
    """Return the position of the only character in which `printed` and `meant` differ, if these characters look alike.

    Return None if the strings are equal, differ in length or in several characters, or differ in numerals (第二次 and
    第三次), or if the characters do not look alike.
    """
    if len(printed) != len(meant):
        return None
    differing = [at for at, (wrong, right) in enumerate(zip(printed, meant, strict=True)) if wrong != right]
    if len(differing) != 1:
        return None
    wrong, right = printed[differing[0]], meant[differing[0]]
    return differing[0] if right in look_alikes(wrong) and not (wrong.isnumeric() and right.isnumeric()) else None
