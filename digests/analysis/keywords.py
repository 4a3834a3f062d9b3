"""Keywords of an article and of an issue.

A phrase's weight is the likelihood that an editor would put it on the article as a tag: a logistic regression over the
features of `phrase_features` (after KEA, Witten and others 1999, with features for Chinese headlines). The likeliest
phrases come first, no part of a chosen phrase stands beside it, and the list ends where the next phrase is more likely
wrong than right. FEATURE_WEIGHTS are fitted by tests/bench/train_keywords.py.

The rarity of a word is its rarity in general Chinese. Rarity and known phrases from earlier articles of the paper were
tried as well: with 500, 2,000 and 5,000 articles F1 lay between 0.519 and 0.530 with a title (0.524 without them) and
between 0.291 and 0.299 without one (0.291), while each new issue would have made all digests stale. For an issue's list
the last issues are the background (see `issue_keywords`).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from digests.analysis.names import SURNAMES
from digests.language import words
from digests.language.phrases import Phrase, extract_phrases
from digests.language.words import Words
from digests.models import Article, Keyword

FEATURE_WEIGHTS = {
    "bias": (-4.78, -4.88),
    "heading": (5.44, 0.00),
    "crowd": (-0.81, 0.00),
    "edge": (0.53, 0.00),
    "absent": (-1.96, 0.00),
    "times": (-1.33, -0.77),
    "place": (-0.97, -2.25),
    "lead": (-0.03, 1.44),
    "free": (2.09, 2.22),
    "quoted": (0.31, 0.95),
    "short": (-0.47, -0.44),
    "long": (-1.96, -1.26),
    "hollow edge": (-1.85, -1.41),
    "hollow inside": (-1.04, -1.06),
    "verb first": (-1.02, -0.57),
    "verb last": (-0.58, -0.20),
    "number": (-0.39, -0.73),
    "name": (0.62, 0.44),
    "name last": (-0.55, -0.45),
    "rare": (0.33, 1.26),
    "odd": (-0.40, -1.38),
}
"""The weight of each of `phrase_features`, in its order: for an article with a heading, and for one without."""

_WEIGHTS_BY_HEADING = dict(zip((True, False), zip(*FEATURE_WEIGHTS.values(), strict=True), strict=True))

MIN_LIKELIHOOD = {True: 0.15, False: 0.05}
"""Likelihood below which a keyword is not listed, with and without a heading; without one all are less sure."""

MIN_WEIGHT = 0.005
"""Phrases below this weight, most of all, are left out from the start."""

MAX_KEYWORDS_PER_STORY = 8
"""Keywords that each story contributes to those of its issue."""
FULL_CONTRIBUTION_CHARS, EXTRA_CHARS = 300, 30
"""A story whose body and EXTRA_CHARS make this length contributes with full weight, a shorter one in proportion."""
MIN_SHARE_OF_TOP = 0.15
"""Share of the weight of an issue's top keyword from which on another is listed; an issue about one matter has few."""
LENGTH_FACTORS = {2: 0.35, 3: 0.7}
"""Factor in an issue's list for a phrase of so many characters; a longer one says by itself what it is about."""

FREQUENCY_OFFSET = 5
"""Added to a word's frequency in `_rarity`, so that words that are not in the dictionary have a finite rarity."""

_HOLLOW = frozenset(
    """
    工作 会议 要求 精神 情况 问题 方面 活动 重要 进行 有关 相关 单位 部门 群众 人员 记者 消息 通讯员 本报 本报讯
    全市 我市 全省 我省 我国 负责人 时间 人民 同志 目前 今年 近日 日前 领导 指示 发展 推动 落实 强调 指出 作用 基础
    过程 方式 内容 水平 力度 措施 会议强调 会议要求 会议指出
    项目 力度 质效 建设力度 工作力度 贯彻落实 大会精神 会议精神 会议要求 防控工作 常委会 常委 市委 省委 县委 区委
    市委书记 省委书记 县委书记 区委书记 市委常委 省委常委 市委副书记 省委副书记 总书记 习近平总书记 领导小组
    专题会议 工作会议 座谈会 负责同志 全力以赴 全面发动 安排部署 组织领导 责任落实 重要指示 重要讲话
    """.split()
)
"""Words that stand on every page of every paper and say nothing about an article."""

