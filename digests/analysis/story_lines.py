"""The line that stands for a story in digests and lists: the printed parts that tell who did what.

A headline alone is often not enough (全力推进项目建设 — who?), because kicker or deck name the event. Each choice of
parts gets a score, the sum of the weights of FEATURES in WEIGHTS, which tests/bench/train_story_lines.py fits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from digests.language import words
from digests.models import Article
from digests.text import single_spaced

MAX_LINE_CHARS = 40
"""A choice of parts that is longer is not considered."""

Part = str
"""kicker, headline or deck."""
Tagged = Sequence[tuple[str, str]]
"""The words of a text with their parts of speech."""

_ORDER: tuple[Part, ...] = ("kicker", "headline", "deck")
CHOICES: tuple[tuple[Part, ...], ...] = (
    ("headline",),
    ("kicker",),
    ("deck",),
    ("kicker", "headline"),
    ("headline", "deck"),
    ("kicker", "deck"),
)

_DASHES = re.compile(r"^—+|—+$|[：:]$")
_COLUMN_NAME = re.compile(r"\s*[（(][^（）()]{2,30}[）)]$")
_QUOTES = re.compile("[“”《》]")
_INTRODUCES = re.compile(r"[—：:]+$")
_SAYS = re.compile(
    r"(?:强调|指出|要求|表示|认为|提示|通报|印发|热议|披露|呼吁|发布|提出|透露|介绍|提醒)(?:意见|文章)?[——：:]*$"
)
_EVENT = re.compile(
    r"召开|举行|主持|闭幕|开幕|启动|调研|会议|会见|考察|签署|印发|引发|作出|部署|落实|推出|实施|开展|助力|完成|建成|增长|减少|推动|准备"
)
_VISIT = re.compile(r"^—*\s*(?:专?访|对话|回访|写在|读|记|致|献给|纪念|追记|来自|评|观|看|[一二三四五再]?论)")
_HERE = frozenset("我国 我市 我省 全市 全省 全国 中国 中央 国家".split())
_COUNTED = re.compile(r"\d|[一二三四五六七八九十百千万两几多]+[省个名项家条万千百]")
_NAME_BEFORE = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:同|与|和|向|在|对|会见|出席|主持|率)")

FEATURES = (
    "always",
    "kicker length",
    "kicker short",
    "kicker introduces",
    "kicker says",
    "kicker event",
    "kicker subject",
    "kicker verbs",
    "kicker preposition",
    "headline subject",
    "headline verb first",
    "headline length",
    "headline quoted",
    "headline halves",
    "headline digits",
    "headline event",
    "deck dash",
    "deck visit",
    "deck event",
    "has deck",
    "has kicker",
    "kicker and headline too long",
)
WEIGHTS: dict[tuple[Part, ...], tuple[float, ...]] = {
    ("headline",): (
        0.31,
        -0.06,
        -0.03,
        -0.21,
        -0.27,
        -0.32,
        -0.42,
        0.01,
        0.26,
        0.67,
        -0.58,
        -0.13,
        -0.5,
        -0.78,
        0.22,
        -0.3,
        -0.87,
        -0.33,
        -0.19,
        0.01,
        0.53,
        -0.31,
    ),
    ("kicker",): (
        -0.25,
        0.21,
        -0.44,
        -0.03,
        -0.02,
        0.53,
        0.26,
        0.34,
        -0.06,
        -0.48,
        0.02,
        0.07,
        -0.13,
        0.24,
        -0.06,
        -0.17,
        0.0,
        0.0,
        0.3,
        0.24,
        -0.25,
        0.46,
    ),
    ("deck",): (
        -0.16,
        -0.15,
        0.0,
        0.0,
        -0.06,
        -0.16,
        -0.15,
        -0.17,
        -0.04,
        -0.3,
        0.23,
        0.03,
        0.07,
        0.32,
        0.0,
        0.22,
        0.53,
        -0.47,
        0.05,
        -0.16,
        -0.26,
        -0.16,
    ),
    ("kicker", "headline"): (
        0.28,
        0.14,
        0.47,
        0.23,
        0.41,
        -0.05,
        0.41,
        -0.07,
        -0.03,
        0.12,
        0.41,
        0.04,
        0.43,
        0.36,
        -0.16,
        0.31,
        0.0,
        0.0,
        0.0,
        0.08,
        0.28,
        0.0,
    ),
    ("headline", "deck"): (
        -0.07,
        -0.1,
        0.0,
        0.0,
        -0.04,
        -0.06,
        -0.06,
        -0.11,
        -0.06,
        0.04,
        -0.12,
        -0.02,
        0.13,
        -0.17,
        0.0,
        -0.1,
        0.35,
        0.81,
        -0.16,
        -0.07,
        -0.2,
        -0.06,
    ),
    ("kicker", "deck"): (
        -0.1,
        -0.03,
        0.0,
        0.0,
        -0.01,
        0.06,
        -0.04,
        -0.0,
        -0.07,
        -0.04,
        0.03,
        0.01,
        0.0,
        0.04,
        0.0,
        0.05,
        0.0,
        0.0,
        0.01,
        -0.1,
        -0.1,
        0.06,
    ),
}
"""The weights of FEATURES for each choice."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """The line of a story, and the parts of its heading that it consists of."""

    text: str
    parts: tuple[Part, ...]


def story_line(article: Article) -> StoryLine:
    """Return the line of an article; without a headline its title, which is made from other text, and no parts."""
    printed = printed_parts(article)
    if not printed["headline"]:
        return StoryLine(article.title, ())
    values = features(printed)
    parts = max(choices(printed), key=lambda choice: sum(map(mul, WEIGHTS[choice], values)))
    return StoryLine(joined(printed, parts), parts)


def printed_parts(article: Article) -> Mapping[Part, str]:
    """Return kicker, headline and deck as printed, on one line each."""
    return {
        "kicker": single_spaced(article.kicker),
        "headline": single_spaced(article.headline or ""),
        "deck": single_spaced(article.deck),
    }


def choices(printed: Mapping[Part, str]) -> list[tuple[Part, ...]]:
    """Return the choices of parts that are printed and fit into a line; the headline alone is always one."""
    return [
        choice
        for choice in CHOICES
        if choice == ("headline",)
        or (all(printed[part] for part in choice) and len(joined(printed, choice)) <= MAX_LINE_CHARS)
    ]


def joined(printed: Mapping[Part, str], parts: Sequence[Part]) -> str:
    """Return the text of `parts` in printed order, without dashes, final colons and names of columns in brackets."""
    return " ".join(filter(None, (_clean(printed[part]) for part in _ORDER if part in parts)))


def _clean(text: str) -> str:
    bare = _DASHES.sub("", text).strip()
    return _COLUMN_NAME.sub("", bare).strip() or bare


def features(printed: Mapping[Part, str]) -> tuple[float, ...]:
    """Return the features of a heading in the order of FEATURES, each from 0 to 1."""
    kicker, headline, deck = (_clean(printed[part]) for part in _ORDER)
    halves = headline.split(" ")
    kicker_tags, headline_tags = _tags(kicker), _tags(headline)
    return tuple(
        float(value)
        for value in (
            1,
            min(len(kicker), 30) / 30,
            0 < len(kicker) <= 8,
            bool(_INTRODUCES.search(printed["kicker"])),
            bool(_SAYS.search(printed["kicker"])),
            bool(_EVENT.search(kicker)),
            _subject(kicker, kicker_tags),
            min(_verbs(kicker_tags), 3) / 3,
            kicker.startswith(("就", "据", "为", "经")),
            _subject(headline, headline_tags),
            _begins_with_verb(headline_tags),
            min(len(headline), 40) / 40,
            headline.startswith("“"),
            len(halves) == 2 and abs(len(halves[0]) - len(halves[1])) <= 1,
            any(char.isdecimal() for char in headline),
            bool(_EVENT.search(headline)),
            printed["deck"].startswith("—"),
            bool(_VISIT.match(deck)),
            bool(_EVENT.search(deck)),
            bool(deck),
            bool(kicker),
            bool(kicker) and len(kicker) + len(headline) + 1 > MAX_LINE_CHARS,
        )
    )


def _tags(text: str) -> Tagged:
    return [(word, words.tag(word) or "x") for word in words.cut(_QUOTES.sub("", text))]


def _subject(text: str, tagged: Tagged) -> float:
    """Return how surely a text begins with who acts: a name, a place, an organisation or a number of them."""
    if not tagged:
        return 0.0
    first, tag = tagged[0]
    if tag[:2] in ("ns", "nr", "nt") or first in _HERE or _COUNTED.match(text):
        return 1.0
    if _NAME_BEFORE.match(text):
        return 0.5
    return 0.7 if len(tagged) > 1 and tagged[1][1].startswith("v") and tag.startswith("n") else 0.0


def _begins_with_verb(tagged: Tagged) -> bool:
    return bool(tagged) and tagged[0][1][0] in "vdap"


def _verbs(tagged: Tagged) -> int:
    return sum(tag.startswith("v") for _, tag in tagged)
