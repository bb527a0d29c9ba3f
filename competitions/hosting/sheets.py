"""Teams, submissions and scores as CSV, line by line."""

import csv
from collections.abc import Iterator

from competitions.models import Competition, Score, Submission, Team

CHUNK = 2_000
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def lines(competition: Competition, sheet: str) -> Iterator[str]:
    """One of SHEETS as lines of CSV; nothing is kept in memory."""
    writer = csv.writer(_Echo(), lineterminator="\n")
    head, rows = SHEETS[sheet]
    yield writer.writerow(head)
    for row in rows(competition):
        yield writer.writerow([_cell(cell) for cell in row])


class _Echo:
    """A file for `csv` that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _cell(value: object) -> object:
    """A cell; text that a spreadsheet would reckon with stays text."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


def _teams(competition: Competition):
    teams = Team.objects.filter(competition=competition, is_baseline=False)
    teams = teams.prefetch_related("members").order_by("pk")
    for team in teams.iterator(chunk_size=CHUNK):
        yield (
            team.pk,
            team.name,
            " ".join(sorted(member.username for member in team.members.all())),
            team.submission_count,
            team.created_at,
            team.merged_into_id,
            team.disqualified_at,
            team.disqualified_for,
        )


def _submissions(competition: Competition):
    found = Submission.objects.filter(competition=competition)
    found = found.select_related("team", "submitted_by", "artifact").order_by("pk")
    for each in found.iterator(chunk_size=CHUNK):
        yield (
            *(each.pk, each.team.name, each.number, each.submitted_by.username),
            *(each.file_name, each.format, each.artifact.size, each.artifact.sha256),
            *(each.status, each.reason, each.message, each.charged, each.selected),
            *(each.is_late, each.public_score, each.created_at, each.started_at),
            each.finished_at,
        )


def _scores(competition: Competition):
    found = Score.objects.filter(submission__competition=competition)
    found = found.select_related("submission__team", "hidden_test_set").order_by("pk")
    for each in found.iterator(chunk_size=CHUNK):
        yield (
            *(each.submission_id, each.submission.team.name, each.metric, each.split),
            *(repr(each.value), each.interval_low, each.interval_high),
            each.hidden_test_set.number,
        )


SHEETS = {
    "teams": (
        [
            *("id", "team", "members", "submissions", "created_at", "merged_into"),
            *("disqualified_at", "disqualified_for"),
        ],
        _teams,
    ),
    "submissions": (
        [
            *("id", "team", "number", "submitted_by", "file", "format", "bytes"),
            *("sha256", "status", "reason", "message", "charged", "selected", "late"),
            *("public_score", "created_at", "started_at", "finished_at"),
        ],
        _submissions,
    ),
    "scores": (
        [
            *("submission", "team", "metric", "split", "value", "low", "high"),
            "hidden_test_set",
        ],
        _scores,
    ),
}
