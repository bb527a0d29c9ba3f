"""Overview, evaluation, rules and joining; data and its files."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions.models import Membership, RulesVersion
from podium.common.files import store_bytes
from podium.datasets.models import Dataset
from podium.datasets.services import add_version
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.pages import browser_of, html_of, words_of

pytestmark = pytest.mark.django_db

TABS = ("", "data/", "evaluation/", "leaderboard/", "rules/")
CONTENT = bytes(range(256)) * 8


def get(competition, tab="", user=None, **headers):
    address = f"/competitions/{competition.slug}/{tab}"
    return browser_of(user).get(address, headers=headers)


def join(competition, user, **fields):
    fields.setdefault("accept_rules", "on")
    return browser_of(user).post(f"/competitions/{competition.slug}/rules/", fields)


def give_files(competition, visibility="private"):
    dataset = Dataset.objects.create(
        owner=competition.host, slug="d", title="D", visibility=visibility
    )
    competition.dataset_version = add_version(
        dataset=dataset,
        files={"train.csv": store_bytes(CONTENT), "deep/er.csv": store_bytes(b"x")},
        created_by=competition.host,
    )
    competition.save()


class TestTabs:
    @pytest.mark.parametrize("tab", TABS)
    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"opens_at": timezone.now() + timedelta(days=3)},
            {"closes_at": timezone.now() + timedelta(hours=3)},
            {
                "opens_at": timezone.now() - timedelta(days=9),
                "closes_at": timezone.now() - timedelta(days=3),
            },
            {"finalised_at": timezone.now()},
            {"hidden": False},
            {
                "contract": {
                    "inputs": {"x": {"columns": ["a"], "dtype": "float32"}},
                    "output": {"kind": "values", "width": 1},
                    "id": "id",
                    "target": "y",
                },
                "metrics": [{"key": "rmse"}],
                "direction": "minimize",
            },
        ],
        ids=["open", "upcoming", "closing", "closed", "final", "no test set", "values"],
    )
    def test_are_there_whatever_state_it_is_in(self, tab, values):
        competition = make_competition(**values)

        page = words_of(get(competition, tab))

        assert competition.title in page

    @pytest.mark.parametrize("tab", TABS)
    def test_of_a_draft_are_for_its_host_alone(self, tab):
        competition = make_competition(published_at=None)

        assert get(competition, tab).status_code == 404
        assert get(competition, tab, make_user()).status_code == 404
        assert get(competition, tab, competition.host).status_code == 200

    @pytest.mark.parametrize("tab", ["", "data/", "evaluation/", "rules/"])
    def test_texts_of_the_host_can_do_no_harm(self, tab):
        evil = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://e.x/p)"
        competition = make_competition(overview=evil, data_text=evil, evaluation=evil)
        RulesVersion.objects.filter(competition=competition).update(text=evil)

        page = html_of(get(competition, tab))

        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert "<img" not in page

    def test_never_tell_a_private_score(self):
        competition = make_competition()
        team = make_team(competition)
        make_scored(team, public=0.5, private=0.777123)
        make_scored(make_team(competition, is_baseline=True), private=0.888123)

        for tab in (*TABS, "submit/", "submissions/"):
            page = html_of(get(competition, tab, team.members.get()))
            assert "0.777" not in page
            assert "0.888" not in page


class TestRules:
    def test_accepting_them_is_joining(self):
        competition, user = make_competition(), make_user()

        response = join(
            competition, user, next=f"/competitions/{competition.slug}/data/"
        )

        assert response.status_code == 303
        assert response.url == f"/competitions/{competition.slug}/data/"
        assert Membership.objects.get(user=user).competition == competition

    def test_never_lead_to_another_site(self):
        competition = make_competition()

        response = join(competition, make_user(), next="https://evil.example/")

        assert response.url == f"/competitions/{competition.slug}/"

    def test_without_a_tick_nothing_happens(self):
        competition, user = make_competition(), make_user()

        response = join(competition, user, accept_rules="")

        assert "Accept the rules to take part." in words_of(response, 400)
        assert not Membership.objects.filter(user=user).exists()

    def test_the_host_is_told_that_hosts_do_not_take_part(self):
        competition = make_competition()

        page = words_of(get(competition, "rules/", competition.host))
        refusal = words_of(join(competition, competition.host), 403)

        assert "so you cannot take part in it" in page
        assert "so you cannot take part in it" in refusal

    def test_signed_out_one_signs_in_first(self):
        competition = make_competition()

        response = join(competition, None)

        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/?next=/competitions/")

    def test_changed_ones_are_asked_for_again(self):
        competition = make_competition()
        user = make_team(competition).members.get()
        assert "You take part" in words_of(get(competition, "rules/", user))
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        assert "The rules have changed" in words_of(get(competition, "", user))
        join(competition, user)

        assert Membership.objects.get(user=user).rules_version.number == 2
        assert "The rules have changed" not in words_of(get(competition, "", user))

    def test_come_too_late_after_the_deadline(self):
        competition = make_competition(
            entry_deadline=timezone.now() - timedelta(hours=1)
        )

        response = join(competition, make_user())

        assert "Joining ended on" in words_of(response, 409)


class TestData:
    def test_files_are_for_participants_host_and_staff(self):
        competition = make_competition()
        give_files(competition)
        member = make_team(competition).members.get()

        for user in (member, competition.host, make_user(is_staff=True)):
            response = get(competition, "data/train.csv", user)
            assert b"".join(response) == CONTENT

    def test_others_are_led_to_the_rules_and_back(self):
        competition = make_competition()
        give_files(competition)
        address = f"/competitions/{competition.slug}"

        response = get(competition, "data/train.csv", make_user())
        signed_out = get(competition, "data/train.csv")

        assert response.url == f"{address}/rules/?next={address}/data/"
        assert signed_out.url == f"/accounts/login/?next={address}/data/train.csv"

    def test_files_of_a_public_dataset_are_for_all(self):
        competition = make_competition()
        give_files(competition, visibility="public")

        assert b"".join(get(competition, "data/train.csv")) == CONTENT
        assert b"".join(get(competition, "data/deep/er.csv")) == b"x"

    def test_a_range_is_a_part(self):
        competition = make_competition()
        give_files(competition, visibility="public")

        response = get(competition, "data/train.csv", range="bytes=10-19")

        assert response.status_code == 206
        assert b"".join(response) == CONTENT[10:20]

    @pytest.mark.parametrize("path", ["nothing.csv", "../competition.yaml", "deep/"])
    def test_what_is_not_there_is_not_there(self, path):
        competition = make_competition()
        give_files(competition, visibility="public")

        assert get(competition, f"data/{path}").status_code == 404

    def test_the_starter_is_a_file_for_all(self):
        competition = make_competition(starter="import keras\n")

        response = get(competition, "data/starter.py")

        assert response.content == b"import keras\n"
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "attachment" in response.headers["Content-Disposition"]
        assert get(make_competition(), "data/starter.py").status_code == 302

    def test_says_that_inputs_are_open_where_predictions_are_taken(self):
        models = make_competition()
        both = make_competition(accepts=["model", "predictions"])

        assert "inputs open, labels hidden" not in words_of(get(models))
        assert "inputs open, labels hidden" in words_of(get(both))

    def test_changed_rules_come_before_the_next_download(self):
        competition = make_competition()
        give_files(competition)
        user = make_team(competition).members.get()
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        assert get(competition, "data/train.csv", user).status_code == 302

    def test_lists_sizes_and_digests_and_the_starter(self):
        competition = make_competition(starter="import keras  # <start>")
        give_files(competition)

        page = html_of(get(competition, "data/"))

        assert "2.0\u00a0kB" in page
        assert (
            competition.dataset_version.files.get(path="train.csv").stored.sha256[:12]
            in page
        )
        assert '<span class="kn">import</span>' in page
        assert "&lt;start&gt;" in page
        assert "Join to download." in page
