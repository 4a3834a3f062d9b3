"""Keywords of an article and of an issue.

A phrase's weight is the likelihood that an editor would choose it as a keyword of the article: a logistic regression
over the features of `phrase_features` (after KEA, Witten and others 1999, with features for Chinese headlines). The
likeliest phrases come first; a phrase that overlaps a chosen one is skipped; the list stops below MIN_LIKELIHOOD.
FEATURE_WEIGHTS are fitted by tests/bench/train_keywords.py.

The rarity of a word comes from jieba's frequencies of general Chinese. Rarity and known phrases from the paper's
earlier articles changed the result little: with 500, 2,000 and 5,000 earlier articles, F1 was 0.519 to 0.530 with a
title (0.524 without earlier articles) and 0.291 to 0.299 without a title (0.291). They would also make all digests
stale after each new issue. Earlier issues only affect the ranking of an issue's keywords (see `issue_keywords`).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import mul
from typing import NamedTuple

from digests.language import words
from digests.language.person_names import SURNAMES
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
"""Weights of `phrase_features`, in the same order: for an article with a heading, and for one without. "Hollow" words
are function words; "crowd" is the logarithm of the number of words in the heading."""

_WEIGHTS_BY_HEADING = dict(zip((True, False), zip(*FEATURE_WEIGHTS.values(), strict=True), strict=True))

MIN_LIKELIHOOD = {True: 0.15, False: 0.05}
"""Minimum likelihood of a listed keyword, for an article with a heading (True) and for one without (False), which has
lower likelihoods. The likeliest phrase is always listed."""

MIN_WEIGHT = 0.005
"""Phrases below this weight (the majority) are dropped at once."""

MAX_KEYWORDS_PER_STORY = 8
"""Maximum number of phrases that a story contributes to the keywords of its issue."""
FULL_CONTRIBUTION_CHARS, EXTRA_CHARS = 300, 30
"""A story contributes in proportion to its length: (chars + EXTRA_CHARS) / FULL_CONTRIBUTION_CHARS, at most 1."""
MIN_SHARE_OF_TOP = 0.15
"""Keywords below this share of the top keyword's weight are not listed."""
LENGTH_FACTORS = {2: 0.35, 3: 0.7}
"""Weight factor by phrase length in an issue's list; the factor of longer phrases, which are more specific, is 1."""

FREQUENCY_OFFSET = 5
"""Added to a word's frequency for its rarity."""

_GENERIC_WORDS = frozenset(
    """
    工作 会议 要求 精神 情况 问题 方面 活动 重要 进行 有关 相关 单位 部门 群众 人员 记者 消息 通讯员 本报 本报讯
    全市 我市 全省 我省 我国 负责人 时间 人民 同志 目前 今年 近日 日前 领导 指示 发展 推动 落实 强调 指出 作用 基础
    过程 方式 内容 水平 力度 措施 会议强调 会议要求 会议指出
    项目 力度 质效 建设力度 工作力度 贯彻落实 大会精神 会议精神 会议要求 防控工作 常委会 常委 市委 省委 县委 区委
    市委书记 省委书记 县委书记 区委书记 市委常委 省委常委 市委副书记 省委副书记 总书记 习近平总书记 领导小组
    专题会议 工作会议 座谈会 负责同志 全力以赴 全面发动 安排部署 组织领导 责任落实 重要指示 重要讲话
    """.split()
)
"""Frequent words and phrases without topical content."""

_GENERAL_PHRASES = frozenset(
    """
    专家学者 热烈反响 新格局 新局面 新篇章 新征程 新时代 高质量发展 攻坚战 歼灭战 阻击战 中心组 学习会 主力军 排头兵
    市委市政府 全体干部 党员干部 干部群众 干部职工 有关部门 所在部门 相关部门 各级部门 各级党委
    """.split()
)
"""Phrases that can be an article's keyword but are too general for an issue's."""

_SCOPES = frozenset("全市 我市 全省 我省 全区 全县 本市 全国 所在 各级 各类 有关 相关".split())
"""Modifiers that only state a scope (全市, 有关)."""

