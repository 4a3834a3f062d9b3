"""One name printed in several ways: 殷雪嵩, 殷雪莺, 殷雪莹 (pure).

Two printed names of three or more characters that differ in one are taken for one person where that is likelier a
misreading than a coincidence: the characters look alike and few others would share the rest of the name by chance, or
the rest is so rare that among all the names known hardly two people would share it. The printed forms stay as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from digests.language.boundaries import shared_name_probability
from digests.language.characters import look_alikes

ALIKE_CHANCE = 0.1
RARE_CHANCE = 0.001
"""How many other people with the same rest of a name there may be by chance, if the differing characters look alike,
and if they do not."""

LEAST_NAMES = 200
"""Names that are counted with at least: a few pages name only some of the people that a newspaper writes of."""


def name_variants(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each of `names` that is printed in several ways, all its forms, itself among them, in order."""
    known = sorted({name for name in names if len(name) >= 3})
    leader = {name: name for name in known}

    def first(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    by_rest: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in known:
        for at in range(1, len(name)):
            by_rest[name[:at], name[at + 1 :]].append(name)
    for forms in by_rest.values():
        for one in forms:
            for other in forms:
                if one < other and _same(one, other, len(known)):
                    leader[first(other)] = first(one)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in known:
        groups[first(name)].append(name)
    return {name: tuple(forms) for forms in groups.values() if len(forms) > 1 for name in forms}


def _same(one: str, other: str, known: int) -> bool:
    """Whether two names that differ in one given character are likelier one than two."""
    at = next(place for place, char in enumerate(one) if char != other[place])
    rest = one if at > 1 else one[0] + one[2:]
    chance = max(known, LEAST_NAMES) * shared_name_probability(rest)
    return chance < (ALIKE_CHANCE if other[at] in look_alikes(one[at]) else RARE_CHANCE)
