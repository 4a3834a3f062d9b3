"""Which of two headings leads, where the model can hardly tell.

Of two headings above a story the upper may be its kicker or the lower its deck. Where the one is less than twice as
likely as the other, both together are given as the headline: nothing is lost, and nothing claimed.
"""

from collections.abc import Sequence
from math import log

from digests.segment.model import Weights, emission
from digests.segment.roles import HEADINGS, Role

_DOUBT = log(2)
_UPPER_LEADS = (Role.HEADLINE, Role.DECK)
_LOWER_LEADS = (Role.KICKER, Role.HEADLINE)
_BOTH = (Role.HEADLINE, Role.HEADLINE_ON)


def undecided(page: Sequence[Sequence[str]], roles: Sequence[Role], weights: Weights) -> list[Role]:
    """The roles of lines with these features, doubtful pairs of headings made one headline."""
    found = list(roles)
    for at in range(len(roles) - 1):
        if _is_pair(roles, at) and abs(_balance(page, roles, weights, at)) < _DOUBT:
            found[at : at + 2] = _BOTH
    return found


def _is_pair(roles: Sequence[Role], at: int) -> bool:
    """Whether a kicker or deck and its headline stand at `at`, without a third heading."""
    above = at > 0 and roles[at - 1] in HEADINGS
    below = at + 2 < len(roles) and roles[at + 2] in HEADINGS
    return tuple(roles[at : at + 2]) in (_UPPER_LEADS, _LOWER_LEADS) and not above and not below


def _balance(page: Sequence[Sequence[str]], roles: Sequence[Role], weights: Weights, at: int) -> float:
    """By how much the upper is likelier to lead than the lower, as a logarithm."""
    number = {role: k for k, role in enumerate(weights.roles)}
    upper, lower = emission(page[at], weights), emission(page[at + 1], weights)

    def score(pair: tuple[Role, Role]) -> float:
        a, b = number[pair[0]], number[pair[1]]
        before = weights.steps[number[roles[at - 1]]][a] if at else 0.0
        after = weights.steps[b][number[roles[at + 2]]] if at + 2 < len(roles) else 0.0
        return before + upper[a] + weights.steps[a][b] + lower[b] + after

    return score(_UPPER_LEADS) - score(_LOWER_LEADS)
