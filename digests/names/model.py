"""The tagger: two linear chains with weights from weights.npz, one for people and places, one for organisations.

A place may stand inside an organisation (太原市公安局), therefore organisations have a chain of their own. A label is a
piece of a name and its kind: B first, M inside, E last; O is no name. The score of a label is the sum of the weights of
its character's features and of the weight of the step from the label before it.
tests/bench/train_names.py trains the weights.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from digests.names.features import BUCKETS, END_OF_PART, MARGIN, Parts, features
from digests.names.values import Flags

PERSON, PLACE, ORGANISATION = "P", "L", "O"
OUTSIDE = "O"
PIECES = "BME"
LABELS = {
    "people and places": (OUTSIDE, *(piece + kind for kind in (PERSON, PLACE) for piece in PIECES)),
    "organisations": (OUTSIDE, *(piece + ORGANISATION for piece in PIECES)),
}
"""The labels of each chain."""
SCALE = 500
"""Weights are stored as integers, multiplied by SCALE."""
SURE_OUTSIDE = 4.0
"""A character whose OUTSIDE scores higher than any other label by this much lies between names."""

_SEPARATORS = numpy.array([ord(char) for char in f"{END_OF_PART}，。；：！？、“”‘’《》（） "], numpy.uint16)
"""Characters that no name holds."""

_WEIGHTS = Path(__file__).with_name("weights.npz")

Scores = NDArray[numpy.float32]


class Span(NamedTuple):
    """A name in a text: its kind, the position of its first character and the position after its last."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The labels of a linear chain, and the steps between them."""

    labels: tuple[str, ...]
    steps: tuple[tuple[float, ...], ...]
    """`steps[a][b]` is the weight of label b after label a; minus infinity if b cannot follow."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """Both chains, and the weights of the features."""

    chains: tuple[Chain, ...]
    rows: NDArray[numpy.uint16]
    """For each bucket the row of its weights; row 0 has only zeros."""
    weights: Scores
    """Rows × labels of all chains."""


@lru_cache(maxsize=1)
def bundled_tagger() -> Tagger:
    """Return the tagger in weights.npz."""
    return load(_WEIGHTS)


def load(path: Path) -> Tagger:
    """Return the tagger in a file written by tests/bench/train_names.py."""
    with numpy.load(path, allow_pickle=False) as stored:
        buckets, weights = stored["buckets"], stored["weights"]
        chains = tuple(Chain(labels, tuple(map(tuple, stored[name].tolist()))) for name, labels in LABELS.items())
    rows = numpy.zeros(BUCKETS, numpy.uint16)
    rows[buckets] = numpy.arange(1, len(buckets) + 1)  # few of the buckets have weights
    table = numpy.zeros((len(buckets) + 1, weights.shape[1]), numpy.float32)
    table[1:] = weights / SCALE
    return Tagger(chains, rows, table)


class TaggedText(NamedTuple):
    """The text of an article with the names in it."""

    text: str
    spans: list[Span]


def tag(articles: Sequence[Parts], tagger: Tagger | None = None) -> list[TaggedText]:
    """Return the texts of articles and the names in them, by chain and position."""
    tagger = tagger or bundled_tagger()
    batch = features(articles)
    scores = numpy.zeros((len(batch.text), tagger.weights.shape[1]), numpy.float32)
    for template in batch.buckets:  # one after another, because all at once would not fit into the processor's cache
        scores += tagger.weights.take(tagger.rows.take(template), axis=0, mode="clip")
    # A text keeps an END_OF_PART on both sides, so that every name has neighbours.
    limits = [(start - 1, end - len(MARGIN) + 1) for start, end in pairwise(batch.starts)]
    found: list[list[Span]] = [[] for _ in limits]
    is_separator = numpy.isin(batch.numbers, _SEPARATORS)
    column = 0
    for chain in tagger.chains:
        own = scores[:, column : column + len(chain.labels)]
        column += len(chain.labels)
        for span in _decoded(own, is_separator, chain):
            number = bisect(batch.starts, span.start) - 1
            first, _ = limits[number]
            found[number].append(Span(span.kind, span.start - first, span.end - first))
    return [TaggedText(batch.text[start:end], spans) for (start, end), spans in zip(limits, found, strict=True)]


def _decoded(scores: Scores, is_separator: Flags, chain: Chain) -> list[Span]:
    """Return the most likely names (Viterbi), by the runs of characters that may belong to names, all at once."""
    runs = _uncertain_runs(scores, is_separator)
    if not len(runs):
        return []
    starts, lengths = runs[:, 0], runs[:, 1] - runs[:, 0]  # the longest run first
    before, weights = _predecessors(chain)
    steps = numpy.array(chain.steps, numpy.float32)
    total = scores[starts] + steps[0]
    chosen: list[NDArray[numpy.int64]] = []  # by step: runs × labels -> which predecessor
    for at in range(1, int(lengths[0])):
        active = int(numpy.searchsorted(-lengths, -at, side="left"))
        arrivals = total[:active, before] + weights
        chosen.append(arrivals.argmax(axis=2))
        total[:active] = arrivals.max(axis=2) + scores[starts[:active] + at]
    label = (total + steps[:, 0]).argmax(axis=1)
    labels = numpy.zeros(len(scores), numpy.int64)
    for at in range(int(lengths[0]) - 1, -1, -1):
        active = int(numpy.searchsorted(-lengths, -at, side="left"))
        labels[starts[:active] + at] = label[:active]
        if at:
            best = chosen[at - 1][numpy.arange(active), label[:active]]
            label[:active] = before[label[:active], best]
    return _spans(labels, chain)


def _predecessors(chain: Chain) -> tuple[NDArray[numpy.int64], Scores]:
    """Return for each label the labels that it may follow, and the weights of those steps (labels × predecessors)."""
    follows = [[a for a, row in enumerate(chain.steps) if row[b] > -numpy.inf] for b in range(len(chain.labels))]
    most = max(map(len, follows))
    before = numpy.array([labels + labels[:1] * (most - len(labels)) for labels in follows])
    return before, numpy.array(
        [[chain.steps[a][b] for a in row] for b, row in enumerate(before.tolist())], numpy.float32
    )


def _uncertain_runs(scores: Scores, is_separator: Flags) -> NDArray[numpy.int64]:
    """Return start and end of each run of characters that may belong to names, the longest first."""
    is_sure = is_separator | (scores[:, 0] > scores[:, 1:].max(axis=1) + SURE_OUTSIDE)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[True], is_sure, [True]]).astype(numpy.int8)))
    runs = edges.reshape(-1, 2)
    return runs[numpy.argsort(runs[:, 0] - runs[:, 1], kind="stable")]


def _spans(labels: NDArray[numpy.int64], chain: Chain) -> list[Span]:
    """Return the names in the labels of a text, in which an E follows each B."""
    firsts = [number for number, label in enumerate(chain.labels) if label != OUTSIDE and label[0] == "B"]
    lasts = [number for number, label in enumerate(chain.labels) if label[0] == "E"]
    starts = numpy.flatnonzero(numpy.isin(labels, firsts)).tolist()
    ends = numpy.flatnonzero(numpy.isin(labels, lasts)).tolist()
    kinds = [chain.labels[number][1] for number in labels[starts].tolist()]
    return [Span(kind, start, end + 1) for kind, start, end in zip(kinds, starts, ends, strict=True)]
