"""All that is kept of a user, as they take it along."""

import json
import zipfile
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator

from podium.accounts import pictures
from podium.accounts.models import ApiToken
from podium.notices.models import Notice
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.podium.accounts.people import (
    make_confirmed,
    picture_bytes,
    signed_in,
    upload_of,
)

pytestmark = pytest.mark.django_db


def export_of(user) -> zipfile.ZipFile:
    response = signed_in(user).post("/settings/data/export/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    assert user.username in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    return zipfile.ZipFile(BytesIO(b"".join(response)))


def read(archive, name):
    return json.loads(archive.read(name))


class TestExport:
    def test_holds_what_is_kept_of_a_user(self):
        user = make_confirmed("mira-k", bio="Grüße", links=["https://example.org"])
        pictures.set_picture(user=user, file=upload_of(picture_bytes()))
        Notice.objects.create(user=user, kind="submission_scored", title="T", url="/")
        scored = make_scored(
            make_team(make_competition(feedback_digits=2), user), public=0.87654
        )

        archive = export_of(user)

        profile = read(archive, "profile.json")
        assert profile["bio"] == "Grüße"
        assert profile["addresses"][0]["email"] == "mira-k@example.org"
        (submission,) = read(archive, "submissions.json")
        assert submission["id"] == scored.pk
        assert submission["public_score"] == 0.88
        assert read(archive, "notices.json")[0]["title"] == "T"
        assert len(read(archive, "sessions.json")) == 1
        assert archive.read("picture.webp").startswith(b"RIFF")
        assert all(
            name in archive.read("README.txt").decode()
            for name in ("profile.json", "competitions.json", "tokens.json")
        )

    def test_tells_no_secret(self):
        user = make_confirmed("mira-k")
        row, token = ApiToken.objects.create(user=user, name="laptop")
        scored = make_scored(make_team(make_competition(), user), private=0.123456)
        scored.__class__.objects.update(
            detail="row 7 is a zebra", printed="label: zebra"
        )

        archive = export_of(user)

        everything = b"".join(archive.read(name) for name in archive.namelist())
        for secret in (token, row.digest, row.token_key, user.password, "0.123456"):
            assert secret.encode() not in everything
        assert b"zebra" not in everything
        assert read(archive, "tokens.json")[0]["name"] == "laptop"

    def test_names_second_factors_without_what_opens_them(self):
        user = make_confirmed()
        client = signed_in(user)
        Authenticator.objects.create(user=user, type="totp", data={"secret": "S3CRET"})

        response = client.post("/settings/data/export/")

        archive = zipfile.ZipFile(BytesIO(b"".join(response)))
        assert read(archive, "second_factors.json")[0]["type"] == "totp"
        assert b"S3CRET" not in archive.read("second_factors.json")

    def test_holds_nothing_of_others(self):
        user, other = make_confirmed("mira-k"), make_user("somebody-else")
        competition = make_competition(host=make_user("the-host"))
        make_scored(make_team(competition, user))
        make_scored(make_team(competition, other, name="Secret Team"))

        archive = export_of(user)

        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert len(read(archive, "submissions.json")) == 1
        for name in (b"somebody-else", b"the-host", b"Secret Team"):
            assert name not in everything
