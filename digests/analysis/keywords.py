"""Words and phrases worth listing, for an article and for an issue.

A candidate's weight is how likely an editor would put it on the article as a tag: a logistic regression over the few
things that `signs` sees of it (Witten and others' KEA, 1999, with signs fit for Chinese headlines). The likeliest come
first, no part of a chosen phrase stands beside it, and the list ends where the next would rather be wrong: it is never
filled up. The numbers in WEIGHTS are fitted by tests/bench/train_keywords.py.

How rare a word of an article is, is asked of general Chinese alone. What earlier articles of the paper say was tried
beside it, as a rarity and as known phrases: with 500, 2,000 and 5,000 of them F1 lay between 0.519 and 0.530 with a
title (0.524 without them) and between 0.291 and 0.299 without one (0.291), while each new issue would have made all
digests stale. For an issue's list the last issues are the background (see `of_issue`).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from digests.analysis.names import SURNAMES
from digests.language import phrases
from digests.language import words as wordings
from digests.language.phrases import Phrase
from digests.language.words import ArticleWords, Words
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
"""What each of `signs` counts, in its order: for an article with a heading, and for one without."""

_COUNTS = dict(zip((True, False), zip(*FEATURE_WEIGHTS.values(), strict=True), strict=True))

LIKELY = {True: 0.15, False: 0.05}
"""A keyword that is less likely than this costs more than it gives. Without a heading all are less sure."""

NEGLIGIBLE = 0.005
"""Most candidates are less likely than this; nothing is ever made of them."""

PER_STORY = 8
"""Words that each story gives to its issue's keywords."""
FULL_SAY = 300
"""Characters of body from which on a story has its full say."""
WORTH_LISTING = 0.15
"""Share of an issue's weightiest keyword from which on another is listed; a day of one matter has few."""
SAYING = {2: 0.35, 3: 0.7}
"""What a word of so many characters counts in an issue's list; a longer one says by itself what it is about."""

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
"""What every page of every paper says; such words tell nothing of this one."""

_EVERYWHERE = frozenset(
    """
    专家学者 热烈反响 新格局 新局面 新篇章 新征程 新时代 高质量发展 攻坚战 歼灭战 阻击战 中心组 学习会 主力军 排头兵
    市委市政府 全体干部 党员干部 干部群众 干部职工 有关部门 所在部门 相关部门 各级部门 各级党委
    """.split()
)
"""An article may be about them; an issue that lists them tells nothing of its day."""

_WHOSE = frozenset("全市 我市 全省 我省 全区 全县 本市 全国 所在 各级 各类 有关 相关".split())
"""Words that only say whose the thing behind them is."""

_GLUE = frozenset("作说率赴在就主出带参为到")

_EDGELESS = {False: ("hollow",), True: ("hollow", "verb")}


class WeighedPhrase(NamedTuple):
    """A candidate with its weight, from 0 to 1."""

    text: str
    candidate: Phrase
    weight: float


Weighing = Sequence[WeighedPhrase]


def weigh_phrases(article: Article, *, wording: ArticleWords | None = None) -> tuple[WeighedPhrase, ...]:
    """Every candidate of an article that weighs anything, with its weight; `wording` saves cutting it again."""
    wording = wording or wordings.cut_article(article)
    crowd = sum(word[0].isalnum() for word in wording.heading)
    counts = _COUNTS[bool(wording.heading)]
    weighed = []
    for text, candidate in phrases.extract_phrases(wording).items():
        if text not in _HOLLOW and _is_whole(candidate.words):
            told = sum(map(mul, counts, phrase_features(candidate, crowd)))
            weight = 1 / (1 + math.exp(-told))
            if weight >= NEGLIGIBLE:
                weighed.append(WeighedPhrase(text, candidate, weight))
    return tuple(weighed)


def article_keywords(article: Article, limit: int = 8, *, weighing: Weighing | None = None) -> tuple[Keyword, ...]:
    """The keywords of one article, the weightiest first, at most `limit`; weights add up to at most 1.

    `weighing` is what `weigh` gave, where that was asked before.
    """
    weighed = weigh_phrases(article) if weighing is None else weighing
    headed = bool(article.headline or article.kicker or article.deck)
    return _chosen({text: weight for text, _, weight in weighed}, limit, LIKELY[headed])


def issue_contribution(article: Article, weighing: Weighing) -> dict[str, float]:
    """What a story gives to the keywords of its issue, one of a few lines less than a full one."""
    say = min(1.0, (len(article.body) + 30) / FULL_SAY)
    telling = {
        text: weight * _saying(candidate)
        for text, candidate, weight in weighing
        if text not in article.paper and _names_something(candidate)
    }
    return {text: say * value for text, value in _ranked(telling.items())[:PER_STORY]}


def issue_keywords(
    given: Iterable[Mapping[str, float]], limit: int = 10, *, usual: Callable[[str], float] = lambda _: 0.0
) -> tuple[Keyword, ...]:
    """The keywords of a whole issue from what each of its stories gives to them.

    `usual` is the archive's background: in what share of the last issues a text was a keyword. What each of them had
    counts half in the order, so that the day's own matters come before the season's; its weight stays what it is.
    """
    total: dict[str, float] = defaultdict(float)
    for of_story in given:
        for text, value in of_story.items():
            total[text] += value
    likely = WORTH_LISTING * max(total.values(), default=0.0)
    return _chosen(total, limit, likely, own=lambda text: 1 / (1 + usual(text)))


