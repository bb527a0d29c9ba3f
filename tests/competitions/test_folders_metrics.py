"""Which metrics a `competition.yaml` may name, and the columns that they need."""

import numpy as np
import pytest

from competitions import hidden
from competitions.folders.reading import read_document
from scoring import metrics
from scoring.score import score
from tests.competitions import folder_files as given

OUTPUTS = {
    "two classes": "{kind: probabilities, classes: [gull, tern]}",
    "three classes": "{kind: probabilities, classes: [gull, tern, auk]}",
    "classes": "{kind: labels, classes: [gull, tern]}",
    "columns": "{kind: probabilities, multilabel: true}",
    "numbers": "{kind: values}",
    "lists": "{kind: values, width: 2}",
}
TARGETS = {"columns": "[kind, other]", "lists": "[kind, other]"}


def document(output: str, metric: str) -> bytes:
    text = given.DOCUMENT.replace(OUTPUTS["two classes"], OUTPUTS[output])
    text = text.replace("target: kind", f"target: {TARGETS.get(output, 'kind')}")
    return text.replace("metric: accuracy", f"metric: {metric}").encode()


def faults(output: str, metric: str) -> list[str]:
    return [str(fault) for fault in read_document(document(output, metric)).faults]


class TestReadDocument:
    @pytest.mark.parametrize("key", metrics.METRICS)
    def test_takes_each_metric_with_an_output_it_fits_and_no_other(self, key):
        fitting = 0
        for output in OUTPUTS:
            contract = read_document(document(output, "accuracy")).contract
            told = faults(output, key)
            if key in [each.key for each in metrics.fitting(contract)]:
                fitting += 1
                assert not told
            else:
                assert len(told) == 1 and "metric (line 6)" in told[0]
                assert f"{key} does not fit output kind" in told[0]
                assert "what fits: " in told[0]

        assert fitting

    @pytest.mark.parametrize(
        ("output", "metric", "told"),
        [
            ("three classes", "{key: f1, average: macro}", ""),
            ("three classes", "{key: f1, average: most}", "must be one of binary"),
            ("numbers", "{key: pinball, alpha: 1.5}", "alpha must be at most 1"),
            ("numbers", "{key: rmse, group: station, weight: size}", ""),
            ("numbers", "{key: rmse, group: [a]}", "must name a column of the labels"),
            ("numbers", "{key: ndcg_at_k, k: 5, group: query}", ""),
        ],
    )
    def test_reads_parameters(self, output, metric, told):
        found = faults(output, metric)

        assert told in found[0] if told else not found


@pytest.mark.django_db
@pytest.mark.services
class TestMetricColumns:
    METRIC = "metric: {key: accuracy, group: coast, weight: size}"
    LABELS = "id,kind,coast,size\n" + "".join(
        f"{row},{'tern' if row % 2 else 'gull'},{'east' if row < 5 else 'west'},{row}\n"
        for row in range(8, 0, -1)
    )

    def files(self, labels):
        changed = given.edited("metric: accuracy", self.METRIC)
        return {**changed, "hidden/labels.csv": labels}

    def test_are_kept_in_the_order_of_the_rows_and_scored_by(self, tmp_path):
        competition = given.imported(tmp_path, self.files(self.LABELS))

        labels = hidden.labels(competition.hidden_test_set)

        assert labels.columns["group coast"].tolist() == ["east"] * 4 + ["west"] * 4
        assert labels.columns["weight size"].tolist() == list(range(1, 9))
        guess = np.tile([0.9, 0.1], (8, 1))  # gulls alone: rows 2, 4, 6, 8
        found = score(guess, labels, competition.metrics)["all"]["accuracy"]
        assert found == pytest.approx((6 / 10 + 14 / 26) / 2)

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("coast", "shore", "column 'coast' is missing"),
            (",east,", ",,", "are empty, the first in row 5"),
            (",8\n", ",-8\n", "are below 0, the first in row 1"),
            (",8\n", ",much\n", "are not numbers, the first in row 1"),
        ],
    )
    def test_are_refused_with_the_row(self, tmp_path, old, new, told):
        labels = self.LABELS.replace(old, new)

        faults = given.faults_of(tmp_path, self.files(labels))

        assert any(f.file == "hidden/labels.csv" and told in str(f) for f in faults)
