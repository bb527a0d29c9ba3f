"""Measures what the project tells, and draws the picture beside this file.

    python platform/podium/demo/projects/bikes-in-order/measure.py

It is no part of the site: it says how the numbers came about. It runs the competition's
starter, whose model becomes the one beside this file, and takes two minutes.
"""

import runpy
import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "competitions" / "bike-hours"
ROWS = 1_029  # the hours of the last six weeks
INK, ORANGE, BLUE = (60, 60, 60), (200, 90, 20), (30, 90, 170)


def rmsle(model, features, rows) -> float:
    logarithm = model.predict(features(rows), verbose=0)[:, 0]
    return float(np.mean((logarithm - np.log1p(rows["rentals"])) ** 2) ** 0.5)


def draw_hours(table, path: Path) -> None:
    """Mean rentals of each hour, on working days and on others."""
    image = Image.new("RGB", (1600, 800), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=30)
    for rentals in range(0, 500, 100):
        y = 700 - rentals * 1.3
        pen.line([(110, y), (1560, y)], (225, 225, 225), 2)
        pen.text((30, y - 18), f"{rentals}", INK, font)
    for hour in range(0, 24, 3):
        pen.text((100 + hour * 62, 720), f"{hour}:00", INK, font)
    for working, colour in ((1, BLUE), (0, ORANGE)):
        rows = table[table["workingday"] == working]
        means = rows.groupby("hour")["rentals"].mean()
        points = [(120 + hour * 62, 700 - mean * 1.3) for hour, mean in means.items()]
        pen.line(points, colour, 6, "curve")
    pen.text((130, 60), "blue: working days", BLUE, font)
    pen.text((130, 105), "orange: weekends and holidays", ORANGE, font)
    image.save(path)


if __name__ == "__main__":
    train = FOLDER / "files" / "train.csv.gz"
    sys.argv = ["starter.py", str(train), str(HERE / "bike-hours.keras")]
    starter = runpy.run_path(str(FOLDER / "starter.py"))
    table, build, fit = starter["table"], starter["build"], starter["fit"]
    for seed in (1, 2, 3):
        keras.utils.set_random_seed(seed)
        aside = table.sample(ROWS, random_state=seed)
        model = fit(build(), table.drop(aside.index))
        print(f"random hours, seed {seed}: {rmsle(model, starter['features'], aside)}")
    for end in (len(table) - 2 * ROWS, len(table) - ROWS, len(table)):
        keras.utils.set_random_seed(1)
        before, aside = table[: end - ROWS], table[end - ROWS : end]
        model = fit(build(), before)
        first, last = aside["timestamp"].iloc[[0, -1]]
        print(f"{first} to {last}: {rmsle(model, starter['features'], aside)}")
    draw_hours(table, HERE / "hours.png")
