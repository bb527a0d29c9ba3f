"""Coming in: sign-up, passwords, addresses, second factors, sessions."""

import re
import subprocess
import sys

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client

from podium.accounts.models import User
from tests.factories import make_user
from tests.pages import browser_of, html_of, words_of
from tests.podium.accounts.people import PASSWORD, make_confirmed, prove, signed_in

pytestmark = pytest.mark.django_db

NEW = "an-even-longer-password"


def link_in(message) -> str:
    """The path of the one link of this site that a mail holds."""
    (found,) = re.findall(r"https?://[^/\s]+(/accounts/\S+)", message.body)
    return found


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def secret_on(client) -> str:
    """The secret that the page for setting up an app shows."""
    html = html_of(client.get("/accounts/2fa/totp/activate/"))
    return re.search(r'class="secret"[^>]*>([A-Z2-7]+)<', html)[1]


def with_app(user) -> str:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


class TestSignUp:
    FORM = {"username": "mira-k", "email": "mira@example.org", "password1": NEW}

    def test_makes_an_account_and_sends_a_link(self, client):
        response = client.post("/accounts/signup/", self.FORM)

        assert response.status_code == 302
        assert mail.outbox[0].subject == "Confirm your address for Podium"
        page = client.get(link_in(mail.outbox[0]))
        assert "Is mira@example.org the address of mira-k" in words_of(page)
        client.post(link_in(mail.outbox[0]))
        assert EmailAddress.objects.get(email="mira@example.org").verified

    @pytest.mark.parametrize(
        ("username", "words"),
        [
            ("settings", "a word of Podium"),
            ("Deleted-17", "a word of Podium"),
            ("mira k", "letters a to z"),
            ("mira\u202ek", "letters a to z"),
            ("міра", "letters a to z"),
            ("m" * 300, "at most 40 characters"),
            ("<script>", "letters a to z"),
        ],
    )
    def test_refuses_a_name_in_a_sentence(self, client, username, words):
        form = self.FORM | {"username": username}

        assert words in words_of(client.post("/accounts/signup/", form))
        assert not User.objects.exists()

    def test_shows_again_what_was_typed(self, client):
        html = html_of(client.post("/accounts/signup/", self.FORM | {"password1": "x"}))

        assert 'value="mira@example.org"' in html
        assert NEW not in html

    def test_offers_no_button_of_others_unless_they_are_set_up(self, client):
        for page in ("/accounts/login/", "/accounts/signup/"):
            html = html_of(client.get(page))
            assert "GitHub" not in html
            assert "Google" not in html


class TestPassword:
    def test_is_set_anew_through_a_mail(self, client):
        user = make_confirmed()

        client.post("/accounts/password/reset/", {"email": user.email})
        page = client.get(link_in(mail.outbox[0]), follow=True)
        address = page.request["PATH_INFO"]
        client.post(address, {"password1": NEW, "password2": NEW})

        user.refresh_from_db()
        assert user.check_password(NEW)

    def test_link_works_once(self, client):
        user = make_confirmed()
        client.post("/accounts/password/reset/", {"email": user.email})
        link = link_in(mail.outbox[0])
        page = client.get(link, follow=True)
        client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

        assert "does not work any more" in words_of(Client().get(link))

    def test_reset_tells_nobody_who_has_an_account(self, client):
        user = make_confirmed()

        known = client.post("/accounts/password/reset/", {"email": user.email})
        unknown = client.post("/accounts/password/reset/", {"email": "x@example.org"})

        assert known.status_code == unknown.status_code == 302
        assert known.headers["Location"] == unknown.headers["Location"]
        assert "no account has it" in mail.outbox[1].body

    def test_change_signs_out_everywhere_else_and_tells_by_mail(self):
        user = make_confirmed()
        here, elsewhere = signed_in(user), signed_in(user)

        response = here.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )

        assert response.status_code == 302
        assert here.get("/settings/").status_code == 200
        assert elsewhere.get("/settings/").status_code == 302
        assert "password has been changed" in mail.outbox[0].body


class TestAddress:
    def test_counts_once_it_is_confirmed(self):
        user = make_confirmed("mira-k")
        client = signed_in(user)
        client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
        prove(client, "/accounts/email/")
        client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})

        user.refresh_from_db()
        assert user.email == "mira-k@example.org"
        assert "new@example.org" in words_of(client.get("/settings/account/"))
        confirmation = next(m for m in mail.outbox if m.to == ["new@example.org"])
        client.post(link_in(confirmation))

        user.refresh_from_db()
        assert user.email == "new@example.org"
        assert [a.email for a in EmailAddress.objects.filter(user=user)] == [
            "new@example.org"
        ]

    def test_change_asks_who_it_is(self):
        client = signed_in(make_confirmed())

        response = client.post(
            "/accounts/email/", {"email": "new@example.org", "action_add": ""}
        )

        assert response.headers["Location"].startswith("/accounts/reauthenticate/")
        assert not EmailAddress.objects.filter(email="new@example.org").exists()


