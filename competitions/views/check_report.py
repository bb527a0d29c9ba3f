"""What a check found, in the words of its page: a line for each thing looked at."""

import re
from dataclasses import dataclass

from competitions.models import Competition
from competitions.views.fixes import FIXES, TITLES
from podium.common import words
from scoring.artifact import is_predictions

LIKELY = {  # what the run would come to, reckoned from the sample
    "time_limit": "The run is likely to take longer than the competition allows",
    "memory_limit": "The run is likely to need more memory than it may",
}
_ROWS = "counted from 0: "  # how `scoring.predictions` begins its examples
# How `scoring.sandbox.signature` lists contract and model after what does not fit
_SIDES = re.compile(r"(.*?) (Contract: .*?) (Model: takes .*)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One thing that was looked at; `mark` is ok, no or skipped."""

    mark: str
    name: str
    more: str = ""

    @property
    def icon(self) -> str:
        return {"ok": "check", "no": "cross"}.get(self.mark, "minus")

    @property
    def said(self) -> str:
        """The mark, for those who do not see it."""
        return {"ok": "Fits", "no": "Does not fit"}.get(self.mark, "Not reached")


def check_page(report: dict, competition: Competition, format: str) -> dict:
    """The context of `_check_report.html`; every figure is of rows in the open."""
    problems = report["problems"]
    return {
        "ok": not problems,
        "lines": _lines(report, competition, format),
        "problems": [_problem(each, report) for each in problems],
        "fix": FIXES[problems[0]["reason"]] if problems else None,
        "printed": report["printed"],
    }


def _problem(problem: dict, report: dict) -> dict:
    reason, message = problem["reason"], problem["message"]
    title = TITLES[reason]
    if report["estimate"]:
        title = LIKELY.get(reason, title)
    told = {"title": title, "message": message, "rows": [], "sides": None}
    if reason == "wrong_signature" and (found := _SIDES.fullmatch(message)):
        told["message"] = found[1]
        told["sides"] = [_side(found[2]), _side(found[3])]
    elif _ROWS in message:
        told["message"], _, rows = message.partition(_ROWS)
        told["message"] += _ROWS.rstrip(" ")
        told["rows"] = re.sub(r"\s+", " ", rows).split("; ")
    return told


def _side(text: str) -> dict:
    """Contract or model: its name, what it takes and what it answers."""
    name, _, rest = text.rstrip(".").partition(": ")
    takes, _, answers = rest.partition("; answers ")
    return {"name": name, "takes": takes.removeprefix("takes "), "answers": answers}


def _lines(report: dict, competition: Competition, format: str) -> list[Line]:
    """All that is looked at, in order; behind the first fault little is reached."""
    kinds = _kinds(report, competition, format)
    failed = {_kind_of(each["reason"], report) for each in report["problems"]}
    lines, stopped = [], False
    for kind, (good, bad, more) in kinds.items():
        if kind in failed:
            lines.append(Line("no", bad, more))
            stopped = True
        elif stopped and not report["estimate"]:
            lines.append(Line("skipped", good))
        else:
            lines.append(Line("ok", good, more))
    return lines


def _kind_of(reason: str, report: dict) -> str:
    """Which of the lines a problem belongs to."""
    if reason in ("time_limit", "memory_limit") and report["estimate"]:
        return "cost"
    if reason in ("unreadable_file", "refused_content"):
        return "file"
    if reason == "wrong_signature":
        return "contract"
    if reason == "bad_predictions":
        return "rows"
    has_run = "predict" in ((report["usage"] or {}).get("stages") or {})
    return "run" if has_run else "file"


def _kinds(report: dict, competition: Competition, format: str) -> dict:
    """By kind: the words where it is good, those where it is not, and figures."""
    stages = (report["usage"] or {}).get("stages") or {}
    opened = _seconds(stages["load"]) if "load" in stages else ""
    rows = words.thousands(report["rows"])
    file = (
        f"Opens as {format}",
        "Does not open" if not format else f"Does not open as {format}",
        opened,
    )
    if is_predictions(format):
        name = f"One good row for each of {rows} test rows"
        return {"file": file, "rows": (name, "Rows that do not fit", "")}
    took = stages.get("predict")
    return {
        "file": file,
        "contract": (
            "Inputs and output fit the contract",
            "Does not fit the contract",
            "",
        ),
        "run": (
            f"Runs on the public sample of {rows} rows",
            f"Does not run on the public sample of {rows} rows",
            "" if took is None else _seconds(took),
        ),
        "rows": ("Answers what is asked for", "Answers something else", ""),
        "cost": _cost(report, competition),
    }


def _cost(report: dict, competition: Competition) -> tuple[str, str, str]:
    good, bad = "Within time and memory", "Over a limit, as far as can be told"
    estimate = report["estimate"]
    if estimate is None:
        return good, bad, ""
    if (
        estimate["seconds"] > competition.limit_seconds
        or estimate["peak_mb"] > competition.limit_memory_mb
    ):
        good = "Runs, but may well reach a limit"
    rows = words.thousands(report["rows_in_all"])
    more = (
        f"all {rows} hidden rows are likely to take {_seconds(estimate['seconds'])} of "
        f"{words.thousands(competition.limit_seconds)}{words.GAP}s, and "
        f"{_megabytes(estimate['peak_mb'])} of "
        f"{_megabytes(competition.limit_memory_mb)} of memory"
    )
    return good, bad, more


def _seconds(value: float) -> str:
    if value >= 10:
        return f"{words.thousands(round(value))}{words.GAP}s"
    return f"{value:.2f}{words.GAP}s"


def _megabytes(value: float) -> str:
    return f"{words.thousands(round(value))}{words.GAP}MB"
