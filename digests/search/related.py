"""Articles of the archive that tell of the same as a given one.

What an article is about shows in the words that are frequent in it and rare in the archive; the index finds what holds
most of them. Pieces and copies of the article itself, and of one another, say nothing new and are left out.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping

from digests.analysis import near_duplicates
from digests.analysis.near_duplicates import Sketch
from digests.language.characters import normalise_in_place
from digests.language.words import cut_for_search
from digests.models import Article
from digests.search.index import Index

CHARACTERISTIC_WORDS = 16
"""Words that stand for an article."""

HEADING_OCCURRENCES = 3
"""A word of the heading counts so many times."""

MAX_ARTICLE_SHARE, MIN_COMMON_ARTICLES = 0.1, 5
"""Words that a larger share of the articles holds, and more than so many, say nothing of what one is about."""

MIN_SHARED_WEIGHT, MIN_SHARED_WORDS = 0.3, 3
"""The share of the words' weight that a related article holds at least, and how many of them: two are an accident."""

CANDIDATES_PER_RESULT = 4
"""Articles that are looked at for each that is wanted."""


def related(index: Index, article: Article, *, limit: int, pieces: Collection[str] = ()) -> list[Article]:
    """At most `limit` articles of the same matter, the closest first; none where the archive holds none.

    `pieces` are the ids of the parts of a story that continues on another page, to be left out with it.
    """
    pieces = {article.id, *pieces}
    telling = _telling(index, article)
    others = index.find_weighted(telling, limit=CANDIDATES_PER_RESULT * limit + len(pieces))
    close = sorted(((_closeness(telling, other), other) for other in others), key=lambda one: -one[0])
    told = [near_duplicates.sketch(article)]
    found: list[Article] = []
    for closeness, other in close:
        sketch = near_duplicates.sketch(other)
        if closeness and other.id not in pieces and not any(_is_copy(sketch, before) for before in told):
            found.append(other)
            told.append(sketch)
    return found[:limit]


def _is_copy(one: Sketch, other: Sketch) -> bool:
    """True if either article repeats the other."""
    return near_duplicates.repeats(one, other) or near_duplicates.repeats(other, one)


def _closeness(telling: Mapping[str, float], other: Article) -> float:
    """How much of `other` the words make up; 0 where it holds too little of them."""
    counts = Counter(cut_for_search(normalise_in_place(f"{other.headline or ''} {other.body}")))
    held = {word: weight * math.sqrt(counts[word]) for word, weight in telling.items() if word in counts}
    if len(held) < MIN_SHARED_WORDS or sum(telling[word] for word in held) < MIN_SHARED_WEIGHT * sum(telling.values()):
        return 0.0
    return sum(held.values()) / math.sqrt(counts.total())


def _telling(index: Index, article: Article) -> dict[str, float]:
    """The words that say most of what the article is about, with their weights."""
    heading = normalise_in_place(" ".join((article.headline or "", article.kicker, article.deck)))
    counts = Counter(
        word for word in cut_for_search(normalise_in_place(article.body)) if len(word) > 1 and not word.isnumeric()
    )
    for word in cut_for_search(heading):
        if len(word) > 1:
            counts[word] += HEADING_OCCURRENCES
    size = index.document_frequency("article", "what")
    known = {word: index.document_frequency(word) for word in counts}
    weights = {
        word: math.sqrt(counts[word]) * math.log(1 + size / often)
        for word, often in known.items()
        if 1
        < often
        <= max(MIN_COMMON_ARTICLES, MAX_ARTICLE_SHARE * size)  # what only this article says leads to no other
    }
    return dict(sorted(weights.items(), key=lambda known: (-known[1], known[0]))[:CHARACTERISTIC_WORDS])
