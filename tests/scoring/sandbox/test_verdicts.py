import signal

import pytest

from scoring import predictions
from scoring.errors import (
    BadPredictions,
    Crashed,
    MemoryLimit,
    RefusedContent,
    TimeLimit,
    UnreadableFile,
    WrongSignature,
)
from scoring.sandbox import Limits, verdicts
from scoring.sandbox.server import Ending
from tests.scoring.contracts import classes_contract

LIMITS = Limits(60, 2048, 100)
LEAK = "row 7 is 5.1, 3.5, 1.4, 0.2"


def heard(reason, message="", detail="", rows_inside=True):
    words = {"reason": reason, "message": message, "detail": detail}
    return verdicts.of_words(words, "predict", LIMITS, classes_contract(), rows_inside)


class TestOfWords:
    @pytest.mark.parametrize(
        "reason",
        [
            "unreadable_file", "refused_content", "wrong_signature", "crashed",
            "bad_predictions", "time_limit", "memory_limit", "file_limit", "", "x",
        ],
    )  # fmt: skip
    def test_repeats_no_word_of_a_child_that_holds_hidden_rows(self, reason):
        error = heard(reason, LEAK, LEAK)

        assert LEAK not in error.message
        assert not any(each in error.message for each in ("5.1", "row 7"))
        assert LEAK in error.detail

    @pytest.mark.parametrize(
        ("reason", "message", "kind"),
        [
            ("bad_predictions", predictions.WRONG_ROWS, BadPredictions),
            ("wrong_signature", verdicts.CANNOT_CAST, WrongSignature),
            ("memory_limit", "", MemoryLimit),
            ("crashed", "", Crashed),
        ],
    )
    def test_knows_the_fixed_sentences(self, reason, message, kind):
        error = heard(reason, message)

        assert type(error) is kind
        assert error.message.startswith(message)

    def test_lets_a_child_speak_of_the_file_while_it_holds_no_rows(self):
        error = heard("unreadable_file", "Saved by Keras 9.", rows_inside=False)

        assert type(error) is UnreadableFile
        assert error.message == "Saved by Keras 9."

    def test_bounds_what_a_child_says(self):
        error = heard("unreadable_file", "x" * 10**6, "y" * 10**6, rows_inside=False)

        assert len(error.message) == verdicts.MESSAGE_CHARACTERS
        assert len(error.detail.encode()) == 4096


class TestOfDeath:
    @pytest.mark.parametrize(
        ("code", "printed", "kind"),
        [
            (-signal.SIGSYS, "", RefusedContent),
            (-signal.SIGXCPU, "", TimeLimit),
            (-signal.SIGSEGV, "", Crashed),
            (-signal.SIGABRT, "what(): std::bad_alloc", MemoryLimit),
            (-signal.SIGKILL, "", Crashed),
            (3, "", Crashed),
        ],
    )
    def test_tells_what_killed_it(self, code, printed, kind):
        error = verdicts.of_death(Ending(code, 1.0), "predict", LIMITS, printed)

        assert type(error) is kind
        assert printed not in error.message or not printed

    def test_knows_a_kill_after_too_much_processor_time(self):
        error = verdicts.of_death(Ending(-signal.SIGKILL, 61.0), "load", LIMITS, "")

        assert type(error) is TimeLimit


@pytest.mark.parametrize("stage", ["load", "predict", "repeat"])
def test_has_words_for_a_limit_at_every_stage(stage):
    told = (verdicts.time_limit(LIMITS, stage), verdicts.memory_limit(LIMITS, stage))

    assert all(verdicts.DOING[stage] in error.message for error in told)
