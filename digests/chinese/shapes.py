"""Characters that look alike in print, as OCR confuses them.

The pairs in shapes.txt.gz (a character, then those that look like it) were measured from glyphs, components and stroke
orders; tests/bench/build_shapes.py makes the file and names its sources and their licences.
"""

import gzip
from collections import defaultdict
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _pairs() -> dict[str, str]:
    # In rows of characters from the first on, as thousands of sets would take 40 MB.
    packed = resources.files("digests.chinese").joinpath("shapes.txt.gz").read_bytes()
    alike: dict[str, str] = defaultdict(str)
    for line in gzip.decompress(packed).decode().splitlines():
        alike[line[0]] += line[1:]
        for other in line[1:]:
            alike[other] += line[0]
    return {char: "".join(sorted(set(others))) for char, others in alike.items()}


def look_alikes(char: str) -> str:
    """The characters that look like `char`, without itself, in the order of their codes."""
    return _pairs().get(char, "")


def misread(printed: str, meant: str) -> int | None:
    """The place of the one character of `printed` that stands for one of `meant` which looks like it; None if the two
    are equal, or differ in more, or in characters that do not look alike, or in numerals (第二次 is not 第三次)."""
    if len(printed) != len(meant):
        return None
    wrong = [at for at, (one, other) in enumerate(zip(printed, meant, strict=True)) if one != other]
    if len(wrong) != 1:
        return None
    one, other = printed[wrong[0]], meant[wrong[0]]
    return wrong[0] if other in look_alikes(one) and not (one.isnumeric() and other.isnumeric()) else None
