"""Measures what the project tells, and makes model and pictures beside this file.

    python platform/podium/demo/projects/shifted-digits/measure.py

It is no part of the site: it says how the numbers came about. A minute on two cores.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
TRAIN = HERE.parents[1] / "competitions" / "digits" / "files" / "train.npz"
HELD_OUT = 2_000
SHIFTS = range(5)  # pixels


def build() -> keras.Model:
    """The network of the competition's starter."""
    return keras.Sequential(
        [
            keras.Input((28, 28), name="image"),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train(images, labels, *, move: bool) -> keras.Model:
    """Five rounds as the starter does them, each image moved about or not."""
    keras.utils.set_random_seed(1)
    core = build()
    whole = core
    if move:
        mover = [
            layers.Reshape((28, 28, 1)),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
            layers.Reshape((28, 28)),
        ]
        whole = keras.Sequential([keras.Input((28, 28)), *mover, core])
    whole.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    whole.fit(images, labels, epochs=5, batch_size=64, verbose=0)
    return keras.Model(core.inputs, core.outputs)  # without the optimiser


def moved(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Images moved by whole pixels; what leaves one side does not come back."""
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4)))
    return padded[:, 4 - down : 32 - down, 4 - right : 32 - right]


def accuracies(model: keras.Model, images, labels) -> list[float]:
    """The accuracy at each shift, as the mean over the four directions."""
    found = []
    for by in SHIFTS:
        ways = [(by, 0), (-by, 0), (0, by), (0, -by)] if by else [(0, 0)]
        hits = [
            np.mean(model.predict(moved(images, *way), verbose=0).argmax(1) == labels)
            for way in ways
        ]
        found.append(float(np.mean(hits)))
    return found


def draw_misread(model: keras.Model, images, labels, path: Path) -> int:
    """A sheet of the first digits that a model misreads; how many it misreads."""
    answers = model.predict(images, verbose=0).argmax(1)
    wrong = np.flatnonzero(answers != labels)
    sheet = Image.new("L", (8 * 100, 2 * 130), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=18)
    for place, row in enumerate(wrong[:16]):
        x, y = place % 8 * 100 + 8, place // 8 * 130
        digit = Image.fromarray(255 - images[row].astype("uint8")).resize((84, 84))
        sheet.paste(digit, (x, y))
        pen.text((x + 20, y + 92), f"{labels[row]} as {answers[row]}", 0, font)
    sheet.save(path)
    return len(wrong)


def draw_shifts(image: np.ndarray, path: Path) -> None:
    """One digit in its frame, moved to the right by 0 to 4 pixels."""
    sheet = Image.new("L", (5 * 200, 350), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=22)
    for by in SHIFTS:
        x = by * 200 + 16
        digit = 255 - moved(image[None], 0, by)[0].astype("uint8")
        frame = Image.fromarray(digit).resize((168, 168), Image.Resampling.NEAREST)
        sheet.paste(frame, (x, 75))
        pen.rectangle((x, 75, x + 168, 243), outline=120, width=2)
        pen.text((x + 56, 255), f"{by} px", 0, font)
    sheet.save(path)


if __name__ == "__main__":
    data = np.load(TRAIN)
    images, labels = data["images"].astype("float32"), data["labels"]
    seen, told = images[:-HELD_OUT], labels[:-HELD_OUT]
    unseen, truth = images[-HELD_OUT:], labels[-HELD_OUT:]
    for move in (False, True):
        model = train(seen, told, move=move)
        rates = " ".join(f"{each:.4f}" for each in accuracies(model, unseen, truth))
        print(f"moved in training: {move}; accuracy at shifts 0 to 4: {rates}")
    draw_shifts(unseen[0], HERE / "shifts.png")
    print("misread:", draw_misread(model, unseen, truth, HERE / "misread.png"))
    model.save(HERE / "digits.keras")
