"""Keywords of a newspaper's article, as an editor would list them: its subject, and the names that matter in it.

Candidates are the phrases of `extract_phrases`, compounds of nouns, and the names in the article. A candidate's weight
is the likelihood that an editor would list it: a logistic regression over the features of `_features`, fitted by
tests/bench/train_newspaper_keywords.py to an editor's lists of articles of newspapers. `keywords` has the weights for
other texts, and for issues: the editors of news broadcasts list parts of the headline and hardly any names.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import mul

from digests.analysis.keywords import (
    article_keywords,
    choose_keywords,
    has_content_edges,
    is_generic,
    logistic,
    word_features,
)
from digests.language import words
from digests.language.phrases import Phrase, extract_phrases
from digests.language.words import ArticleWords, Words
from digests.models import Article, Keyword, Labels
from digests.names import Names
from digests.segment.bylines import printed_credits, story_reporters
from digests.segment.printed_signs import CAPTION_START, LEAD
from digests.text import normalise_widths

MAX_KEYWORDS = 8
MIN_COMPOUND_CHARS, MAX_COMPOUND_CHARS = 4, 8
COMPOUND_WORDS = (2, 3)
MIN_LONG_CHARS = 6

_BROADCAST = re.compile(r"\W{0,3}[一-鿿]{1,8}[台网]消息")
_OWN_CITY = re.compile("我[市省县区]|本市|本报")
"""How a newspaper speaks of the place where it appears, and of itself."""

FEATURE_WEIGHTS = {
    "bias": -7.69,
    "in the heading": 1.27,
    "words of the heading": -0.45,
    "occurrences": 1.15,
    "position": -0.56,
    "quoted": 2.14,
    "in the lead": 0.39,
    "free": 1.01,
    "edge of the heading": 1.08,
    "short": -1.24,
    "long": -0.59,
    "hollow edge": 0.00,
    "hollow inside": -0.74,
    "verb first": -0.25,
    "verb last": -0.28,
    "number": -1.07,
    "name": -0.43,
    "name last": 0.31,
    "rare": 3.43,
    "odd": -2.87,
    "person": 0.64,
    "place": 1.58,
    "organisation": 1.55,
    "first of its kind": 0.93,
    "occurrences of a name": 0.21,
    "name in the heading": 0.33,
    "position of a name": 0.04,
    "part of a name": -0.68,
    "holds a name": -0.84,
    "compound": -0.07,
    "one word": -0.64,
    "three characters": -0.17,
    "four characters": 0.29,
    "long phrase": 0.26,
    "noun": -0.18,
    "verbal noun": -1.31,
    "verb": -0.04,
    "ends unknown": -0.35,
    "ends with a verb": -0.10,
    "begins with a verb": -0.09,
    "only nouns": -0.11,
}
"""Weights of `_features`, in the same order."""


@dataclass(frozen=True, slots=True)
class _Text:
    """An article with what the features of its candidates need."""

    bare: str
    """Heading and body without white space."""
    heading: str
    heading_words: int
    names: Mapping[str, tuple[str, bool]]
    """The kind of each name, and whether it is the most frequent of its kind."""


def is_of_newspaper(article: Article) -> bool:
    """True if an article stands on a page, or its text has a newspaper's lead, byline, credit, caption or own city."""
    if article.page is not None or article.reporters:
        return True
    opening = [normalise_widths(paragraph) for paragraph in article.paragraphs[:2]]
    if any(_BROADCAST.match(line) for line in opening):
        return False
    if any(LEAD.match(line) or CAPTION_START.match(line) for line in opening) or _OWN_CITY.search(article.body):
        return True
    return bool(story_reporters(article.paragraphs) or printed_credits(article.paragraphs))


def keywords_of(article: Article, named: Names | Labels, limit: int = MAX_KEYWORDS) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of an article, by the weights for newspapers or by those for other texts."""
    return editors_keywords(article, named, limit) if is_of_newspaper(article) else article_keywords(article, limit)


def editors_keywords(article: Article, named: Names | Labels, limit: int = MAX_KEYWORDS) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of a newspaper's article by descending weight; their weights sum up to at most 1.

    `named` are the names in the article.
    """
    weights = tuple(FEATURE_WEIGHTS.values())
    found = {written: logistic(sum(map(mul, weights, row))) for written, row in candidates(article, named)}
    return choose_keywords(found, limit, 0.0)


def candidates(article: Article, named: Names | Labels) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield each candidate of an article with its features, in the order of FEATURE_WEIGHTS."""
    cut = words.cut_article(article)
    phrases = extract_phrases(cut)
    kinds = (("person", named.people), ("place", named.places), ("organisation", named.organisations))
    names = {name: (kind, not at) for kind, of_kind in reversed(kinds) for at, name in enumerate(of_kind)}
    heading = "".join("".join(cut.heading).split())
    bare = heading + "".join("".join(article.body).split())
    text = _Text(bare, heading, sum(word[0].isalnum() for word in cut.heading), names)
    found: dict[str, Words] = {written: phrase.words for written, phrase in phrases.items()}
    found = dict(_compounds(cut)) | {name: tuple(words.cut(name)) for name in names} | found
    for written, own in found.items():
        if not is_generic(written) and has_content_edges(own):
            yield written, _features(written, own, phrases.get(written), text)


def _compounds(cut: ArticleWords) -> Iterator[tuple[str, Words]]:
    """Yield the sequences of two or three nouns."""
    for part in (cut.heading, *cut.paragraphs):
        for size in COMPOUND_WORDS:
            for at in range(len(part) - size + 1):
                run = part[at : at + size]
                if MIN_COMPOUND_CHARS <= sum(map(len, run)) <= MAX_COMPOUND_CHARS and all(map(_is_noun, run)):
                    yield "".join(run), run


def _is_noun(word: str) -> bool:
    """True if a word of at least two characters can be part of a compound."""
    tag = words.tag(word)
    return len(word) > 1 and word.isalnum() and (not tag or tag.startswith(("n", "vn", "j", "l", "i", "s", "b", "a")))


def _features(written: str, own: Words, phrase: Phrase | None, text: _Text) -> tuple[float, ...]:
    kind, is_first = text.names.get(written, ("", False))
    in_heading = written in text.heading
    count = math.log1p(text.bare.count(written))
    place = text.bare.find(written)
    position = place / len(text.bare) if place >= 0 else 1.0
    tags = words.tag(own[0]), words.tag(own[-1])
    alone = len(own) == 1
    free = 0.0
    if phrase and phrase.occurrences:
        free = math.log((1 + phrase.left_neighbours) * (1 + phrase.right_neighbours)) / 2
    return (
        1.0,
        in_heading,
        math.log(max(1, text.heading_words)) if in_heading else 0.0,
        count,
        position,
        bool(phrase and phrase.is_quoted) or f"“{written}”" in text.bare,
        bool(phrase and phrase.in_lead),
        free,
        bool(phrase and (phrase.opens_heading or phrase.ends_heading)),
        *word_features(own),
        kind == "person",
        kind == "place",
        kind == "organisation",
        is_first,
        count if kind else 0.0,
        bool(kind) and in_heading,
        position if kind else 0.0,
        not kind and any(written in name for name in text.names),
        not kind and any(name in written for name in text.names),
        not kind and phrase is None,
        alone,
        len(written) == 3,
        len(written) == 4,
        len(written) >= MIN_LONG_CHARS,
        alone and tags[0] == "n",
        alone and tags[0] == "vn",
        alone and tags[0] == "v",
        not tags[1],
        tags[1] == "v",
        tags[0] == "v",
        not alone and all(map(_is_noun, own)),
    )
