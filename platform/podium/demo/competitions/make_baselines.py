"""Trains the baselines of the demo competitions and saves them into their folders.

    python platform/podium/demo/competitions/make_baselines.py

They are in the repository already; this says how they came about. It is no part of the
site: nothing imports it, and a first start does not run it.
"""

from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

HERE = Path(__file__).resolve().parent
MEASUREMENTS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


def make_digits() -> None:
    folder = HERE / "digits"
    data = np.load(folder / "files" / "train.npz")
    images, labels = data["images"].astype("float32"), data["labels"]
    most_frequent_digit(labels).save(folder / "baselines" / "most_frequent.keras")
    dense_network(images, labels).save(folder / "baselines" / "dense.keras")


def most_frequent_digit(labels: np.ndarray) -> keras.Model:
    """Answer each image with the shares of the digits in the training images."""
    image = keras.Input((28, 28), name="image")
    shares = layers.Dense(10, activation="softmax", kernel_initializer="zeros")
    model = keras.Model(image, shares(layers.Flatten()(image)))
    kernel, _ = shares.get_weights()
    shares.set_weights([kernel, np.log(np.bincount(labels) / len(labels))])
    return model


def dense_network(images: np.ndarray, labels: np.ndarray) -> keras.Model:
    """One hidden layer of 64."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28), name="image"),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=10, batch_size=128, verbose=0)
    return bare(model)


def make_penguins() -> None:
    folder = HERE / "penguins"
    table = pd.read_csv(folder / "files" / "train.csv.gz")
    logistic_regression(table).save(folder / "baselines" / "logistic.keras")


def logistic_regression(table: pd.DataFrame) -> keras.Model:
    """A linear model, held back by a strong penalty so that it makes some mistakes."""
    keras.utils.set_random_seed(1)
    numbers = table[MEASUREMENTS].to_numpy("float32")
    words = {name: table[[name]].fillna("").to_numpy(str) for name in ("island", "sex")}
    measurements = keras.Input((4,), name="measurements")
    island = keras.Input((1,), dtype="string", name="island")
    sex = keras.Input((1,), dtype="string", name="sex")
    scaled = layers.Normalization(
        mean=np.nanmean(numbers, axis=0), variance=np.nanvar(numbers, axis=0)
    )(measurements)
    features = layers.Concatenate()(
        [
            ops.nan_to_num(scaled, nan=0.0),  # a missing number counts as the mean
            one_hot(["Biscoe", "Dream", "Torgersen"])(island),
            one_hot(["female", "male"])(sex),
        ]
    )
    species = layers.Dense(
        3, activation="softmax", kernel_regularizer=keras.regularizers.L2(0.1)
    )(features)
    model = keras.Model([measurements, island, sex], species)
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    tensors = {
        name: ops.convert_to_tensor(value)
        for name, value in {"measurements": numbers, **words}.items()
    }
    labels = table["species"].map(SPECIES.index).to_numpy()
    model.fit(tensors, labels, epochs=200, batch_size=len(labels), verbose=0)
    return bare(model)


def make_bike_hours() -> None:
    folder = HERE / "bike-hours"
    table = pd.read_csv(folder / "files" / "train.csv.gz")
    hourly_mean(table).save(folder / "baselines" / "hourly_mean.keras")
    linear_model(table).save(folder / "baselines" / "linear.keras")


def hourly_mean(table: pd.DataFrame) -> keras.Model:
    """Answer with the mean of the logarithm at that hour, whatever day it is."""
    means = np.log1p(table["rentals"]).groupby(table["hour"]).mean().sort_index()
    hour = keras.Input((1,), dtype="int32", name="hour")
    look_up = layers.Embedding(24, 1)
    logarithm = layers.Flatten()(look_up(hour))
    look_up.set_weights([means.to_numpy("float32")[:, None]])
    return keras.Model(hour, ops.expm1(logarithm))


def linear_model(table: pd.DataFrame) -> keras.Model:
    """Least squares on the logarithm, with a place of its own for each hour."""
    columns = {
        "hour": table[["hour"]].to_numpy("int32"),
        "weekday": table[["weekday"]].to_numpy("int32"),
        "weather": table[["weather"]].to_numpy(str),
        "air": table[["temp", "temp_felt", "humidity", "windspeed"]].to_numpy(),
    }
    hour = keras.Input((1,), dtype="int32", name="hour")
    weekday = keras.Input((1,), dtype="int32", name="weekday")
    weather = keras.Input((1,), dtype="string", name="weather")
    air = keras.Input((4,), name="air")
    features = layers.Concatenate()(
        [
            layers.CategoryEncoding(24, output_mode="one_hot")(hour),
            layers.CategoryEncoding(7, output_mode="one_hot")(weekday),
            one_hot(["clear", "cloudy/misty", "light rain/snow"])(weather),
            air,
        ]
    )
    line = layers.Dense(1)
    model = keras.Model([hour, weekday, weather, air], ops.expm1(line(features)))
    tensors = {name: ops.convert_to_tensor(array) for name, array in columns.items()}
    known = keras.Model(model.inputs, features).predict(tensors, verbose=0)
    known = np.c_[known, np.ones(len(known))]
    weights, *_ = np.linalg.lstsq(known, np.log1p(table["rentals"]), rcond=None)
    line.set_weights([weights[:-1, None], weights[-1:]])
    return model


def make_languages() -> None:
    folder = HERE / "languages"
    table = pd.read_csv(folder / "files" / "train.csv.gz", keep_default_na=False)
    single_letters(table).save(folder / "baselines" / "letters.keras")


def single_letters(table: pd.DataFrame) -> keras.Model:
    """A linear model of which letters occur, each by itself."""
    keras.utils.set_random_seed(1)
    table = table.sample(frac=1, random_state=1)
    names = sorted(table["language"].unique())
    texts = ops.convert_to_tensor(table[["text"]].to_numpy(str))
    letters = layers.TextVectorization(
        max_tokens=1_000, standardize=None, split="character", output_mode="multi_hot"
    )
    letters.adapt(texts)
    text = keras.Input((1,), dtype="string", name="text")
    language = layers.Dense(len(names), activation="softmax")(letters(text))
    model = keras.Model(text, language)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    labels = table["language"].map(names.index).to_numpy()
    model.fit(texts, labels, epochs=10, batch_size=64, verbose=0)
    return bare(model)


def one_hot(words: list[str]) -> layers.Layer:
    """A word as a one among zeros; an unknown or missing one has its own place."""
    return layers.StringLookup(vocabulary=words, output_mode="one_hot")


def bare(model: keras.Model) -> keras.Model:
    """The model without its optimiser, which nobody needs to predict."""
    return keras.Model(model.inputs, model.outputs)


if __name__ == "__main__":
    make_digits()
    make_penguins()
    make_bike_hours()
    make_languages()
