"""Making, versioning, hiding and deleting datasets."""

from uuid import uuid4

import pytest
from django.core.files.storage import storages

from podium.common.errors import BadRequest, NotAllowed, TooLarge, WrongState
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from podium.datasets import keeping, services
from podium.datasets.models import Dataset, DatasetFile, FilePreview
from tests.factories import make_competition, make_user
from tests.podium.datasets.given import make_dataset

pytestmark = pytest.mark.django_db


def stored(**files: bytes) -> dict[str, StoredFile]:
    return {f"{name}.csv": store_bytes(content) for name, content in files.items()}


class TestCreateDataset:
    def test_makes_a_slug_of_the_title_and_a_first_version(self):
        dataset = make_dataset(title="Palmer  Penguins", tags="Tabular, birds, birds")

        assert dataset.slug == "palmer-penguins"
        assert dataset.tags == ["tabular", "birds"]
        assert dataset.latest.number == 1
        assert [file.path for file in dataset.latest.files.all()] == ["table.csv"]
        assert FilePreview.objects.get().status == "waiting"

    @pytest.mark.parametrize("title", ["Download", "data", "SUBMIT"])
    def test_makes_no_slug_of_a_reserved_word(self, title):
        assert make_dataset(title=title).slug == f"{title.lower()}-dataset"

    @pytest.mark.parametrize("slug", ["download", "Upper", "a b", "-a", "a" * 81])
    def test_refuses_a_slug_that_cannot_stand_in_an_address(self, slug):
        with pytest.raises(BadRequest, match="name in the address"):
            make_dataset(slug=slug)

    def test_numbers_a_second_dataset_of_the_same_title(self):
        owner = make_user()

        slugs = [make_dataset(owner, title="Same").slug for _ in range(3)]

        assert slugs == ["same", "same-2", "same-3"]

    def test_lets_two_owners_have_the_same_slug(self):
        assert make_dataset(slug="same").slug == make_dataset(slug="same").slug

    def test_refuses_a_slug_that_the_owner_has(self):
        owner = make_user()
        make_dataset(owner, slug="same")

        with pytest.raises(WrongState, match="already"):
            make_dataset(owner, slug="same")

    def test_takes_a_form_that_comes_twice_for_one(self):
        owner, key = make_user(), uuid4()

        first, second = (
            make_dataset(owner, title="Twice", form_key=key) for _ in range(2)
        )

        assert first == second
        assert first.versions.count() == 1

    def test_takes_an_old_form_with_other_files_for_another_dataset(self):
        owner, key = make_user(), uuid4()

        first = make_dataset(owner, title="One", form_key=key)
        second = make_dataset(owner, {"b.csv": b"b"}, title="One", form_key=key)

        assert {first.slug, second.slug} == {"one", "one-2"}

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ({"title": ""}, "needs a title"),
            ({"title": "\u202e \n"}, "needs a title"),
            ({"title": "a" * 300}, "has 300 characters: at most 120"),
            ({"subtitle": "a" * 201}, "subtitle has 201"),
            ({"licence": "a" * 81}, "licence has 81"),
            ({"description": "a" * 100_001}, "description has 100001"),
            ({"tags": ["a" * 41]}, "too long"),
            ({"visibility": "secret"}, "must be one of public, unlisted, private"),
        ],
    )
    def test_tells_what_is_wrong_with_its_words(self, words, told):
        with pytest.raises(BadRequest, match=told):
            make_dataset(**words)

        assert not Dataset.objects.exists()

    def test_keeps_emoji_and_takes_out_what_turns_text_around(self):
        assert make_dataset(title="🐧 \u202eabc").title == "🐧 abc"


class TestNextVersion:
    def test_carries_over_what_is_neither_sent_nor_removed(self):
        dataset = make_dataset(files={"a.csv": b"a", "b.csv": b"b", "c.csv": b"c"})

        version, is_new = services.next_version(
            dataset=dataset,
            created_by=dataset.owner,
            files=stored(b=b"B", d=b"d"),
            removed=["a.csv"],
            notes="Better",
        )

        assert is_new
        assert version.number == 2
        files = {f.path: f.stored.size for f in version.files.select_related("stored")}
        assert list(files) == ["b.csv", "c.csv", "d.csv"]
        assert version.files.get(path="b.csv").stored == store_bytes(b"B")
        assert dataset.versions.get(number=1).files.count() == 3

    def test_can_begin_anew(self):
        dataset = make_dataset(files={"a.csv": b"a", "b.csv": b"b"})

        version, _ = services.next_version(
            dataset=dataset, created_by=dataset.owner, files=stored(c=b"c"), keep=False
        )

        assert [file.path for file in version.files.all()] == ["c.csv"]

    def test_makes_no_version_of_the_same_files(self):
        dataset = make_dataset(files={"a.csv": b"a"})

        version, is_new = services.next_version(
            dataset=dataset, created_by=dataset.owner, files=stored(a=b"a")
        )

        assert (version.number, is_new) == (1, False)

    def test_makes_one_version_of_a_form_that_comes_twice(self):
        dataset = make_dataset(files={"a.csv": b"a"})

        sent = [
            services.next_version(
                dataset=dataset, created_by=dataset.owner, files=stored(b=b"b"), base=1
            )
            for _ in range(2)
        ]

        assert [(version.number, new) for version, new in sent] == [
            (2, True),
            (2, False),
        ]

    def test_refuses_changes_to_a_version_that_is_not_the_newest(self):
        dataset = make_dataset(files={"a.csv": b"a"})
        services.next_version(
            dataset=dataset, created_by=dataset.owner, files=stored(b=b"b"), base=1
        )

        with pytest.raises(WrongState, match="Version 2 has been made"):
            services.next_version(
                dataset=dataset, created_by=dataset.owner, files=stored(c=b"c"), base=1
            )

    def test_refuses_a_version_without_files(self):
        dataset = make_dataset(files={"a.csv": b"a"})

        with pytest.raises(BadRequest, match="at least one file"):
            services.next_version(
                dataset=dataset, created_by=dataset.owner, files={}, removed=["a.csv"]
            )

    def test_refuses_files_that_differ_from_kept_ones_in_case_only(self):
        dataset = make_dataset(files={"Data.csv": b"a"})

        with pytest.raises(BadRequest, match="“Data.csv” and “data.csv” differ only"):
            services.next_version(
                dataset=dataset, created_by=dataset.owner, files=stored(data=b"b")
            )

    def test_is_the_owners_alone(self):
        dataset = make_dataset()

        with pytest.raises(NotAllowed):
            services.next_version(
                dataset=dataset, created_by=make_user(), files=stored(a=b"a")
            )