class TestSecondFactor:
    def test_is_set_up_with_an_app(self):
        user = make_confirmed()
        client = signed_in(user)
        client.get("/accounts/2fa/totp/activate/")
        prove(client, "/accounts/2fa/totp/activate/")
        secret = secret_on(client)

        response = client.post(
            "/accounts/2fa/totp/activate/", {"code": code_of(secret)}
        )

        assert response.status_code == 302
        kinds = set(Authenticator.objects.values_list("type", flat=True))
        assert kinds == {"totp", "recovery_codes"}
        assert "10 codes left" in words_of(client.get("/settings/security/")).replace(
            "\u00a0", " "
        )

    def test_is_asked_for_after_the_password(self, client):
        user = make_confirmed()
        secret = with_app(user)

        first = client.post(
            "/accounts/login/", {"login": user.username, "password": PASSWORD}
        )
        assert first.headers["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/settings/").status_code == 302
        wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert wrong.status_code == 200
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

        assert client.get("/settings/").status_code == 200

    def test_wants_a_confirmed_address_first(self):
        user = make_user()
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
        client = signed_in(user)

        assert "Confirm your e-mail address first" in words_of(
            client.get("/settings/security/")
        )
        client.get("/accounts/2fa/totp/activate/")
        prove(client, "/accounts/2fa/totp/activate/")

        page = client.get("/accounts/2fa/totp/activate/", follow=True)

        assert "until you have verified your email" in words_of(page)
        assert not Authenticator.objects.exists()

    def test_keys_are_offered_for_signing_in(self, client):
        response = client.get(
            "/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}
        )

        options = response.json()["request_options"]["publicKey"]
        assert options["challenge"]


class TestSessions:
    def test_are_listed_and_ended_one_by_one(self):
        user = make_confirmed()
        here, elsewhere = signed_in(user), signed_in(user)
        other = UserSession.objects.get(session_key=elsewhere.session.session_key)

        assert words_of(here.get("/accounts/sessions/")).count("End it") == 1
        here.post(f"/settings/sessions/{other.pk}/end/")

        assert elsewhere.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == 200

    def test_ends_not_the_one_it_is_asked_from(self):
        client = signed_in(make_confirmed())
        session = UserSession.objects.get()

        client.post(f"/settings/sessions/{session.pk}/end/")

        assert client.get("/settings/").status_code == 200

    def test_ends_all_others(self):
        user = make_confirmed()
        here, elsewhere = signed_in(user), signed_in(user)

        here.post("/accounts/sessions/")

        assert elsewhere.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == 200

    def test_of_somebody_else_are_not_there(self):
        signed_in(make_confirmed())
        session = UserSession.objects.get()

        response = browser_of(make_user()).post(f"/settings/sessions/{session.pk}/end/")

        assert response.status_code == 404
        assert UserSession.objects.filter(pk=session.pk).exists()


class TestPages:
    @pytest.mark.parametrize(
        "page",
        [
            *("login/", "signup/", "password/reset/", "confirm-email/", "inactive/"),
            *("password/reset/done/", "password/reset/key/done/"),
            *("3rdparty/login/cancelled/",),
        ],
    )
    def test_have_no_script_or_style_in_them(self, client, page):
        html = html_of(client.get(f"/accounts/{page}"))

        assert " style=" not in html
        assert "<style" not in html
        for tag in re.findall(r"<script[^>]*>", html):
            assert "src=" in tag or 'type="application/json"' in tag, tag
        assert " onclick=" not in html


class TestOthers:
    """Signing in by way of GitHub and Google, where the operator set it up."""

    def told(self, code: str, tmp_path, **variables):
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {code}"],
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": f"{settings.ROOT}:{settings.ROOT / 'platform'}",
                "DJANGO_SETTINGS_MODULE": "podium.settings",
                "PODIUM_HOME": str(tmp_path),
                "PODIUM_BROKER_URL": "stub://",
                **variables,
            },
        )
        return done.stdout + done.stderr

    def test_has_a_button_and_a_route_where_it_is_set_up(self, tmp_path):
        code = (
            "from django.test import RequestFactory as R;"
            "from django.urls import reverse;"
            "from django.conf import settings as s;"
            "print(reverse('github_login'), reverse('google_callback'));"
            "print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
        )
        variables = {
            f"PODIUM_{name}_{part}": "x"
            for name in ("GITHUB", "GOOGLE")
            for part in ("ID", "SECRET")
        }

        told = self.told(code, tmp_path, **variables)

        assert "/accounts/github/login/ /accounts/google/login/callback/" in told
        assert "https://github.com" in told
        assert "https://accounts.google.com" in told

    def test_half_a_setting_stops_the_start(self, tmp_path):
        told = self.told("", tmp_path, PODIUM_GITHUB_ID="x")

        assert "PODIUM_GITHUB_ID and PODIUM_GITHUB_SECRET belong together" in told
