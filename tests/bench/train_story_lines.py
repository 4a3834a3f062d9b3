"""Fit the weights of digests/analysis/story_lines.py: python -m tests.bench.train_story_lines

Needs numpy. It prints the figures of fits to 14 of 15 parts of the evaluation's headings, each measured on the part
that was left out, then the table fitted to all of them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from digests.analysis import story_lines
from digests.analysis.story_lines import CHOICES, FEATURES
from digests.models import Article
from tests.bench.evaluation import load_module
from tests.conftest import EVALUATION

FOLDS = 15
STEPS, RATE, DECAY = 400, 1.2, 2.0
ACCEPTED_WEIGHT = 0.25
"""Weight of a choice that is accepted but not the best."""

Row = Mapping[str, Any]


def rows() -> list[Row]:
    """Return the evaluation's headings."""
    text = (EVALUATION / "headline_line_dev.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def article(row: Row) -> Article:
    return Article("", row["headline"], (), kicker=row["kicker"], deck=row["deck"])


def fit(chosen: Sequence[Row]) -> dict[tuple[str, ...], tuple[float, ...]]:
    """Return the weights of a multinomial logistic regression over the choices of parts, by gradient ascent."""
    weights = np.zeros((len(CHOICES), len(FEATURES)))
    examples = []
    for row in chosen:
        printed = story_lines.printed_parts(article(row))
        possible = story_lines.choices(printed)
        wanted = np.array([_target(row, choice) for choice in possible])
        if wanted.sum():
            numbers = [CHOICES.index(choice) for choice in possible]
            examples.append((np.array(story_lines.features(printed)), numbers, wanted / wanted.sum()))
    for _ in range(STEPS):
        gradient = -DECAY * weights
        for values, numbers, wanted in examples:
            scores = weights[numbers] @ values
            likely = np.exp(scores - scores.max())
            gradient[numbers] += np.outer(wanted - likely / likely.sum(), values)
        weights += RATE / len(chosen) * gradient
    return {choice: tuple(map(float, row.round(2))) for choice, row in zip(CHOICES, weights, strict=True)}


def _target(row: Row, choice: Sequence[str]) -> float:
    if set(choice) == set(row["parts"]):
        return 1.0
    return ACCEPTED_WEIGHT if any(set(choice) == set(also) for also in row["also"]) else 0.0


def chosen_parts(some: Sequence[Row]) -> dict[str, list[str]]:
    """Return the parts that the program chooses for each row with its present weights."""
    return {row["id"]: list(story_lines.story_line(article(row)).parts) for row in some}


def held_out() -> Mapping[str, float]:
    """Return the figures of weights that were not fitted to the rows they are measured on."""
    everything, answers = rows(), {}
    shipped = dict(story_lines.WEIGHTS)
    for fold in range(FOLDS):
        story_lines.WEIGHTS.update(fit([row for k, row in enumerate(everything) if k % FOLDS != fold]))
        answers |= chosen_parts(everything[fold::FOLDS])
    story_lines.WEIGHTS.update(shipped)
    figures: Mapping[str, float] = load_module("score_headline.py").score(everything, answers)
    return figures


def main() -> None:
    print("held out:", {name: round(value, 3) for name, value in held_out().items()})
    for choice, weights in fit(rows()).items():
        print(f"    {choice}: {weights},")


if __name__ == "__main__":
    main()