class TestAssertFiles:
    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("../etc/passwd", r"\.\."),
            ("a/../b.csv", r"\.\."),
            ("/etc/passwd", "relative"),
            ("a\\b.csv", "relative"),
            ("a\nb.csv", "control characters"),
            ("a\x00.csv", "control characters"),
            ("a//b.csv", "empty parts"),
            ("\u202egnp.csv", "turn the text"),
            ("download", "Podium's own"),
            ("x" * 401, "more than 400"),
        ],
    )
    def test_refuses_a_path_in_one_sentence(self, path, told):
        with pytest.raises(BadRequest, match=told) as error:
            services.assert_files({path: store_bytes(b"a")})

        assert error.value.message.endswith(".")
        assert error.value.message.isprintable()

    @pytest.mark.parametrize(
        "paths",
        [
            ("a.csv", "A.CSV"),
            ("dir/a.csv", "DIR/a.csv"),
            ("caf\u00e9.csv", "cafe\u0301.csv"),
            ("stra\u00dfe.csv", "STRASSE.csv"),
        ],
    )
    def test_refuses_twins(self, paths):
        with pytest.raises(BadRequest, match="differ only in case or accents"):
            services.assert_files(dict.fromkeys(paths, store_bytes(b"a")))

    def test_refuses_a_file_that_is_a_folder_too(self):
        with pytest.raises(BadRequest, match="a file and a folder at once"):
            services.assert_files(dict.fromkeys(("a", "a/b.csv"), store_bytes(b"a")))

    def test_refuses_too_many(self):
        file = store_bytes(b"a")

        with pytest.raises(TooLarge, match="10001 files"):
            services.assert_files({f"{n}.csv": file for n in range(10_001)})

    def test_takes_words_of_any_script(self):
        services.assert_files(
            dict.fromkeys(("数据/训练.csv", "بيانات.csv", "🐧.csv"), store_bytes(b"a"))
        )


class TestDeleteDataset:
    def test_gives_back_the_bytes_that_nothing_else_holds(
        self, django_capture_on_commit_callbacks
    ):
        other = make_dataset(files={"shared.csv": b"shared"})
        dataset = make_dataset(files={"own.csv": b"own", "shared.csv": b"shared"})
        own = StoredFile.objects.get(sha256=store_bytes(b"own").sha256)

        with django_capture_on_commit_callbacks(execute=True):
            services.delete_dataset(dataset=dataset, user=dataset.owner)

        assert not StoredFile.objects.filter(pk=own.pk).exists()
        assert not storages["private"].exists(own.name)
        assert other.latest.files.get().stored.open().read() == b"shared"

    def test_is_refused_while_a_competition_uses_it(self):
        dataset = make_dataset()
        make_competition(title="Spring", dataset_version=dataset.latest)

        with pytest.raises(WrongState, match="used by"):
            services.delete_dataset(dataset=dataset, user=dataset.owner)

        assert DatasetFile.objects.filter(version__dataset=dataset).exists()

    def test_is_the_owners_alone(self):
        with pytest.raises(NotAllowed):
            services.delete_dataset(dataset=make_dataset(), user=make_user())


class TestKept:
    def test_gives_back_what_could_not_be_used(self):
        class Upload:
            name, size, sha256 = "a", 3, None

            def seek(self, place):
                pass

            def chunks(self, size=0):
                yield b"new"

        with pytest.raises(WrongState), keeping.kept({"a": Upload()}) as files:
            row = files["a"]
            raise WrongState("no")

        assert not StoredFile.objects.filter(pk=row.pk).exists()
        assert not storages["private"].exists(row.name)

    def test_leaves_what_something_else_holds(self):
        held = make_dataset(files={"a.csv": b"held"}).latest.files.get().stored

        assert keeping.reclaim([held.pk]) == 0
        assert held.open().read() == b"held"

    def test_refuses_a_version_of_bytes_that_are_gone(self):
        file = store_bytes(b"going")
        storages["private"].delete(file.name)

        with pytest.raises(WrongState, match="send it again"):
            services.add_version(
                dataset=make_dataset(), files={"a": file}, created_by=make_user()
            )


class TestHideDataset:
    def test_leaves_it_to_its_owner_and_staff(self):
        dataset, staff = make_dataset(), make_user(is_staff=True)

        services.hide_dataset(dataset=dataset, reason="Copied from elsewhere")

        def sees(user):
            return Dataset.objects.visible_to(user).exists()

        assert [sees(user) for user in (dataset.owner, staff, make_user())] == [
            *(True, True, False)
        ]
        assert not Dataset.objects.listed().exists()

    def test_asks_for_a_reason(self):
        with pytest.raises(BadRequest):
            services.hide_dataset(dataset=make_dataset(), reason=" ")
