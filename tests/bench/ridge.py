"""A logistic regression whose weights are held small."""

from collections.abc import Sequence
from typing import Any

NEWTON_STEPS = 30
BIAS_STRENGTH = 0.01
"""Factor of the squared bias in the loss; it is almost free."""


def fitted(values: Any, labels: Sequence[bool], strength: float) -> Any:
    """Return the weights of the columns of `values` (rows × features; the first column is 1) as an array.

    `strength` is the factor of the squared weights in the loss: the higher it is, the more evidence a feature needs.
    """
    import numpy  # noqa: PLC0415  needed only for training

    wanted = numpy.array(labels, float)
    ridge = numpy.eye(values.shape[1]) * strength
    ridge[0, 0] = BIAS_STRENGTH
    weights = numpy.zeros(values.shape[1])
    for _ in range(NEWTON_STEPS):
        likely = 1 / (1 + numpy.exp(-values @ weights))
        slope = values.T @ (likely - wanted) + ridge @ weights
        curvature = (values * (likely * (1 - likely))[:, None]).T @ values + ridge
        weights -= numpy.linalg.solve(curvature, slope)
    return weights
