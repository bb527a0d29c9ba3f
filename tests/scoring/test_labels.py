import numpy as np

from scoring.labels import Labels, open_labels, write_labels
from tests.scoring.contracts import classes_contract


class TestOpenLabels:
    def test_gives_back_what_was_written(self, tmp_path):
        contract = classes_contract()
        split = np.array([0, 1, 2], dtype=np.uint8)
        labels = Labels(np.array([0, 2, 1]), split, ["7", "007", "ü"], contract)
        write_labels(tmp_path / "labels", labels)

        again = open_labels(tmp_path / "labels", contract)

        assert again.y.tolist() == [0, 2, 1]
        assert again.split.tolist() == [0, 1, 2]
        assert list(again.ids) == ["7", "007", "ü"]
        assert again.contract is contract
