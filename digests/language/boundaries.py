"""How likely a text falls into words here rather than there.

The likelihood of a cut is the product of the likelihoods of its words (a unigram model over jieba's dictionary, whose
frequencies are counts of a general corpus). All cuts of a clause are held in one lattice, so that the best cut with a
given stretch as a word, inside a longer word, or torn apart by its neighbours each takes one look.

Three kinds of words stand in no dictionary and are added: numbers with their unit, words in Latin letters, and names of
people, whose likelihood is learnt from the dictionary's own names (surname, then each given character).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from digests.language import words
from digests.models import Span

LONGEST = 3
"""Characters of a word in the lattice: longer entries of the dictionary are compounds of shorter ones."""

LONGEST_NAME = 10
"""Characters of the longest name of a place that may cover a term."""

NEVER = -1e9
"""The logarithm of no likelihood at all."""

_NUMBER = math.log(1e-3)
_NAMES = {2: math.log(0.003), 3: math.log(0.008)}
"""The share of words in a newspaper that are names in no dictionary, by their length."""

_UNSEEN = 0.1
_GIVEN_CHARACTERS = 600
"""Characters that given names draw on; with `_UNSEEN` for each, the usual smoothing."""

_UNITS = re.compile(
    r"约?[0-9]+(?:\.[0-9]+)?(?:[a-z]+|[年月日时分号%])?|[a-z]+|[一二三四五六七八九十两几]+[成年月日号]", re.IGNORECASE
)
_HANZI = re.compile(r"[一-鿿]+")


@dataclass(frozen=True, slots=True)
class SpanLikelihoods:
    """How a stretch can stand in a clause; logarithms of the likelihood of the best cut of each kind."""

    alone: float
    """Cut out at both edges."""
    covered: float
    """Inside a longer word, `cover`."""
    torn: float
    """A neighbouring word takes a part of it."""
    cover: Span | None


class Lattice:
    """All cuts of one clause; `whole` False leaves out the clause itself as a word."""

    def __init__(self, clause: str, *, whole: bool = True) -> None:
        self.clause = clause
        size = len(clause)
        self._from, self._long = _weights(clause)
        if not whole:
            self._from[0].pop(size, None)
        self._before = before = [0.0] + [NEVER] * size
        self._reached_from = [0] * (size + 1)
        for start, ways in enumerate(self._from):
            reached = before[start]
            for end, weight in ways.items():
                if reached + weight > before[end]:
                    before[end] = reached + weight
                    self._reached_from[end] = start

    @cached_property
    def _after(self) -> list[float]:
        """The likelihood of the best cut of what follows each place; most questions do without."""
        after = [NEVER] * len(self.clause) + [0.0]
        for start in range(len(self.clause) - 1, -1, -1):
            best = NEVER
            for end, weight in self._from[start].items():
                best = max(best, weight + after[end])
            after[start] = best
        return after

    @cached_property
    def names(self) -> list[tuple[int, int, str]]:
        """The names of places (ns) and people (nr) that the dictionary knows, of three characters or more."""
        named = ((start, end, words.tag(self.clause[start:end])) for start, end in self._long)
        return [name for name in named if name[2] in ("ns", "nr")]

    @cached_property
    def edges(self) -> frozenset[int]:
        """Where the words of the best cut begin and end."""
        found, at = {0}, len(self.clause)
        while at > 0:
            found.add(at)
            at = self._reached_from[at]
        return frozenset(found)

    @property
    def best(self) -> float:
        """The likelihood of the best cut."""
        return self._before[-1]

    def place(self, start: int, end: int) -> SpanLikelihoods:
        """How the stretch from `start` to `end` can stand."""
        covered = torn = NEVER
        cover: Span | None = None
        for first in range(max(0, start - LONGEST - 1), end):
            for last, weight in self._from[first].items():
                if last <= start or (first, last) == (start, end) or (first >= start and last <= end):
                    continue
                whole = self._before[first] + weight + self._after[last]
                if first <= start and last >= end:
                    if whole > covered:
                        covered, cover = whole, (first, last)
                else:
                    torn = max(torn, whole)
        return SpanLikelihoods(self._alone(start, end), covered, torn, cover)

    def likelier(self, one: Span, other: Span) -> bool:
        """Whether the best cut with `one` as a word is likelier than the best with `other`."""
        return self._alone(*one) > self._alone(*other)

    def with_word(self, start: int, end: int, frequency: int) -> float:
        """The likelihood of the best cut in which the stretch is a word said as often as `frequency`."""
        return self._before[start] + math.log(frequency) - _total() + self._after[end]

    def _alone(self, start: int, end: int) -> float:
        inner = [0.0] + [NEVER] * (end - start)
        for at in range(start, end):
            for last, weight in self._from[at].items():
                if last <= end:
                    inner[last - start] = max(inner[last - start], inner[at - start] + weight)
        word = max(inner[-1], log_likelihood(self.clause[start:end]))
        return self._before[start] + word + self._after[end]


def log_likelihood(word: str) -> float:
    """The logarithm of how often `word` is said; a word that the dictionary lacks counts as one of its rare ones."""
    return math.log(words.frequency(word) or RARE) - _total()


RARE = 3
"""The frequency that jieba gives most words it was taught without counting them."""


@lru_cache(maxsize=1)
def _total() -> float:
    return math.log(words.total_frequency())


@lru_cache(maxsize=1024)
def lattice(clause: str) -> Lattice:
    """The lattice of a clause; those asked for lately are kept, as many terms are looked for in one text."""
    return Lattice(clause)


def _weights(clause: str) -> tuple[list[dict[int, float]], list[Span]]:
    """For each place of the clause, where the words that begin there may end, and their likelihoods; and the stretches
    of three characters and more that the dictionary knows."""
    total, size, known, log = _total(), len(clause), words.frequencies().get, math.log
    ways: list[dict[int, float]] = []
    long: list[Span] = []
    for start in range(size):
        here = {start + 1: -total}
        for end in range(start + 1, min(start + LONGEST_NAME, size) + 1):
            often = known(clause[start:end])
            if often is None:  # jieba knows the beginnings of its words too, as said 0 times: no longer word begins so
                break
            if often:
                if end - start <= LONGEST:
                    here[end] = log(often) - total
                if end - start > 2:
                    long.append((start, end))
        ways.append(here)
    for start, end, weight in _names(clause):
        ways[start][end] = max(weight, ways[start].get(end, NEVER))
    for unit in _UNITS.finditer(clause):
        start, end = unit.span()
        ways[start][end] = max(_NUMBER, ways[start].get(end, NEVER))
    return ways, long


def _names(clause: str) -> Iterator[tuple[int, int, float]]:
    names = _name_model()
    for start, char in enumerate(clause):
        surname = names.surnames.get(char)
        if surname is None:
            continue
        for length, given in names.given.items():
            name = clause[start + 1 : start + length]
            if len(name) == length - 1 and _HANZI.fullmatch(name):
                chars = sum(given[at].get(part, names.unseen[length]) for at, part in enumerate(name))
                yield start, start + length, _NAMES[length] + surname + chars


@dataclass(frozen=True, slots=True)
class _NameModel:
    surnames: dict[str, float]
    given: dict[int, list[dict[str, float]]]
    """For names of two and of three characters, each given character's likelihood by its position."""
    unseen: dict[int, float]


@lru_cache(maxsize=1)
def _name_model() -> _NameModel:
    named = [name for name in words.person_names() if len(name) in _NAMES and _HANZI.fullmatch(name)]
    counted = Counter(name[0] for name in named)
    surnames = dict(counted.most_common(200))
    named = [name for name in named if name[0] in surnames]
    whole = sum(surnames.values())
    given: dict[int, list[dict[str, float]]] = {}
    unseen = {}
    for length in _NAMES:
        those = [name for name in named if len(name) == length]
        size = len(those) + _UNSEEN * _GIVEN_CHARACTERS
        given[length] = [
            {char: math.log((often + _UNSEEN) / size) for char, often in Counter(n[at] for n in those).items()}
            for at in range(1, length)
        ]
        unseen[length] = math.log(_UNSEEN / size)
    return _NameModel({char: math.log(often / whole) for char, often in surnames.items()}, given, unseen)


def shared_name_probability(name: str) -> float:
    """How often another name would share the surname and the first given character of `name` by chance, from 0 to 1."""
    names = _name_model()
    surname = names.surnames.get(name[0], math.log(0.001))
    given = names.given[3][0].get(name[1], names.unseen[3]) if len(name) > 1 else 0.0
    return math.exp(surname + given)
