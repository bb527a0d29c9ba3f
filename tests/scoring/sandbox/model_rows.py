"""The rows that the built models were made for."""

import numpy as np

ROWS = 300
X = np.random.default_rng(3).normal(size=(ROWS, 4)).astype(np.float32)
IMAGES = np.random.default_rng(4).integers(0, 256, (ROWS, 6, 6)).astype(np.float32)
ISLANDS = np.array(
    [[["north", "south", "west"][row % 3]] for row in range(ROWS)], dtype=object
)
TENSORS = {"x": X, "image": IMAGES, "island": ISLANDS}
