"""Fit the weights of digests/analysis/summary.py: python -m tests.bench.train_summary

Needs numpy and scipy. It prints what a fit to each half of the evaluation's summaries reaches on the other half, then
the table fitted to all of them.
"""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from digests.analysis import summary
from tests.bench.evaluation import load_module
from tests.bench.quality_digest import article, items
from tests.bench.train_keywords import fitted


def examples(item: Mapping[str, Any]) -> list[tuple[tuple[float, ...], bool]]:
    """Return the features of each bigram of an article and whether its editor's summary contains it."""
    story = article(item)
    in_summary = set(summary.pairs(item["summary"]))
    features = summary.pair_features(story, list(summary.placed_sentences(story)))
    return [(row, pair in in_summary) for pair, row in features.items()]


def fit(chosen: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    weights = fitted([row for item in chosen for row in examples(item)])
    return dict(zip(summary.FEATURE_WEIGHTS, (round(weight, 2) for weight in weights), strict=True))


def rouge(score: Any, chosen: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return ROUGE-1 and ROUGE-2 of the summaries that the program makes with its present weights."""
    answers = [{"id": item["id"], "summary": "".join(summary.summarise(article(item)))} for item in chosen]
    return list(score.summaries(chosen, answers).values())


def main() -> None:
    everything, reached = items("summaries_dev"), []
    for held in (0, 1):
        summary.FEATURE_WEIGHTS.update(fit(everything[1 - held :: 2]))
        reached.append(rouge(load_module("score.py"), everything[held::2]))
    print("held out:", [round(mean(halves), 4) for halves in zip(*reached, strict=True)])
    for name, weight in fit(everything).items():
        print(f'    "{name}": {weight},')


if __name__ == "__main__":
    main()
