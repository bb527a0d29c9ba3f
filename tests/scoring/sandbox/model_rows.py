"""The rows that the built models were made for."""

import numpy as np

ROWS = 300
X = np.random.default_rng(3).normal(size=(ROWS, 4)).astype(np.float32)
IMAGES = np.random.default_rng(4).integers(0, 256, (ROWS, 6, 6)).astype(np.float32)
ISLANDS = np.array(
    [[["north", "south", "west"][row % 3]] for row in range(ROWS)], dtype=object
)
FLAGS = np.random.default_rng(5).random((ROWS, 1)) < 0.5
COUNTS = np.random.default_rng(6).integers(-9, 9, (ROWS, 1))
TENSORS = {"x": X, "image": IMAGES, "island": ISLANDS, "flag": FLAGS, "count": COUNTS}
