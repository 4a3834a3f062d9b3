"""Summaries: sentences quoted from an article, word for word.

`quote` chooses one sentence for a digest; `summarise` chooses up to three quotations that together summarise the
article.

The worth of a summary is the sum of the worth of its different bigrams (pairs of neighbouring characters), so that
repetition adds nothing (after Gillick and Favre 2009). The worth of a bigram is a power of the likelihood that an
editor's summary would contain it. A logistic regression over the features of `pair_features` estimates this likelihood;
FEATURE_WEIGHTS are fitted by tests/bench/train_summary.py.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from operator import mul
from typing import NamedTuple

from digests import text as text_module
from digests.analysis.keywords import logistic
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
"""Weights of `pair_features`, in the same order."""

LIKELIHOOD_EXPONENT = 1.6
"""A bigram's worth is its likelihood to this power, so that a few certain bigrams outweigh many doubtful ones."""

FREQUENCY_OFFSET = 50
"""Added to a string's frequency for its rarity."""

MAX_SUBHEAD_CHARS = 40
"""Maximum characters of a heading inside the body."""

_QUOTED_SPEECH = re.compile(r"(?:说|表示|介绍|认为|指出|告诉记者)[：:，。]")
_PUNCTUATION = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the body with its position."""

    text: str
    paragraph: int
    number: int
    """Its position in the paragraph, from 0."""


def pairs(text: str) -> list[str]:
    """Return the bigrams of a text, without those that cross punctuation or white space."""
    return [pair for run in _PUNCTUATION.split(text) for pair in text_module.bigrams(run)]


def sentence_worth(article: Article, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Return the worth of each bigram of the sentences for a summary, from 0 to 1."""
    weights = tuple(FEATURE_WEIGHTS.values())
    return {
        pair: logistic(sum(map(mul, weights, features))) ** LIKELIHOOD_EXPONENT
        for pair, features in pair_features(article, sentences).items()
    }


def pair_features(article: Article, sentences: Sequence[Sentence]) -> Mapping[str, tuple[float, ...]]:
    """Return the features of each bigram of the sentences, in the order of FEATURE_WEIGHTS."""
    headline = set(pairs(f"{article.kicker} {article.headline or ''} {article.deck}"))
    subheads = {pair for paragraph in article.paragraphs if is_subhead(paragraph) for pair in pairs(paragraph)}
    in_person, in_function_word, in_word = _pairs_in_words(sentences)
    speech = {sentence for sentence in sentences if "“" in sentence.text and _QUOTED_SPEECH.search(sentence.text)}
    paragraphs = 1 + max((sentence.paragraph for sentence in sentences), default=0)
    length = math.log(len(sentences) or 1) / 5
    features = {}
    for pair, contexts in _contexts(sentences, headline).items():
        first, count = contexts[0].sentence.paragraph, len(contexts)
        features[pair] = (
            1.0,
            math.log(count),
            pair in headline,
            pair in subheads,
            math.log(1 + first) / 3,
            first == 0,
            pair in in_word,
            first / paragraphs,
            pair in in_person,
            pair in in_function_word,
            sum(context.headline_share for context in contexts) / count,
            sum(context.sentence.number == 0 for context in contexts) / count,
            sum(context.sentence in speech for context in contexts) / count,
            length,
            sum(context.centrality for context in contexts) / count,
            words.rarity(pair, FREQUENCY_OFFSET),
            sum(words.rarity(char, FREQUENCY_OFFSET) for char in pair) / 2,
            first <= 1,
            sum(context.pairs for context in contexts) / count / 50,
        )
    return features


class _Context(NamedTuple):
    """A sentence that contains a bigram."""

    sentence: Sentence
    headline_share: float
    """Share of the headline's bigrams that the sentence contains."""
    centrality: float
    """Logarithm of the number of sentences that contain a bigram, averaged over the bigrams of this sentence."""
    pairs: int
    """Number of different bigrams in the sentence."""