_VERBS_AFTER_NAMES = frozenset("作说率赴在就主出带参为到")
"""Last characters of words in which jieba joined a name and a verb (see `_is_name_with_verb`)."""

_NO_EDGE_CLASSES = {False: ("hollow",), True: ("hollow", "verb")}
"""Word classes that a phrase of several words may not begin or end with; the key True is for one-character words."""


class WeighedPhrase(NamedTuple):
    """A phrase with its weight, from 0 to 1."""

    text: str
    phrase: Phrase
    weight: float


def logistic(logit: float) -> float:
    """Return 1 / (1 + exp(-logit)), from 0 to 1, for any finite value: exp is computed of negative numbers only."""
    small = math.exp(-abs(logit))
    return (1 if logit >= 0 else small) / (1 + small)


def weigh_phrases(article: Article) -> tuple[WeighedPhrase, ...]:
    """Return the phrases of an article with a weight of at least MIN_WEIGHT, without generic words."""
    article_words = words.cut_article(article)
    heading_words = sum(word[0].isalnum() for word in article_words.heading)
    feature_weights = _WEIGHTS_BY_HEADING[bool(article_words.heading)]
    weighed = []
    for text, phrase in extract_phrases(article_words).items():
        if text not in _GENERIC_WORDS and has_content_edges(phrase.words):
            logit = sum(map(mul, feature_weights, phrase_features(phrase, heading_words)))
            weight = logistic(logit)
            if weight >= MIN_WEIGHT:
                weighed.append(WeighedPhrase(text, phrase, weight))
    return tuple(weighed)


def article_keywords(
    article: Article, limit: int = 8, *, phrases: Sequence[WeighedPhrase] | None = None
) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of one article by descending weight; the sum of their weights is at most 1.

    `phrases` is the result of `weigh_phrases`, if the caller already has it.
    """
    weighed = weigh_phrases(article) if phrases is None else phrases
    has_heading = bool(article.headline or article.kicker or article.deck)
    return choose_keywords({text: weight for text, _, weight in weighed}, limit, MIN_LIKELIHOOD[has_heading])


def issue_contribution(article: Article, phrases: Sequence[WeighedPhrase]) -> dict[str, float]:
    """Return the phrases that a story contributes to the keywords of its issue, with their weights."""
    fullness = min(1.0, (len(article.body) + EXTRA_CHARS) / FULL_CONTRIBUTION_CHARS)
    phrase_of = {text: phrase for text, phrase, _ in phrases}
    weights = ((text, weight * LENGTH_FACTORS.get(len(text), 1.0)) for text, _, weight in phrases)
    suitable = (item for item in _ranked(weights) if item[0] not in article.paper and _is_for_issue(phrase_of[item[0]]))
    return {text: fullness * value for text, value in islice(suitable, MAX_KEYWORDS_PER_STORY)}


def issue_keywords(
    contributions: Iterable[Mapping[str, float]],
    limit: int = 10,
    *,
    recent_share: Callable[[str], float] = lambda _: 0.0,
) -> tuple[Keyword, ...]:
    """Return at most `limit` keywords of an issue from the `issue_contribution` of each of its stories.

    `recent_share` returns the share of the last issues that listed a text. If all these issues listed a keyword, its
    weight counts half in the ranking, so that topics new on the day come first; its reported weight is unchanged.
    """
    total: dict[str, float] = defaultdict(float)
    for contribution in contributions:
        for text, value in contribution.items():
            total[text] += value
    min_value = MIN_SHARE_OF_TOP * max(total.values(), default=0.0)
    return choose_keywords(total, limit, min_value, factor=lambda text: 1 / (1 + recent_share(text)))


def is_generic(text: str) -> bool:
    """True for a frequent word or phrase without topical content."""
    return text in _GENERIC_WORDS


def has_content_edges(phrase_words: Words) -> bool:
    """True if a phrase is one word, or if function words and one-character verbs occur only inside it."""
    if len(phrase_words) == 1:
        return True
    edges = phrase_words[0], phrase_words[-1]
    return not any(_word_class(word) in _NO_EDGE_CLASSES[len(word) == 1] for word in edges)


def _is_for_issue(phrase: Phrase) -> bool:
    """True if a phrase is a name or a specific noun, which readers understand without the headline of its story."""
    first, *others = phrase.words
    if phrase.text in _GENERAL_PHRASES or first in _SCOPES or any(map(_is_name_with_verb, phrase.words)):
        return False
    if not others:
        tag = words.tag(first)
        return _word_class(first) == "name" or not tag or tag.startswith(("n", "vn", "l"))
    are_nouns = all(_word_class(word) in ("thing", "name") for word in (first, others[-1])) and len(first) > 1
    return are_nouns and _GENERIC_WORDS.isdisjoint((first, others[-1])) and "hollow" not in map(_word_class, others)


def _is_name_with_verb(word: str) -> bool:
    """True if jieba joined a person's name with the verb after it: 方小满作 from 方小满作了讲话."""
    return len(word) == 4 and not words.tag(word) and word[0] in SURNAMES and word[-1] in _VERBS_AFTER_NAMES