_COMMONPLACES = frozenset(
    """
    专家学者 热烈反响 新格局 新局面 新篇章 新征程 新时代 高质量发展 攻坚战 歼灭战 阻击战 中心组 学习会 主力军 排头兵
    市委市政府 全体干部 党员干部 干部群众 干部职工 有关部门 所在部门 相关部门 各级部门 各级党委
    """.split()
)
"""Phrases that an article may be about, but that say nothing about the day of an issue."""

_SCOPES = frozenset("全市 我市 全省 我省 全区 全县 本市 全国 所在 各级 各类 有关 相关".split())
"""Words that only say whom or what area the noun behind them concerns."""

_VERBS_AFTER_NAMES = frozenset("作说率赴在就主出带参为到")

_NO_EDGE_CLASSES = {False: ("hollow",), True: ("hollow", "verb")}
"""Word classes that no phrase begins or ends with, by whether the word has one character."""


class WeighedPhrase(NamedTuple):
    """A phrase with its weight, from 0 to 1."""

    text: str
    phrase: Phrase
    weight: float


def weigh_phrases(article: Article) -> tuple[WeighedPhrase, ...]:
    """Return every phrase of an article that weighs at least MIN_WEIGHT."""
    article_words = words.cut_article(article)
    heading_words = sum(word[0].isalnum() for word in article_words.heading)
    feature_weights = _WEIGHTS_BY_HEADING[bool(article_words.heading)]
    weighed = []
    for text, phrase in extract_phrases(article_words).items():
        if text not in _HOLLOW and _is_whole(phrase.words):
            logit = sum(map(mul, feature_weights, phrase_features(phrase, heading_words)))
            weight = 1 / (1 + math.exp(-logit))
            if weight >= MIN_WEIGHT:
                weighed.append(WeighedPhrase(text, phrase, weight))
    return tuple(weighed)


def article_keywords(
    article: Article, limit: int = 8, *, phrases: Sequence[WeighedPhrase] | None = None
) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of one article, the weightiest first; their weights add up to at most 1.

    `phrases` is the result of `weigh_phrases`, if the caller has it already.
    """
    weighed = weigh_phrases(article) if phrases is None else phrases
    has_heading = bool(article.headline or article.kicker or article.deck)
    return _chosen({text: weight for text, _, weight in weighed}, limit, MIN_LIKELIHOOD[has_heading])


def issue_contribution(article: Article, phrases: Sequence[WeighedPhrase]) -> dict[str, float]:
    """Return what a story contributes to the keywords of its issue: its weightiest phrases with their weights."""
    fullness = min(1.0, (len(article.body) + EXTRA_CHARS) / FULL_CONTRIBUTION_CHARS)
    weights = {
        text: weight * LENGTH_FACTORS.get(len(text), 1.0)
        for text, phrase, weight in phrases
        if text not in article.paper and _is_for_issue(phrase)
    }
    return {text: fullness * value for text, value in _ranked(weights.items())[:MAX_KEYWORDS_PER_STORY]}


def issue_keywords(
    contributions: Iterable[Mapping[str, float]], limit: int = 10, *, usual: Callable[[str], float] = lambda _: 0.0
) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of an issue from the `issue_contribution` of each of its stories.

    `usual` gives the share of the last issues that listed a text. A keyword that all of them listed counts half in the
    order, so that the day's own matters come before the season's; its weight stays as it is.
    """
    total: dict[str, float] = defaultdict(float)
    for contribution in contributions:
        for text, value in contribution.items():
            total[text] += value
    min_value = MIN_SHARE_OF_TOP * max(total.values(), default=0.0)
    return _chosen(total, limit, min_value, factor=lambda text: 1 / (1 + usual(text)))


def _is_whole(phrase_words: Words) -> bool:
    """True if a phrase is not cut at a hollow word or a verb of one character; a single word always is whole."""
    if len(phrase_words) == 1:
        return True
    edges = phrase_words[0], phrase_words[-1]
    return not any(_word_class(word) in _NO_EDGE_CLASSES[len(word) == 1] for word in edges)


