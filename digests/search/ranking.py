"""Closeness: a score of how well an article answers a question of several words (pure).

BM25 ignores where in an article the words occur; in a good answer they are close together. The best hits of BM25 are
therefore reranked by the sum

    share + COVERAGE_WEIGHT * coverage + EARLY_SENTENCE_WEIGHT / (1 + best) + LENGTH_WEIGHT * ln(1 + length)
          + DATE_WEIGHT * dated

    share      the BM25 score divided by that of the best hit
    coverage   the sum of five shares, weighted by rarity: the share of the question's bigrams in the best sentence, in
               the best two neighbouring sentences and in the whole body; the share of the question's words in the best
               sentence and in the best two neighbouring sentences
    best       the index of the sentence with the largest share of the bigrams
    length     characters of the body; BM25 ranks long articles lower than readers would
    dated      1 if the issue is of a day that the question names or of the day after, else 0

The test set is 1,800 kickers and decks, searched for in an archive from which they were removed. These weights reach
nearly the highest mean reciprocal rank. Equal weights for the five shares of `coverage` are best.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from digests.dates import find_days
from digests.language.normal_form import normal_form
from digests.models import Article
from digests.search.schema import bigrams

COVERAGE_WEIGHT, EARLY_SENTENCE_WEIGHT, LENGTH_WEIGHT, DATE_WEIGHT = 0.3, 0.13, 0.07, 0.4

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")

_NONE: frozenset[str] = frozenset()

TermsBySentence = Mapping[int, Collection[str]]
"""Index of a sentence -> the terms that it contains."""


class Question:
    """The bigrams and words of a question, each with its share of the total rarity, and the days it names."""

    def __init__(self, text: str, words: Sequence[str], rarity: Callable[[str, str], float]) -> None:
        """`rarity(field, term)` returns the weight of a term of the index field `pairs` or `body`."""
        text = normal_form(text)
        self._bigrams = as_shares({bigram: rarity("pairs", bigram) for bigram in bigrams(text)})
        self._words = as_shares({word: rarity("body", word) for word in words})
        self._days = find_days(text)

    def closeness(self, article: Article, share: float) -> float:
        """Return the sum defined above; for an article without a body, only `share` and the term for the date."""
        dated = DATE_WEIGHT * any(day.reported_on(article.date) for day in self._days)
        body = normal_form(article.body)
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


def as_shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Divide the weights by their sum; return nothing if it is 0."""
    total = sum(weights.values())
    return {term: weight / total for term, weight in weights.items()} if total else {}


def _by_sentence(body: str, ends: Sequence[int], terms: Iterable[str]) -> dict[int, set[str]]:
    """Map the index of each sentence to the `terms` in it, if any; `ends` are the ends of the sentences in `body`."""
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
    """Return the total share of the terms."""
    return sum([shares[term] for term in terms])
