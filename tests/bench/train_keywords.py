"""Fit the weights of digests/analysis/keywords.py: python -m tests.bench.train_keywords

Needs numpy and scipy, which nothing else does. It fits to every second item of the evaluation's keywords (the even
ones), with and without their titles, and prints the table; `quality_digest` measures on the others.
"""

from typing import Any

from digests.analysis import keywords
from digests.language import phrases, words
from tests.bench.quality_digest import article, items

HELD_BACK = 3.0
"""Strength of the ridge: how much evidence a sign needs before it counts."""


def examples(item: dict[str, Any], *, headed: bool) -> list[tuple[tuple[float, ...], bool]]:
    """The signs of each candidate of an item and whether the editor tagged it."""
    cut = words.cut_article(article(item, headed=headed))
    crowd = sum(word[0].isalnum() for word in cut.heading)
    wanted = set(item["keywords"])
    return [
        (keywords.phrase_features(candidate, crowd), text in wanted)
        for text, candidate in phrases.extract_phrases(cut).items()
    ]


def fitted(rows: list[tuple[tuple[float, ...], bool]]) -> list[float]:
    """The weights of a logistic regression with a ridge."""
    import numpy  # noqa: PLC0415  only whoever trains has them
    from scipy.optimize import minimize  # noqa: PLC0415

    signs = numpy.array([row for row, _ in rows], float)
    tagged = numpy.array([label for _, label in rows], float)

    def loss(weights: Any) -> tuple[float, Any]:
        told = signs @ weights
        value = numpy.logaddexp(0, told).sum() - tagged @ told + HELD_BACK * weights @ weights / 2
        return value, signs.T @ (1 / (1 + numpy.exp(-told)) - tagged) + HELD_BACK * weights

    return [float(weight) for weight in minimize(loss, numpy.zeros(signs.shape[1]), jac=True, method="L-BFGS-B").x]


def main() -> None:
    half = items("keywords_dev")[::2]
    columns = [fitted([row for item in half for row in examples(item, headed=headed)]) for headed in (True, False)]
    for name, headed, plain in zip(keywords.FEATURE_WEIGHTS, *columns, strict=True):
        print(f'    "{name}": ({headed:.2f}, {plain:.2f}),')


if __name__ == "__main__":
    main()
