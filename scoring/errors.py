"""What can be wrong with a submission, and what can be wrong with a competition.

A `SubmissionError` is the participant's: its class is the reason, its message the
sentence they read. A `ContractError` is the host's. Anything else is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.sandbox.job import Usage

DETAIL_BYTES = 4096


class SubmissionError(Exception):
    """A fault of the submission, told apart by what may be read by whom.

    `message` is a fixed sentence with limits and declared shapes only, fit for a run on
    hidden rows. `detail` and `printed` can carry what the model made of its rows, so
    they are the host's; the participant reads them only where the rows are public.
    """

    reason = ""

    def __init__(
        self,
        message: str,
        detail: str = "",
        usage: Usage | None = None,
        printed: str = "",
    ):
        super().__init__(message)
        self.message = message
        self.detail = bounded(detail)
        self.usage = usage
        self.printed = printed


class UnreadableFile(SubmissionError):
    """Not a model of a known format, damaged, or of a version we cannot read."""

    reason = "unreadable_file"


class RefusedContent(SubmissionError):
    """Code or file access inside the model."""

    reason = "refused_content"


class WrongSignature(SubmissionError):
    """The model's inputs or outputs do not fit the contract."""

    reason = "wrong_signature"


class BadPredictions(SubmissionError):
    """Rows, ids or values that are not predictions for this hidden test set."""

    reason = "bad_predictions"


class TimeLimit(SubmissionError):
    """The run took longer than the competition allows."""

    reason = "time_limit"


class MemoryLimit(SubmissionError):
    """The run needed more memory than the competition allows."""

    reason = "memory_limit"


class FileLimit(SubmissionError):
    """The artifact, or what it unpacks to, is larger than the competition allows."""

    reason = "file_limit"


class Crashed(SubmissionError):
    """The model raised an error, or its process died."""

    reason = "crashed"


BY_REASON: dict[str, type[SubmissionError]] = {
    kind.reason: kind for kind in SubmissionError.__subclasses__()
}


class ContractError(ValueError):
    """A fault in a contract, a metric, a table or labels that their host can mend."""


def bounded(text: str) -> str:
    """Cut a text to what is kept of it, at a character's boundary."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= DETAIL_BYTES:
        return encoded.decode("utf-8")
    return encoded[: DETAIL_BYTES - 3].decode("utf-8", "ignore") + "…"
