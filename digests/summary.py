"""Sentences quoted from an article, word for word.

`quote` is the one sentence of a digest; `of_article` are two or three that together say what the article is about.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import fsum
from typing import NamedTuple

from digests import text
from digests.content import gist
from digests.content.gist import Sentence
from digests.models import Article, Span

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
        for number, sentence in enumerate(sentences(paragraph)):
            score = _told(sentence, weight) / (1 + 0.15 * at + 0.1 * number)
            if score > best_score:
                best, best_score = sentence, score
    return best


def of_article(article: Article, length: int = 120) -> tuple[str, ...]:
    """Up to three quotations of at most `length` characters together, in the order of the article.

    Each is a literal part of one paragraph and ends where its sentence ends; a long sentence may be quoted from one of
    its commas on. Joined without anything between them they read as one text. An article whose sentences are all longer
    than `length` gives none.
    """
    sentences = list(_placed(article))
    told = gist.worth(article, sentences)
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


def _placed(article: Article) -> Iterator[Sentence]:
    """The sentences of the body with their places, as far as they are read."""
    read = 0
    for at, paragraph in enumerate(article.paragraphs):
        if read < FIRST and paragraph not in article.subheads:
            for number, sentence in enumerate(sentences(paragraph)):
                yield Sentence(sentence, at, number)
        read += len(paragraph)


def _pieces(sentences: Sequence[Sentence]) -> Iterator[_Piece]:
    """Each sentence, and what of it stands after each of its commas; such an end begins with no joining word."""
    for at, sentence in enumerate(sentences):
        starts = [0, *(match.end() for match in _COMMA.finditer(sentence.text))]
        for start in starts:
            piece = sentence.text[start:]
            if not start or (len(piece) >= SHORTEST and piece[0] not in _JOINING):
                yield _Piece(piece, at, frozenset(gist.pairs(piece)))


_COMMA = re.compile("[，；：]")
_JOINING = frozenset("并而但也且则就又还或”、")


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph that are printed to their end; what a semicolon parts stays together."""
    start = match.end() if (match := _DATELINE.match(paragraph)) else 0
    spans: list[Span] = []
    for first, last in text.sentences(paragraph):
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
