"""Signing up, in and out, and API tokens."""

import re

import pytest
from django.core import mail
from rest_framework.test import APIClient

from podium.accounts.models import ApiToken, User
from tests.factories import make_competition, make_user
from tests.pages import browser_of, html_of, words_of

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"


class TestSignUp:
    def send(self, client, **fields):
        wanted = {"username": "mira", "email": "m@example.org", "password1": PASSWORD}
        return client.post("/accounts/signup/", wanted | fields)

    def test_makes_an_account_and_signs_it_in(self):
        client = browser_of()

        response = self.send(client)

        assert response.status_code == 302
        assert User.objects.get().username == "mira"
        assert "Signed in as <b>mira</b>" in html_of(client.get("/"))

    def test_leads_back_to_where_one_came_from(self):
        competition = make_competition()
        address = f"/competitions/{competition.slug}/rules/"

        page = html_of(browser_of().get("/accounts/signup/", {"next": address}))
        response = self.send(browser_of(), next=address)

        assert f'value="{address}"' in page
        assert response.url == address

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"username": "sub missions"}, "A user name has letters a to z"),
            ({"username": "submissions"}, "a word of Podium's own"),
            ({"email": "no"}, "valid email address"),
            ({"password1": "12345"}, "too short"),
            ({"username": ""}, "required"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, fields, sentence):
        response = self.send(browser_of(), **fields)

        page = words_of(response)
        assert sentence in page
        assert 'aria-invalid="true"' in html_of(response)
        assert 'role="alert"' in html_of(response)
        assert not User.objects.exists()


class TestSignIn:
    def test_by_name_or_address_and_out_again(self):
        user = make_user()
        for login in (user.username, user.email):
            client = browser_of()
            client.post("/accounts/login/", {"login": login, "password": PASSWORD})
            assert f"Signed in as <b>{user.username}</b>" in html_of(client.get("/"))

            client.post("/accounts/logout/")
            assert "Signed in as" not in html_of(client.get("/"))

    def test_asks_before_signing_out(self):
        client = browser_of(make_user())

        client.get("/accounts/logout/")

        assert "Signed in as" in html_of(client.get("/"))

    def test_tells_nothing_of_which_part_was_wrong(self):
        user = make_user()

        pages = {
            re.sub(r"(value|content)=\"[^\"]*\"", "", html_of(response))
            for response in (
                browser_of().post(
                    "/accounts/login/", {"login": login, "password": "wrong-password"}
                )
                for login in (user.username, "nobody-here")
            )
        }

        assert len(pages) == 1

    def test_a_forgotten_password_gets_a_mail(self):
        user = make_user()

        browser_of().post("/accounts/password/reset/", {"email": user.email})

        assert mail.outbox[0].to == [user.email]
        assert "/accounts/password/reset/key/" in mail.outbox[0].body


class TestTokens:
    def made(self, client, name="laptop") -> str:
        page = html_of(client.post("/settings/tokens/", {"name": name}))
        return re.search(r'<code id="token">(\w+)</code>', page)[1]

    def test_a_new_one_is_shown_once_and_works(self):
        user = make_user()
        client = browser_of(user)

        token = self.made(client)

        again = html_of(client.get("/settings/tokens/"))
        assert token not in again
        assert "laptop" in again
        assert not ApiToken.objects.filter(digest=token).exists()
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        assert api.get("/api/v1/tokens/").status_code == 200

    def test_the_answer_with_it_is_not_kept_by_anybody(self):
        response = browser_of(make_user()).post("/settings/tokens/", {"name": "x"})

        assert "no-store" in response.headers["Cache-Control"]

    def test_a_revoked_one_opens_nothing(self):
        user = make_user()
        client = browser_of(user)
        token = self.made(client)

        client.post(f"/settings/tokens/{ApiToken.objects.get().id}/revoke/")

        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        assert api.get("/api/v1/tokens/").status_code == 401

    def test_nobody_revokes_anothers(self):
        row, _ = ApiToken.objects.create(user=make_user())

        response = browser_of(make_user()).post(f"/settings/tokens/{row.id}/revoke/")

        assert response.status_code == 404
        assert ApiToken.objects.exists()

    def test_many_come_in_pages(self):
        user = make_user()
        for number in range(55):
            ApiToken.objects.create(user=user, name=f"token-{number}")
        client = browser_of(user)

        first = html_of(client.get("/settings/tokens/"))
        link = re.search(r'href="(\?cursor=[^"]+)">Next', first)[1]
        second = html_of(client.get(f"/settings/tokens/{link}"))

        names = [
            set(re.findall(r"token-\d+", part.split("<tbody>")[1].split("</tbody>")[0]))
            for part in (first, second)
        ]
        assert [len(each) for each in names] == [50, 5]
        assert not names[0] & names[1]
