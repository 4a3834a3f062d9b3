"""Traditional characters: the only file that knows OpenCC.

The characters' simplified forms come from OpenCC (Apache-2.0), one character at a time, so that every character keeps
its place in the text.

How words sound: the only file that knows pypinyin (MIT).

Characters that look alike in print, as OCR confuses them.

The pairs in shapes.txt.gz (a character, then those that look like it) were measured from glyphs, components and stroke
orders; tests/bench/build_shapes.py makes the file and names its sources and their licences.
"""

import gzip
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import islice, product

from digests.text import normalise_widths

_FIRST, _LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=1)
def simplified_forms() -> dict[str, str]:
    """The traditional characters with their simplified forms, each one character long."""
    import opencc  # noqa: PLC0415  only where Hanzi are compared

    chars = [chr(code) for code in range(_FIRST, _LAST + 1)]
    forms = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {char: form for char, form in zip(chars, forms, strict=True) if form != char and len(form) == 1}


@lru_cache(maxsize=1)
def _normal_characters() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the characters that `normalise_in_place` replaces with their normal forms, and a pattern that finds them.

    Only characters of the basic plane whose normal form is one character. Replacing what the pattern finds is five
    times as fast as `str.translate`.
    """
    changed = {}
    for code in range(0x10000):
        char = chr(code)
        folded = normalise_widths(char).casefold()
        folded = folded if len(folded) == 1 else char
        folded = simplified_forms().get(folded, folded)
        if folded != char:
            changed[char] = folded
    return changed, re.compile(f"[{re.escape(''.join(changed))}]")


def normalise_in_place(text: str) -> str:
    """Return `text` with widths, letter case and traditional characters made equal, every character at its offset.

    A character whose normal form has two characters (㎡) stays as it is.
    """
    if text.isascii():
        return text.lower()
    changed, pattern = _normal_characters()
    return pattern.sub(lambda match: changed[match[0]], text)


READINGS = 2
"""Of a character: 行 is xing and hang. Further ones are rare, or old."""

MOST = 16
"""Ways to read one word; more has only what is no word."""


def pinyin_readings(word: str) -> Iterator[str]:
    """The syllables of `word` in pinyin, without tones and spaces, in each likely reading: 银行 -> yinxing, yinhang."""
    return islice(map("".join, product(*map(_readings, word))), MOST)


@lru_cache(maxsize=20_000)
def _readings(char: str) -> tuple[str, ...]:
    """The readings of a character, the usual one first; of any other sign the sign itself."""
    # How whole words are read would say which reading is meant, at 40 MB of memory: here each one may be.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415  its table takes a while to load

    (read,) = pinyin(char, style=Style.NORMAL, heteronym=True)
    return tuple(read[:READINGS])


@lru_cache(maxsize=1)
def _pairs() -> dict[str, str]:
    # In rows of characters from the first on, as thousands of sets would take 40 MB.
    packed = resources.files("digests.language").joinpath("shapes.txt.gz").read_bytes()
    alike: dict[str, str] = defaultdict(str)
    for line in gzip.decompress(packed).decode().splitlines():
        alike[line[0]] += line[1:]
        for other in line[1:]:
            alike[other] += line[0]
    return {char: "".join(sorted(set(others))) for char, others in alike.items()}


def look_alikes(char: str) -> str:
    """The characters that look like `char`, without itself, in the order of their codes."""
    return _pairs().get(char, "")


def misread_position(printed: str, meant: str) -> int | None:
    """The place of the one character of `printed` that stands for one of `meant` which looks like it; None if the two
    are equal, or differ in more, or in characters that do not look alike, or in numerals (第二次 is not 第三次)."""
    if len(printed) != len(meant):
        return None
    wrong = [at for at, (one, other) in enumerate(zip(printed, meant, strict=True)) if one != other]
    if len(wrong) != 1:
        return None
    one, other = printed[wrong[0]], meant[wrong[0]]
    return wrong[0] if other in look_alikes(one) and not (one.isnumeric() and other.isnumeric()) else None
