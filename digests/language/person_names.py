"""Names of people: how likely characters are a name, and the printed forms of one name (殷雪嵩, 殷雪莺, 殷雪莹).

The name model is learnt from the dictionary's own names: the frequency of each surname, and of each given character by
its position. Likelihoods are natural logarithms.

Two printed names of three or more characters that differ in one are one person's if that is likelier a misreading than
a coincidence: the characters look alike and few other people would share the rest of the name by chance, or the rest is
so rare that among all known names hardly two people would share it. The printed forms stay as they are.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from digests.language import words
from digests.language.characters import look_alikes

MAX_LOOK_ALIKE_CHANCE = 0.1
MAX_OTHER_CHANCE = 0.001
"""How many other people with the same rest of a name there may be by chance, if the differing characters look alike,
and if they do not."""

MIN_COUNTED_NAMES = 200
"""Names that are assumed at least: a few pages name only some of the people that a newspaper writes about."""

NAME_LIKELIHOODS = {2: math.log(0.003), 3: math.log(0.008)}
"""The share of a newspaper's words that are names in no dictionary, by their length."""

SURNAMES_IN_MODEL = 200
UNKNOWN_SURNAME_SHARE = 0.001

SMOOTHING_COUNT = 0.1
GIVEN_CHARACTERS = 600
"""Characters that given names draw on; SMOOTHING_COUNT is added to the count of each (additive smoothing)."""

_HANZI = re.compile(r"[一-鿿]+")


@dataclass(frozen=True, slots=True)
class _NameModel:
    surnames: Mapping[str, float]
    given: Mapping[int, list[dict[str, float]]]
    """For names of two and of three characters, the likelihood of each given character by its position."""
    unseen: Mapping[int, float]
    """The likelihood of a given character that the dictionary's names of that length lack."""


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
    """Yield start, end and likelihood of every stretch that could be a name: a surname and one or two characters."""
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


def shared_name_probability(name: str) -> float:
    """Return the probability, from 0 to 1, that another name has the same surname and first given character."""
    model = _name_model()
    surname = model.surnames.get(name[0], math.log(UNKNOWN_SURNAME_SHARE))
    given = model.given[3][0].get(name[1], model.unseen[3]) if len(name) > 1 else 0.0
    return math.exp(surname + given)


def name_variants(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Map each of `names` that is printed in several forms to all its forms, itself included, in order."""
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
    """True if two forms that differ in one given character are likelier one name than two."""
    at = next(position for position, char in enumerate(one) if char != other[position])
    rest = one if at > 1 else one[0] + one[2:]
    expected_others = max(known_names, MIN_COUNTED_NAMES) * shared_name_probability(rest)
    return expected_others < (MAX_LOOK_ALIKE_CHANCE if other[at] in look_alikes(one[at]) else MAX_OTHER_CHANCE)
