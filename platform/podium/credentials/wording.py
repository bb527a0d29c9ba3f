"""What a credential says, in the words of pages, pictures and the document alike."""

from podium.common import words
from podium.credentials.models import Credential
from scoring.artifact import is_predictions

FINAL = Credential.Kind.FINAL
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)


def name_of(facts: dict) -> str:
    """A title: what was reached, and where."""
    title = facts["competition"]["title"]
    if facts["kind"] != FINAL:
        return f"Standing in {title}"
    if facts["rank"] == 1:
        return f"{'Shared first place' if facts['isShared'] else 'Won'}: {title}"
    return f"Final result in {title}"


def place_of(facts: dict) -> str:
    """The rank as a board writes it: =8 of 148."""
    shared = "=" if facts["isShared"] else ""
    return f"{shared}{words.thousands(facts['rank'])} of {words.thousands(facts['of'])}"


def score_of(facts: dict) -> str:
    """The score, with its interval where there is one."""
    score = score_text(facts["score"])
    if facts["interval"] is None:
        return score
    low, high = (score_text(value) for value in facts["interval"])
    return f"{score} (95{words.GAP}% interval {low} to {high})"


def score_text(value: float) -> str:
    """A number of a credential: five decimals at most, never more than it has."""
    text = words.score_text(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def narrative_of(facts: dict) -> str:
    """Two sentences that say it all."""
    metric, hidden = facts["metric"]["title"], facts["hiddenTestSet"]
    day = facts["asOf"][:10]
    inputs = (
        "the inputs are open and the labels hidden"
        if hidden["inputs"] == "open"
        else "inputs and labels are hidden"
    )
    what = "Final result" if facts["kind"] == FINAL else f"Standing as of {day}"
    return (
        f"{what}: {metric} {score_of(facts)} on {words.thousands(hidden['rows'])} "
        f"{hidden['split']} rows of the hidden test set, rank {place_of(facts)} in "
        f"“{facts['competition']['title']}”. Of these rows {inputs}."
    )


def headline_of(facts: dict, holder: str) -> tuple[str, str]:
    """What comes before and after the holder's name in the heading of the page."""
    place = ordinal(facts["rank"])
    shared = "shared " if facts["isShared"] else ""
    verb = "finished" if facts["kind"] == FINAL else "stood"
    before = "A file of predictions by" if _is_file(facts) else "A model by"
    after = (
        f"{verb} {shared}{place} of {words.thousands(facts['of'])} in "
        f"{facts['competition']['title']}"
    )
    if facts["kind"] != FINAL:
        after += f" on {facts['asOf'][:10]}"
    return before, after


def ordinal(number: int) -> str:
    """1 as first, 10 as tenth, 21 as 21st, 112 as 112th."""
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    if number % 100 in (11, 12, 13):
        ending = "th"
    return f"{words.thousands(number)}{ending}"


def lede_of(facts: dict) -> str:
    """How the number came about, in two sentences."""
    hidden = facts["hiddenTestSet"]
    rows = f"{words.thousands(hidden['rows'])} {hidden['split']} rows"
    ran = "read" if _is_file(facts) else "run"
    unseen = "that no participant has seen"
    if hidden["inputs"] == "open":
        unseen = "with open inputs, and labels that no participant has seen"
    return (
        f"It was {ran} by this installation on {rows} {unseen}. Its "
        f"{facts['metric']['title']} is {score_of(facts)}."
    )


def _is_file(facts: dict) -> bool:
    """Whether predictions were submitted, not a model."""
    return is_predictions(facts["artifact"]["format"])
