"""Figures: the number that a story is about (总投资90亿元, 3076张床位), quoted with its sentence."""

import re
from typing import NamedTuple

from digests.analysis import summary
from digests.language import words
from digests.models import Article, Figure

SEARCHED_PARAGRAPHS = 4
"""Paragraphs from the beginning: the figure that the story is about stands there."""
MIN_COUNT, MIN_MEASURE = 100, 10
"""Least number of counted things that is used, and least measured amount or number that the headline has too."""
MAX_NOUN_CHARS = 8
"""Characters of what is measured or counted."""

_MEASURES = "元|美元|欧元|吨|公斤|公里|平方米|平方公里|立方米|千瓦时|千瓦|亩|公顷|米|个百分点|%|％|倍|例|人次|株|棵|册"
_PIECES = "人|名|户|家|张|套|个|项|件|辆|架|座|条|所|处|台|份|起"
_FIGURE = re.compile(
    r"(?<![\d第.Xx×])(?P<number>\d[\d,.]*)(?P<size>[百千万亿]*)[余多]?"
    rf"(?:(?P<measure>{_MEASURES})|(?P<piece>{_PIECES}))(?![月日]|小时|工作日|百分点)"
)
_SIZES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ABOUT = frozenset("约 达 超 近 为 共 逾 至 到 了 将 达到 超过 接近 突破 大约 共计 累计".split())
_KINDS = frozenset("总 年 日 月 人均 日均 年均 累计 同比 环比".split())
"""Words before a noun or verb that belong to its meaning: 总投资, 同比增长."""
_BREAK = re.compile(r"[^\w]")


class _Rank(NamedTuple):
    """What decides between figures, the first field above all."""

    in_headline: bool
    is_large: bool
    is_money: bool
    """A sum of money or a share."""
    magnitude: int
    """0 below ten thousand, 1 below a hundred million, 2 from there on."""
    earliness: int


def leading_figure(article: Article) -> Figure | None:
    """Return the most important figure, with what it measures or counts; None if there is none.

    That is one that the headline has too, else a sum of money or a share, else the largest; among equals the first.
    Counts of a few things (4个项目) are used only if the headline has them and there is no other figure.
    """
    best: tuple[_Rank, Figure] | None = None
    for at, paragraph in enumerate(article.paragraphs[:SEARCHED_PARAGRAPHS]):
        for sentence in summary.quotable_sentences(paragraph):
            for match in _FIGURE.finditer(sentence):
                in_headline = match[0] in (article.headline or "")
                rank = _rank(match, at, in_headline=in_headline)
                if (in_headline or rank.is_large) and (best is None or rank > best[0]):
                    best = rank, Figure(_with_noun(sentence, match), sentence, article.id)
    return best[1] if best else None


def _rank(match: re.Match[str], paragraph: int, *, in_headline: bool) -> _Rank:
    value = _value(match["number"], match["size"])
    is_large = value >= (MIN_COUNT if match["piece"] and not in_headline else MIN_MEASURE) or "." in match["number"]
    is_money = (match["measure"] or "").endswith(("元", "%", "％", "百分点"))
    magnitude = 2 if value >= _SIZES["亿"] else int(value >= _SIZES["万"])
    return _Rank(is_large and in_headline, is_large, is_money, magnitude, -paragraph)


def _value(number: str, size: str) -> float:
    digits = number.replace(",", "").rstrip(".")
    value = float(digits) if digits.count(".") < 2 else 0.0
    for sign in size:
        value *= _SIZES[sign]
    return value


def _with_noun(sentence: str, match: re.Match[str]) -> str:
    """Return the figure with the noun behind it that is counted, or the one before it that is measured."""
    counted = _counted_noun(_BREAK.split(sentence[match.end() :], maxsplit=1)[0]) if match["piece"] else ""
    return match[0] + counted if counted else _measured_noun(_BREAK.split(sentence[: match.start()])[-1]) + match[0]


def _counted_noun(after: str) -> str:
    """Return the nouns that `after` begins with."""
    noun = ""
    for word in words.cut(after[: 2 * MAX_NOUN_CHARS]):
        if not _is_noun(word) or len(noun + word) > MAX_NOUN_CHARS:
            break
        noun += word
    return noun


def _measured_noun(before: str) -> str:
    """Return the noun or verb that `before` ends with, and a word such as 约 behind it."""
    row = words.cut(before[-2 * MAX_NOUN_CHARS :])
    about = ""
    while row and row[-1] in _ABOUT:
        about = row.pop() + about
    noun = row[-1] if row and len(row[-1]) > 1 and (_is_noun(row[-1]) or words.tag(row[-1]).startswith("v")) else ""
    if noun and row[-2:-1] and row[-2] in _KINDS:
        noun = row[-2] + noun
    return noun + about if noun and len(noun + about) <= MAX_NOUN_CHARS else ""


def _is_noun(word: str) -> bool:
    """True if a word names a kind of thing, and no person, place or body."""
    tag = words.tag(word)
    return tag.startswith(("n", "j")) and tag[:2] not in ("nr", "ns", "nt")
