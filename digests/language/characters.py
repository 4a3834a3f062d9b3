"""Characters: their normal forms, how they sound, and which look alike in print.

Simplified forms come from OpenCC (Apache-2.0), one character at a time, so that every character keeps its offset.
Readings come from pypinyin (MIT). The pairs of look-alikes in shapes.txt.gz were measured from glyphs, components and
stroke orders; tests/bench/build_shapes.py makes the file and names its sources and their licences.
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
    """Map the traditional characters to their simplified forms, one character each."""
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


MAX_CHARACTER_READINGS = 2
"""行 is xing and hang; third readings are rare or archaic."""

MAX_WORD_READINGS = 16


def pinyin_readings(word: str) -> Iterator[str]:
    """Yield the pinyin of `word` without tones and spaces in each likely reading: 银行 -> yinxing, yinhang."""
    return islice(map("".join, product(*map(_character_readings, word))), MAX_WORD_READINGS)


@lru_cache(maxsize=20_000)
def _character_readings(char: str) -> tuple[str, ...]:
    """Return the readings of a Hanzi, the usual one first; of any other character the character itself."""
    # pypinyin's table of phrases would tell which reading is meant in a word, but takes 40 MB of memory.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415  its table takes a while to load

    (readings,) = pinyin(char, style=Style.NORMAL, heteronym=True)
    return tuple(readings[:MAX_CHARACTER_READINGS])


@lru_cache(maxsize=1)
def _look_alike_table() -> dict[str, str]:
    # A line of the file is a character and those after it in the order of codes that look like it. Strings, as
    # thousands of sets would take 40 MB.
    packed = resources.files("digests.language").joinpath("shapes.txt.gz").read_bytes()
    alike: dict[str, str] = defaultdict(str)
    for line in gzip.decompress(packed).decode().splitlines():
        alike[line[0]] += line[1:]
        for other in line[1:]:
            alike[other] += line[0]
    return {char: "".join(sorted(set(others))) for char, others in alike.items()}


def look_alikes(char: str) -> str:
    """Return the characters that look like `char`, without itself, in the order of their codes."""
    return _look_alike_table().get(char, "")


def misread_position(printed: str, meant: str) -> int | None:
    """Return the position of the one character in which `printed` differs from `meant`, if the two look alike there.

    None if the strings are equal, differ in more or in numerals (第二次 is not 第三次), or do not look alike.
    """
    if len(printed) != len(meant):
        return None
    differing = [at for at, (wrong, right) in enumerate(zip(printed, meant, strict=True)) if wrong != right]
    if len(differing) != 1:
        return None
    wrong, right = printed[differing[0]], meant[differing[0]]
    return differing[0] if right in look_alikes(wrong) and not (wrong.isnumeric() and right.isnumeric()) else None
