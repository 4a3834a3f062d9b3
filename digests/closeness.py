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
from collections.abc import Callable, Mapping

from digests.documents import pairs
from digests.matching import level
from digests.models import Article

PAIRS, WORDS, EARLY, LENGTH = 0.55, 0.55, 0.15, 0.1

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")


class Question:
    """What was asked: its pairs of characters and its words, with their weights."""

    def __init__(self, asked: str, words: tuple[str, ...], rarity: Callable[[str, str], float]) -> None:
        """`rarity` weighs a term of an index field (`pairs`, `body`)."""
        self._pairs = {pair: rarity("pairs", pair) for pair in pairs(level(asked))}
        self._words = {word: rarity("body", word) for word in words}

    def closeness(self, article: Article, share: float) -> float:
        """The rank's sum; `share` is the article's BM25 divided by the best hit's."""
        sentences = [said for paragraph in article.paragraphs for said in _SENTENCE.findall(paragraph.lower())]
        if not sentences:
            return share
        held = [{pair for pair in self._pairs if pair in said} for said in sentences]
        alone = [_weight(self._pairs, here) for here in held]
        together = max(_weight(self._pairs, here | after) for here, after in zip(held, [*held[1:], set()], strict=True))
        best = alone.index(max(alone))
        words = max(_weight(self._words, {word for word in self._words if word in said}) for said in sentences)
        size = sum(map(len, article.paragraphs))
        return share + PAIRS * together + WORDS * words + EARLY / (1 + best) + LENGTH * math.log1p(size)


def _weight(weights: Mapping[str, float], held: set[str]) -> float:
    """The share of the weights that is held."""
    whole = sum(weights.values())
    return sum(weights[one] for one in held) / whole if whole else 0.0
