"""Fit the weights of digests/analysis/newspaper_keywords.py: python -m tests.bench.train_newspaper_keywords

Needs numpy. It fits to all articles of the evaluation's local keywords and prints the weights; `quality_digest` fits
without a tenth of the articles at a time and measures on those left out.
"""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any
from unittest.mock import patch

from digests.analysis import newspaper_keywords
from digests.models import Article
from digests.names import find_names
from tests.bench import ridge
from tests.bench.evaluation import load_module
from tests.conftest import EVALUATION

RIDGE_STRENGTH = 20.0
"""Factor of the squared weights, of features with unit variance, in the loss."""
FOLDS = 10

Item = Mapping[str, Any]
Example = tuple[tuple[float, ...], bool]


def items() -> list[Item]:
    """Return the articles with their editors' lists, in a fixed random order."""
    lines = (EVALUATION / "keywords_local_dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    random.Random(3).shuffle(rows)
    return rows


def article(item: Item) -> Article:
    return Article(item["id"], item["title"] or None, tuple(filter(None, item["body"].split("\n"))))


def examples(item: Item) -> list[Example]:
    """Return the features of each candidate of an article, and whether the editor lists it."""
    told = article(item)
    (named,) = find_names([told])
    listed = {"".join(form.split()).strip("“”") for forms in item["keywords"] for form in forms}
    return [(row, written in listed) for written, row in newspaper_keywords.candidates(told, named)]


def fitted(labelled: Sequence[Example]) -> dict[str, float]:
    """Return the weights of a ridge logistic regression over features that are scaled to unit variance."""
    import numpy  # noqa: PLC0415  needed only for training

    values = numpy.array([row for row, _ in labelled], float)
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    mean[0], scale[0] = 0.0, 1.0
    plain = ridge.fitted((values - mean) / scale, [label for _, label in labelled], RIDGE_STRENGTH) / scale
    plain[0] -= float(plain[1:] @ mean[1:])
    return dict(zip(newspaper_keywords.FEATURE_WEIGHTS, map(float, plain), strict=True))


def figures(*, left_out: bool) -> dict[str, float]:
    """Return F1 of the first five and the first ten keywords; with weights fitted without the article if `left_out`.

    The tagger of names has seen most of the articles in either case.
    """
    rows = items()
    told = [article(item) for item in rows]
    named = find_names(told)
    found = [examples(item) for item in rows] if left_out else []
    answers = []
    for fold in range(FOLDS):
        rest = [example for at, own in enumerate(found) if at % FOLDS != fold for example in own]
        weights = fitted(rest) if left_out else newspaper_keywords.FEATURE_WEIGHTS
        with patch.dict(newspaper_keywords.FEATURE_WEIGHTS, weights):
            for at in range(fold, len(rows), FOLDS):
                listed = newspaper_keywords.keywords_of(told[at], named[at])
                answers.append((rows[at], [keyword.text for keyword in listed]))
    return {f"@{size}": _f1(answers, size) for size in (5, 10)}


def _f1(answers: Sequence[tuple[Item, list[str]]], size: int) -> float:
    """Return the mean F1 of the first `size` keywords, as score_keywords_local computes it."""
    scorer = load_module("score_keywords_local.py")
    values = []
    for item, listed in answers:
        gold = [{scorer.clean(form) for form in forms} for forms in item["keywords"]]
        said = listed[:size]
        values.append(2 * scorer.met(said, gold, False) / (len(said) + len(gold)))
    return sum(values) / len(values)


def main() -> None:
    for name, weight in fitted([example for item in items() for example in examples(item)]).items():
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