def phrase_features(phrase: Phrase, heading_words: int) -> tuple[float, ...]:
    """Return the features of a phrase in the order of FEATURE_WEIGHTS; `heading_words` counts the heading's words."""
    run, occurrences, position, in_lead, left, right, in_heading, opens_heading, ends_heading, is_quoted = phrase
    return (
        1.0,
        in_heading,
        math.log(heading_words) if in_heading else 0.0,  # few words of a long heading are keywords
        opens_heading + ends_heading,
        not occurrences,
        math.log(1 + occurrences),
        math.log(1 + position) / 5 if position is not None else 0.0,
        in_lead,
        math.log((1 + left) * (1 + right)) / 2 if occurrences else 0.0,
        is_quoted,
        *word_features(run),
    )


@lru_cache(maxsize=32_768)
def word_features(phrase_words: Words) -> tuple[float, ...]:
    """Return the features of a phrase that depend on its words alone; most phrases are single words."""
    classes = [_word_class(word) for word in phrase_words]
    first, last, is_compound = classes[0], classes[-1], len(classes) > 1
    chars = sum(map(len, phrase_words))
    rarity = sum(words.rarity(word, FREQUENCY_OFFSET) for word in phrase_words) / len(classes)
    return (
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
        (rarity - 1) ** 2,  # very common and very rare words are seldom keywords
    )


@lru_cache(maxsize=65_536)
def _word_class(word: str) -> str:
    """Return the class of a word by its tag: name, number, thing (noun or adjective), verb, or hollow (function word).

    A word without a tag counts as a thing, because most such words are parts of names.
    """
    tag = words.tag(word)
    if tag in ("ns", "nt", "nz", "j") or tag.startswith("nr"):
        return "name"
    if word[0].isdigit() or tag in ("m", "q", "t"):
        return "number"
    if not tag or tag.startswith(("n", "vn", "a")) or tag in ("s", "b", "l", "i"):
        return "thing"
    return "verb" if tag.startswith("v") else "hollow"


def choose_keywords(
    weights: Mapping[str, float], limit: int, min_value: float, *, factor: Callable[[str], float] = lambda _: 1.0
) -> tuple[Keyword, ...]:
    """Return keywords by descending weight, without texts that overlap a text chosen before.

    Weights are multiplied by `factor` for the order and for the comparison with `min_value`, but reported without it.
    The first text is always chosen.
    """
    total = math.fsum(weights.values()) or 1.0  # fsum does not depend on the order
    chosen: list[Keyword] = []
    for text, value in _ranked((text, weight * factor(text)) for text, weight in weights.items()):
        if len(chosen) == limit or (chosen and value < min_value):
            break
        if not any(_overlap(text, other.text) for other in chosen):
            chosen.append(Keyword(text, math.floor(weights[text] / total * 1e6) / 1e6))
    return tuple(chosen)


def _overlap(one: str, other: str) -> bool:
    """True if one text contains the other, or if at least two characters end one text and begin the other."""
    if one in other or other in one:
        return True
    return any(one.endswith(other[:size]) or other.endswith(one[:size]) for size in range(2, min(len(one), len(other))))


def _ranked(weights: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Sort by descending weight, then by text, so that equal weights always give the same order."""
    return sorted(weights, key=lambda item: (-item[1], item[0]))
