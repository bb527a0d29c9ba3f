"""Writes the corpus into a folder of built models.

A process of its own, since it imports TensorFlow: python make.py FOLDER SECRET
"""

import sys
from pathlib import Path

from tests.scoring.corpus import keras_files, other_files, saved_models


def main(folder, secret):
    saved_models.build(folder, secret)
    keras_files.build(folder, folder / "dense.keras", folder / "keras3.h5", secret)
    other_files.build(folder, folder / "float.tflite")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
