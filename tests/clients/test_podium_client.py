"""podium-client, which knows nothing of the server and asks no network."""

import json
import socket
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from podium.credentials import baking, keys, picture, services, status
from podium_client import CODES
from podium_client.cli import main
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.podium.credentials.scene import make_credential

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.CREDENTIAL_KEYS = tmp_path / "credential-keys"


@pytest.fixture
def check(tmp_path, capsys, monkeypatch):
    """Run the command on some bytes; answer its code and what it printed."""

    def run(content, *more, key_set=None):
        (tmp_path / "file").write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
        known = key_set if key_set is not None else keys.key_set()
        (tmp_path / "keys.json").write_text(json.dumps(known))
        with monkeypatch.context() as patched:
            patched.setattr(socket, "socket", None)  # whoever asks a network fails
            arguments = [str(tmp_path / "file"), "--keys", str(tmp_path / "keys.json")]
            code = main(["verify", *arguments, *map(str, more)])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def status_file(tmp_path):
    """The list of revoked credentials as it is served now."""

    def fetch(credential):
        path = tmp_path / "status.json"
        document = status.enveloped(status.signed_list(credential.status_list))
        path.write_text(json.dumps(document))
        return path

    return fetch


def test_good_one_in_each_form(check, status_file):
    credential = make_credential(username="mira")
    svg = picture.svg_of(credential)
    forms = (
        credential.jwt,
        baking.bake_svg(svg, credential.jwt),
        baking.bake_png(picture.png_of(svg), credential.jwt),
    )

    for content in forms:
        code, out = check(content, "--status", status_file(credential))
        assert code == 0, out
        assert out.startswith("GOOD: ")
        assert "accuracy version 1: 0.75" in out
        assert credential.facts["artifact"]["digest"] in out


def test_old_key_still_fits_and_a_foreign_one_never_does(check):
    credential = make_credential()
    old = keys.key_set()
    keys.rotate()
    new = {"keys": [each for each in keys.key_set()["keys"] if each not in old["keys"]]}

    assert check(credential.jwt)[0] == 0
    code, out = check(credential.jwt, key_set=new)
    assert (code, out.split(":")[0]) == (CODES["foreign"], "FOREIGN")


def test_no_changed_letter_is_good(check):
    token = make_credential().jwt
    codes = set()

    for place in (*range(5, len(token), 97), len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        codes.add(check(token[:place] + other + token[place + 1 :])[0])

    assert CODES["tampered"] in codes
    assert CODES["good"] not in codes


def test_cut_one_is_truncated(check):
    credential = make_credential()
    png = baking.bake_png(picture.png_of(picture.svg_of(credential)), credential.jwt)

    for content in (credential.jwt[:-1], credential.jwt[:900], png[:-1], png[:900]):
        code, out = check(content)
        assert (code, out.split(":")[0]) == (CODES["truncated"], "TRUNCATED")


def test_revoked_one_and_a_list_that_says_nothing(check, status_file, tmp_path):
    credential = make_credential()
    services.revoke(
        credential=credential,
        user=credential.submission.competition.host,
        reason="Wrong.",
    )
    current = status_file(credential)
    stolen = tmp_path / "other.json"
    stolen.write_text(current.read_text()[:-40] + '"}')

    code, out = check(credential.jwt, "--status", current)
    assert (code, out.split(":")[0]) == (CODES["revoked"], "REVOKED")
    assert check(credential.jwt, "--status", stolen)[0] == CODES["status_unknown"]
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        code, out = check(credential.jwt, "--status", current)
    assert code == CODES["status_unknown"]
    assert "too old" in out


def test_expired_one(check):
    holder, competition = make_user(), make_competition()
    make_scored(make_team(competition, holder))
    credential, _ = services.issue(competition=competition, user=holder)

    assert check(credential.jwt)[0] == 0
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        code, out = check(credential.jwt)
    assert (code, out.split(":")[0]) == (CODES["expired"], "EXPIRED")


def test_other_files_and_misuse(check, status_file):
    credential = make_credential()
    signed_list = status.signed_list(credential.status_list)

    for content in (b"", b"hello", b"\x00\xff", b"<svg/>", signed_list, b"\x89PNG"):
        assert check(content)[0] in (CODES["unreadable"], CODES["truncated"])
    assert check(credential.jwt, key_set={"keys": []})[0] == 2
    assert check(credential.jwt, "--status", "/nowhere")[0] == 2
