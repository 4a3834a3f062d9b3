"""Related articles: articles of the archive on the same subject as a given one.

The characteristic words of an article are frequent in it and rare in the archive. The articles that match these words
best are the candidates; copies of the given article and of one another are left out.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping

from digests.analysis import near_duplicates
from digests.analysis.near_duplicates import Sketch
from digests.language.normal_form import normal_form
from digests.language.words import cut_for_search
from digests.models import Article
from digests.search.index import Index

CHARACTERISTIC_WORDS = 16
"""Maximum number of characteristic words of an article."""

HEADING_OCCURRENCES = 3
"""An occurrence in the heading counts as this many occurrences in the body."""

MAX_ARTICLE_SHARE, MIN_COMMON_ARTICLES = 0.1, 5
"""A word is too common if more than this share of the articles, and more than this number of them, contain it."""

MIN_SHARED_WEIGHT, MIN_SHARED_WORDS = 0.3, 3
"""Minimum share of the characteristic words' weight, and minimum number of these words, in a related article."""

CANDIDATES_PER_RESULT = 4
"""Candidates read for each article requested."""


def related(index: Index, article: Article, *, limit: int, pieces: Collection[str] = ()) -> list[Article]:
    """Return at most `limit` articles on the same subject, most similar first.

    `pieces` are the ids of the parts of a story that continues on another page; they are left out too.
    """
    own_ids = {article.id, *pieces}
    weights = _characteristic_words(index, article)
    candidates = index.find_weighted(weights, limit=CANDIDATES_PER_RESULT * limit + len(own_ids))
    scored = sorted(((_closeness(weights, other), other) for other in candidates), key=lambda pair: -pair[0])
    sketches = [near_duplicates.sketch(article)]
    found: list[Article] = []
    for closeness, other in scored:
        sketch = near_duplicates.sketch(other)
        if closeness and other.id not in own_ids and not any(_is_copy(sketch, known) for known in sketches):
            found.append(other)
            sketches.append(sketch)
    return found[:limit]


def _is_copy(one: Sketch, other: Sketch) -> bool:
    """True if either article repeats the other."""
    return near_duplicates.repeats(one, other) or near_duplicates.repeats(other, one)


def _closeness(weights: Mapping[str, float], other: Article) -> float:
    """Return the weighted frequency of the words in `other`; 0 if it contains too few of them."""
    counts = Counter(cut_for_search(normal_form(f"{other.headline or ''}\n{other.body}")))
    shared = [word for word in weights if word in counts]
    weight = sum(weights[word] for word in shared)
    if len(shared) < MIN_SHARED_WORDS or weight < MIN_SHARED_WEIGHT * sum(weights.values()):
        return 0.0
    return sum(weights[word] * math.sqrt(counts[word]) for word in shared) / math.sqrt(counts.total())


def _characteristic_words(index: Index, article: Article) -> dict[str, float]:
    """Map the most characteristic words to their weights: square root of the count times the log of the rarity."""
    heading = normal_form("\n".join((article.headline or "", article.kicker, article.deck)))
    body = normal_form(article.body)
    counts = Counter(word for word in cut_for_search(body) if len(word) > 1 and not word.isnumeric())
    for word in cut_for_search(heading):
        if len(word) > 1:
            counts[word] += HEADING_OCCURRENCES
    articles = index.document_frequency("article", "what")
    max_frequency = max(MIN_COMMON_ARTICLES, MAX_ARTICLE_SHARE * articles)
    frequencies = {word: index.document_frequency(word) for word in counts}
    weights = {
        word: math.sqrt(counts[word]) * math.log(1 + articles / frequency)
        for word, frequency in frequencies.items()
        if 1 < frequency <= max_frequency  # a word that only one article contains finds no other
    }
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:CHARACTERISTIC_WORDS])
