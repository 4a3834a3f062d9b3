"""How sure the model is of the cutting of a page: the expected F1 of its article boundaries, from 0 to 1.

The forward-backward algorithm gives the probability of each step from role to role, and so the probability that an
article begins at a line: with an opening, a caption, a notice or a countdown, or with a heading below other text.
"""

from collections.abc import Sequence
from math import exp
from operator import mul

from digests.segment.model import HEADINGS, STANDALONE, Role, Scores, Weights

UNSURE = 0.9
"""Most pages below this have wrong boundaries, few above it; tests/bench/segment_notes.md has the figures."""


def certainty(emitted: Scores, roles: Sequence[Role], weights: Weights) -> float:
    """Return the expected F1 of the article boundaries of `roles`, given the scores of the lines; 1.0 without lines."""
    if not emitted:
        return 1.0
    begins = _begin_probabilities(emitted, weights)
    chosen = [at for at, role in enumerate(roles) if _begins(roles[at - 1] if at else None, role)]
    expected = sum(begins)
    return round(2 * sum(begins[at] for at in chosen) / ((len(chosen) + expected) or 1.0), 3)


def _begins(before: Role | None, role: Role) -> bool:
    """True if an article begins with `role` after the role `before`."""
    return role is Role.OPENING or role in STANDALONE or (role in HEADINGS and before not in HEADINGS)


def _begin_probabilities(emitted: Scores, weights: Weights) -> list[float]:
    """Return for each line the probability that an article begins there."""
    steps = [[exp(weight) for weight in row] for row in weights.steps]
    columns = list(zip(*steps, strict=True))
    headings = [k for k, role in enumerate(weights.roles) if role in HEADINGS]
    others = [k for k, role in enumerate(weights.roles) if _begins(None, role) and role not in HEADINGS]
    not_heading = [float(role not in HEADINGS) for role in weights.roles]
    lines = [_likelihoods(scores) for scores in emitted]
    behind = _backward(lines, steps)
    found = []
    forward: list[float] = []
    for own, after in zip(lines, behind, strict=True):
        arriving = [sum(map(mul, forward, column)) for column in columns] if forward else [1.0] * len(own)
        whole = list(map(mul, map(mul, arriving, own), after))
        begins = sum(whole[k] for k in others)
        if forward:
            text = list(map(mul, forward, not_heading))
            begins += sum(sum(map(mul, text, columns[k])) * own[k] * after[k] for k in headings)
        else:
            begins += sum(whole[k] for k in headings)
        total = sum(whole)
        found.append(begins / total if total else 0.0)
        forward = _normalised(list(map(mul, arriving, own)))
    return found


def _backward(lines: Sequence[Sequence[float]], steps: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return for each line the likelihood of all lines below it, given its role."""
    backward = [[1.0] * len(steps)]
    for below in reversed(lines[1:]):
        ahead = list(map(mul, below, backward[-1]))
        backward.append(_normalised([sum(map(mul, row, ahead)) for row in steps]))
    return backward[::-1]


def _likelihoods(scores: Sequence[float]) -> list[float]:
    """Return the likelihoods of scores, the largest of which is 1."""
    top = max(scores)
    return [exp(score - top) for score in scores]


def _normalised(values: list[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values] if total else values
