"""The roles of lines, and the model that assigns them: a linear chain with weights from weights.json.gz.

A sequence of roles divides a page into articles: the first heading after a body, or an opening, begins an article;
captions, notices and countdowns are separate articles; tails and rests belong to the article before the current one;
furniture belongs to no article. All other lines belong to the current article.

The score of a role is the sum of the weights of its line's features and of the weight of the step from the role before
it. tests/bench/train_segment.py trains the weights.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class Role(StrEnum):
    """The role of a line on its page; `..._ON` continues a line of the same role."""

    SECTION = "section"  # a series label above its article
    LABEL = "label"  # a series label below its article
    KICKER = "kicker"
    KICKER_ON = "kicker+"
    HEADLINE = "headline"
    HEADLINE_ON = "headline+"
    DECK = "deck"
    DECK_ON = "deck+"
    OPENING = "opening"  # the first paragraph of an article without heading
    BODY = "body"
    BODY_ON = "body+"
    TAIL = "tail"  # continues an unfinished sentence of the article before
    REST = "rest"  # a further paragraph of the article before
    REST_ON = "rest+"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    JUMP = "jump"
    CAPTION = "caption"
    CAPTION_ON = "caption+"
    NOTICE = "notice"
    NOTICE_ON = "notice+"
    COUNTDOWN = "countdown"
    FURNITURE = "furniture"


HEADINGS = frozenset(
    {Role.SECTION, Role.KICKER, Role.KICKER_ON, Role.HEADLINE, Role.HEADLINE_ON, Role.DECK, Role.DECK_ON}
)
"""Roles of lines above the body of their article."""
DISPLACED = frozenset({Role.TAIL, Role.REST, Role.REST_ON})
"""Roles of lines that belong to the article before the current one."""
CONTINUATIONS = frozenset({Role.BODY_ON, Role.TAIL, Role.REST_ON})
"""Roles of lines that continue a paragraph."""
STANDALONE = {Role.CAPTION: Role.CAPTION_ON, Role.NOTICE: Role.NOTICE_ON, Role.COUNTDOWN: None}
"""Roles that begin a separate article between the lines of another, each with the role of its further lines."""


_WEIGHTS = Path(__file__).with_name("weights.json.gz")


@dataclass(frozen=True, slots=True)
class Weights:
    """The trained weights of the model."""

    roles: tuple[Role, ...]
    features: dict[str, tuple[tuple[int, float], ...]]
    """Pairs of role index and weight, by feature."""
    steps: tuple[tuple[float, ...], ...]
    """`steps[a][b]` is the weight of role b after role a."""


@lru_cache(maxsize=1)
def bundled_weights() -> Weights:
    """Return the weights from weights.json.gz."""
    return load(_WEIGHTS)


def load(path: Path) -> Weights:
    """Return the weights in a file written by tests/bench/train_segment.py."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table = json.load(file)
    features = {
        name: tuple((flat[k], flat[k + 1] / table["scale"]) for k in range(0, len(flat), 2))
        for name, flat in table["features"].items()
    }
    return Weights(tuple(map(Role, table["roles"])), features, tuple(map(tuple, table["steps"])))


Scores = Sequence[Sequence[float]]
"""The score of each role for each line, without the steps between them; in the order of `Weights.roles`."""


def line_scores(page: Sequence[Sequence[str]], weights: Weights) -> Scores:
    """Return the scores of the roles for each line of a page, given its features."""
    return [_role_scores(line, weights) for line in page]


def decode_roles(emitted: Scores, weights: Weights) -> list[Role]:
    """Return the most likely sequence of roles, given the scores of each line of a page (Viterbi)."""
    if not emitted:
        return []
    total = emitted[0]
    back: list[list[int]] = []
    columns = list(zip(*weights.steps, strict=True))
    for own in emitted[1:]:
        arrivals = [[score + step for score, step in zip(total, column, strict=True)] for column in columns]
        best = [scores.index(max(scores)) for scores in arrivals]
        total = [scores[a] + here for scores, a, here in zip(arrivals, best, own, strict=True)]
        back.append(best)
    at = total.index(max(total))
    path = [at]
    for best in reversed(back):
        at = best[at]
        path.append(at)
    return [weights.roles[number] for number in reversed(path)]


def _role_scores(line: Sequence[str], weights: Weights) -> list[float]:
    scores = [0.0] * len(weights.roles)
    for feature in line:
        for number, weight in weights.features.get(feature, ()):
            scores[number] += weight
    return scores
