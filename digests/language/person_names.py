"""Names of people: the likelihood that characters are a name, and printed variants of a name (殷雪嵩, 殷雪莺, 殷雪莹).

The name model is trained on the names in the dictionary: the frequency of each surname, and of each given character by
its position. Likelihoods are natural logarithms.

Printed names of at least three characters that differ in one given character count as variants of one name if few other
people are expected to share the rest of the name: fewer than MAX_LOOK_ALIKE_CHANCE if the differing characters look
alike, otherwise fewer than MAX_OTHER_CHANCE. The printed text is not changed.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy
from numpy.typing import NDArray

from digests.language import words
from digests.language.characters import look_alikes

MAX_LOOK_ALIKE_CHANCE = 0.1
MAX_OTHER_CHANCE = 0.001
"""Upper limits of the expected number of other people who share the rest of the name: if the differing characters look
alike, and if they do not."""

MIN_COUNTED_NAMES = 200
"""A smaller number of names is replaced by this number, because a few pages name only some of a newspaper's people."""

NAME_LIKELIHOODS = {2: math.log(0.003), 3: math.log(0.008)}
"""By length of the name: logarithm of the share of a newspaper's words that are names missing from the dictionary."""

SURNAMES_IN_MODEL = 200
"""Number of surnames in the model, which contains the most frequent surnames."""
UNKNOWN_SURNAME_SHARE = 0.001
"""Share of people assumed for a surname that is not in the model."""

SMOOTHING_COUNT = 0.1
GIVEN_CHARACTERS = 600
"""Assumed number of different characters in given names; SMOOTHING_COUNT is added to the count of each (additive
smoothing)."""

SURNAMES_BY_FREQUENCY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋"
    "植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬"
    "屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习"
    "胥保和蔺寇璩亓麻佘缪荀闵鄂芮储骆訾邝扈雒茹禹狄贝伊濮寿尚莘张陳劉楊趙黃吳馬羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻潘鐘範譚鄒陸龍萬錢湯賀龔龐蘭顏嚴溫蘆韋畢聶叢莊塗時關歐項陽衛單寧"
)
"""Surnames of one character in simplified and traditional form, the most frequent first."""
SURNAMES = frozenset(SURNAMES_BY_FREQUENCY)

_HANZI = re.compile(r"[一-鿿]+")


@dataclass(frozen=True, slots=True)
class _NameModel:
    """Likelihoods of the parts of names, learnt from the dictionary."""

    surnames: Mapping[str, float]
    given: Mapping[int, list[dict[str, float]]]
    """By length of the name (2 or 3): for each position, the likelihood of each given character."""
    unseen: Mapping[int, float]
    """By length of the name: the likelihood of a given character that no dictionary name has at its position."""


@lru_cache(maxsize=1)
def _name_model() -> _NameModel:
    names = [name for name in words.person_names() if len(name) in NAME_LIKELIHOODS and _HANZI.fullmatch(name)]
    surnames = dict(Counter(name[0] for name in names).most_common(SURNAMES_IN_MODEL))
    names = [name for name in names if name[0] in surnames]
    total = sum(surnames.values())
    given: dict[int, list[dict[str, float]]] = {}
    unseen = {}
    for length in NAME_LIKELIHOODS:
        of_length = [name for name in names if len(name) == length]
        size = len(of_length) + SMOOTHING_COUNT * GIVEN_CHARACTERS
        counts = [Counter(name[at] for name in of_length) for at in range(1, length)]
        given[length] = [
            {char: math.log((count + SMOOTHING_COUNT) / size) for char, count in of_position.items()}
            for of_position in counts
        ]
        unseen[length] = math.log(SMOOTHING_COUNT / size)
    return _NameModel({char: math.log(count / total) for char, count in surnames.items()}, given, unseen)


def names_in(clause: str) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and likelihood of each stretch that could be a name: a surname and one or two Hanzi."""
    model = _name_model()
    for start, char in enumerate(clause):
        surname = model.surnames.get(char)
        if surname is None:
            continue
        for length, given in model.given.items():
            name = clause[start + 1 : start + length]
            if len(name) == length - 1 and _HANZI.fullmatch(name):
                likelihood = sum(given[at].get(part, model.unseen[length]) for at, part in enumerate(name))
                yield start, start + length, NAME_LIKELIHOODS[length] + surname + likelihood


NAME_LENGTHS = tuple(NAME_LIKELIHOODS)


def name_log_likelihoods(chars: NDArray[numpy.uint16], length: int) -> NDArray[numpy.float64]:
    """Return for each character, by number, the likelihood that a name of `length` begins there, as `names_in` does.

    Minus infinity where none can begin.
    """
    surnames, given = _name_tables()
    found = numpy.full(len(chars), -math.inf)
    ends = len(chars) - length + 1
    if ends > 0:
        found[:ends] = NAME_LIKELIHOODS[length] + surnames[chars[:ends]]
        for at in range(1, length):
            found[:ends] += given[length][at - 1][chars[at : at + ends]]
    return found


@lru_cache(maxsize=1)
def _name_tables() -> tuple[NDArray[numpy.float64], Mapping[int, list[NDArray[numpy.float64]]]]:
    """Return the likelihoods of `_name_model` as tables by number of the character."""
    model = _name_model()
    surnames = numpy.full(1 << 16, -math.inf)
    for char, likelihood in model.surnames.items():
        surnames[ord(char)] = likelihood
    tables: dict[int, list[NDArray[numpy.float64]]] = {}
    for length, positions in model.given.items():
        tables[length] = []
        for likelihoods in positions:
            table = numpy.full(1 << 16, -math.inf)
            table[ord("一") : ord("鿿") + 1] = model.unseen[length]
            for char, likelihood in likelihoods.items():
                table[ord(char)] = likelihood
            tables[length].append(table)
    return surnames, tables


def shared_name_probability(name: str) -> float:
    """Return the probability, from 0 to 1, that another name has the same surname and first given character."""
    model = _name_model()
    surname = model.surnames.get(name[0], math.log(UNKNOWN_SURNAME_SHARE))
    given = model.given[3][0].get(name[1], model.unseen[3]) if len(name) > 1 else 0.0
    return math.exp(surname + given)


def name_variants(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Map each of `names` that has variants to all its variants including itself, sorted."""
    known = sorted({name for name in names if len(name) >= 3})
    parent = {name: name for name in known}

    def representative(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    by_rest: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in known:
        for at in range(1, len(name)):
            by_rest[name[:at], name[at + 1 :]].append(name)
    for forms in by_rest.values():
        for one in forms:
            for other in forms:
                if one < other and _is_one_name(one, other, len(known)):
                    parent[representative(other)] = representative(one)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in known:
        groups[representative(name)].append(name)
    return {name: tuple(forms) for forms in groups.values() if len(forms) > 1 for name in forms}


def _is_one_name(one: str, other: str, known_names: int) -> bool:
    """True if two names that differ in one given character are probably variants of one name."""
    at = next(position for position, char in enumerate(one) if char != other[position])
    rest = one if at > 1 else one[0] + one[2:]
    expected_others = max(known_names, MIN_COUNTED_NAMES) * shared_name_probability(rest)
    return expected_others < (MAX_LOOK_ALIKE_CHANCE if other[at] in look_alikes(one[at]) else MAX_OTHER_CHANCE)