def _contexts(sentences: Sequence[Sentence], headline: Set[str]) -> Mapping[str, Sequence[_Context]]:
    """Map each bigram to the sentences that contain it, in order."""
    pairs_of = [set(pairs(sentence.text)) for sentence in sentences]
    sentence_count = Counter(pair for contained in pairs_of for pair in contained)
    contexts: dict[str, list[_Context]] = defaultdict(list)
    for sentence, contained in zip(sentences, pairs_of, strict=True):
        headline_share = len(contained & headline) / (len(headline) or 1)
        # fsum does not depend on the order; sets have no fixed order.
        centrality = math.fsum(math.log(sentence_count[pair]) for pair in contained) / (len(contained) or 1)
        for pair in contained:
            contexts[pair].append(_Context(sentence, headline_share, centrality, len(contained)))
    return contexts


def is_subhead(paragraph: str) -> bool:
    """True if a paragraph is a heading inside the body: short, and without punctuation that ends a sentence."""
    return len(paragraph) <= MAX_SUBHEAD_CHARS and not paragraph.endswith(tuple("。！？”…；："))


def _pairs_in_words(sentences: Iterable[Sentence]) -> tuple[set[str], set[str], set[str]]:
    """Return the bigrams inside names of people, inside function words, and inside any word."""
    in_person, in_function_word, in_word = set(), set(), set()
    for word in dict.fromkeys(word for sentence in sentences for word in words.cut(sentence.text)):
        if len(word) < 2 or not word.isalnum():
            continue
        tag, contained = words.tag(word), set(text_module.bigrams(word))
        in_word |= contained
        if tag.startswith("nr"):
            in_person |= contained
        elif tag and tag[0] not in "nvabd" and tag not in ("s", "j", "l", "i"):
            in_function_word |= contained
    return in_person, in_function_word, in_word


READABLE_CHARS = 90
"""The keyword weight of a sentence is divided by its length, or by this length if the sentence is shorter."""

QUOTED_PARAGRAPHS = 6
"""Number of paragraphs, from the beginning, from which `quote` chooses."""

PARAGRAPH_PENALTY, SENTENCE_PENALTY = 0.15, 0.1
"""A sentence's score is divided by 1 + PARAGRAPH_PENALTY * paragraph + SENTENCE_PENALTY * position in the paragraph,
both counted from 0."""

MAX_SUMMARY_SENTENCES = 3

MIN_PIECE_CHARS = 20
"""Minimum characters of a quotation that omits the beginning of its sentence."""

TRIED_PIECES = 20
"""Number of pieces that are tried in combinations; they are the pieces with the most worth for their length. With more
pieces, the result would contain more pieces with overestimated worth: with 36, ROUGE-1 and ROUGE-2 on held-out data
were lower by 0.005 and 0.007."""

LENGTH_EXPONENT = 0.5
"""To choose the TRIED_PIECES pieces, the worth of each piece is divided by its length to this power."""

MAX_BODY_CHARS = 20_000
"""Characters of the body that `summarise` reads."""

_DATELINE = re.compile(
    r"^[\s　]*(?:本报|新华社|人民网|中新社|中新网|据)[^，。（(,]{0,12}?(?:讯|电|消息)[\s　]*"
    r"(?:[（(][^）)]{1,40}[）)])?[，,\s　]*"
)
_SEMICOLONS = "；;"
_SENTENCE_ENDS = ("。", "！", "？", "”", "!", "?")
_SIGNATURE = re.compile(r"[（(][^（()）]{1,30}[）)]$")


def quote(article: Article, weight: Mapping[str, float]) -> str:
    """Return the sentence with the highest score by keywords, length and position; "" if none contains a keyword.

    `weight` maps keywords to their weights. The sentence is a literal part of a paragraph, without a dateline
    (本报讯（记者…）) before it or a reporter's name after it.
    """
    best, best_score = "", 0.0
    for at, paragraph in enumerate(article.paragraphs[:QUOTED_PARAGRAPHS]):
        if paragraph in article.subheads:
            continue
        for number, sentence in enumerate(quotable_sentences(paragraph)):
            score = _keyword_density(sentence, weight) / (1 + PARAGRAPH_PENALTY * at + SENTENCE_PENALTY * number)
            if score > best_score:
                best, best_score = sentence, score
    return best


