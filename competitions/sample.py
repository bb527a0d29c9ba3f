"""The public sample: rows on which a file is checked before its run on hidden ones."""

import json
import tempfile
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from django.conf import settings

from competitions import hidden
from competitions.models import Check, Competition, PublicSample, Submission
from podium.common.files import store_path
from podium.datasets.models import DatasetFile
from scoring.contract import Contract
from scoring.sandbox import Job
from scoring.tensors import write_tensors

ROWS = 200  # of the training rows, where the host names no sample


def is_there(competition: Competition) -> bool:
    """Whether a competition has rows in the open to check a file on."""
    return bool(competition.sample or competition.train_path)


def job(row: Submission | Check, device: str = "cpu") -> Job:
    """What a sandbox runs to check a file; for one of predictions, on the test's ids.

    Raises
    ------
    SubmissionError
        If the file is of no known kind.
    """
    asked = hidden.job(row, device)
    if asked.ids is not None:
        return asked
    sample = sample_of(row.competition)
    return replace(asked, inputs=sample.inputs.local_path(), rows=sample.rows)


def sample_of(competition: Competition) -> PublicSample:
    """The sample, made from the files in the open when it is first asked for."""
    key = _key(competition)
    made = PublicSample.objects.filter(competition=competition, key=key)
    return made.select_related("inputs").first() or _make(competition, key)


def _path(competition: Competition) -> str:
    declared = competition.sample
    return declared["inputs"] if declared else competition.train_path


def _key(competition: Competition) -> str:
    """The digest of all that a sample is made from; dataset versions never change."""
    source = [_path(competition), competition.dataset_version_id, competition.contract]
    return sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def _make(competition: Competition, key: str) -> PublicSample:
    # Not at the top: it imports pyarrow, for which no worker or web server has use.
    tables = import_module("scoring.tables")
    path = _path(competition)
    stored = (
        DatasetFile.objects.select_related("stored")
        .get(version=competition.dataset_version_id, path=path)
        .stored
    )
    rows = None if competition.sample else ROWS
    with stored.open() as file:
        table = tables.read_open_table(file, tables.format_of(path), most_rows=rows)
    inputs = tables.input_tensors(table, Contract.from_dict(competition.contract))
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        target = Path(folder) / "sample"
        write_tensors(target, inputs)
        kept = store_path(target)
    sample, _ = PublicSample.objects.get_or_create(
        competition=competition,
        key=key,
        defaults={"inputs": kept, "rows": table.rows},
    )
    return sample
