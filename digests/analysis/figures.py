"""The figures that a story gives (数字): 总投资90亿元, 3076张床位, quoted with their sentence."""

import re
from typing import NamedTuple

from digests.analysis import summary
from digests.language import words
from digests.models import Article, Figure

DEPTH = 4
"""Paragraphs from the beginning: the figure that the story is about stands there."""
MANY, SOME = 100, 10
"""So many pieces are worth telling; of a measure, and of what the headline has too, so many."""
LONGEST = 8
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
"""Words before a noun or verb without which it would say something else: 总投资, 同比增长."""
_BREAK = re.compile(r"[^\w]")


class _Rank(NamedTuple):
    """What makes a figure worth telling, the foremost first."""

    headlined: bool
    telling: bool
    money: bool
    size: int
    """0 below ten thousand, 1 below a hundred million, 2 from there on; among equals the first stands."""
    early: int


def leading_figure(article: Article) -> Figure | None:
    """The figure that says most, with what it measures or counts; None where there is none.

    That is one that the headline has too, else a sum of money or a share, else the largest. A few pieces (4个项目) are
    told only where the headline has them and nothing else is there.
    """
    best: tuple[_Rank, Figure] | None = None
    for at, paragraph in enumerate(article.paragraphs[:DEPTH]):
        for sentence in summary.quotable_sentences(paragraph):
            for found in _FIGURE.finditer(sentence):
                headlined = found[0] in (article.headline or "")
                rank = _rank(found, at, headlined=headlined)
                if (headlined or rank.telling) and (best is None or rank > best[0]):
                    best = rank, Figure(_whole(sentence, found), sentence, article.id)
    return best[1] if best else None


def _rank(found: re.Match[str], at: int, *, headlined: bool) -> _Rank:
    value = _value(found["number"], found["size"])
    telling = value >= (MANY if found["piece"] and not headlined else SOME) or "." in found["number"]
    money = (found["measure"] or "").endswith(("元", "%", "％", "百分点"))
    size = 2 if value >= _SIZES["亿"] else int(value >= _SIZES["万"])
    return _Rank(telling and headlined, telling, money, size, -at)


def _value(number: str, size: str) -> float:
    digits = number.replace(",", "").rstrip(".")
    value = float(digits) if digits.count(".") < 2 else 0.0
    for sign in size:
        value *= _SIZES[sign]
    return value


def _whole(sentence: str, found: re.Match[str]) -> str:
    """The figure with what is counted, behind it, or with what is measured, which stands before it."""
    counted = _counted(_BREAK.split(sentence[found.end() :], maxsplit=1)[0]) if found["piece"] else ""
    return found[0] + counted if counted else _measured(_BREAK.split(sentence[: found.start()])[-1]) + found[0]


def _counted(after: str) -> str:
    """The nouns that `after` begins with."""
    noun = ""
    for word in words.cut(after[: 2 * LONGEST]):
        if not _is_noun(word) or len(noun + word) > LONGEST:
            break
        noun += word
    return noun


def _measured(before: str) -> str:
    """The noun or verb that `before` ends with, and a word like 约 behind it."""
    row = words.cut(before[-2 * LONGEST :])
    about = ""
    while row and row[-1] in _ABOUT:
        about = row.pop() + about
    told = row[-1] if row and len(row[-1]) > 1 and (_is_noun(row[-1]) or words.tag(row[-1]).startswith("v")) else ""
    if told and row[-2:-1] and row[-2] in _KINDS:
        told = row[-2] + told
    return told + about if told and len(told + about) <= LONGEST else ""


def _is_noun(word: str) -> bool:
    """Whether it names a kind of thing, and no person, place or body."""
    tag = words.tag(word)
    return tag.startswith(("n", "j")) and tag[:2] not in ("nr", "ns", "nt")
