"""Pairs of teams that sent nearly the same: evidence, and nobody is judged."""

import json
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from competitions import similarity
from competitions.models import Predictions, Submission, Team
from podium.common.files import store_bytes, store_path
from scoring import predictions
from tests.competitions import folder_files as given
from tests.competitions.hosting.given import housekeeper
from tests.factories import make_scored, make_team, make_user
from tests.pages import browser_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def competition(tmp_path):
    return given.imported(tmp_path, given.FILES, publish=True)


def sent(competition, name, p, tmp_path, content=None) -> Submission:
    """A team's scored submission with these probabilities of the second class."""
    team = make_team(competition, name=name)
    submission = make_scored(team)
    path = tmp_path / f"{name}.predictions"
    sha256 = predictions.store(path, np.stack([1 - p, p], axis=1))
    Predictions.objects.create(
        submission=submission,
        hidden_test_set=submission.hidden_test_set,
        stored=store_path(path),
        sha256=sha256,
    )
    if content:
        submission.artifact = store_bytes(content)
        submission.save()
    return submission


def names(report) -> list[set]:
    return [{each["team"] for each in pair["submissions"]} for pair in report["pairs"]]


class TestCompare:
    def test_finds_one_file_and_one_answer_from_two_teams(self, competition, tmp_path):
        rng = np.random.default_rng(0)
        one, other = rng.random(8), rng.random(8)
        sent(competition, "a", one, tmp_path, content=b"the same model")
        sent(competition, "b", one, tmp_path, content=b"the same model")
        sent(competition, "c", other, tmp_path)
        sent(competition, "d", other, tmp_path)
        sent(competition, "e", rng.random(8), tmp_path)

        report = similarity.compare(competition)

        assert sorted(map(sorted, names(report))) == [["a", "b"], ["c", "d"]]
        told = json.dumps(report)
        assert "The same file: SHA-256" in told
        assert "the same on every row looked at" in told

    def test_finds_answers_with_a_little_noise(self, competition, tmp_path):
        rng = np.random.default_rng(1)
        base = rng.random(8)
        sent(competition, "a", base, tmp_path)
        sent(competition, "b", np.clip(base + 0.001, 0, 1), tmp_path)
        for name in "cde":
            sent(competition, name, rng.random(8), tmp_path)

        report = similarity.compare(competition)

        assert names(report) == [{"a", "b"}]
        assert "as far apart as those of two teams" in report["pairs"][0]["evidence"][0]

    def test_finds_nothing_among_different_ones(self, competition, tmp_path):
        rng = np.random.default_rng(2)
        for name in "abcde":
            sent(competition, name, rng.random(8), tmp_path)

        assert similarity.compare(competition)["pairs"] == []


class TestPage:
    def test_compares_after_the_close_alone_and_judges_nobody(
        self, competition, tmp_path
    ):
        rng = np.random.default_rng(3)
        p = rng.random(8)
        sent(competition, "a", p, tmp_path)
        sent(competition, "b", p, tmp_path)
        browser = browser_of(competition.host)
        address = f"/host/{competition.slug}/similarity/"
        ask = f"/host/{competition.slug}/ask/similarity/"

        browser.post(ask)
        assert "compared after the close" in words_of(browser.get(address))
        competition.closes_at = timezone.now() - timedelta(hours=1)
        competition.save()
        browser.post(ask)
        housekeeper()

        page = words_of(browser.get(address))
        assert "1 pair to look at" in page.replace("\u00a0", " ")
        assert "Evidence, no verdict." in page
        assert not Team.objects.exclude(disqualified_at=None).exists()
        assert browser_of(make_user()).get(address).status_code == 404
