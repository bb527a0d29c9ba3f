"""A zip of a folder: equal to the folder, and opened without trusting it."""

import stat
import zipfile

import pytest

from competitions.folders import FolderFaults, import_folder
from tests.competitions import folder_files as given
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.services]


class TestZip:
    @pytest.mark.parametrize("top", ["", "birds/"], ids=["bare", "in one folder"])
    def test_equals_the_folder(self, tmp_path, top):
        path = given.write_zip(tmp_path / "birds.zip", given.FILES, top)

        first = given.imported(tmp_path / "folder", given.FILES)
        second = import_folder(path, host=make_user(), slug="zipped")

        assert given.sources(first) == given.sources(second)
        assert first.hidden_test_set.digest == second.hidden_test_set.digest
        assert first.hidden_test_set.labels == second.hidden_test_set.labels
        assert first.dataset_version.digest == second.dataset_version.digest

    @pytest.mark.parametrize(
        "name",
        ["../escaped.txt", "/escaped.txt", "files/../../escaped.txt", "files\\x"],
    )
    def test_a_path_that_leads_elsewhere_is_refused(self, tmp_path, name):
        path = given.write_zip(tmp_path / "birds.zip", {**given.FILES, name: "x"})

        with pytest.raises(FolderFaults) as told:
            import_folder(path, host=make_user())

        assert [fault.file for fault in told.value.faults] == [name]
        assert not list(tmp_path.parent.rglob("escaped.txt"))

    def test_a_link_is_refused(self, tmp_path):
        path = given.write_zip(tmp_path / "birds.zip", given.FILES)
        link = zipfile.ZipInfo("files/link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(link, "/etc/passwd")

        with pytest.raises(FolderFaults, match="files/link.csv: is a link"):
            import_folder(path, host=make_user())

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_doubled_name_is_refused(self, tmp_path):
        path = given.write_zip(tmp_path / "birds.zip", given.FILES)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("rules.md", "Other rules.")

        with pytest.raises(FolderFaults, match="rules.md: is in the zip 2 times"):
            import_folder(path, host=make_user())

    def test_a_damaged_zip_is_refused(self, tmp_path):
        path = given.write_zip(tmp_path / "birds.zip", given.FILES)
        content = bytearray(path.read_bytes())
        content[60:90] = bytes(30)
        path.write_bytes(content)

        with pytest.raises(FolderFaults, match="is a damaged zip"):
            import_folder(path, host=make_user())

    def test_a_zip_of_something_else_is_refused(self, tmp_path):
        path = given.write_zip(tmp_path / "cats.zip", {"cat.txt": "miaow"})

        with pytest.raises(FolderFaults, match="competition.yaml: is missing"):
            import_folder(path, host=make_user())

    def test_one_that_unpacks_to_too_much_is_refused_unopened(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setattr("competitions.folders.opening.MAX_BYTES", 100)
        path = given.write_zip(tmp_path / "birds.zip", given.FILES)

        with pytest.raises(FolderFaults, match="GB are the most"):
            import_folder(path, host=make_user())
