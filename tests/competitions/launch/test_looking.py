"""The launch check on the demo's penguins and digits: clean, and with each fault."""

import time
import warnings

import numpy as np
import pytest

from competitions.folders.reading import read_document
from competitions.launch import looking
from competitions.launch.rows import Rows, gather
from scoring import tables
from scoring.labels import Labels
from scoring.split import PRIVATE, split_rows
from tests.competitions.hosting.given import DEMO

warnings.simplefilter("ignore")


def rows_of(name: str) -> tuple[Rows, list[dict]]:
    folder = DEMO / name
    reading = read_document((folder / "competition.yaml").read_bytes())
    contract, document = reading.contract, reading.document
    ending = "npz" if name == "digits" else "csv.gz"
    test = tables.read_table(folder / f"hidden/test.{ending}")
    labels = tables.read_table(folder / f"hidden/labels.{ending}")
    ids = tables.row_ids(test, contract)
    y = tables.label_values(labels, contract, ids)
    if document.split == "column":
        marks = tables.split_values(labels, contract, ids)
    else:
        split = document.split
        marks = split_rows(ids, y, contract.output.classes, split.public, split.seed)
    train = tables.read_table(folder / document.train)
    inputs = tables.input_tensors(test, contract)
    hidden = Labels(y, marks, ids, contract)
    return gather(train, inputs, hidden), document.metric_specs


def again(rows: Rows, **changes) -> Rows:
    values = {
        "train": rows.train,
        "test": rows.test,
        "y_train": rows.y_train,
        "train_ids": rows.train_ids,
        "labels": Labels(rows.y_test, rows.marks, rows.test_ids, rows.contract),
    }
    return Rows.of(**{**values, **changes})


def warned(rows: Rows, specs) -> set[str]:
    answer = looking.look_at(rows, specs, time.monotonic() + 100)
    return {each["key"] for each in answer["findings"] if each["level"] == "warn"}


@pytest.fixture(scope="module")
def penguins():
    return rows_of("penguins")


class TestLook:
    @pytest.mark.parametrize("name", ["penguins", "bike-hours", "languages"])
    def test_warns_of_nothing_in_sound_data(self, name):
        assert warned(*rows_of(name)) == set()

    def test_tells_of_time_where_rows_go_on_in_time(self):
        answer = looking.look_at(*rows_of("bike-hours"), time.monotonic() + 100)

        [drift] = [each for each in answer["findings"] if each["key"] == "drift"]
        assert drift["level"] == "note" and "as it does in time" in drift["text"]

    def test_says_what_difference_can_be_seen(self, penguins):
        answer = looking.look_at(*penguins, time.monotonic() + 100)

        resolution = answer["figures"]["resolution"]
        assert 0.01 < resolution["public"] < 0.2
        [told] = [each for each in answer["findings"] if each["key"] == "resolution"]
        assert told["text"].startswith("Below 0.0")

    def test_leaves_out_what_there_is_no_time_for(self, penguins):
        answer = looking.look_at(*penguins, time.monotonic() - 1)

        assert {each["level"] for each in answer["findings"]} == {"note"}


class TestPlanted:
    def test_copies_across_the_split(self, penguins):
        rows, specs = penguins
        test = {name: each.copy() for name, each in rows.test.items()}
        for name, each in test.items():
            each[5:10] = rows.train[name][20:25]

        assert warned(again(rows, test=test), specs) == {"duplicates"}

    def test_copies_with_a_little_noise(self, penguins):
        rows, specs = penguins
        test = {name: each.copy() for name, each in rows.test.items()}
        for name, each in test.items():
            each[:8] = rows.train[name][30:38]
        test["measurements"][:8, 2] += np.float32(0.01)

        assert warned(again(rows, test=test), specs) == {"near_duplicates"}

    def test_an_id_that_orders_the_label(self, penguins):
        rows, specs = penguins
        order = np.argsort(rows.y_test, kind="stable")
        test = {name: each[order] for name, each in rows.test.items()}
        ids = [str(500 + row) for row in range(len(order))]
        labels = Labels(rows.y_test[order], rows.marks[order], ids, rows.contract)

        assert warned(again(rows, test=test, labels=labels), specs) == {"ids"}

    def test_a_column_that_is_the_answer(self, penguins):
        rows, specs = penguins
        sides = {}
        for side, y in (("train", rows.y_train), ("test", rows.y_test)):
            inputs = {name: each.copy() for name, each in getattr(rows, side).items()}
            inputs["measurements"][:, 1] = y * 7 + 1
            sides[side] = inputs

        assert warned(again(rows, **sides), specs) == {"telling"}

    def test_drift_in_one_column(self, penguins):
        rows, specs = penguins
        test = {name: each.copy() for name, each in rows.test.items()}
        test["measurements"][:, 3] += 900

        assert warned(again(rows, test=test), specs) == {"drift"}

    def test_a_class_that_no_public_row_has(self, penguins):
        rows, specs = penguins
        marks = np.where(rows.y_test == 2, PRIVATE, rows.marks)
        labels = Labels(rows.y_test, marks, rows.test_ids, rows.contract)

        assert warned(again(rows, labels=labels), specs) == {"labels"}
