"""Runs the corpus and prints it as a Markdown table: file, deed, wall, what is read.

python -m tests.scoring.corpus.table FOLDER, with a folder that the two scripts
tests/scoring/sandbox/build_models.py and tests/scoring/corpus/make.py have filled.
"""

import sys
import tempfile
from pathlib import Path

from tests.scoring.corpus import run
from tests.scoring.corpus.cases import CASES


def main(models):
    print("| file | tries | stopped by | reason | its author reads | s |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            try:
                outcome = run.run_case(case, models, Path(folder))
            except run.SubmissionError as error:  # refused at the door
                outcome = run.Outcome(error.reason, error.message, "", "", 0.0)
            cells = (case.name, case.tries, case.stopped_by, outcome.reason)
            print(
                "|", " | ".join(cells), f"| {outcome.message} | {outcome.seconds:.2f} |"
            )
        left = run.left_behind(models, Path(folder))
    print(f"\nLeft behind: {', '.join(left) or 'nothing'}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
