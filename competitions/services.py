"""What participants ask for: join, submit, cancel, select."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from competitions import actors, leaderboard, quota, sample
from competitions.errors import (
    BadRequest,
    NotAllowed,
    QuotaSpent,
    TooLarge,
    WrongState,
)
from competitions.models import (
    Competition,
    Membership,
    RulesVersion,
    Submission,
    Team,
)
from competitions.queue import Line
from podium.accounts.models import User
from podium.common.files import store_file
from podium.common.models import StoredFile
from podium.datasets import keeping
from scoring import artifact
from scoring.errors import SubmissionError

Status = Submission.Status


def current_rules(competition: Competition) -> RulesVersion:
    """The rules that are accepted by whoever joins now."""
    return competition.rules_versions.order_by("-number").first()


@transaction.atomic
def join(*, competition: Competition, user: User) -> tuple[Team, bool]:
    """Take part, accepting the rules as they stand; joining again changes nothing.

    Returns the user's team, and whether it is new.
    """
    if competition.host_id == user.pk:
        raise NotAllowed("You host this competition, so you cannot take part in it.")
    # Held from here on: whoever joins twice at once must find the first membership.
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=competition.pk
    )
    rules = current_rules(competition)
    membership = Membership.objects.filter(competition=competition, user=user).first()
    if membership:
        if membership.rules_version_id != rules.pk:
            membership.rules_version = rules
            membership.save(update_fields=["rules_version"])
        return membership.team, False
    assert_joinable(competition)
    team = Team.objects.create(
        competition=competition, name=free_name(competition, user.username)
    )
    Membership.objects.create(
        competition=competition, team=team, user=user, rules_version=rules
    )
    Competition.objects.filter(pk=competition.pk).update(team_count=F("team_count") + 1)
    return team, True


def assert_joinable(competition: Competition) -> None:
    """Raise WrongState where nobody can join now."""
    assert_not_archived(competition)
    now = timezone.now()
    status = competition.status_at(now)
    if status == Competition.Status.SCHEDULED:
        raise WrongState(
            f"This competition opens on {competition.opens_at:%d %B %Y at %H:%M} UTC; "
            "you can join from then on."
        )
    if status != Competition.Status.OPEN and not competition.late:
        raise WrongState("This competition is closed: nobody can join any more.")
    deadline = competition.entry_deadline
    if deadline and now >= deadline:
        raise WrongState(f"Joining ended on {deadline:%d %B %Y at %H:%M} UTC.")


def assert_not_archived(competition: Competition) -> None:
    """Raise WrongState where a competition was put away: it can only be read."""
    if competition.archived_at:
        raise WrongState("This competition is archived: it can be read, no more.")


def free_name(competition: Competition, wanted: str) -> str:
    """A team name nobody has here: the wanted one, else with a number behind it."""
    taken = {
        name.lower()
        for name in competition.teams.filter(name__istartswith=wanted).values_list(
            "name", flat=True
        )
    }
    name, number = wanted, 2
    while name.lower() in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


def membership_of(competition: Competition, user: User) -> Membership:
    """A participant's membership, its rules being current; else NotAllowed."""
    membership = (
        Membership.objects.select_related("team")
        .filter(competition=competition, user=user)
        .first()
    )
    if membership is None:
        raise NotAllowed("Join the competition and accept its rules first.")
    if membership.rules_version_id != current_rules(competition).pk:
        raise NotAllowed("The rules have changed: read and accept them first.")
    return membership


def submit(
    *,
    competition: Competition,
    user: User,
    file,
    description: str = "",
    form_key: UUID | None = None,
) -> Submission:
    """Take an uploaded file: check at the door, keep it, queue it.

    A page's form that is sent twice, with the same file, is one submission.
    `file` is an uploaded file that lies on disk. The bytes are kept before the row
    is made, outside the transaction, so that no lock is held while a file streams.
    """
    team, is_late = assert_may_submit(competition, user)
    kind = check_at_the_door(competition, file)
    # Asked here as well as in the transaction: what is refused is not kept.
    try:
        quota.assert_left(team, competition, timezone.now())
    except QuotaSpent:
        made = _made_by(team, form_key)
        if made and made.artifact.sha256 == getattr(file, "sha256", None):
            return made  # the second click; the first one took the last place
        raise
    return create_submission(
        competition=competition,
        team=team,
        submitted_by=user,
        artifact=store_file(file),
        file_name=file.name,
        format=kind,
        description=description,
        is_late=is_late,
        form_key=form_key,
    )


def _made_by(team: Team, form_key: UUID | None) -> Submission | None:
    """What a page's form has made already."""
    if form_key is None:
        return None
    found = Submission.objects.select_related("artifact")
    return found.filter(team=team, form_key=form_key).first()


def assert_may_submit(competition: Competition, user: User) -> tuple[Team, bool]:
    """The team for which a user may submit now, and whether that would be late."""
    if competition.host_id == user.pk:
        raise NotAllowed("You host this competition, so you cannot take part in it.")
    return membership_of(competition, user).team, _assert_open(competition)


def _assert_open(competition: Competition) -> bool:
    """Whether a submission made now is a late one; WrongState where none may be."""
    assert_not_archived(competition)
    status = competition.status
    if status == Competition.Status.OPEN:
        return False
    if status in (Competition.Status.CLOSED, Competition.Status.FINALISED):
        if competition.late:
            return True
        raise WrongState(
            f"This competition closed on {competition.closes_at:%d %B %Y at %H:%M} "
            "UTC and takes no late submissions."
        )
    raise WrongState(
        f"This competition opens on {competition.opens_at:%d %B %Y at %H:%M} UTC."
    )


