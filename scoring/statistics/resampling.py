"""Bootstrap resamples from a fixed seed, as weights of the rows.

Every submission of a competition is scored on the same resamples, so that their scores
can be compared resample by resample, and nothing changes on a reload.

Source: B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Ann. Stat. 7
(1979).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from scoring.metrics.applied import Applied

RESAMPLES = 1_000
CHUNK_CELLS = 500_000  # weights held at once; a chunk's arrays fit the cache


@dataclass(frozen=True)
class Resamples:
    """Draws of `units` units with replacement, `count` times.

    The stream of PCG64 is fixed by NumPy for ever, and only raw words of it are used,
    so the same seed gives the same resamples in every version and on every machine.
    """

    seed: int
    units: int
    count: int = RESAMPLES

    def chunks(self) -> Iterator[np.ndarray]:
        """How often each unit was drawn: float64 arrays (resamples, units), in order.

        Units count from 0 in the order of the hidden test set. Memory is bounded: a
        chunk holds half a million cells, or one resample where that is more.
        """
        words = np.random.PCG64(self.seed)
        size = max(1, CHUNK_CELLS // self.units)
        for start in range(0, self.count, size):
            yield self._drawn(words, min(size, self.count - start))

    def _drawn(self, words, resamples) -> np.ndarray:
        each = (self.units + 1) // 2  # words of 64 bits hold two numbers of 32
        raw = words.random_raw(resamples * each).astype("<u8", copy=False)
        drawn = raw.view("<u4").reshape(resamples, -1)[:, : self.units]
        drawn = (drawn.astype(np.uint64) * np.uint64(self.units)) >> np.uint64(32)
        drawn += np.arange(resamples, dtype=np.uint64)[:, None] * np.uint64(self.units)
        cells = resamples * self.units
        counts = np.bincount(drawn.ravel().astype(np.int64), minlength=cells)
        return counts.reshape(resamples, self.units).astype(np.float64)


def seed_of(digest: str, split: str) -> int:
    """The seed of a split's resamples: from the digest of the hidden test set."""
    text = f"podium resamples 1:{digest}:{split}"
    return int.from_bytes(sha256(text.encode()).digest()[:16], "big")


def replicates(applied: Applied, resamples: Resamples) -> np.ndarray:
    """The score on each resample: float64, shape (count,); NaN where it has none.

    A resample may miss what the metric needs, such as a class. Which ones do depends on
    the labels alone, so it is the same ones for every submission.
    """
    if applied.units != resamples.units:
        raise ValueError(f"{resamples.units} units for {applied.units}")
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [applied.weighted(chunk) for chunk in resamples.chunks()]
    return np.concatenate(found)
