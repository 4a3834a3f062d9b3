"""What an article is about, in pairs of neighbouring characters: how likely each would stand in an editor's summary.

After Gillick and Favre (2009): a summary is worth the sum of the different pairs it covers, so that nothing is worth
saying twice. How much a pair is worth comes from a logistic regression over a few signs of it; WEIGHTS are fitted by
tests/bench/train_summary.py.

Sentences quoted from an article, word for word.

`quote` is the one sentence of a digest; `of_article` are two or three that together say what the article is about.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import fsum
from operator import mul
from typing import NamedTuple

from digests import text as text_module
from digests.language import words
from digests.models import Article, Span

FEATURE_WEIGHTS = {
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
    return [pair for run in _NOT_TEXT.split(text) for pair in text_module.bigrams(run)]


def sentence_worth(article: Article, sentences: Sequence[Sentence]) -> dict[str, float]:
    """What each pair of the sentences is worth to a summary, from 0 to 1."""
    weights = tuple(FEATURE_WEIGHTS.values())
    return {
        pair: (1 + math.exp(-sum(map(mul, weights, seen)))) ** -SURE
        for pair, seen in pair_features(article, sentences).items()
    }


def pair_features(article: Article, sentences: Sequence[Sentence]) -> Mapping[str, tuple[float, ...]]:
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
        tag, parts = words.tag(word), set(text_module.bigrams(word))
        inside |= parts
        if tag.startswith("nr"):
            person |= parts
        elif tag and tag[0] not in "nvabd" and tag not in ("s", "j", "l", "i"):
            hollow |= parts
    return person, hollow, inside


COMFORTABLE = 90
"""Characters that a reader takes in at a glance; a longer sentence has to tell much more to be quoted."""

DEPTH = 6
"""Paragraphs from the beginning: what the story is about stands there."""

MOST = 3
"""Sentences of a longer summary."""
SHORTEST = 20
"""Characters of a sentence's end that can stand for the whole."""
TRIED = 20
"""Sentences that are tried together: those that tell most for their length. Of more, those win whose worth is guessed
too high: with 36 ROUGE-1 and ROUGE-2 on held-out parts were lower by 0.005 and 0.007."""
FIRST = 20_000
"""Characters of body that are read for a longer summary."""

_DATELINE = re.compile(
    r"^[\s　]*(?:本报|新华社|人民网|中新社|中新网|据)[^，。（(,]{0,12}?(?:讯|电|消息)[\s　]*"
    r"(?:[（(][^）)]{1,40}[）)])?[，,\s　]*"
)
_PAUSES = "；;"
_STOPS = ("。", "！", "？", "”", "!", "?")
_SIGN_OFF = re.compile(r"[（(][^（()）]{1,30}[）)]$")


def quote(article: Article, weight: Mapping[str, float]) -> str:
    """The one sentence of the body that tells most by `weight` of its words; "" where the body has no sentence.

    It is a literal part of a paragraph, without 本报讯（记者…） before it and without the reporter's name behind it.
    """
    best, best_score = "", 0.0
    for at, paragraph in enumerate(article.paragraphs[:DEPTH]):
        if paragraph in article.subheads:
            continue
        for number, sentence in enumerate(quotable_sentences(paragraph)):
            score = _told(sentence, weight) / (1 + 0.15 * at + 0.1 * number)
            if score > best_score:
                best, best_score = sentence, score
    return best


def summarise(article: Article, length: int = 120) -> tuple[str, ...]:
    """Up to three quotations of at most `length` characters together, in the order of the article.

    Each is a literal part of one paragraph and ends where its sentence ends; a long sentence may be quoted from one of
    its commas on. Joined without anything between them they read as one text. An article whose sentences are all longer
    than `length` gives none.
    """
    sentences = list(placed_sentences(article))
    told = sentence_worth(article, sentences)
    pieces = [piece for piece in _pieces(sentences) if len(piece.text) <= length]
    worth = {piece: fsum(told[pair] for pair in piece.pairs) for piece in pieces}
    pieces.sort(key=lambda piece: -worth[piece] / len(piece.text) ** 0.5)
    best: tuple[float, tuple[_Piece, ...]] = 0.0, ()
    for size in range(1, MOST + 1):
        for chosen in combinations(pieces[:TRIED], size):
            if sum(len(piece.text) for piece in chosen) > length or len({piece.at for piece in chosen}) < size:
                continue
            # fsum, as sets have no order of their own: the same article has the same summary in every run.
            covered = frozenset().union(*(piece.pairs for piece in chosen))
            best = max(best, (fsum(told[pair] for pair in covered), chosen), key=lambda item: item[0])
    return tuple(piece.text for piece in sorted(best[1], key=lambda piece: piece.at))


class _Piece(NamedTuple):
    """A sentence or its end, with what it says."""

    text: str
    at: int
    """The number of its sentence in the article."""
    pairs: frozenset[str]


def placed_sentences(article: Article) -> Iterator[Sentence]:
    """The sentences of the body with their places, as far as they are read."""
    read = 0
    for at, paragraph in enumerate(article.paragraphs):
        if read < FIRST and paragraph not in article.subheads:
            for number, sentence in enumerate(quotable_sentences(paragraph)):
                yield Sentence(sentence, at, number)
        read += len(paragraph)


def _pieces(sentences: Sequence[Sentence]) -> Iterator[_Piece]:
    """Each sentence, and what of it stands after each of its commas; such an end begins with no joining word."""
    for at, sentence in enumerate(sentences):
        starts = [0, *(match.end() for match in _COMMA.finditer(sentence.text))]
        for start in starts:
            piece = sentence.text[start:]
            if not start or (len(piece) >= SHORTEST and piece[0] not in _JOINING):
                yield _Piece(piece, at, frozenset(pairs(piece)))


_COMMA = re.compile("[，；：]")
_JOINING = frozenset("并而但也且则就又还或”、")


def quotable_sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph that are printed to their end; what a semicolon parts stays together."""
    start = match.end() if (match := _DATELINE.match(paragraph)) else 0
    spans: list[Span] = []
    for first, last in text_module.sentences(paragraph):
        if spans and paragraph[spans[-1][1] - 1] in _PAUSES:
            spans[-1] = spans[-1][0], last
        elif last > start:
            spans.append((max(first, start), last))
    found = (_SIGN_OFF.sub("", paragraph[first:last]).strip() for first, last in spans)
    return [sentence for sentence in found if sentence.endswith(_STOPS)]


def _told(sentence: str, weight: Mapping[str, float]) -> float:
    """What the sentence's keywords weigh together, against the time it takes to read."""
    told = sum(value for word, value in weight.items() if word in sentence)
    return float(told / max(COMFORTABLE, len(sentence)))
