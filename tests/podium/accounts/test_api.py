"""Tokens by REST: made with a password, listed, deleted, and limited."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone

from podium.accounts.models import ApiToken, User
from podium.common.throttles import TokenAddressThrottle
from tests.api import assert_problem, client_of
from tests.factories import make_competition, make_user

pytestmark = pytest.mark.django_db

TOKENS = "/api/v1/tokens/"
WORD = "w" * 32
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def sent(user, **fields):
    return {"username": user.username, "password": "a-long-password", **fields}


class TestMakeToken:
    def test_answers_with_a_token_that_opens_the_api(self):
        user, client = make_user(), client_of()

        response = client.post(TOKENS, sent(user, name="laptop"), format="json")

        body = response.json()
        row = ApiToken.objects.get()
        assert response.status_code == 201
        assert set(body) == {"id", "token", "name", "expires_at"}
        assert (body["id"], body["name"]) == (str(row.id), "laptop")
        assert body["expires_at"] is None
        assert "no-store" in response.headers["Cache-Control"]
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
        assert client.get(TOKENS).status_code == 200

    def test_keeps_a_hash_alone(self):
        user = make_user()

        token = client_of().post(TOKENS, sent(user)).json()["token"]

        kept = ApiToken.objects.values().get()
        assert token not in str(kept)

    def test_takes_the_mail_address_as_a_name_and_needs_no_name_for_the_token(self):
        user = make_user(email="ada@example.org")
        EmailAddress.objects.create(user=user, email=user.email, verified=True)

        response = client_of().post(
            TOKENS, sent(user, username="ada@example.org"), format="json"
        )

        assert response.status_code == 201 and response.json()["name"] == ""

    def test_is_not_hindered_by_a_stale_token(self):
        client = client_of()
        client.credentials(HTTP_AUTHORIZATION="Bearer stale")

        assert client.post(TOKENS, sent(make_user())).status_code == 201

    @pytest.mark.parametrize(
        "change",
        [{"password": "wrong"}, {"username": "nobody"}, {"username": "x" * 254}],
        ids=["password", "user", "long"],
    )
    def test_refuses_what_does_not_fit_with_one_sentence(self, change):
        response = client_of().post(TOKENS, sent(make_user(), **change))

        problem = assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert problem["detail"] == (
            "The user name and the password do not fit together."
        )
        assert not ApiToken.objects.exists()

    def test_refuses_an_account_that_is_closed(self):
        assert_problem(client_of().post(TOKENS, sent(make_user(is_active=False))), 401)

    def test_names_the_fields_that_lack(self):
        problem = assert_problem(client_of().post(TOKENS, {}, format="json"), 400)

        assert set(problem["errors"]) == {"username", "password"}

    def test_sends_accounts_with_a_second_factor_to_the_page(self):
        user = make_user()
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": "x"}
        )

        right = client_of().post(TOKENS, sent(user))
        wrong = client_of().post(TOKENS, sent(user, password="wrong"))

        assert "/settings/tokens/" in assert_problem(right, 403)["detail"]
        assert_problem(wrong, 401)  # who does not know the password learns nothing
        assert not ApiToken.objects.exists()

    def test_waits_for_the_confirmation_where_it_is_needed(self, settings):
        settings.REQUIRE_EMAIL = True
        user = make_user()

        before = client_of().post(TOKENS, sent(user))
        EmailAddress.objects.create(user=user, email=user.email, verified=True)
        after = client_of().post(TOKENS, sent(user))

        assert "Confirm" in assert_problem(before, 403)["detail"]
        assert after.status_code == 201

    def test_stops_at_a_hundred(self):
        user = make_user()
        ApiToken.objects.bulk_create(
            ApiToken(digest=f"{n:064}", token_key=f"{n:08}", user=user)
            for n in range(100)
        )

        assert_problem(client_of().post(TOKENS, sent(user)), 409)

    def test_may_be_tried_twenty_times_a_minute_for_one_account(self):
        wrong = sent(make_user(), password="wrong")
        others = sent(make_user(), password="wrong")

        def attempt(body=wrong, address="198.51.100.1"):
            return client_of().post(TOKENS, body, REMOTE_ADDR=address)

        with time_machine.travel(NOON, tick=False):
            answers = {attempt().status_code for _ in range(20)}
            next_one = attempt()
            from_elsewhere = attempt(address="198.51.100.2")
            another = attempt(others)
        with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
            later = attempt()

        assert answers == {401}
        assert_problem(next_one, 429)
        assert next_one.headers["Retry-After"] == "60"
        assert_problem(from_elsewhere, 429)
        assert_problem(another, 401)
        assert_problem(later, 401)

    def test_may_be_tried_so_often_from_one_address(self):
        def attempt(number, address="198.51.100.1", **headers):
            body = {"username": f"nobody-{number}", "password": "wrong"}
            return client_of().post(TOKENS, body, REMOTE_ADDR=address, headers=headers)

        with (
            time_machine.travel(NOON, tick=False),
            patch.object(TokenAddressThrottle, "get_rate", return_value="3/min"),
        ):
            answers = {attempt(number).status_code for number in range(3)}
            fourth = attempt(4)
            # Anybody can write this header; only a proxy's own is believed.
            disguised = attempt(5, **{"X-Forwarded-For": "203.0.113.9"})
            elsewhere = attempt(6, address="198.51.100.2")

        assert answers == {401}
        assert_problem(fourth, 429)
        assert_problem(disguised, 429)
        assert_problem(elsewhere, 401)


class TestTokens:
    def test_lists_ones_own_without_the_tokens(self):
        user = make_user()
        client = client_of(user)
        client_of(make_user())

        body = client.get(TOKENS).json()

        assert len(body["results"]) == 1
        assert set(body["results"][0]) == {"id", "name", "created_at", "expires_at"}

    def test_deletes_one_and_it_opens_nothing_any_more(self):
        user = make_user()
        client = client_of(user)
        row = ApiToken.objects.get()

        deleted = client.delete(f"{TOKENS}{row.id}/")

        assert deleted.status_code == 204 and deleted.content == b""
        assert_problem(client.get(TOKENS), 401)

    def test_does_not_reach_another_users(self):
        client_of(make_user())
        row = ApiToken.objects.get()

        assert_problem(client_of(make_user()).delete(f"{TOKENS}{row.id}/"), 404)
        assert_problem(client_of().delete(f"{TOKENS}{row.id}/"), 401)
        assert_problem(client_of(make_user()).delete(f"{TOKENS}x/"), 404)

    def test_opens_nothing_once_it_is_over(self):
        user = make_user()
        client = client_of(user)
        ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))

        assert_problem(client.get(TOKENS), 401)

    def test_costs_the_same_at_10_and_at_1000_rows(self, django_assert_num_queries):
        user = make_user()
        client = client_of(user)

        def add(start, end):
            ApiToken.objects.bulk_create(
                ApiToken(digest=f"{n:064}", token_key=f"{n:08}", user=user)
                for n in range(start, end)
            )

        add(0, 9)
        with django_assert_num_queries(3):
            assert len(client.get(TOKENS).json()["results"]) == 10
        add(9, 999)
        with django_assert_num_queries(3):
            assert len(client.get(TOKENS).json()["results"]) == 50


class TestSessions:
    """A page's script may call the API with the session, and then needs its word."""

    @pytest.fixture
    def page(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_user())
        client.cookies[settings.CSRF_COOKIE_NAME] = WORD
        return client

    def test_lets_a_signed_in_page_read(self, page):
        assert page.get(TOKENS).status_code == 200

    def test_does_its_deeds_with_the_word_in_the_header(self, page):
        row, _ = ApiToken.objects.create(user=User.objects.get())

        response = page.delete(f"{TOKENS}{row.id}/", headers={"X-CSRFToken": WORD})

        assert response.status_code == 204

    def test_refuses_a_deed_without_it(self, page):
        row, _ = ApiToken.objects.create(user=User.objects.get())

        problem = assert_problem(page.delete(f"{TOKENS}{row.id}/"), 403)

        assert "CSRF" in problem["detail"]
        assert ApiToken.objects.exists()

    def test_reads_no_body_to_find_it(self, page):
        competition = make_competition()

        class Untouched:
            def read(self, *_):
                raise AssertionError("the body was read")

            readline = read

        response = page.generic(
            "POST",
            f"/api/v1/competitions/{competition.slug}/submissions/",
            content_type="multipart/form-data; boundary=b",
            headers={"X-CSRFToken": WORD},
            **{"wsgi.input": Untouched(), "CONTENT_LENGTH": "5000000000"},
        )

        assert "Join" in assert_problem(response, 403)["detail"]
