"""Deleting an account: the person goes, the board keeps a line without a name."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.utils import timezone

from competitions.models import LeaderboardEntry, Submission
from podium.accounts import deletion, pictures
from podium.accounts.models import ApiToken, User
from podium.common.errors import WrongState
from podium.notices.models import Notice
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.pages import words_of
from tests.podium.accounts.people import (
    PASSWORD,
    make_confirmed,
    picture_bytes,
    prove,
    signed_in,
    upload_of,
)

pytestmark = pytest.mark.django_db

DELETE = "/settings/data/delete/"


@pytest.fixture
def mira():
    """A user who left traces everywhere."""
    user = make_confirmed(
        "mira-k", display_name="Mira", bio="Me.", links=["https://example.org"]
    )
    pictures.set_picture(user=user, file=upload_of(picture_bytes()))
    ApiToken.objects.create(user=user)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    Notice.objects.create(user=user, kind="x", title="T", url="/")
    return user


class TestDeleteAccount:
    def test_leaves_nothing_that_tells_who_it_was(self, mira):
        deletion.delete_account(user=mira)

        row = User.objects.get(pk=mira.pk)
        told = {
            name: getattr(row, name)
            for name in ("email", "display_name", "bio", "location", "practitioner")
        }
        assert set(told.values()) == {""}
        assert row.username == f"deleted-{mira.pk}"
        assert (row.links, row.picture, row.last_login) == ([], None, None)
        assert not row.is_active
        assert not row.has_usable_password()
        for model in (EmailAddress, Authenticator, ApiToken, UserSession, Notice):
            assert not model.objects.filter(user=row).exists(), model

    def test_keeps_the_line_on_the_board_without_a_name(self, mira):
        competition = make_competition()
        team = make_team(competition, mira, name="mira-k")
        scored = make_scored(team)
        Submission.objects.filter(pk=scored.pk).update(
            description="by Mira", file_name="mira.savedmodel.zip"
        )

        deletion.delete_account(user=mira)

        entry = LeaderboardEntry.objects.with_rank().get(team=team, split="public")
        assert entry.team.name == "Deleted participant"
        assert entry.rank == 1
        scored.refresh_from_db()
        assert (scored.description, scored.file_name) == (
            "",
            "submission.savedmodel.zip",
        )
        assert scored.status == "scored"

    def test_numbers_the_second_one_of_a_competition(self, mira):
        competition = make_competition()
        teams = [make_team(competition, mira), make_team(competition, make_user())]

        for team in teams:
            deletion.delete_account(user=team.members.get())

        assert sorted(competition.teams.values_list("name", flat=True)) == [
            "Deleted participant",
            "Deleted participant 2",
        ]

    def test_leaves_the_name_of_a_team_of_several(self, mira):
        team = make_team(make_competition(), mira, make_user(), name="The Two")

        deletion.delete_account(user=mira)

        team.refresh_from_db()
        assert team.name == "The Two"

    def test_shows_the_line_to_others_without_the_name(self, mira, client):
        competition = make_competition()
        make_scored(make_team(competition, mira, name="mira-k"))

        deletion.delete_account(user=mira)

        page = words_of(client.get(f"/competitions/{competition.slug}/leaderboard/"))
        assert "Deleted participant" in page
        assert "mira" not in page.lower()

    @pytest.mark.parametrize("opens_in", [-1, 1], ids=["open", "scheduled"])
    def test_refuses_the_host_of_a_competition_that_runs(self, mira, opens_in):
        opens_at = timezone.now() + timedelta(days=opens_in)
        make_competition(host=mira, title="Penguins", opens_at=opens_at)

        with pytest.raises(WrongState, match="You host “Penguins”"):
            deletion.delete_account(user=mira)

        mira.refresh_from_db()
        assert mira.username == "mira-k"
        assert Notice.objects.filter(user=mira).exists()

    def test_lets_the_host_of_a_closed_one_go(self, mira):
        now = timezone.now()
        make_competition(
            host=mira,
            opens_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=1),
        )

        deletion.delete_account(user=mira)

        assert User.objects.get(pk=mira.pk).deleted_at

    def test_refuses_the_only_administrator(self, mira):
        User.objects.filter(pk=mira.pk).update(is_superuser=True)
        mira.refresh_from_db()

        with pytest.raises(WrongState, match="only administrator"):
            deletion.delete_account(user=mira)

    def test_frees_neither_the_name_nor_its_pattern(self, mira, client):
        deletion.delete_account(user=mira)

        form = {"email": "new@example.org", "password1": "an-even-longer-one"}
        response = client.post(
            "/accounts/signup/", form | {"username": f"deleted-{mira.pk + 1}"}
        )

        assert "a word of Podium" in words_of(response)

    def test_says_goodbye_by_mail(self, mira, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            deletion.delete_account(user=mira)

        (sent,) = mail.outbox
        assert sent.to == ["mira-k@example.org"]
        assert sent.body.startswith("Hello Mira,")


class TestDeletePage:
    def test_asks_who_it_is_and_then_does_it(self, mira):
        Authenticator.objects.filter(user=mira).delete()
        here, elsewhere = signed_in(mira), signed_in(mira)

        asked = here.post(DELETE, {"username": "mira-k"})
        assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
        assert User.objects.get(pk=mira.pk).deleted_at is None
        done = prove(here, DELETE)

        assert done.status_code == 303
        assert User.objects.get(pk=mira.pk).deleted_at
        for client in (here, elsewhere):
            assert client.get("/settings/").status_code == 302

    def test_does_nothing_for_a_wrong_password(self, mira):
        Authenticator.objects.filter(user=mira).delete()
        client = signed_in(mira)
        client.post(DELETE, {"username": "mira-k"})

        response = client.post(
            "/accounts/reauthenticate/", {"password": "wrong", "next": DELETE}
        )

        assert response.status_code == 200
        assert User.objects.get(pk=mira.pk).deleted_at is None

    def test_wants_the_name_typed(self, mira):
        Authenticator.objects.filter(user=mira).delete()
        client = signed_in(mira)
        client.post(DELETE, {"username": "somebody"})

        response = prove(client, DELETE)

        assert "Type “mira-k”" in words_of(response, 400)
        assert User.objects.get(pk=mira.pk).deleted_at is None

    def test_lets_nobody_in_afterwards(self, mira, client):
        deletion.delete_account(user=mira)

        for login in ("mira-k", "mira-k@example.org", f"deleted-{mira.pk}"):
            response = client.post(
                "/accounts/login/", {"login": login, "password": PASSWORD}
            )
            assert response.status_code == 200, login

    def test_tells_a_host_what_stands_against_it(self, mira):
        Authenticator.objects.filter(user=mira).delete()
        make_competition(host=mira, title="Penguins")

        page = words_of(signed_in(mira).get("/settings/data/"))

        assert "You host “Penguins”, which is open" in page
        assert "Delete my account" not in page
