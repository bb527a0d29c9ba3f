"""Keys: made once, changed by the operator, published for ever."""

import stat
from io import StringIO

import pytest
from django.core.management import call_command

from podium.credentials import keys
from tests.pages import browser_of
from tests.podium.credentials.scene import make_credential

pytestmark = pytest.mark.django_db


def test_is_made_at_first_need_and_read_by_its_owner_alone(settings):
    key = keys.current()

    (file,) = settings.CREDENTIAL_KEYS.iterdir()
    assert keys.current() == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_command_changes_it_and_the_old_one_stays_published():
    old, out = keys.current(), StringIO()

    call_command("rotate_credential_key", stdout=out)

    new = keys.current()
    assert new != old
    assert new.kid in out.getvalue()
    assert {key["kid"] for key in keys.key_set()["keys"]} == {old.kid, new.kid}
    methods = [each["id"] for each in keys.did_document()["verificationMethod"]]
    assert methods == [new.kid, old.kid]
    assert all("d" not in key for key in keys.key_set()["keys"])


def test_another_address_gets_a_key_of_its_own(settings):
    old = keys.current()

    settings.URL = "https://ml.example.org"

    assert keys.current().kid.startswith("did:web:ml.example.org#")
    assert old.kid in {key["kid"] for key in keys.key_set()["keys"]}


def test_lost_file_is_told_and_nothing_is_signed(settings):
    keys.current()
    for file in settings.CREDENTIAL_KEYS.iterdir():
        file.unlink()

    with pytest.raises(keys.KeyIsMissing, match="rotate_credential_key"):
        make_credential()


def test_without_its_file_the_status_list_answers_503(settings):
    number = make_credential().status_list_id
    for file in settings.CREDENTIAL_KEYS.iterdir():
        file.unlink()

    for ending in ("/", ".json"):
        answer = browser_of().get(f"/verify/status/{number}{ending}")
        assert answer.status_code == 503
        assert b"operator" in answer.content
