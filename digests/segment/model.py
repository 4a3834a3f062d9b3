"""The second step's vocabulary: what part a line plays on its page.

A role says where its line belongs, too, so that a sequence of roles is a division into articles: the first heading
after a body opens a story, captions and notices stand for themselves and interrupt nothing, everything else belongs to
the story that is open.

A linear chain over the lines of a page: the likeliest sequence of roles, with weights from `weights.json.gz`.

tests/bench/train_segment.py makes the weights. A role's score is the sum of its features' weights and of the weight of
its step from the role before.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class Role(StrEnum):
    """The part of a line; `..._ON` goes on from the line of the same part before it."""

    SECTION = "section"  # a series label above its story
    LABEL = "label"  # a series label below its story
    KICKER = "kicker"
    KICKER_ON = "kicker+"
    HEADLINE = "headline"
    HEADLINE_ON = "headline+"
    DECK = "deck"
    DECK_ON = "deck+"
    OPENING = "opening"  # the first paragraph of a story that has no heading
    BODY = "body"
    BODY_ON = "body+"
    TAIL = "tail"  # goes on, in mid-sentence, from a story further up
    REST = "rest"  # the next paragraph of that story
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
"""Roles of lines above a body."""
DISPLACED = frozenset({Role.TAIL, Role.REST, Role.REST_ON})
"""Roles of lines that belong to a story further up."""
CONTINUATIONS = frozenset({Role.BODY_ON, Role.TAIL, Role.REST_ON})
"""Roles of lines that go on in mid-paragraph."""
STANDALONE = {Role.CAPTION: Role.CAPTION_ON, Role.NOTICE: Role.NOTICE_ON, Role.COUNTDOWN: None}
"""Roles that open an article of their own which interrupts nothing, with the role that goes on from them."""


_WEIGHTS = Path(__file__).with_name("weights.json.gz")


@dataclass(frozen=True, slots=True)
class Weights:
    """`features` gives for a feature pairs of role number and weight; `steps[a][b]` the weight of b after a."""

    roles: tuple[Role, ...]
    features: dict[str, tuple[tuple[int, float], ...]]
    steps: tuple[tuple[float, ...], ...]


@lru_cache(maxsize=1)
def bundled_weights() -> Weights:
    """The weights that come with the program."""
    return load(_WEIGHTS)


def load(path: Path) -> Weights:
    """Weights from a file that the training wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table = json.load(file)
    features = {
        name: tuple((flat[k], flat[k + 1] / table["scale"]) for k in range(0, len(flat), 2))
        for name, flat in table["features"].items()
    }
    return Weights(tuple(map(Role, table["roles"])), features, tuple(map(tuple, table["steps"])))


def decode_roles(page: Sequence[Sequence[str]], weights: Weights) -> list[Role]:
    """The likeliest roles of lines with these features."""
    if not page:
        return []
    emitted = [role_scores(line, weights) for line in page]
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


def role_scores(line: Sequence[str], weights: Weights) -> list[float]:
    """The score of each role for a line with these features, its neighbours' roles left aside."""
    scores = [0.0] * len(weights.roles)
    for feature in line:
        for number, weight in weights.features.get(feature, ()):
            scores[number] += weight
    return scores
