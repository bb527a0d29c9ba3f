"""The demo that a first start loads."""

import re
import unicodedata

import numpy as np
import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from competitions import hidden
from competitions.folders import import_folder
from competitions.models import Competition, HiddenTestSet, SourceFile, Submission, Team
from podium import demo
from podium.accounts.models import User
from podium.datasets.models import Dataset
from podium.demo import loading
from podium.portfolio.models import Project
from scoring.split import PUBLIC
from scoring.tensors import open_tensors
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.services]


class TestLoad:
    def test_prints_a_password_for_each_user_that_lets_them_in(self, capsys):
        call_command("load_demo")

        lines = capsys.readouterr().out.splitlines()
        told = dict(
            re.fullmatch(r"user (\S+) password (\S+)", x).groups() for x in lines
        )
        assert tuple(told) == ("demo-host", "demo-mira", "demo-joao")
        assert all(
            Client().login(username=name, password=word) for name, word in told.items()
        )
        assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3

    def test_fills_the_profiles(self):
        demo.load()

        for user in User.objects.all():
            assert user.display_name and user.practitioner
            assert "account of the demo" in user.bio

    def test_publishes_the_competitions_without_an_end(self):
        demo.load()

        found = Competition.objects.order_by("slug").values_list(
            "slug", "host__username", "closes_at"
        )
        assert list(found) == [
            ("bike-hours", "demo-host", None),
            ("digits", "demo-host", None),
            ("languages", "demo-host", None),
            ("penguins", "demo-host", None),
        ]
        assert {each.status for each in Competition.objects.all()} == {"open"}

    def test_queues_the_baselines(self):
        demo.load()

        baselines = Submission.objects.filter(team__is_baseline=True)
        queued = baselines.order_by("team__name").values_list(
            "team__name", "format", "status", "charged"
        )
        assert list(queued) == [
            ("Linear model", "keras", "queued", False),
            ("Logistic regression", "keras", "queued", False),
            ("Mean of each hour", "keras", "queued", False),
            ("Most frequent digit", "keras", "queued", False),
            ("Single letters", "keras", "queued", False),
            ("Small dense network", "keras", "queued", False),
        ]

    def test_does_and_prints_nothing_the_second_time(self, capsys):
        demo.load()
        before = _counts()
        capsys.readouterr()

        demo.load()

        assert _counts() == before
        assert capsys.readouterr().out == ""

    def test_completes_what_was_cut_off(self, monkeypatch, capsys):
        def cut_off(path, **options):
            if path.name == "penguins":
                raise KeyboardInterrupt
            return import_folder(path, **options)

        with monkeypatch.context() as patch:
            patch.setattr(loading, "import_folder", cut_off)
            with pytest.raises(KeyboardInterrupt):
                demo.load()
        first = capsys.readouterr().out

        demo.load()

        assert first.count("user ") == 3 and capsys.readouterr().out == ""
        assert Competition.objects.count() == 4
        assert Submission.objects.filter(team__is_baseline=True).count() == 6

    def test_makes_no_user_whose_password_was_not_told(self, monkeypatch):
        def broken(*arguments, **options):
            raise BrokenPipeError

        monkeypatch.setattr("builtins.print", broken)
        with pytest.raises(BrokenPipeError):
            demo.load()

        assert not User.objects.exists()


class TestFolders:
    @pytest.mark.parametrize(
        ("slug", "rows", "first", "sizes"),
        [
            pytest.param(
                "digits", 10_000, {"image": (28, 28)}, (5000, 5000), id="digits"
            ),
            pytest.param(
                "penguins",
                104,
                {"measurements": (4,), "island": (1,), "sex": (1,)},
                (52, 52),
                id="penguins",
            ),
            pytest.param(
                "bike-hours",
                1_748,
                {
                    **dict.fromkeys(("hour", "weekday", "season", "weather"), (1,)),
                    "day": (2,),
                    "air": (4,),
                },
                (864, 884),
                id="bike hours",
            ),
            pytest.param(
                "languages", 2_360, {"text": (1,)}, (1180, 1180), id="languages"
            ),
        ],
    )
    def test_hidden_rows_are_those_of_the_data(self, slug, rows, first, sizes):
        import_folder(loading.FOLDERS / slug, host=make_user(), publish=True)

        kept = HiddenTestSet.objects.get()
        assert kept.rows == rows == kept.public_rows + kept.private_rows
        for found, wanted in zip(
            (kept.public_rows, kept.private_rows), sizes, strict=True
        ):
            assert abs(found - wanted) <= 5  # half of each class, rounded up
        job = hidden.job(Submission.objects.first())
        arrays = open_tensors(job.inputs)
        assert {name: array.shape for name, array in arrays.items()} == {
            name: (rows, *shape) for name, shape in first.items()
        }

    def test_bike_hours_are_cut_in_time(self):
        import_folder(loading.FOLDERS / "bike-hours", host=make_user())

        labels = hidden.labels(HiddenTestSet.objects.get())
        hours = labels.ids.astype(int)  # they count the hours in the order of time
        is_public = labels.split == PUBLIC
        assert hours[is_public].max() < hours[~is_public].min()

    def test_languages_keep_every_script(self):
        import_folder(loading.FOLDERS / "languages", host=make_user())

        text = open_tensors(HiddenTestSet.objects.get().inputs.local_path())["text"]
        scripts = {
            unicodedata.name(letter).split()[0]
            for letter in "".join(text.flat)
            if letter.isalpha()
        }
        assert {"LATIN", "ARABIC", "HEBREW", "THAI", "HANGUL", "CJK"} <= scripts

    def test_penguins_have_missing_cells(self):
        import_folder(loading.FOLDERS / "penguins", host=make_user())

        arrays = open_tensors(HiddenTestSet.objects.get().inputs.local_path())
        assert np.isnan(arrays["measurements"]).sum() == 4
        assert (arrays["sex"] == "").sum() == 3

    @pytest.mark.parametrize("slug", demo.COMPETITIONS)
    def test_starters_are_plain_python(self, slug):
        source = (loading.FOLDERS / slug / "starter.py").read_text()

        compile(source, "starter.py", "exec")


def _counts():
    models = (User, Competition, Team, Submission, SourceFile, Dataset, Project)
    return [model.objects.count() for model in models]
