"""How words sound: the only file that knows pypinyin (MIT)."""

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

READINGS = 2
"""Of a character: 行 is xing and hang. Further ones are rare, or old."""

MOST = 16
"""Ways to read one word; more has only what is no word."""


def sounds(word: str) -> Iterator[str]:
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