def _is_for_issue(phrase: Phrase) -> bool:
    """True if a phrase names a thing or person, not an action: an issue's list is read without the headlines."""
    first, *others = phrase.words
    if phrase.text in _COMMONPLACES or first in _SCOPES or any(map(_is_name_with_verb, phrase.words)):
        return False
    if not others:
        tag = words.tag(first)
        return _word_class(first) == "name" or not tag or tag.startswith(("n", "vn", "l"))
    are_nouns = all(_word_class(word) in ("thing", "name") for word in (first, others[-1])) and len(first) > 1
    return are_nouns and _HOLLOW.isdisjoint((first, others[-1])) and "hollow" not in map(_word_class, others)


def _is_name_with_verb(word: str) -> bool:
    """True if jieba joined a person's name with the verb behind it: 方小满作 from 方小满作了讲话."""
    return len(word) == 4 and not words.tag(word) and word[0] in SURNAMES and word[-1] in _VERBS_AFTER_NAMES


def phrase_features(phrase: Phrase, heading_words: int) -> tuple[float, ...]:
    """Return the features of a phrase in the order of FEATURE_WEIGHTS; `heading_words` is the number in the heading."""
    classes = [_word_class(word) for word in phrase.words]
    first, last, is_compound = classes[0], classes[-1], len(classes) > 1
    chars = sum(map(len, phrase.words))
    rarity = sum(map(_rarity, phrase.words)) / len(classes)
    return (
        1.0,
        phrase.in_heading,
        math.log(heading_words) if phrase.in_heading else 0.0,  # a long heading has more words that are no keywords
        phrase.opens_heading + phrase.ends_heading,
        not phrase.occurrences,
        math.log(1 + phrase.occurrences),
        math.log(1 + phrase.position) / 5 if phrase.position is not None else 0.0,
        phrase.in_lead,
        math.log((1 + phrase.left_neighbours) * (1 + phrase.right_neighbours)) / 2 if phrase.occurrences else 0.0,
        phrase.is_quoted,
        chars == 2,
        max(0, chars - 4) / 4,
        is_compound * ((first == "hollow") + (last == "hollow")),
        "hollow" in classes[1:-1],
        is_compound and first == "verb",
        is_compound and last == "verb",
        (first == "number") + (last == "number"),
        not is_compound and first == "name",
        is_compound and last == "name",
        rarity,
        (rarity - 1) ** 2,  # both the commonest and the oddest words are no keywords
    )


@lru_cache(maxsize=65_536)
def _word_class(word: str) -> str:
    """Return the class of a word by its tag; a word without one is mostly a part of a name that jieba's model found."""
    tag = words.tag(word)
    if tag in ("ns", "nt", "nz", "j") or tag.startswith("nr"):
        return "name"
    if word[0].isdigit() or tag in ("m", "q", "t"):
        return "number"
    if not tag or tag.startswith(("n", "vn", "a")) or tag in ("s", "b", "l", "i"):
        return "thing"
    return "verb" if tag.startswith("v") else "hollow"


@lru_cache(maxsize=65_536)
def _rarity(word: str) -> float:
    """Return the logarithm of the words of general Chinese per occurrence of `word`, scaled to about 1 for keywords."""
    return math.log(words.total_frequency() / (words.frequency(word) + FREQUENCY_OFFSET)) / 10


def _chosen(
    weights: Mapping[str, float], limit: int, min_value: float, *, factor: Callable[[str], float] = lambda _: 1.0
) -> tuple[Keyword, ...]:
    """Choose the weightiest texts of at least `min_value`, the first in any case; none overlaps one chosen before.

    `factor` changes a weight for the choice and the order only.
    """
    total = math.fsum(weights.values()) or 1.0  # the same sum in any order
    chosen: list[Keyword] = []
    for text, value in _ranked((text, weight * factor(text)) for text, weight in weights.items()):
        if len(chosen) == limit or (chosen and value < min_value):
            break
        if not any(_overlap(text, other.text) for other in chosen):
            chosen.append(Keyword(text, math.floor(weights[text] / total * 1e6) / 1e6))
    return tuple(chosen)


def _overlap(one: str, other: str) -> bool:
    """True if one text is a part of the other, or ends with at least two characters that the other begins with."""
    if one in other or other in one:
        return True
    return any(one.endswith(other[:size]) or other.endswith(one[:size]) for size in range(2, min(len(one), len(other))))


def _ranked(weights: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Sort by descending weight, then by text, so that a digest is always the same."""
    return sorted(weights, key=lambda item: (-item[1], item[0]))
