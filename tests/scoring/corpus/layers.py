"""Which files get further once a layer is gone, as a Markdown table.

python -m tests.scoring.corpus.layers FOLDER [FILE ...], with a folder that two scripts
have filled: tests/scoring/sandbox/build_models.py and tests/scoring/corpus/make.py.

The first column is a run as it is. In all others the static checks are off, so that a
file goes as far as it can: with all layers, without one, and without any. "wrote" means
that the file left something on the host. Where a read succeeds, what was read stands
among the predictions, which then are none (bad_predictions).
"""

import sys
import tempfile
from pathlib import Path
from unittest import mock

from scoring.errors import SubmissionError
from scoring.sandbox import fork_servers, runner
from tests.scoring.corpus import run, unscanned
from tests.scoring.corpus.cases import CASES
from tests.scoring.sandbox.attacks import LAYERS

BY_LOOKING = ("static check", "archive check", "own root", "address space")
SECONDS = 6
COLUMNS = {
    "no static checks": (),
    "nor own root": ("own root",),
    "nor Landlock": ("landlock",),
    "nor seccomp": ("seccomp",),
    "nor own user": ("own user",),
    "nor limits": ("limits",),
    "nor own root, Landlock": ("own root", "landlock"),
    "nor any layer": LAYERS,
}


def main(models, *names):
    cases = [case for case in CASES if case.stopped_by.startswith(BY_LOOKING)]
    cases = [case for case in cases if not names or case.name in names]
    rows = {case.name: [] for case in cases}
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(run, "SECONDS", SECONDS),
    ):
        Path(folder).chmod(0o755)
        fill(rows, cases, models, Path(folder), ())
        for without in COLUMNS.values():
            with unscanned.servers():
                fill(rows, cases, models, Path(folder), without)
    print("| file |", " | ".join(["as it is", *COLUMNS]), "|")
    print("|---|" + "---|" * (len(COLUMNS) + 1))
    for name, cells in rows.items():
        print(f"| {name} |", " | ".join(cells), "|", flush=True)
    fork_servers.close()


def fill(rows, cases, models, folder, without):
    for case in cases:
        rows[case.name].append(cell(case, models, folder, without))
        print(case.name, without, rows[case.name][-1], file=sys.stderr, flush=True)


def cell(case, models, folder, without):
    """How a run without some layers ends, and whether it left anything."""
    real = run.job_of

    def unsafe(*given):
        job = real(*given)
        object.__setattr__(job, "sandbox", "unsafe")
        return job

    with (
        mock.patch.object(runner, "WITHOUT", without),
        mock.patch.object(run, "job_of", unsafe),
    ):
        try:
            told = run.run_case(case, models, folder).reason
        except SubmissionError as error:  # refused at the door
            told = error.reason
    left = [models / "marker", *map(Path, run.MARKERS)]
    wrote = [path.unlink() for path in left if path.exists()]
    return f"{told}, wrote" if wrote else told


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
