"""Sentences quoted from an article, word for word."""

import re
from collections.abc import Mapping

from digests import text
from digests.models import Article, Span

COMFORTABLE = 90
"""Characters that a reader takes in at a glance; a longer sentence has to tell much more to be quoted."""

DEPTH = 6
"""Paragraphs from the beginning: what the story is about stands there."""

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
        for number, sentence in enumerate(_sentences(paragraph)):
            score = _told(sentence, weight) / (1 + 0.15 * at + 0.1 * number)
            if score > best_score:
                best, best_score = sentence, score
    return best


def _sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph that are printed to their end; what a semicolon parts stays together."""
    start = match.end() if (match := _DATELINE.match(paragraph)) else 0
    spans: list[Span] = []
    for first, last in text.sentences(paragraph):
        if spans and paragraph[spans[-1][1] - 1] in _PAUSES:
            spans[-1] = spans[-1][0], last
        elif last > start:
            spans.append((max(first, start), last))
    sentences = (_SIGN_OFF.sub("", paragraph[first:last]).strip() for first, last in spans)
    return [sentence for sentence in sentences if sentence.endswith(_STOPS)]


def _told(sentence: str, weight: Mapping[str, float]) -> float:
    """What the sentence's keywords weigh together, against the time it takes to read."""
    told = sum(value for word, value in weight.items() if word in sentence)
    return float(told / max(COMFORTABLE, len(sentence)))
