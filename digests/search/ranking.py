"""Closeness: how well an article answers a question of several words (pure).

BM25 counts words wherever they stand; a good answer has them together. The best hits are therefore ranked again by

    share + COVERAGE_WEIGHT * coverage + EARLY_SENTENCE_WEIGHT / (1 + best) + LENGTH_WEIGHT * ln(1 + length)
          + DATE_WEIGHT * dated

    share      the BM25 score divided by that of the best hit
    coverage   the sum of five shares of the question, by rarity: its bigrams in the best sentence, in the best two
               neighbouring sentences and in the whole article; its words in the best sentence and in the best two
    best       the number of the sentence with the most of the bigrams, from 0
    length     characters of the body; BM25 punishes long articles more than readers do
    dated      1 if the paper is of a day that the question names, or of the day after

The weights are near the best mean reciprocal rank of 1,800 kickers and decks searched in an archive without them; equal
weights are best for the five shares.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from digests.dates import find_days
from digests.language.characters import normalise_in_place
from digests.models import Article
from digests.search.schema import bigrams

COVERAGE_WEIGHT, EARLY_SENTENCE_WEIGHT, LENGTH_WEIGHT, DATE_WEIGHT = 0.3, 0.13, 0.07, 0.4

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")

_NONE: frozenset[str] = frozenset()

TermsBySentence = Mapping[int, Collection[str]]
"""Sentence number -> the terms that the sentence contains."""


class Question:
    """A question's bigrams and words, each with its share of the total rarity, and the days that it names."""

    def __init__(self, text: str, words: Sequence[str], rarity: Callable[[str, str], float]) -> None:
        """`rarity(field, term)` is the weight of a term of the index field `pairs` or `body`."""
        text = normalise_in_place(text)
        self._bigrams = _shares({bigram: rarity("pairs", bigram) for bigram in bigrams(text)})
        self._words = _shares({word: rarity("body", word) for word in words})
        self._days = find_days(text)

    def closeness(self, article: Article, share: float) -> float:
        """Return the sum described above; an article without a body has its `share` and its date."""
        dated = DATE_WEIGHT * any(day.reported_on(article.date) for day in self._days)
        body = normalise_in_place(article.body)
        ends = [sentence.end() for sentence in _SENTENCE.finditer(body)]
        if not ends:
            return share + dated
        bigrams_in = _by_sentence(body, ends, self._bigrams)
        words_in = _by_sentence(body, ends, self._words)
        coverages = {sentence: _sum(self._bigrams, found) for sentence, found in bigrams_in.items()}
        best = min(coverages, key=lambda sentence: (-coverages[sentence], sentence), default=0)
        coverage = (
            coverages.get(best, 0.0)
            + _best_two(self._bigrams, bigrams_in)
            + _sum(self._bigrams, _NONE.union(*bigrams_in.values()))
            + max((_sum(self._words, found) for found in words_in.values()), default=0.0)
            + _best_two(self._words, words_in)
        )
        early = EARLY_SENTENCE_WEIGHT / (1 + best)
        return share + COVERAGE_WEIGHT * coverage + early + LENGTH_WEIGHT * math.log1p(len(body)) + dated


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Divide the weights by their sum."""
    total = sum(weights.values())
    return {term: weight / total for term, weight in weights.items()} if total else {}


def _by_sentence(body: str, ends: Sequence[int], terms: Iterable[str]) -> dict[int, set[str]]:
    """Map the number of each sentence to the terms in it; `ends` are the ends of the sentences in `body`."""
    found: dict[int, set[str]] = {}
    for term in terms:
        position = body.find(term)
        while position >= 0:
            sentence = bisect_right(ends, position)
            found.setdefault(sentence, set()).add(term)
            position = body.find(term, ends[sentence])
    return found


def _best_two(shares: Mapping[str, float], found: TermsBySentence) -> float:
    """Return the highest share that two neighbouring sentences contain together."""
    return max((_sum(shares, {*terms, *found.get(at + 1, _NONE)}) for at, terms in found.items()), default=0.0)


def _sum(shares: Mapping[str, float], terms: Iterable[str]) -> float:
    return sum([shares[term] for term in terms])
