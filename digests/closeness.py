"""How closely an article answers a question of several words (pure).

BM25 counts words wherever they stand. An answer has them together: so the best hits are ranked anew by a sum of

    BM25, as a share of the best hit's
    the share of the question's character pairs in the best two neighbouring sentences
    the share of its words in the best sentence
    how early the best sentence stands
    the article's length (BM25 is harder on long articles than readers are)

The weights were fitted once, as a softmax over 40 hits, and rounded; each pair and word counts by its rarity.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from digests.documents import pairs
from digests.matching import level
from digests.models import Article

PAIRS, WORDS, EARLY, LENGTH = 0.6, 0.6, 0.15, 0.1

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")


class Question:
    """What was asked: its pairs of characters and its words, with their weights."""

    def __init__(self, asked: str, words: tuple[str, ...], rarity: Callable[[str, str], float]) -> None:
        """`rarity` weighs a term of an index field (`pairs`, `body`)."""
        self._pairs = {pair: rarity("pairs", pair) for pair in pairs(level(asked))}
        self._words = {word: rarity("body", word) for word in words}

    def closeness(self, article: Article, share: float) -> float:
        """The rank's sum; `share` is the article's BM25 divided by the best hit's."""
        said = article.body.lower()
        ends = [end.end() for end in _SENTENCE.finditer(said)]
        if not ends:
            return share
        held = _by_sentence(said, ends, self._pairs)
        # The sentence before one that holds anything can be the first of the best two, too.
        neighbours = {at for found in held for at in (found, found - 1)}
        alone = {at: _weight(self._pairs, found) for at, found in held.items()}
        best = min(alone, key=lambda at: (-alone[at], at), default=0)
        together = max(
            (_weight(self._pairs, held.get(at, set()) | held.get(at + 1, set())) for at in neighbours), default=0.0
        )
        in_words = _by_sentence(said, ends, self._words).values()
        words = max((_weight(self._words, found) for found in in_words), default=0.0)
        return share + PAIRS * together + WORDS * words + EARLY / (1 + best) + LENGTH * math.log1p(len(said))


def _by_sentence(said: str, ends: Sequence[int], wanted: Iterable[str]) -> dict[int, set[str]]:
    """What of `wanted` each sentence holds, by the sentences' numbers; those that hold nothing are left out."""
    held: dict[int, set[str]] = {}
    for one in wanted:
        at = said.find(one)
        while at >= 0:
            number = bisect_right(ends, at)
            held.setdefault(number, set()).add(one)
            at = said.find(one, ends[number]) if number < len(ends) else -1
    return held


def _weight(weights: Mapping[str, float], held: set[str]) -> float:
    """The share of the weights that is held."""
    whole = sum(weights.values())
    return sum(weights[one] for one in held) / whole if whole else 0.0
