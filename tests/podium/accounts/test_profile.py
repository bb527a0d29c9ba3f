"""The profile as its user writes it."""

import pytest

from podium.accounts.forms import ProfileForm
from podium.accounts.models import User
from tests.factories import make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db

PAGE = "/settings/"
FULL = {
    "display_name": "Mira Kovač",
    "bio": "I build **small** models.",
    "location": "Ljubljana",
    "links": "https://example.org/mira\n\n https://example.com \nhttps://example.com",
    "practitioner": "data_scientist",
    "practitioner_also": ["programmer", "data_scientist"],
}


def form_of(**values):
    form = ProfileForm(FULL | values, instance=make_user())
    form.is_valid()
    return form


class TestProfilePage:
    def test_keeps_what_was_written(self):
        user = make_user()

        response = browser_of(user).post(PAGE, FULL)

        assert response.status_code == 303
        user.refresh_from_db()
        assert user.display_name == "Mira Kovač"
        assert user.links == ["https://example.org/mira", "https://example.com"]
        assert user.practitioner == "data_scientist"
        assert user.practitioner_also == ["programmer"]
        assert user.practitioner_words == "Data scientist, also programmer"

    def test_shows_again_what_was_typed_beside_its_fault(self):
        user = make_user()

        response = browser_of(user).post(PAGE, FULL | {"links": "ftp://example.org"})

        html = html_of(response, 400)
        assert "ftp://example.org</textarea>" in html
        assert "I build **small** models.</textarea>" in html
        user.refresh_from_db()
        assert user.bio == ""

    def test_cleans_what_the_bio_carries(self):
        user = make_user(bio="<script>alert(1)</script> [x](javascript:alert(1))")

        html = html_of(browser_of(user).get(PAGE))

        assert "<script>alert" not in html
        assert 'href="javascript' not in html

    def test_tells_its_user_why_staff_hid_it(self):
        user = make_user(hidden_at="2026-01-01T00:00Z", hidden_reason="Advertising.")

        assert "Advertising." in words_of(browser_of(user).get(PAGE))

    def test_takes_as_many_queries_with_all_fields_as_with_none(self):
        bare, full = make_user(), make_user()
        browser_of(full).post(PAGE, FULL)

        assert queries_of(browser_of(full), PAGE) == queries_of(browser_of(bare), PAGE)


class TestProfileForm:
    @pytest.mark.parametrize(
        "name",
        ["Mira 👩🏽‍🔬", "میرا", "مي\u200cرا", "O’Brien-Ωmega", "m" * 80, "\u200fשרה"],
        ids=["emoji", "farsi", "joiner", "signs", "longest", "right-to-left mark"],
    )
    def test_takes_names_of_all_scripts(self, name):
        form = form_of(display_name=name)

        assert not form.errors
        assert form.cleaned_data["display_name"] == name

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("Mira\u202eakim", "invisible character in it (U+202E)"),
            ("Mira\u2066", "invisible character in it (U+2066)"),
            ("Mi\x07ra", "invisible character in it (U+0007)"),
            ("m" * 300, "at most 80 characters (it has 300)"),
        ],
        ids=["override", "isolate", "bell", "300 letters"],
    )
    def test_refuses_in_one_sentence(self, name, sentence):
        (error,) = form_of(display_name=name).errors["display_name"]

        assert sentence in error

    @pytest.mark.parametrize(
        "address",
        [
            "http://example.org",
            "javascript:alert(1)",
            "https://github.com@evil.example",
            "https://",
            "https://exa mple.org",
            "//example.org",
            "data:text/html,x",
            "https://[::1",
            "example.org",
        ],
    )
    def test_refuses_a_link_that_is_none(self, address):
        (error,) = form_of(links=address).errors["links"]

        assert "begins with https://" in error

    def test_refuses_a_sixth_link(self):
        links = "\n".join(f"https://example.org/{n}" for n in range(6))

        (error,) = form_of(links=links).errors["links"]

        assert error == "These are 6 links: 5 at most can stand there."

    def test_refuses_a_long_link(self):
        (error,) = form_of(links=f"https://example.org/{'x' * 200}").errors["links"]

        assert error == "A link has at most 200 characters."

    def test_refuses_what_is_beside_nothing(self):
        form = form_of(practitioner="", practitioner_also=["programmer"])

        assert form.errors["practitioner"] == ["Say first what you mainly do."]

    def test_refuses_a_practitioner_of_no_known_kind(self):
        assert "practitioner" in form_of(practitioner="wizard").errors

    def test_knows_the_three_kinds(self):
        assert User.Practitioner.values == [
            *("programmer", "data_scientist", "project_manager"),
        ]
