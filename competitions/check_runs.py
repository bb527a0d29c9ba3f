"""How a check moves that is asked for alone: claim, record, release, hand back.

The same promises as those of a submission, in `lifecycle`: a claim is a conditional
update, and a report is written only while the claim's attempt number still holds.
"""

from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from competitions import lifecycle
from competitions.lifecycle import LEASE, RUNS, WAITS, ClaimLost
from competitions.models import Check, Team

log = structlog.get_logger(__name__)

Status = Check.Status
ORDER = (F("team__served_at").asc(nulls_first=True), "created_at", "pk")


@dataclass
class CheckClaim:
    """A worker's hold on a check, numbered by its attempt."""

    check: Check
    attempt: int
    worker: str

    @property
    def told(self) -> dict:
        """What the log says of it."""
        return {"check_id": self.check.pk, "attempt": self.attempt}

    def row(self):
        """The check while this claim holds it; empty afterwards."""
        return Check.objects.filter(
            pk=self.check.pk, attempt=self.attempt, status=Status.RUNNING
        )


def waiting(devices: tuple[str, ...] = ("cpu", "gpu", "any")):
    """Checks in line now that somebody still waits for, in the order of service."""
    return Check.objects.filter(
        Q(not_before=None) | Q(not_before__lte=Now()),
        status=Status.WAITING,
        wanted_until__gt=Now(),
        device__in=devices,
    ).order_by(*ORDER)


def is_first(devices: tuple[str, ...]) -> bool:
    """Whether a check is to be served before any submission; the line is one."""
    check = _turn(waiting(devices))
    if check is None:
        return False
    submission = _turn(lifecycle.waiting(devices))
    return submission is None or check <= submission


def _turn(rows) -> tuple | None:
    """When the first of some rows is served: teams never served come first."""
    first = rows.values_list("team__served_at", "created_at").first()
    if first is None:
        return None
    served_at, created_at = first
    return served_at is not None, served_at or created_at, created_at


def claim_next(*, worker: str, devices: tuple[str, ...]) -> CheckClaim | None:
    """Take the next check in line, or None if none waits."""
    while True:
        candidate = waiting(devices).values("pk", "attempt", "team_id").first()
        if candidate is None:
            return None
        claim = _claim(candidate, worker)
        if claim:
            log.info("check claimed", **claim.told, worker=worker)
            return claim


@transaction.atomic
def _claim(candidate: dict, worker: str) -> CheckClaim | None:
    taken = Check.objects.filter(
        pk=candidate["pk"], attempt=candidate["attempt"], status=Status.WAITING
    ).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=Now() + LEASE,
        claimed_by=worker,
        not_before=None,
    )
    if not taken:  # another worker was first
        return None
    Team.objects.filter(pk=candidate["team_id"]).update(served_at=Now())
    check = Check.objects.select_related(
        "competition__hidden_test_set", "team", "artifact"
    ).get(pk=candidate["pk"])
    return CheckClaim(check, check.attempt, worker)


def record(claim: CheckClaim, report: dict) -> None:
    """Write what a check found."""
    written = claim.row().update(
        status=Status.DONE,
        report=report,
        lease_until=None,
        finished_at=timezone.now(),
    )
    if not written:
        raise ClaimLost
    log.info("check done", **claim.told, ok=not report["problems"])


@transaction.atomic
def release(claim: CheckClaim, detail: str) -> None:
    """Put a check that we spoilt back in line; the third time, give it up."""
    check = claim.row().select_for_update(no_key=True).first()
    if check:
        _count_fault(check, detail)


def hand_back(claim: CheckClaim) -> None:
    """Put a check back in line at no cost: its worker was told to stop."""
    claim.row().update(status=Status.WAITING, lease_until=None, claimed_by="")
    log.info("check handed back", **claim.told)


def take_back_lapsed() -> int:
    """Put back in line what dead workers held; return how many there were."""
    lapsed = Check.objects.filter(lease_until__lt=Now())
    count = 0
    for pk in lapsed.values_list("pk", flat=True):
        with transaction.atomic():
            check = lapsed.select_for_update(no_key=True).filter(pk=pk).first()
            if check:
                _count_fault(check, f"{check.claimed_by} stopped answering.")
                count += 1
    return count


def _count_fault(check: Check, detail: str) -> None:
    check.faults += 1
    check.lease_until = None
    log.warning(
        "check spoilt by a fault of ours",
        check_id=check.pk,
        faults=check.faults,
        detail=detail[:500],
    )
    if check.faults < RUNS:
        check.status = Status.WAITING
        wait = WAITS[check.faults - 1]
        Check.objects.filter(pk=check.pk).update(not_before=Now() + wait)
    else:
        check.status, check.finished_at = Status.FAILED, timezone.now()
    check.save(update_fields=["faults", "lease_until", "status", "finished_at"])
