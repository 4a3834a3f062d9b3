"""Figures: the most important number of a story (总投资90亿元, 3076张床位), with the sentence that contains it."""

import re
from typing import NamedTuple

from digests.analysis import summary
from digests.language import words
from digests.models import Article, Figure

SEARCHED_PARAGRAPHS = 4
"""Number of paragraphs searched, from the beginning; the most important figure is usually in one of them."""
MIN_COUNT, MIN_MEASURE = 100, 10
"""Minimum value of a large figure: MIN_COUNT if it counts things and the headline lacks it, otherwise MIN_MEASURE."""
MAX_NOUN_CHARS = 8
"""Maximum characters of the noun that is measured or counted."""

_MEASURES = "元|美元|欧元|吨|公斤|公里|平方米|平方公里|立方米|千瓦时|千瓦|亩|公顷|米|个百分点|%|％|倍|例|人次|株|棵|册"
_PIECES = "人|名|户|家|张|套|个|项|件|辆|架|座|条|所|处|台|份|起"
_FIGURE = re.compile(
    r"(?<![\d第.Xx×])(?P<number>\d[\d,.]*)(?P<size>[百千万亿]*)[余多]?"
    rf"(?:(?P<measure>{_MEASURES})|(?P<piece>{_PIECES}))(?![月日]|小时|工作日|百分点)"
)
_SIZES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ABOUT = frozenset("约 达 超 近 为 共 逾 至 到 了 将 达到 超过 接近 突破 大约 共计 累计".split())
_KINDS = frozenset("总 年 日 月 人均 日均 年均 累计 同比 环比".split())
"""Words that are quoted together with the noun or verb after them: 总投资, 同比增长."""
_BREAK = re.compile(r"[^\w]")


class _Rank(NamedTuple):
    """Sort key of figures; the highest is the most important."""

    in_headline: bool
    """True if the figure is large and the headline contains it."""
    is_large: bool
    is_money: bool
    """True for an amount of money, a percentage, or percentage points."""
    magnitude: int
    """0 below ten thousand, 1 below a hundred million, otherwise 2."""
    earliness: int
    """The negative position of the paragraph."""


def leading_figure(article: Article) -> Figure | None:
    """Return the most important figure with the noun that it measures or counts; None if there is none.

    Large figures in the headline come first, then amounts of money and percentages, then other figures by magnitude and
    position. A small figure (4个项目) is returned only if the headline contains it and no figure is large.
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
    """Return the rank of a figure; figures with a decimal point count as large."""
    value = _value(match["number"], match["size"])
    is_large = value >= (MIN_COUNT if match["piece"] and not in_headline else MIN_MEASURE) or "." in match["number"]
    is_money = (match["measure"] or "").endswith(("元", "%", "％", "百分点"))
    magnitude = 2 if value >= _SIZES["亿"] else int(value >= _SIZES["万"])
    return _Rank(is_large and in_headline, is_large, is_money, magnitude, -paragraph)


def _value(number: str, size: str) -> float:
    """Return the value of digits followed by characters such as 万; 0 if the digits are not one number."""
    digits = number.replace(",", "").rstrip(".")
    value = float(digits) if digits.count(".") < 2 else 0.0
    for sign in size:
        value *= _SIZES[sign]
    return value


def _with_noun(sentence: str, match: re.Match[str]) -> str:
    """Return the figure with the counted noun after it, or otherwise with the measured noun before it."""
    counted = _counted_noun(_BREAK.split(sentence[match.end() :], maxsplit=1)[0]) if match["piece"] else ""
    return match[0] + counted if counted else _measured_noun(_BREAK.split(sentence[: match.start()])[-1]) + match[0]


def _counted_noun(after: str) -> str:
    """Return the nouns at the beginning of `after`."""
    noun = ""
    for word in words.cut(after[: 2 * MAX_NOUN_CHARS]):
        if not _is_noun(word) or len(noun + word) > MAX_NOUN_CHARS:
            break
        noun += word
    return noun


def _measured_noun(before: str) -> str:
    """Return the noun or verb at the end of `before`, with the words such as 约 that follow it."""
    row = words.cut(before[-2 * MAX_NOUN_CHARS :])
    about = ""
    while row and row[-1] in _ABOUT:
        about = row.pop() + about
    noun = row[-1] if row and len(row[-1]) > 1 and (_is_noun(row[-1]) or words.tag(row[-1]).startswith("v")) else ""
    if noun and row[-2:-1] and row[-2] in _KINDS:
        noun = row[-2] + noun
    return noun + about if noun and len(noun + about) <= MAX_NOUN_CHARS else ""


def _is_noun(word: str) -> bool:
    """True if a word is a common noun or an abbreviation, not the name of a person, place or organisation."""
    tag = words.tag(word)
    return tag.startswith(("n", "j")) and tag[:2] not in ("nr", "ns", "nt")
