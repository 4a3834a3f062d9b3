"""Fit the weights of digests/promises/__init__.py: python -m tests.bench.train_promises

Needs numpy. It fits to all sentences of the evaluation and prints the weights. `quality_promises` repeats the
fit without a tenth of the days at a time and measures on the days left out.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from digests.promises import features, is_candidate
from digests.promises.deadlines import find_deadlines
from tests.bench import ridge
from tests.conftest import EVALUATION

RIDGE_STRENGTH = 2.0
"""Factor of the squared weights in the loss: the higher it is, the more evidence a feature needs."""

Example = tuple[tuple[float, ...], bool]


def rows() -> list[dict[str, Any]]:
    """Return the labelled sentences."""
    lines = (EVALUATION / "promises_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def examples(row: Mapping[str, Any]) -> list[Example]:
    """Return the features of each time that may be due in a sentence, and whether a promise is due then."""
    issue = date.fromisoformat(row["date"])
    due = {tuple(promise["due"]) for promise in row["promises"]}
    due |= {(first, first) for first, last in due if first and not last}  # a rule's day, before its kind is known
    found = []
    for deadline in find_deadlines(row["sentence"], issue):
        around = features.context(row["sentence"], deadline)
        if is_candidate(around, issue):
            days = tuple(day and day.isoformat() for day in (deadline.days.first, deadline.days.last))
            found.append((features.features(around, issue), days in due))
    return found


def fitted(labelled: Sequence[Example]) -> dict[str, float]:
    """Return the weights of a ridge logistic regression; the bias is almost free."""
    import numpy  # noqa: PLC0415  needed only for training

    values = numpy.array([row for row, _ in labelled], float)
    weights = ridge.fitted(values, [label for _, label in labelled], RIDGE_STRENGTH)
    return dict(zip(features.FEATURES, map(float, weights), strict=True))


def main() -> None:
    for name, weight in fitted([example for row in rows() for example in examples(row)]).items():
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
