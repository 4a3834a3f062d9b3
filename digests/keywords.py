"""Words and phrases worth listing, for an article and for an issue.

A word's weight is how often it stands in the text, more in the headings and the lead, times how rare it is in general
Chinese (jieba's own frequencies, so that an archive of one page has a background too). Neighbouring words that keep
company in the text are listed as the phrase they form, and no part of a listed phrase stands beside it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from digests import words
from digests.models import Article, Keyword

HEADLINE, KICKER, LEAD, BODY = 4.0, 2.0, 1.5, 1.0
"""What one occurrence counts: headings are the editor's own keywords, the lead says what is new."""

LONGEST_PHRASE = 10
"""Characters; what is longer is a sentence's part rather than a name for something."""

PHRASE_GAIN = 1.15
"""A phrase says more than its rarest word; so much that it stands before that word where both are as frequent."""

PER_STORY = 12
"""Words that each story gives to its issue's keywords."""
FULL_SAY = 300
"""Characters of body from which on a story has its full say."""

_CONTENT = ("n", "vn", "j", "nz", "nr", "ns", "nt", "eng", "l", "i", "b", "an", "")
"""jieba's tags of words that name something; "" are words found by its model of unknown words, mostly names."""

_HOLLOW = frozenset(
    """
    工作 会议 要求 精神 情况 问题 方面 活动 重要 进行 有关 相关 单位 部门 群众 人员 记者 消息 通讯员 本报 本报讯
    全市 我市 全省 我省 负责人 时间 人民 同志 目前 今年 近日 日前 领导 指示 建设 发展 推动 落实 强调 指出 作用 基础
    过程 方式 内容 水平 力度 措施
    """.split()
)
"""What every page of every paper says; such words tell nothing of this one."""


def of_article(article: Article, limit: int = 8) -> tuple[Keyword, ...]:
    """The keywords of one article, the weightiest first; weights add up to at most 1."""
    return _chosen(weights(article), limit)


def of_issue(articles: Sequence[Article], limit: int = 10) -> tuple[Keyword, ...]:
    """The keywords of a whole issue: each story's own, a story of a few lines having less to say than a full one."""
    total: dict[str, float] = defaultdict(float)
    for article in articles:
        say = min(1.0, (len(article.body) + 30) / FULL_SAY)
        for name, value in _ranked(weights(article).items())[:PER_STORY]:
            total[name] += say * value
    return _chosen(total, limit)


def weights(article: Article) -> dict[str, float]:
    """Every candidate word and phrase of an article with its weight."""
    parts = [(list(_runs(text)), worth) for text, worth in _weighted(article)]
    pairs = Counter(pair for runs, _ in parts for run in runs for pair in pairwise(run))
    count: dict[str, float] = defaultdict(float)
    rarity: dict[str, float] = {}
    for runs, worth in parts:
        for run in runs:
            for phrase in _phrases(run, pairs):
                name = "".join(phrase)
                count[name] += worth
                gain = PHRASE_GAIN if len(phrase) > 1 else 1.0
                rarity[name] = gain * max(map(_rarity, phrase))
    return {name: (1 + math.log(seen)) * rarity[name] for name, seen in count.items()}


def _weighted(article: Article) -> Iterator[tuple[str, float]]:
    yield article.headline or "", HEADLINE
    yield article.deck, KICKER
    yield article.kicker, KICKER
    for at, paragraph in enumerate(article.paragraphs):
        yield paragraph, BODY if at else LEAD


def _runs(text: str) -> Iterator[list[str]]:
    """The stretches of neighbouring content words."""
    run: list[str] = []
    for token in words.tokens(text):
        if _tells(token.text):
            run.append(token.text)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _tells(word: str) -> bool:
    if len(word) < 2 or word in _HOLLOW or not word.isalnum() or word[0].isdigit():
        return False
    tag = words.tag(word)
    return tag in _CONTENT or tag.startswith(("n", "vn"))


def _phrases(run: list[str], pairs: Counter[tuple[str, str]]) -> Iterator[list[str]]:
    """Cut a run where two neighbours met only once in the text, and at the longest length."""
    phrase: list[str] = []
    for word in run:
        together = phrase and pairs[phrase[-1], word] > 1
        if phrase and (not together or sum(map(len, phrase)) + len(word) > LONGEST_PHRASE):
            yield phrase
            phrase = []
        phrase.append(word)
    if phrase:
        yield phrase


def _rarity(word: str) -> float:
    """The logarithm of how many words of general Chinese one reads to meet this one."""
    return math.log(words.total_frequency() / (words.frequency(word) + 5))


def _chosen(weight: dict[str, float], limit: int) -> tuple[Keyword, ...]:
    total = sum(weight.values()) or 1.0
    chosen: list[Keyword] = []
    for name, value in _ranked(weight.items()):
        if len(chosen) == limit:
            break
        if not any(name in other.text or other.text in name for other in chosen):
            chosen.append(Keyword(name, math.floor(value / total * 1e6) / 1e6))
    return tuple(chosen)


def _ranked(weights: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The weightiest first; equal ones in the order of their characters, so that a digest is always the same."""
    return sorted(weights, key=lambda item: (-item[1], item[0]))
