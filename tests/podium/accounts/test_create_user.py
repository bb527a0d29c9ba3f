"""The command that makes a confirmed account."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from podium.accounts.management.commands import create_user
from podium.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a-rather-long-word"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command with a line on standard input; returns code, out and err."""

    def run(*arguments, typed=f"{PASSWORD}\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = 0
        try:
            call_command("create_user", *arguments)
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


class TestCreateUser:
    def test_makes_an_account_that_can_sign_in(self, run):
        code, out, err = run("mira", "--email", "mira@example.org")

        assert (code, out, err) == (0, "Created mira <mira@example.org>.\n", "")
        assert Client().login(username="mira", password=PASSWORD)

    def test_confirms_the_address(self, run):
        run("mira", "--email", "mira@example.org")

        address = EmailAddress.objects.get(user__username="mira")
        assert (address.email, address.verified, address.primary) == (
            "mira@example.org",
            True,
            True,
        )

    def test_gives_no_right_that_was_not_asked_for(self, run):
        run("mira", "--email", "mira@example.org")

        user = User.objects.get(username="mira")
        assert not (user.is_staff or user.is_superuser or user.may_host)

    def test_makes_staff_and_hosts(self, run):
        run("mira", "--email", "mira@example.org", "--staff", "--host")

        user = User.objects.get(username="mira")
        assert user.is_staff and user.is_superuser and user.may_host

    @pytest.mark.parametrize(
        ("arguments", "typed", "said"),
        [
            pytest.param(
                ["Ann", "--email", "new@example.org"],
                PASSWORD,
                "There is a user 'Ann' already.",
                id="a name that differs in case only",
            ),
            pytest.param(
                ["mira", "--email", "ANN@example.org"],
                PASSWORD,
                "There is an account with the address ANN@example.org already.",
                id="an address that is taken",
            ),
            pytest.param(
                ["mira", "--email", "nowhere"],
                PASSWORD,
                "'nowhere' is no e-mail address.",
                id="no address",
            ),
            pytest.param(
                ["settings", "--email", "mira@example.org"],
                PASSWORD,
                "“settings” is a word of Podium's own: choose another.",
                id="a reserved name",
            ),
            pytest.param(
                ["a b", "--email", "mira@example.org"],
                PASSWORD,
                "A user name has letters a to z, digits, hyphens and underscores, and "
                "starts with a letter or a digit.",
                id="a name with a space",
            ),
            pytest.param(
                ["mira", "--email", "mira@example.org"],
                "x1!yz",
                "This password is too short. It must contain at least 8 characters.",
                id="a short password",
            ),
            pytest.param(
                ["mira", "--email", "mira@example.org"],
                "",
                "This password is too short. It must contain at least 8 characters.",
                id="no password",
            ),
        ],
    )
    def test_refuses_in_one_sentence(self, run, arguments, typed, said):
        make_user("ann")
        before = User.objects.count()

        code, out, err = run(*arguments, typed=typed)

        assert (code, out, err) == (1, "", f"{said}\n")
        assert User.objects.count() == before

    def test_tells_all_that_is_wrong(self, run):
        code, _, err = run("a b", "--email", "nowhere", typed="short")

        assert code == 1
        assert len(err.splitlines()) == 3

    def test_does_not_echo_a_password_on_a_terminal(self, monkeypatch):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        monkeypatch.setattr("sys.stdin", Terminal("not read\n"))
        monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)

        assert create_user.read_password() == PASSWORD