def check_at_the_door(competition: Competition, file) -> str:
    """The kind of a file, from its content; what cannot be a submission is refused.

    A file of no known kind passes with an empty one: it becomes a submission that
    fails with the reason.
    """
    if not file.size:
        raise BadRequest("The file is empty: choose the file that holds your model.")
    limit = competition.limit_file_mb * 1_000_000
    if file.size > limit:
        raise TooLarge(
            f"The file has {file.size / 1e6:.1f} MB; this competition takes up to "
            f"{competition.limit_file_mb} MB."
        )
    try:
        kind = artifact.identify(file.temporary_file_path())
    except SubmissionError:
        return ""
    wanted = "predictions" if artifact.is_predictions(kind) else "model"
    if wanted not in competition.accepts:
        sent, taken = "a model", "files of predictions"
        if wanted == "predictions":
            sent, taken = "a file of predictions", "models"
        raise BadRequest(f"This is {sent} ({kind}); this competition takes {taken}.")
    return kind


@transaction.atomic
def create_submission(
    *,
    competition: Competition,
    team: Team,
    submitted_by: User,
    artifact: StoredFile,
    file_name: str,
    format: str,
    description: str = "",
    is_late: bool = False,
    form_key: UUID | None = None,
) -> Submission:
    """Queue a stored artifact for scoring and charge the team's quota for it.

    Rows are locked in one order everywhere: file, competition, submission, team.
    """
    keeping.assert_kept([artifact])
    Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    team = _team_now(team, submitted_by)
    if made := _made_by(team, form_key):
        if made.artifact_id == artifact.pk:
            return made
        form_key = None  # an old page that somebody came back to, with another file
    now = timezone.now()
    submission = Submission.objects.create(
        competition=competition,
        team=team,
        number=team.submission_count + 1,
        submitted_by=submitted_by,
        hidden_test_set_id=competition.hidden_test_set_id,
        artifact=artifact,
        file_name=file_name[-200:],
        format=format,
        description=description[:500],
        device=competition.device,
        **_beginning(competition, team, now),
        created_at=now,
        is_late=is_late,
        form_key=form_key,
    )
    team.submission_count += 1
    team.save(update_fields=["submission_count"])
    if not team.is_baseline:
        quota.charge(submission)
        Competition.objects.filter(pk=competition.pk).update(
            submission_count=F("submission_count") + 1
        )
    transaction.on_commit(lambda: actors.wake(submission.device), robust=True)
    return submission


def _beginning(competition: Competition, team: Team, now: datetime) -> dict:
    """Where a submission begins: at its check, if there are rows to check it on.

    A baseline is its host's, who reads everything of its run, so it goes without.
    """
    begins = Submission.Stage.QUEUE
    values = {"status": Status.QUEUED, "work": Submission.Work.PREDICT}
    if sample.is_there(competition) and not team.is_baseline:
        begins = Submission.Stage.CHECK
        values = {"status": Status.CHECKING, "work": Submission.Work.CHECK}
    times = {"received": now.isoformat(), begins: now.isoformat()}
    return {**values, "stage": begins, "stage_times": times}


def _team_now(team: Team, submitted_by: User) -> Team:
    """The row, held, of the team in which somebody is now: theirs may have merged."""
    if not team.is_baseline:
        now_in = Membership.objects.filter(
            competition=team.competition_id, user=submitted_by
        ).first()
        if now_in is None:
            raise NotAllowed("You have left this competition: join it again first.")
        team = now_in.team
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


@transaction.atomic
def cancel(*, submission: Submission) -> Submission:
    """Take a waiting submission out of the line and give its charge back."""
    now = timezone.now()
    cancelled = Submission.objects.filter(
        pk=submission.pk, status__in=(Status.CHECKING, Status.QUEUED)
    ).update(status=Status.CANCELLED, finished_at=now, lease_until=None)
    submission.refresh_from_db()
    if not cancelled:
        raise WrongState(
            f"This submission is {submission.get_status_display().lower()}: only one "
            "that waits can be cancelled."
        )
    quota.refund(submission, cause="cancelled")
    return submission


@transaction.atomic
def select(*, submission: Submission, selected: bool) -> Submission:
    """Choose a submission to count on the private leaderboard, or take that back."""
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=submission.competition_id
    )
    submission = Submission.objects.select_related("team").get(pk=submission.pk)
    if competition.status != Competition.Status.OPEN:
        raise WrongState("The competition is not open, so the choice stands as it is.")
    if submission.status != Status.SCORED or submission.is_late:
        raise WrongState("Only a scored submission of this competition can be chosen.")
    chosen = Submission.objects.filter(team=submission.team, selected=True).exclude(
        pk=submission.pk
    )
    if selected and chosen.count() >= competition.finals:
        raise WrongState(
            f"Your team has chosen {competition.finals} already: take one back first."
        )
    submission.selected = selected
    submission.save(update_fields=["selected"])
    leaderboard.update_team(competition, submission.team)
    return submission


def queue_position(submission: Submission) -> int | None:
    """Where a waiting submission stands in the fair order; 1 is next, else None."""
    return Line().position(submission)