def weights(article: Article) -> dict[str, float]:
    """Every word and phrase of an article that weighs anything, with its weight, from 0 to 1."""
    return {text: weight for text, _, weight in weigh_phrases(article)}


def _is_whole(run: Words) -> bool:
    """Whether no phrase is cut in two here: none begins or ends with a hollow word or a verb of one character."""
    return len(run) == 1 or not any(_class(word) in _EDGELESS[len(word) == 1] for word in (run[0], run[-1]))


def _names_something(candidate: Phrase) -> bool:
    """Whether a word names a thing rather than what is done to it; an issue's list is read without the headlines."""
    first, *others = candidate.words
    if candidate.text in _EVERYWHERE or first in _WHOSE or any(map(_is_glued, candidate.words)):
        return False
    if not others:
        tag = wordings.tag(first)
        return _class(first) == "name" or not tag or tag.startswith(("n", "vn", "l"))
    whole = all(_class(word) in ("thing", "name") for word in (first, others[-1])) and len(first) > 1
    return whole and _HOLLOW.isdisjoint((first, others[-1])) and "hollow" not in map(_class, others)


def _is_glued(word: str) -> bool:
    """Whether a word that jieba made up is a person's name with the verb behind it: 方小满作 from 方小满作了讲话."""
    return len(word) == 4 and not wordings.tag(word) and word[0] in SURNAMES and word[-1] in _GLUE


def _saying(candidate: Phrase) -> float:
    return SAYING.get(len(candidate.text), 1.0)


def phrase_features(candidate: Phrase, crowd: int) -> tuple[float, ...]:
    """What speaks for and against a candidate, as WEIGHTS names it; `crowd` is the number of words in the heading."""
    classes = [_class(word) for word in candidate.words]
    first, last, several = classes[0], classes[-1], len(classes) > 1
    size = sum(map(len, candidate.words))
    rare = sum(map(_rarity, candidate.words)) / len(classes)
    return (
        1.0,
        candidate.heading,
        math.log(crowd) if candidate.heading else 0.0,  # a long heading has more words that are no keywords
        candidate.opens + candidate.ends,
        not candidate.times,
        math.log(1 + candidate.times),
        math.log(1 + candidate.place) / 5 if candidate.place is not None else 0.0,
        candidate.lead,
        math.log((1 + candidate.before) * (1 + candidate.after)) / 2 if candidate.times else 0.0,
        candidate.quoted,
        size == 2,
        max(0, size - 4) / 4,
        several * ((first == "hollow") + (last == "hollow")),
        "hollow" in classes[1:-1],
        several and first == "verb",
        several and last == "verb",
        (first == "number") + (last == "number"),
        not several and first == "name",
        several and last == "name",
        rare,
        (rare - 1) ** 2,  # both the commonest and the oddest words are no keywords
    )


@lru_cache(maxsize=65_536)
def _class(word: str) -> str:
    """What kind of word it is by its tag; a word that jieba's model found, without one, is mostly part of a name."""
    tag = wordings.tag(word)
    if tag in ("ns", "nt", "nz", "j") or tag.startswith("nr"):
        return "name"
    if word[0].isdigit() or tag in ("m", "q", "t"):
        return "number"
    if not tag or tag.startswith(("n", "vn", "a")) or tag in ("s", "b", "l", "i"):
        return "thing"
    return "verb" if tag.startswith("v") else "hollow"


@lru_cache(maxsize=65_536)
def _rarity(word: str) -> float:
    """How many words of general Chinese one reads to meet this one, as a logarithm that is about 1 for keywords."""
    return math.log(wordings.total_frequency() / (wordings.frequency(word) + 5)) / 10


def _chosen(
    weight: Mapping[str, float], limit: int, likely: float, *, own: Callable[[str], float] = lambda _: 1.0
) -> tuple[Keyword, ...]:
    """The weightiest as long as they are `likely`, the first in any case, with no part of one beside it.

    `own` is a factor of the weight that only the choice and its order look at.
    """
    total = math.fsum(weight.values()) or 1.0  # whatever order they come in
    chosen: list[Keyword] = []
    for name, value in _ranked((name, value * own(name)) for name, value in weight.items()):
        if len(chosen) == limit or (chosen and value < likely):
            break
        if not any(_overlap(name, other.text) for other in chosen):
            chosen.append(Keyword(name, math.floor(weight[name] / total * 1e6) / 1e6))
    return tuple(chosen)


def _overlap(one: str, other: str) -> bool:
    """Whether one is a part of the other, or two characters or more end one and begin the other."""
    if one in other or other in one:
        return True
    return any(one.endswith(other[:size]) or other.endswith(one[:size]) for size in range(2, min(len(one), len(other))))


def _ranked(weights: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The weightiest first; equal ones in the order of their characters, so that a digest is always the same."""
    return sorted(weights, key=lambda item: (-item[1], item[0]))
