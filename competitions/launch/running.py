"""Starts the launch check in a process of its own, and adds what a run may cost."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import podium
from competitions.launch.findings import OK, Finding
from competitions.models import Competition
from podium.common.models import StoredFile
from podium.common.words import size_text, thousands
from podium.datasets import previews, profiling
from podium.datasets.models import DatasetFile

SECONDS = 280
MOST_BYTES = 4_000_000  # of what the process answers
_SOURCES = [str(Path(podium.__file__).parents[1]), str(Path(__file__).parents[2])]


class Unfinished(Exception):
    """The check cannot be done on these files; told in one sentence."""


def check(competition: Competition) -> dict:
    """The report: {"findings": [...], "figures": {...}}, most urgent first.

    Raises Unfinished with a sentence, or RuntimeError where the process itself broke.
    """
    hidden = competition.hidden_test_set
    train = _train(competition)
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(open(stored.local_path(), "rb"))
            for name, stored in (("inputs", hidden.inputs), ("labels", hidden.labels))
        }
        task = {name: file.fileno() for name, file in files.items()}
        task |= {
            "contract": competition.contract,
            "metrics": competition.metrics,
            "train": None,
        }
        handed = list(task[name] for name in files)
        if train:
            file = stack.enter_context(open(train.local_path(), "rb"))
            task["train"] = [file.fileno(), previews.format_of(competition.train_path)]
            handed.append(file.fileno())
        answer = _ask(task, handed)
    answer["findings"].append(_cost(competition).as_json())
    order = {"warn": 0, "note": 1, "ok": 2}
    answer["findings"].sort(key=lambda finding: order[finding["level"]])
    return answer


def _train(competition: Competition) -> StoredFile | None:
    if not competition.train_path:
        return None
    file = DatasetFile.objects.select_related("stored").get(
        version=competition.dataset_version_id, path=competition.train_path
    )
    return file.stored


def _ask(task: dict, handed: list[int]) -> dict:
    code = (
        f"import sys; sys.path[:0] = {_SOURCES!r}; "
        "from competitions.launch.child import main; main(*sys.argv[1:])"
    )
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", code, profiling.walls],
            input=json.dumps(task).encode(),
            pass_fds=handed,
            capture_output=True,
            env=environment,
            cwd="/",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Unfinished("It takes longer than a launch check is given.") from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise Unfinished("It takes more memory or time than a launch check is given.")
    if done.returncode:
        told = done.stderr.decode(errors="replace")[-4000:]
        raise RuntimeError(f"the check ended with {done.returncode}: {told}")
    answer = json.loads(done.stdout[:MOST_BYTES])
    if "unreadable" in answer:
        raise Unfinished(f"The training file cannot be read: {answer['unreadable']}")
    return answer


def _cost(competition: Competition) -> Finding:
    """What scoring takes at the most: rows, bytes, time, and all of it in a day."""
    hidden = competition.hidden_test_set
    seconds, per_day = competition.limit_seconds, competition.quota_per_day
    shown = [
        ["hidden rows that a model is run on", thousands(hidden.rows)],
        ["their inputs, as a model gets them", size_text(hidden.inputs.size)],
        ["time of one submission, at most", f"{seconds} s"],
        ["memory of one submission, at most", f"{competition.limit_memory_mb} MB"],
        ["file of one submission, at most", f"{competition.limit_file_mb} MB"],
    ]
    if per_day:
        hours = per_day * seconds / 3600
        shown.append(
            ["one team's time in a day, at most", f"{hours:.1f} h of one worker"]
        )
        text = (
            f"A team that sends {per_day} submissions a day, each up to its limit, "
            f"keeps one worker busy for {hours:.1f} hours; most models take seconds."
        )
    else:
        text = (
            f"Each takes one worker for {seconds} seconds at most. There is no daily "
            "quota, so one team can keep a worker busy: set one."
        )
    title = "What a submission may cost"
    return Finding("cost", OK, title, text, ["what", "how much"], shown)
