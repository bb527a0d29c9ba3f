"""Which rows are public and which private, from a seed and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from hashlib import sha256

import numpy as np

from scoring.errors import ContractError

PUBLIC, PRIVATE, IGNORED = 0, 1, 2
NAMES = {"public": PUBLIC, "private": PRIVATE, "ignored": IGNORED}


def split_rows(
    ids: Sequence[str],
    y: np.ndarray,
    classes: Sequence[str] | None,
    public: float | Decimal,
    seed: int,
) -> np.ndarray:
    """Mark each row public or private; within each class where classes are given.

    Rows are ordered by the SHA-256 of `seed:id`; of each group the first
    floor(public * n + 1/2) are public, reckoned in decimal.
    """
    share = Decimal(str(public))
    if not 0 < share <= 1:
        raise ContractError("split.public: must be above 0 and at most 1")
    marks = np.full(len(ids), PRIVATE, dtype=np.uint8)
    groups = [range(len(ids))]
    if classes is not None:
        groups = [np.flatnonzero(y == index) for index in range(len(classes))]
    for rows in groups:
        ordered = sorted(rows, key=lambda row: _rank(seed, ids[row]))
        marks[ordered[: _public_count(share, len(ordered))]] = PUBLIC
    return marks


def _rank(seed: int, row_id: str) -> bytes:
    return sha256(f"{seed}:{row_id}".encode()).digest()


def _public_count(share: Decimal, rows: int) -> int:
    exact = share * rows + Decimal("0.5")
    return int(exact.to_integral_value(rounding=ROUND_FLOOR))
