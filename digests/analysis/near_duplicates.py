"""Articles that say the same, and articles that go on with the same story.

A sketch is the 16 smallest hashes of a text's runs of three words (Broder's resemblance, 1997): small enough to keep
with every digest. It proposes; inside an issue, where the words are at hand, the runs themselves decide.
"""

import zlib
from collections.abc import Collection

from digests.language.words import ArticleWords

SKETCH = 16
RUN = 3
SAME = 0.5
"""Share of the runs that two articles have in common if they are one article printed twice, cut or edited."""

SHARED, LETTERS, SHARE = 2, 6, 0.5
"""What the keywords of two articles of one story have in common: so many, of so many characters together, and such a
share of the shorter list. Two plain words in common are an accident."""


def runs(wording: ArticleWords) -> frozenset[str]:
    """The runs of three neighbouring words of an article's body, without signs."""
    row = [word for words in wording.paragraphs for word in words if word[0].isalnum()]
    return frozenset("".join(row[at : at + RUN]) for at in range(max(1, len(row) - RUN + 1)))


def sketch(of: Collection[str], size: int = SKETCH) -> tuple[int, ...]:
    """The smallest hashes of the runs, in order; the same on every machine."""
    return tuple(sorted({zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in of})[:size])


def same(shared: int, shorter: int) -> bool:
    """Whether two articles are the same that share so many runs, of which the shorter one has `shorter`."""
    return shared >= SAME * shorter > 0


def same_sketch(one: Collection[int], other: Collection[int], size: int = SKETCH) -> bool:
    """Whether two articles are most likely the same, by their sketches of that size alone."""
    smallest = sorted({*one, *other})[:size]
    return bool(one and other) and len({*one} & {*other} & {*smallest}) > SAME * len(smallest)


def goes_on(keywords: Collection[str], before: Collection[str]) -> bool:
    """Whether two articles tell one story, by their keywords."""
    shared = {*keywords} & {*before}
    return len(shared) >= SHARED and sum(map(len, shared)) >= LETTERS and likeness(keywords, before) >= SHARE


def likeness(keywords: Collection[str], before: Collection[str]) -> float:
    """From 0 to 1: how much of the shorter list of keywords stands in the other."""
    fewer = min(len(keywords), len(before))
    return len({*keywords} & {*before}) / fewer if fewer else 0.0
