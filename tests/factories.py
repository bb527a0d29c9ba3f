"""Plain functions that make the smallest valid rows."""

from datetime import timedelta
from io import BytesIO
from itertools import count

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from PIL import Image

from competitions import leaderboard, services
from competitions.models import (
    Check,
    Competition,
    HiddenTestSet,
    Membership,
    RulesVersion,
    Score,
    Submission,
    Team,
)
from podium.accounts.models import User
from podium.common.files import store_bytes
from podium.portfolio.models import Project
from podium.portfolio.services import create_project

_number = count(1)

CONTRACT = {
    "inputs": {"x": {"columns": ["a", "b"], "dtype": "float32"}},
    "output": {"kind": "probabilities", "classes": ["no", "yes"]},
    "id": "id",
    "target": "answer",
}


def make_user(username: str | None = None, **values) -> User:
    username = username or f"user-{next(_number)}"
    values.setdefault("email", f"{username}@example.org")
    return User.objects.create_user(username, password="a-long-password", **values)


def make_competition(**values) -> Competition:
    """An open competition with rules and a hidden test set of no meaning."""
    number = next(_number)
    hidden = values.pop("hidden", True)
    values.setdefault("host", None) or values.update(host=make_user())
    defaults = {
        "slug": f"competition-{number}",
        "title": f"Competition {number}",
        "published_at": timezone.now() - timedelta(days=2),
        "opens_at": timezone.now() - timedelta(days=1),
        "accepts": ["model"],
        "contract": CONTRACT,
        "metrics": [{"key": "accuracy"}],
        "direction": "maximize",
        "split": {"public": "0.5", "seed": 1},
    }
    competition = Competition.objects.create(**{**defaults, **values})
    RulesVersion.objects.create(competition=competition, number=1, text="Be fair.")
    if hidden:
        make_hidden_test_set(competition)
    return competition


def make_hidden_test_set(competition: Competition, **values) -> HiddenTestSet:
    nothing = store_bytes(b"nothing")
    hidden = HiddenTestSet.objects.create(
        competition=competition,
        **{
            "number": competition.hidden_test_sets.count() + 1,
            "inputs": nothing,
            "ids": nothing,
            "labels": nothing,
            "digest": "0" * 64,
            "rows": 4,
            "public_rows": 2,
            "private_rows": 2,
            **values,
        },
    )
    competition.hidden_test_set = hidden
    competition.save(update_fields=["hidden_test_set"])
    return hidden


def make_team(competition: Competition, *users: User, **values) -> Team:
    """A team with these members, or with one that is made for it."""
    values.setdefault("name", f"Team {next(_number)}")
    team = Team.objects.create(competition=competition, **values)
    if not team.is_baseline:
        Competition.objects.filter(pk=competition.pk).update(
            team_count=F("team_count") + 1
        )
        for user in users or (make_user(),):
            Membership.objects.create(
                competition=competition,
                team=team,
                user=user,
                rules_version=services.current_rules(competition),
            )
    return team


def make_submission(team: Team | None = None, **values) -> Submission:
    """A queued submission, charged to its team's quota."""
    team = team or make_team(make_competition())
    submission = services.create_submission(
        competition=team.competition,
        team=team,
        submitted_by=values.pop("submitted_by", None)
        or team.members.first()
        or team.competition.host,
        artifact=store_bytes(f"artifact {next(_number)}".encode()),
        file_name="model.keras",
        format="keras",
    )
    if values:
        Submission.objects.filter(pk=submission.pk).update(**values)
        submission.refresh_from_db()
    return submission


def make_check(team: Team | None = None, **values) -> Check:
    """A file that waits to be checked, and is no submission."""
    team = team or make_team(make_competition(train_path="train.csv"))
    return Check.objects.create(
        **{
            "competition": team.competition,
            "team": team,
            "asked_by": team.members.first(),
            "artifact": store_bytes(f"artifact {next(_number)}".encode()),
            "file_name": "model.keras",
            "format": "keras",
            "wanted_until": timezone.now() + timedelta(hours=1),
            **values,
        }
    )


def make_report(*problems: tuple[str, str], **values) -> dict:
    """What a check found, as it is kept."""
    return {
        "problems": [{"reason": reason, "message": text} for reason, text in problems],
        "printed": "",
        "usage": {"seconds": 0.25, "peak_mb": 12.5, "stages": {}, "device": "cpu"},
        "estimate": {"seconds": 1.5, "peak_mb": 30.0},
        "rows": 200,
        "rows_in_all": 4,
        **values,
    }


def make_scored(team: Team | None = None, public=0.5, private=0.5, **values):
    """A scored submission with its scores, and its team's lines on the board."""
    submission = make_submission(team)
    competition = submission.competition
    Submission.objects.filter(pk=submission.pk).update(
        **{
            "status": "scored",
            "stage": "done",
            "finished_at": timezone.now(),
            "public_score": public,
            "public_key": leaderboard.sort_key(public, competition.direction),
            **values,
        }
    )
    for split, value in (("public", public), ("private", private), ("all", public)):
        Score.objects.create(
            submission=submission,
            hidden_test_set=submission.hidden_test_set,
            split=split,
            metric=leaderboard.metric_name(competition.metrics[0]),
            value=value,
        )
    submission.refresh_from_db()
    leaderboard.update_team(competition, submission.team)
    return submission


def make_upload(content: bytes = b"a model", name: str = "model.keras"):
    """A file as a browser sends it."""
    return ContentFile(content, name=name)


def make_project(**values) -> Project:
    """A private project with a title and nothing else."""
    values.setdefault("owner", None) or values.update(owner=make_user())
    values.setdefault("title", f"Project {next(_number)}")
    return create_project(**values)


def make_picture(width: int = 8, height: int = 6, kind: str = "PNG", **options):
    """A picture as a browser sends it."""
    out = BytesIO()
    Image.new("RGB", (width, height), (11, 93, 67)).save(out, kind, **options)
    return ContentFile(out.getvalue(), name=f"picture.{kind.lower()}")
