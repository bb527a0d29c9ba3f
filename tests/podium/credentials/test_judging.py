"""Telling a good credential from all the others."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from podium.credentials import keys, services
from podium.credentials.judging import judge
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.podium.credentials.scene import make_credential

pytestmark = pytest.mark.django_db


def test_good_one_is_good_also_after_a_change_of_keys():
    credential = make_credential()
    keys.rotate()
    newer = make_credential()

    assert judge(credential.jwt).kind == judge(newer.jwt).kind == "good"
    assert credential.key != newer.key


def test_no_change_of_a_letter_is_taken():
    token = make_credential().jwt
    places = [*range(0, len(token), 29), len(token) - 1]

    kinds = set()
    for place in places:
        other = "A" if token[place] != "A" else "B"
        kinds.add(judge(token[:place] + other + token[place + 1 :]).kind)

    assert kinds <= {"tampered", "foreign", "unreadable", "truncated"}
    assert "tampered" in kinds


def test_other_spellings_of_the_same_bytes_are_tampered():
    token = make_credential().jwt
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # The last letter of a signature holds four bits that count for nothing.
    twin = alphabet[alphabet.index(token[-1]) ^ 1]

    assert judge(token[:-1] + twin).kind == "tampered"


def test_cut_one_is_truncated():
    token = make_credential().jwt

    for end in (60, len(token) // 2, len(token) - 90, len(token) - 1):
        if "." in token[:end]:
            assert judge(token[:end]).kind == "truncated", end


def test_of_another_installation_is_foreign(settings):
    here = settings.URL
    settings.URL = "https://elsewhere.example.org"
    token = make_credential().jwt
    keys.SigningKey.objects.all().update(kid="did:web:gone#1")
    settings.URL = here

    assert judge(token).kind == "foreign"


def test_revoked_one_tells_why():
    credential = make_credential()
    host = credential.submission.competition.host
    services.revoke(credential=credential, user=host, reason="Two accounts.")

    verdict = judge(credential.jwt)

    assert verdict.kind == "revoked"
    assert "Two accounts." in verdict.words


def test_expired_one_is_told_from_a_tampered_one():
    holder, competition = make_user(), make_competition()
    make_scored(make_team(competition, holder))
    credential, _ = services.issue(competition=competition, user=holder)

    with time_machine.travel(timezone.now() + timedelta(days=181)):
        assert judge(credential.jwt).kind == "expired"


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "hello", "a.b.c", "{}", "W10.W10.W10", "e30.e30.e30", "é.é.é"],
)
def test_other_text_is_no_credential(text):
    assert judge(text).kind in ("unreadable", "truncated")
