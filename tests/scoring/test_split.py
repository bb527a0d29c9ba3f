from hashlib import sha256

import numpy as np
import pytest

from scoring.errors import ContractError
from scoring.split import split_rows

IDS = [str(number) for number in range(100, 137)]


def first_by_hash(ids, seed, count):
    ordered = sorted(
        ids, key=lambda each: sha256(f"{seed}:{each}".encode()).hexdigest()
    )
    return set(ordered[:count])


class TestSplitRows:
    def test_makes_the_first_rows_by_hash_public(self):
        marks = split_rows(IDS, np.zeros(len(IDS)), None, 0.4, 7)

        public = {each for each, mark in zip(IDS, marks, strict=True) if mark == 0}
        assert public == first_by_hash(IDS, 7, 15)  # floor(0.4 * 37 + 0.5)

    def test_splits_each_class_by_itself(self):
        y = np.array([number % 3 for number in range(len(IDS))])

        marks = split_rows(IDS, y, ("a", "b", "c"), 0.4, 7)

        for index in range(3):
            rows = np.flatnonzero(y == index)
            ids = [IDS[row] for row in rows]
            public = {IDS[row] for row in rows if marks[row] == 0}
            assert public == first_by_hash(ids, 7, int(0.4 * len(ids) + 0.5))

    @pytest.mark.parametrize(
        ("rows", "public", "count"),
        [(5, 0.1, 1), (15, 0.1, 2), (45, 0.7, 32), (5, 0.3, 2), (1, 0.4, 0), (9, 1, 9)],
        ids=["half up", "half up again", "0.7 in floats is less", "0.3", "one", "all"],
    )
    def test_reckons_in_decimal(self, rows, public, count):
        ids = [str(row) for row in range(rows)]

        marks = split_rows(ids, np.zeros(rows), None, public, 1)

        assert int((marks == 0).sum()) == count

    def test_does_not_depend_on_the_order_of_rows(self):
        marks = split_rows(IDS, np.zeros(len(IDS)), None, 0.5, 3)

        turned = split_rows(IDS[::-1], np.zeros(len(IDS)), None, 0.5, 3)

        assert turned[::-1].tolist() == marks.tolist()

    @pytest.mark.parametrize("public", [0, -0.1, 1.01])
    def test_wants_a_share(self, public):
        with pytest.raises(ContractError, match="above 0"):
            split_rows(IDS, np.zeros(len(IDS)), None, public, 1)
