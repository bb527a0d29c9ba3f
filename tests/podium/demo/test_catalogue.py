"""The demo's public datasets."""

import pytest
from django.test import Client

from podium.datasets.licences import licence_of
from podium.datasets.models import Dataset
from podium.demo import catalogue
from podium.demo.catalogue import DATASETS, load_datasets
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class TestLoadDatasets:
    def test_makes_four_that_everybody_sees(self):
        load_datasets(make_user("demo-host"))

        page = Client().get("/datasets/").content.decode()
        assert len(DATASETS) == 4
        assert all(example.title in page for example in DATASETS)

    def test_tells_each_with_its_licence_tags_and_notes(self):
        load_datasets(make_user("demo-host"))

        for dataset in Dataset.objects.select_related("latest"):
            assert dataset.subtitle and dataset.tags and dataset.latest.notes
            assert "## Source and licence" in dataset.description
            assert licence_of(dataset.licence)

    @pytest.mark.parametrize("example", DATASETS, ids=lambda each: each.slug)
    def test_has_a_page_that_lists_its_files(self, example):
        load_datasets(make_user("demo-host"))

        answer = Client().get(f"/datasets/demo-host/{example.slug}/")
        assert answer.status_code == 200
        assert all(name in answer.content.decode() for name in example.files)

    def test_leaves_what_is_there_as_it_is(self):
        host = make_user("demo-host")
        load_datasets(host)
        Dataset.objects.filter(slug="diamonds").update(title="My diamonds")

        load_datasets(host)

        assert Dataset.objects.count() == 4
        assert Dataset.objects.get(slug="diamonds").title == "My diamonds"

    def test_completes_what_was_cut_off(self, monkeypatch):
        host = make_user("demo-host")
        stored = catalogue.store_path

        def cut_off(path):
            if path.parent.name == "diamonds" and path.name == "train.csv.gz":
                raise KeyboardInterrupt
            return stored(path)

        with monkeypatch.context() as patch:
            patch.setattr(catalogue, "store_path", cut_off)
            with pytest.raises(KeyboardInterrupt):
                load_datasets(host)
        assert Dataset.objects.count() == 3

        load_datasets(host)

        assert Dataset.objects.get(slug="diamonds").latest.file_count == 4

    def test_holds_no_labels_of_a_competition(self):
        folders = {example.folder for example in DATASETS}

        assert not [folder for folder in folders if folder.name == "hidden"]
        assert not [folder for folder in folders if "baselines" in folder.parts]
