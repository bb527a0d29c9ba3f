"""Accounts and notices in a browser: passkeys, keyboard, and every page looked at."""

import pytest
from allauth.mfa.models import Authenticator

from podium.accounts import pictures
from podium.accounts.models import User
from podium.notices.models import Kind, Notice
from tests.journeys.browser import visitors
from tests.podium.accounts.people import (
    PASSWORD,
    make_confirmed,
    picture_bytes,
    upload_of,
)

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

OPEN = (
    *("login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"),
    *("confirm-email/", "confirm-email/nothing/", "3rdparty/login/cancelled/"),
)
PAGES = (
    *("/settings/", "/settings/account/", "/settings/security/", "/settings/tokens/"),
    *("/settings/notices/", "/settings/appearance/", "/settings/data/", "/notices/"),
    *("/accounts/email/", "/accounts/password/change/", "/accounts/sessions/"),
    *("/accounts/3rdparty/", "/accounts/reauthenticate/", "/accounts/logout/"),
    *("/accounts/2fa/webauthn/",),
)
PROTECTED = ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/")


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


@pytest.fixture
def mira():
    """Somebody with a long name, a picture, and notices read and unread."""
    user = make_confirmed(
        "mira-" + "k" * 35, display_name="Mira " + "Kovač" * 15, bio="Text\n\n- a\n- b"
    )
    pictures.set_picture(user=user, file=upload_of(picture_bytes()))
    for number, kind in enumerate(Kind):
        Notice.objects.create(
            user=user,
            kind=kind,
            subject=str(number),
            title="A title " + "of-very-many-letters" * 8,
            text="A text of a notice, as long as they are. " * 4,
            url="/",
            read_at="2026-01-01T00:00Z" if number % 2 else None,
        )
    return user


def give_key(page) -> None:
    """A key in the machine that always answers, as if somebody touched it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(browser, mira, width, scheme):
    visitor = browser(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for page in OPEN:
        visitor.go(f"/accounts/{page}")
        assert visitor.faults() == [], page
        assert visitor.overflow() <= 0, page
    visitor.sign_in(mira.username, PASSWORD)
    for page in PAGES:
        visitor.go(page)
        assert visitor.faults() == [], page
        assert visitor.overflow() <= 0, page
    visitor.go(PROTECTED[0])
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Go on").click()
    for page in PROTECTED:
        visitor.go(page)
        assert visitor.page.url.endswith(page)
        assert visitor.faults() == [], page
        assert visitor.overflow() <= 0, page

    assert visitor.errors == []


class TestPasskey:
    def test_is_added_and_then_signs_in_without_a_password(self, browser):
        user = make_confirmed("mira-k")
        visitor = browser()
        page = visitor.page
        give_key(page)
        visitor.sign_in("mira-k", PASSWORD)

        visitor.go("/accounts/2fa/webauthn/add/")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("What you call it").fill("My laptop")
        page.get_by_label("A passkey: sign in without a password").check()
        page.get_by_role("button", name="Add it").click()
        page.get_by_text("The key is added.").wait_for()
        assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
        visitor.go("/accounts/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()

        visitor.go("/accounts/login/")
        page.get_by_role("button", name="Use a passkey instead").click()
        page.get_by_text("Your account, mira-k").wait_for(state="attached")

        assert visitor.errors == []

    def test_says_in_a_sentence_that_no_key_answered(self, browser):
        visitor = browser()
        session = visitor.page.context.new_cdp_session(visitor.page)
        session.send("WebAuthn.enable")
        visitor.go("/accounts/login/")
        visitor.page.evaluate(
            "() => { navigator.credentials.get = () => Promise.reject("
            "new DOMException('x', 'NotAllowedError')) }"
        )

        visitor.page.get_by_role("button", name="Use a passkey instead").click()

        visitor.page.get_by_text("No key answered in time").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_profile_is_written_and_an_account_deleted(browser, script, tmp_path):
    make_confirmed("mira-k")
    file = tmp_path / "me.jpg"
    file.write_bytes(picture_bytes(form="JPEG"))
    visitor = browser(java_script_enabled=script)
    page = visitor.page
    visitor.sign_in("mira-k", PASSWORD)

    visitor.go("/settings/")
    page.get_by_label("Display name").fill("Mira Kovač")
    page.get_by_label("Data scientist").first.check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_label("Choose a picture").set_input_files(file)
    page.get_by_role("button", name="Use this picture").click()
    page.get_by_text("This is your picture now.").wait_for()
    assert User.objects.get().picture

    visitor.go("/settings/data/")
    page.get_by_label("Your user name").fill("mira-k")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Your account is deleted. Farewell.").wait_for()

    assert User.objects.get().deleted_at
    assert visitor.errors == []


def test_keyboard_alone_signs_in_and_reads_a_notice(browser, mira):
    visitor = browser()
    page = visitor.page
    visitor.go("/accounts/login/")
    page.get_by_label("User name or e-mail address").focus()
    page.keyboard.type(mira.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text(f"Your account, {mira.username}").wait_for(state="attached")

    unread = Notice.objects.unread().count()
    page.get_by_role("link", name=f"Notices, {unread} unread").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Notices").wait_for()
    page.get_by_role("button", name="Mark all as read").focus()
    page.keyboard.press("Enter")
    page.get_by_text("All notices are marked as read.").wait_for()

    assert not Notice.objects.unread().exists()
