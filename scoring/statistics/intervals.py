"""The 95 % interval of a score, from its values on the resamples."""

from __future__ import annotations

import numpy as np

LEVEL = 0.95
FEWEST = 0.9  # of the resamples must have a value


def interval(
    replicates: np.ndarray, level: float = LEVEL
) -> tuple[float, float] | None:
    """The percentile interval of bootstrap replicates, shape (resamples,).

    Returns None where more than a tenth of the resamples have no value (NaN): the rows
    are too few to say.

    Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), ch. 13.
    """
    known = replicates[np.isfinite(replicates)]
    if len(known) < FEWEST * len(replicates):
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
