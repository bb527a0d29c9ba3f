"""What was checked, and what the board says today, each in a sentence."""

from dataclasses import dataclass

from django.utils import timezone

from podium.common import words
from podium.credentials import facts
from podium.credentials.judging import is_signature_right
from podium.credentials.models import Credential
from podium.credentials.wording import place_of, score_text

YES, NO, PART = "", "no", "part"


@dataclass(frozen=True)
class Check:
    """One thing that was checked; `mark` is the class of its line."""

    mark: str
    title: str
    words: str


def checks_of(credential: Credential) -> list[Check]:
    """All that was checked of a credential of ours, just now."""
    return [
        _signature(credential),
        _key(credential),
        _revocation(credential),
        *_time(credential),
        *_board(credential),
    ]


def _signature(credential: Credential) -> Check:
    if is_signature_right(credential):
        return Check(
            YES, "Signature", "It fits: no letter was changed since it was signed."
        )
    return Check(NO, "Signature", "It does not fit the words: do not trust them.")


def _key(credential: Credential) -> Check:
    key = credential.key
    if key.is_current:
        return Check(YES, "Key", "Published by this installation, which still uses it.")
    return Check(
        YES,
        "Key",
        "Published by this installation; a newer one took its place on "
        f"{words.day_text(key.retired_at)}, and what it signed stays good.",
    )


def _revocation(credential: Credential) -> Check:
    if credential.revoked_at is None:
        return Check(YES, "Not revoked", "Its bit in the status list is not set.")
    return Check(
        NO,
        "Revoked",
        f"On {words.day_text(credential.revoked_at)}: {credential.revoked_for}",
    )


def _time(credential: Credential) -> list[Check]:
    if credential.expires_at is None:
        return []
    day = words.day_text(credential.expires_at)
    if credential.expires_at <= timezone.now():
        return [Check(NO, "Expired", f"It held until {day}.")]
    return [Check(YES, "In time", f"It holds until {day}.")]


def _board(credential: Credential) -> list[Check]:
    """Whether the board still says what was signed."""
    said = credential.facts
    split = said["hiddenTestSet"]["split"]
    team = credential.submission.team
    if team.disqualified_at:
        return [
            Check(NO, "The board today", "The host has disqualified the team since.")
        ]
    is_final = credential.kind == Credential.Kind.FINAL
    if is_final and credential.submission.competition.finalised_at is None:
        return [Check(NO, "The board today", "Its results are not final any more.")]
    entry = facts.entry_of(team, split)
    if entry is None:
        return [Check(NO, "The board today", "It has no line of this team any more.")]
    return _differences(said, facts.facts_of(entry, credential.kind))


def _differences(said: dict, now: dict) -> list[Check]:
    changed = []
    old, new = said["hiddenTestSet"], now["hiddenTestSet"]
    if (old["version"], old["digest"]) != (new["version"], new["digest"]):
        changed.append(
            "The hidden test set was corrected since, and the board was reckoned anew: "
            f"version {new['version']} stands in place of version {old['version']}."
        )
    if said["metric"] != now["metric"]:
        changed.append("The metric was changed since.")
    if said["submission"] != now["submission"]:
        changed.append("Another submission of the team stands there now.")
    elif said["score"] != now["score"]:
        changed.append(f"The score is {score_text(now['score'])} now.")
    place = (said["rank"], said["of"], said["isShared"])
    if place != (now["rank"], now["of"], now["isShared"]):
        changed.append(f"The rank is {place_of(now)} now.")
    if not changed:
        return [Check(YES, "The board today", "It still says the same.")]
    # An open board moves on: that is no fault of what was true on its day.
    is_moving = said["kind"] == Credential.Kind.STANDING and old == new
    return [Check(PART if is_moving else NO, "The board today", " ".join(changed))]
