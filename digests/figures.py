"""The figures that a story gives (数字): 90亿元, 3076张, quoted with their sentence."""

import re

from digests import summary
from digests.models import Article, Figure

DEPTH = 4
"""Paragraphs from the beginning: the figure that the story is about stands there."""

_FIGURE = re.compile(
    r"(?<![\d第.])\d[\d,.]*(?:\.\d+)?[百千万亿]*[余多]?"
    r"(?:元|美元|吨|公里|平方米|平方公里|立方米|千瓦时|千瓦|亩|公顷|米|人次|人|名|户|家|张|套|个百分点|个|项|件|辆|架|座|条|所|处|台|例|份|倍|%|％)"
    r"(?![月日])"
)
_LARGE = {"亿": 3, "万": 2}


def of_article(article: Article) -> Figure | None:
    """The figure that says most: one that the headline has too, else the largest; None where there is none.

    A count of a few (4个, 5倍) that the headline does not have is none.
    """
    best: tuple[tuple[int, int, int], Figure] | None = None
    for at, paragraph in enumerate(article.paragraphs[:DEPTH]):
        for sentence in summary.sentences(paragraph):
            for found in _FIGURE.finditer(sentence):
                rank = (found[0] in (article.headline or ""), _size(found[0]), -at)
                if any(rank[:2]) and (best is None or rank > best[0]):
                    best = rank, Figure(found[0], sentence, article.id)
    return best[1] if best else None


def _size(figure: str) -> int:
    unit = next((size for char, size in _LARGE.items() if char in figure), 0)
    return unit or int(sum(char.isdigit() for char in figure) > 1)
