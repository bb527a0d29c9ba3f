import os
import time

import pytest

from scoring.sandbox import scratch


class TestFolder:
    def test_is_private_and_gone_afterwards(self, tmp_path):
        with scratch.folder(tmp_path / "new") as folder:
            (folder / "file").write_text("x")
            assert folder.stat().st_mode & 0o777 == 0o700

        assert list((tmp_path / "new").iterdir()) == []

    def test_is_gone_after_a_fault_too(self, tmp_path):
        with pytest.raises(KeyError), scratch.folder(tmp_path):
            raise KeyError

        assert list(tmp_path.iterdir()) == []

    def test_takes_away_what_a_killed_worker_left(self, tmp_path):
        left = tmp_path / f"{scratch.PREFIX}left"
        other = tmp_path / "not-ours"
        for folder in (left, other):
            folder.mkdir()
            os.utime(folder, (0, 0))

        with scratch.folder(tmp_path) as folder:
            os.utime(folder, (0, 0))
            with scratch.folder(tmp_path):
                assert folder.exists()  # it is locked, however old
        assert not left.exists()
        assert other.exists()

    def test_leaves_a_folder_alone_that_was_just_made(self, tmp_path):
        fresh = tmp_path / f"{scratch.PREFIX}fresh"
        fresh.mkdir()

        scratch.sweep(tmp_path)

        assert fresh.exists()


class TestRemove:
    def test_removes_what_was_made_to_stay(self, tmp_path):
        deep = tmp_path / "run"
        deep.mkdir()
        place = os.open(deep, os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("d", dir_fd=place)
            place, above = os.open("d", os.O_RDONLY, dir_fd=place), place
            os.close(above)
        os.close(place)

        began = time.monotonic()
        scratch.remove(deep)

        assert not deep.exists()
        assert time.monotonic() - began < 10


class TestSize:
    def test_counts_bytes_and_files_up_to_a_number(self, tmp_path):
        for number in range(10):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "file").write_bytes(bytes(100))

        assert scratch.size(tmp_path, 1000) == (1000, 20)
        assert scratch.size(tmp_path, 12)[1] < 20
