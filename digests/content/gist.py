"""What an article is about, in pairs of neighbouring characters: how likely each would stand in an editor's summary.

After Gillick and Favre (2009): a summary is worth the sum of the different pairs it covers, so that nothing is worth
saying twice. How much a pair is worth comes from a logistic regression over a few signs of it; WEIGHTS are fitted by
tests/bench/train_summary.py.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from digests import words
from digests.models import Article

WEIGHTS = {
    "bias": -1.75,
    "sentences": 1.11,
    "headline": 1.17,
    "subhead": 1.33,
    "depth": -1.48,
    "lead": -0.55,
    "word": 0.16,
    "late": 0.32,
    "person": -0.29,
    "hollow": -0.17,
    "company": 2.0,
    "opening": 0.32,
    "spoken": -0.33,
    "long": -1.8,
    "central": 0.56,
    "rare": -0.37,
    "rare signs": 0.52,
    "early": 0.66,
    "roomy": -0.31,
}
"""What each of `signs` counts, in its order."""

SURE = 1.6
"""Power of the likelihood that a pair is worth: few sure pairs are worth more than many doubtful ones."""

SPEECH = re.compile(r"(?:说|表示|介绍|认为|指出|告诉记者)[：:，。]")
_NOT_TEXT = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the body with its place."""

    text: str
    paragraph: int
    number: int
    """In its paragraph, from 0."""


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text; none goes over a sign."""
    return [run[at : at + 2] for run in _NOT_TEXT.split(text) for at in range(len(run) - 1)]


def worth(article: Article, sentences: Sequence[Sentence]) -> dict[str, float]:
    """What each pair of the sentences is worth to a summary, from 0 to 1."""
    weights = tuple(WEIGHTS.values())
    return {
        pair: (1 + math.exp(-sum(map(mul, weights, seen)))) ** -SURE for pair, seen in signs(article, sentences).items()
    }


def signs(article: Article, sentences: Sequence[Sentence]) -> Mapping[str, tuple[float, ...]]:
    """What is seen of each pair, in the order of WEIGHTS."""
    headline = set(pairs(f"{article.kicker} {article.headline or ''} {article.deck}"))
    subheads = {pair for paragraph in article.paragraphs if is_subhead(paragraph) for pair in pairs(paragraph)}
    person, hollow, inside = _of_words(sentences)
    saying = [set(pairs(sentence.text)) for sentence in sentences]
    common = Counter(pair for said in saying for pair in said)
    holding: dict[str, list[_Held]] = defaultdict(list)
    for sentence, said in zip(sentences, saying, strict=True):
        akin = len(said & headline) / (len(headline) or 1)
        # fsum, as sets have no order of their own.
        central = math.fsum(math.log(common[pair]) for pair in said) / (len(said) or 1)
        for pair in said:
            holding[pair].append(_Held(sentence, akin, central, len(said)))
    spoken = {sentence for sentence in sentences if "“" in sentence.text and SPEECH.search(sentence.text)}
    paragraphs = 1 + max((sentence.paragraph for sentence in sentences), default=0)
    length = math.log(len(sentences) or 1) / 5
    found = {}
    for pair, held in holding.items():
        first, times = held[0].sentence.paragraph, len(held)
        found[pair] = (
            1.0,
            math.log(times),
            pair in headline,
            pair in subheads,
            math.log(1 + first) / 3,
            first == 0,
            pair in inside,
            first / paragraphs,
            pair in person,
            pair in hollow,
            sum(one.akin for one in held) / times,  # a pair that keeps company with the headline's
            sum(one.sentence.number == 0 for one in held) / times,
            sum(one.sentence in spoken for one in held) / times,
            length,
            sum(one.central for one in held) / times,  # and with those that the whole article repeats
            _rarity(pair),
            (_rarity(pair[0]) + _rarity(pair[1])) / 2,
            first <= 1,
            sum(one.room for one in held) / times / 50,
        )
    return found


class _Held(NamedTuple):
    """A sentence that holds a pair."""

    sentence: Sentence
    akin: float
    """Share of the headline's pairs that it has."""
    central: float
    """How common its pairs are in the article."""
    room: int
    """How many pairs it has."""


@lru_cache(maxsize=65_536)
def _rarity(word: str) -> float:
    return math.log(words.total_frequency() / (words.frequency(word) + 50)) / 10


def is_subhead(paragraph: str) -> bool:
    """Whether a paragraph is a heading inside the body: short, and without a sentence's end."""
    return len(paragraph) <= 40 and not paragraph.endswith(tuple("。！？”…；："))


def _of_words(sentences: Iterable[Sentence]) -> tuple[set[str], set[str], set[str]]:
    """The pairs inside people's names, inside words that name nothing, and inside any word."""
    seen = Counter(word for sentence in sentences for word in words.cut(sentence.text))
    person, hollow, inside = set(), set(), set()
    for word in seen:
        if len(word) < 2 or not word.isalnum():
            continue
        tag, parts = words.tag(word), {word[at : at + 2] for at in range(len(word) - 1)}
        inside |= parts
        if tag.startswith("nr"):
            person |= parts
        elif tag and tag[0] not in "nvabd" and tag not in ("s", "j", "l", "i"):
            hollow |= parts
    return person, hollow, inside
