"""What the archive has said before: how common a word is in it, and which phrases it uses.

A young archive has no background (YOUNG); general Chinese, from jieba's dictionary, stands in for it.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from digests.wording import Wording

ENOUGH = 50
"""Articles; what is common in fewer says nothing of the paper."""

USED = 3
"""Articles that have two neighbouring words before they count as a phrase of the paper's."""


@dataclass(frozen=True, slots=True)
class Background:
    """What earlier articles hold."""

    articles: int = 0
    holding: Mapping[str, int] = field(default_factory=dict)
    """In how many of them a word stands."""
    phrases: Mapping[str, int] = field(default_factory=dict)
    """In how many of them two neighbouring words stand, written together."""
    fingerprint: str = ""
    """Changes whenever anything of the background changes."""

    def rarity(self, text: str) -> float:
        """From 1 for what the paper seldom says to 1/2 for what stands in every article."""
        if self.articles < ENOUGH:
            return 1.0
        held = max(self.holding.get(text, 0), self.phrases.get(text, 0))
        return 1 - 0.5 * math.log(1 + held) / math.log(1 + self.articles)


YOUNG = Background()
"""The background of an archive that has too little in it to have one."""


def of(wordings: Iterable[Wording]) -> Background:
    """The background that articles make together."""
    articles, holding, pairs = 0, Counter[str](), Counter[str]()
    for wording in wordings:
        articles += 1
        parts = (wording.heading, *wording.paragraphs)
        holding.update({word for words in parts for word in words if len(word) > 1})
        pairs.update({a + b for words in parts for a, b in pairwise(words) if a[0].isalnum() and b[0].isalnum()})
    if articles < ENOUGH:
        return YOUNG
    used = {pair: held for pair, held in pairs.items() if held >= USED}
    made_of = repr((articles, sorted(holding.items()), sorted(used.items())))
    fingerprint = hashlib.blake2b(made_of.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return Background(articles, holding, used, fingerprint)
