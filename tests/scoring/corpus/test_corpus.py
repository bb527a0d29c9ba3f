"""Every hostile file is contained, gets its reason, and harms nobody after it."""

import numpy as np
import pytest

from scoring.sandbox import predict
from tests.scoring.conftest import SECRET
from tests.scoring.corpus import run
from tests.scoring.corpus.cases import CASES
from tests.scoring.sandbox.model_rows import X

pytestmark = pytest.mark.needs("sandbox")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_contains(case, corpus, tmp_path):
    outcome = run.run_case(case, corpus, tmp_path)

    assert outcome.reason in case.reasons, outcome
    assert run.left_behind(corpus, tmp_path) == []
    told = outcome.message + outcome.detail + outcome.printed
    assert SECRET not in told and "root:x:0" not in told
    assert str(X[0, 0]) not in outcome.message


RUDE = ("prints_without_end.zip", "hungry.zip", "tflite_flipped.tflite")


def test_leaves_the_next_honest_run_as_it_was(corpus, make_job, expected, tmp_path):
    honest = make_job("dense.keras", run.classes_contract())
    before = predict(honest)
    for case in CASES:
        if case.name in (
            "prints_without_end.zip",
            "hungry.zip",
            "tflite_flipped.tflite",
        ):
            run.run_case(case, corpus, tmp_path)

    after = predict(honest)

    assert after.predictions.tobytes() == before.predictions.tobytes()
    assert np.allclose(after.predictions, expected["dense"], atol=1e-6)
