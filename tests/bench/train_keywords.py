"""Fit the weights of digests/analysis/keywords.py: python -m tests.bench.train_keywords

Needs numpy and scipy. It fits to every second item of the evaluation's keywords (the even ones), with and without
their titles, and prints the table; `quality_digest` measures on the others.
"""

from typing import Any

from digests.analysis import keywords
from digests.language import phrases, words
from tests.bench.quality_digest import article, items

RIDGE_STRENGTH = 3.0
"""Factor of the squared weights in the loss: the higher it is, the more evidence a feature needs."""


def examples(item: dict[str, Any], *, headed: bool) -> list[tuple[tuple[float, ...], bool]]:
    """Return the features of each phrase of an item and whether the editor tagged the item with it."""
    article_words = words.cut_article(article(item, headed=headed))
    heading_words = sum(word[0].isalnum() for word in article_words.heading)
    tags = set(item["keywords"])
    return [
        (keywords.phrase_features(phrase, heading_words), text in tags)
        for text, phrase in phrases.extract_phrases(article_words).items()
    ]


def fitted(rows: list[tuple[tuple[float, ...], bool]]) -> list[float]:
    """Return the weights of a ridge logistic regression."""
    import numpy  # noqa: PLC0415  needed only for training
    from scipy.optimize import minimize  # noqa: PLC0415

    features = numpy.array([row for row, _ in rows], float)
    tagged = numpy.array([label for _, label in rows], float)

    def loss(weights: Any) -> tuple[float, Any]:
        logits = features @ weights
        value = numpy.logaddexp(0, logits).sum() - tagged @ logits + RIDGE_STRENGTH * weights @ weights / 2
        return value, features.T @ (1 / (1 + numpy.exp(-logits)) - tagged) + RIDGE_STRENGTH * weights

    return [float(weight) for weight in minimize(loss, numpy.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x]


def main() -> None:
    half = items("keywords_dev")[::2]
    columns = [fitted([row for item in half for row in examples(item, headed=headed)]) for headed in (True, False)]
    for name, headed, plain in zip(keywords.FEATURE_WEIGHTS, *columns, strict=True):
        print(f'    "{name}": ({headed:.2f}, {plain:.2f}),')


if __name__ == "__main__":
    main()
