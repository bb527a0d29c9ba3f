"""What the evaluation page tells of a metric."""

import pytest

from competitions.views.explained import explained
from scoring import metrics


class TestExplained:
    @pytest.mark.parametrize("key", metrics.METRICS)
    def test_draws_every_formula_and_example(self, key):
        told = explained({"key": key})

        assert told["formula"].startswith("<math") and "\\" not in told["formula"]
        assert "nan" not in str(told["bounds"])
        example = metrics.get(key).example
        assert len(told["example"]["rows"]) == len(example.y_true)
        widths = {len(row["answers"]) for row in told["example"]["rows"]}
        assert widths == {len(told["example"]["heads"])}
        assert float(told["example"]["score"].replace("−", "-")) == pytest.approx(
            example.score, rel=1e-3
        )

    def test_names_classes_by_letters(self):
        rows = explained({"key": "accuracy"})["example"]["rows"]

        assert rows[1] == {"label": "B", "answers": ["C"]}

    def test_tells_parameters_and_columns_with_their_values(self):
        told = explained({"key": "f_beta", "beta": 0.5, "group": "station"})

        settings = [(each["name"], each["value"]) for each in told["settings"]]
        assert settings == [("average", "binary"), ("beta", 0.5), ("group", "station")]

    @pytest.mark.parametrize(
        ("key", "bounds"),
        [
            ("accuracy", "from 0 to 1"),
            ("rmse", "0 and more"),
            ("r2", "at most 1"),
            ("mcc", "from −1 to 1"),
        ],
    )
    def test_tells_the_range(self, key, bounds):
        assert explained({"key": key})["bounds"] == bounds
