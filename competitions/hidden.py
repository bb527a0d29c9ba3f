"""The hidden test set: inputs for whoever predicts, labels for whoever scores."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from competitions.models import Check, Competition, HiddenTestSet, Submission
from podium.common.files import store_path
from podium.common.models import StoredFile
from scoring import metrics, predictions
from scoring.artifact import identify, is_predictions
from scoring.contract import Contract
from scoring.labels import Labels, open_labels, write_labels
from scoring.sandbox import Job, Limits, Run
from scoring.split import PRIVATE, PUBLIC
from scoring.tensors import write_tensors


def job(submission: Submission | Check, device: str = "cpu") -> Job:
    """All that a sandbox may know of a submission: never a label.

    Raises
    ------
    SubmissionError
        If the file is of no known kind.
    """
    competition = submission.competition
    hidden = submission.hidden_test_set
    artifact = submission.artifact.local_path()
    # What could not be told at the door is asked once more, for the sentence.
    format = submission.format or identify(artifact)
    file_of_predictions = is_predictions(format)
    return Job(
        artifact=artifact,
        format=format,
        contract=Contract.from_dict(competition.contract),
        inputs=hidden.inputs.local_path(),
        rows=hidden.rows,
        limits=Limits(
            seconds=competition.limit_seconds,
            memory_mb=competition.limit_memory_mb,
            file_mb=competition.limit_file_mb,
        ),
        device=device,
        # The ids of the test rows are public where predictions are accepted.
        ids=hidden.ids.local_path() if file_of_predictions else None,
        classes_suffice=metrics.take_classes(competition.metrics),
        scratch=settings.SCRATCH,
        sandbox=settings.SANDBOX,
    )


def labels(hidden_test_set: HiddenTestSet) -> Labels:
    """The labels and the split; they never leave this process."""
    contract = Contract.from_dict(hidden_test_set.competition.contract)
    return open_labels(hidden_test_set.labels.local_path(), contract)


def keep_predictions(run: Run) -> tuple[StoredFile, str]:
    """Keep a run's predictions, compressed; return the file and the array's digest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions"
        sha256 = predictions.store(path, run.predictions)
        return store_path(path), sha256


def kept_predictions(submission: Submission):
    """The kept predictions of a submission, as they were when it ran."""
    kept = submission.predictions.get(hidden_test_set=submission.hidden_test_set)
    return predictions.load(kept.stored.local_path())


@dataclass(frozen=True)
class KeptRows:
    """The files of a hidden test set, kept apart by who may read them."""

    inputs: StoredFile
    ids: StoredFile
    labels: StoredFile
    rows: int
    public_rows: int
    private_rows: int


def keep_rows(inputs: dict[str, np.ndarray], labels: Labels) -> KeptRows:
    """Keep inputs, ids and labels in the form that is mapped and never parsed."""
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as scratch:
        folder = Path(scratch)
        write_tensors(folder / "inputs", inputs)
        write_tensors(folder / "ids", {"ids": np.array(labels.ids, dtype=object)})
        write_labels(folder / "labels", labels)
        return KeptRows(
            inputs=store_path(folder / "inputs"),
            ids=store_path(folder / "ids"),
            labels=store_path(folder / "labels"),
            rows=len(labels.ids),
            public_rows=int((labels.split == PUBLIC).sum()),
            private_rows=int((labels.split == PRIVATE).sum()),
        )


def add_test_set(
    competition: Competition, kept: KeptRows, digest: str
) -> HiddenTestSet:
    """Add the next hidden test set of a competition; `digest` is of what was sent."""
    last = competition.hidden_test_sets.order_by("-number").first()
    return HiddenTestSet.objects.create(
        competition=competition,
        number=last.number + 1 if last else 1,
        inputs=kept.inputs,
        ids=kept.ids,
        labels=kept.labels,
        digest=digest,
        rows=kept.rows,
        public_rows=kept.public_rows,
        private_rows=kept.private_rows,
    )
