"""Characters: their simplified forms, readings, and look-alikes in print.

Simplified forms come from OpenCC (Apache-2.0), one character at a time.
Readings come from pypinyin (MIT). The pairs of look-alikes in shapes.txt.gz were measured from glyphs, components and
stroke orders; tests/bench/build_shapes.py builds the file and lists its sources and their licences.
"""

import gzip
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import islice, product

_FIRST, _LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=1)
def simplified_forms() -> dict[str, str]:
    """Map traditional characters to their simplified forms; both are single characters."""
    import opencc  # noqa: PLC0415  loaded on first use

    chars = [chr(code) for code in range(_FIRST, _LAST + 1)]
    forms = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {char: form for char, form in zip(chars, forms, strict=True) if form != char and len(form) == 1}


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