def _keyword_density(sentence: str, weight: Mapping[str, float]) -> float:
    """Return the total weight of the sentence's keywords, divided by its length or, if greater, READABLE_CHARS."""
    total = sum(value for word, value in weight.items() if word in sentence)
    return float(total / max(READABLE_CHARS, len(sentence)))


def summarise(article: Article, length: int = 120) -> tuple[str, ...]:
    """Return up to three quotations with at most `length` characters in total, in the order of the article.

    Each is a literal part of one paragraph and ends at the end of its sentence, but may begin after a comma, semicolon
    or colon. Joined without separators, the quotations form a readable text. The result is empty if every possible
    quotation is longer than `length`.
    """
    sentences = list(placed_sentences(article))
    worth = sentence_worth(article, sentences)
    pieces = [piece for piece in _pieces(sentences) if len(piece.text) <= length]
    density = {
        piece: fsum(worth[pair] for pair in piece.pairs) / len(piece.text) ** LENGTH_EXPONENT for piece in pieces
    }
    pieces.sort(key=lambda piece: -density[piece])
    best: tuple[float, tuple[_Piece, ...]] = 0.0, ()
    for size in range(1, MAX_SUMMARY_SENTENCES + 1):
        for chosen in combinations(pieces[:TRIED_PIECES], size):
            if sum(len(piece.text) for piece in chosen) > length or len({piece.sentence for piece in chosen}) < size:
                continue
            # fsum does not depend on the order of a set, so an article has the same summary in every run.
            covered = frozenset().union(*(piece.pairs for piece in chosen))
            best = max(best, (fsum(worth[pair] for pair in covered), chosen), key=lambda item: item[0])
    return tuple(piece.text for piece in sorted(best[1], key=lambda piece: piece.sentence))


class _Piece(NamedTuple):
    """A sentence, or the rest of a sentence after a comma, semicolon or colon, with its bigrams."""

    text: str
    sentence: int
    """Position of its sentence in the article, from 0."""
    pairs: frozenset[str]


def placed_sentences(article: Article) -> Iterator[Sentence]:
    """Yield the sentences of the paragraphs that begin in the first MAX_BODY_CHARS of the body, without subheads."""
    read = 0
    for at, paragraph in enumerate(article.paragraphs):
        if read < MAX_BODY_CHARS and paragraph not in article.subheads:
            for number, sentence in enumerate(quotable_sentences(paragraph)):
                yield Sentence(sentence, at, number)
        read += len(paragraph)


def _pieces(sentences: Sequence[Sentence]) -> Iterator[_Piece]:
    """Yield each sentence, and the rest of each sentence after each comma, semicolon and colon.

    Such a rest must have at least MIN_PIECE_CHARS characters and must not begin with a conjunction.
    """
    for at, sentence in enumerate(sentences):
        starts = [0, *(match.end() for match in _COMMA.finditer(sentence.text))]
        for start in starts:
            piece = sentence.text[start:]
            if not start or (len(piece) >= MIN_PIECE_CHARS and piece[0] not in _JOINING_WORDS):
                yield _Piece(piece, at, frozenset(pairs(piece)))


_COMMA = re.compile("[，；：]")
_JOINING_WORDS = frozenset("并而但也且则就又还或”、")


def quotable_sentences(paragraph: str) -> list[str]:
    """Return the complete sentences of a paragraph, without dateline and signature; semicolons do not end sentences."""
    start = match.end() if (match := _DATELINE.match(paragraph)) else 0
    spans: list[Span] = []
    for first, last in text_module.sentences(paragraph):
        if spans and paragraph[spans[-1][1] - 1] in _SEMICOLONS:
            spans[-1] = spans[-1][0], last
        elif last > start:
            spans.append((max(first, start), last))
    found = (_SIGNATURE.sub("", paragraph[first:last]).strip() for first, last in spans)
    return [sentence for sentence in found if sentence.endswith(_SENTENCE_ENDS)]
