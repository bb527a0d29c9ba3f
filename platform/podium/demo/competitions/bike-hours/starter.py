"""Train a small network on train.csv.gz and save it, ready to submit.

    python starter.py [path of train.csv.gz] [path of the model to write]

It takes less than a minute on two cores. What you may want to look at first is how it
tests itself: on the last weeks, because the hidden rows come after all of these.
"""

import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

HERE = Path(__file__).resolve().parent
train_path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "train.csv.gz"
model_path = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "bike-hours.keras"

AIR = ["temp", "temp_felt", "humidity", "windspeed"]
WEATHER = ["clear", "cloudy/misty", "light rain/snow", "heavy rain/snow"]

keras.utils.set_random_seed(1)  # the same numbers each time, so that you can compare

table = pd.read_csv(train_path)


def features(rows):
    """The columns as Podium feeds them, by the names of the model's inputs."""
    arrays = {
        "hour": rows[["hour"]].to_numpy("int32"),
        "weekday": rows[["weekday"]].to_numpy("int32"),
        "day": rows[["holiday", "workingday"]].to_numpy("float32"),
        "weather": rows[["weather"]].to_numpy(str),
        "air": rows[AIR].to_numpy("float32"),
    }
    return {name: ops.convert_to_tensor(array) for name, array in arrays.items()}


def build():
    """Hour, day and weather in, rentals out; the season is left for you to use."""
    hour = keras.Input((1,), dtype="int32", name="hour")
    weekday = keras.Input((1,), dtype="int32", name="weekday")
    day = keras.Input((2,), name="day")
    weather = keras.Input((1,), dtype="string", name="weather")
    air = keras.Input((4,), name="air")

    # The hour is no quantity: 23 is next to 0. So each hour gets a place of its own.
    hidden = layers.Concatenate()(
        [
            layers.CategoryEncoding(24, output_mode="one_hot")(hour),
            layers.CategoryEncoding(7, output_mode="one_hot")(weekday),
            day,
            layers.StringLookup(vocabulary=WEATHER, output_mode="one_hot")(weather),
            air,
        ]
    )
    hidden = layers.Dense(64, activation="relu")(hidden)
    hidden = layers.Dropout(0.2)(hidden)
    hidden = layers.Dense(32, activation="relu")(hidden)
    logarithm = layers.Dense(1)(hidden)
    inputs = [hour, weekday, day, weather, air]
    return keras.Model(inputs, logarithm)


def fit(model, rows):
    """Train on the logarithm: RMSLE is the RMSE of log(1 + rentals)."""
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="mse")
    target = np.log1p(rows["rentals"].to_numpy("float32"))
    model.fit(features(rows), target, epochs=40, batch_size=64, verbose=0)
    return model


# First a model that does not know the last six weeks: how wrong is it about them?
moment = pd.to_datetime(table["timestamp"])
is_late = moment >= moment.max().normalize() - pd.Timedelta(days=42)
before, after = table[~is_late], table[is_late]
guessed = fit(build(), before).predict(features(after), verbose=0)[:, 0]
error = guessed - np.log1p(after["rentals"].to_numpy())
rmsle = np.mean(error**2) ** 0.5
print(f"RMSLE on the last six weeks, {len(after)} hours: {rmsle:.3f}")

# Then the model to submit, trained on everything. Its answer must be rentals, not a
# logarithm, so the way back is its last step.
model = fit(build(), table)
rentals = ops.expm1(model.output)
keras.Model(model.inputs, rentals).save(model_path)
print(f"Saved {model_path}: this is the file to submit.")
