from pathlib import Path

import pytest

from scoring.sandbox import identity

WHOLE = "         0          0 4294967295\n"
ROOTLESS = "         0       1000          1\n         1     100000      65536\n"
ONLY_ROOT = "         0       1000          1\n"


class TestOwnUser:
    @pytest.mark.parametrize("uid_map", [WHOLE, ROOTLESS], ids=["whole", "rootless"])
    def test_gives_each_process_a_user_of_its_own_that_exists(self, uid_map):
        top = 65_536 if uid_map == ROOTLESS else 2_000_000_000
        users = [identity.own_user(pid, uid_map) for pid in range(1, 30_000)]

        assert len(set(users)) == len(users)
        assert min(users) > 30_000 and max(users) <= top

    def test_gives_none_where_there_is_no_other_user(self):
        assert identity.own_user(1, ONLY_ROOT) is None


class TestIsOpenToAll:
    def test_looks_at_every_folder_above(self, tmp_path):
        path = tmp_path / "closed" / "open"
        path.mkdir(parents=True, mode=0o755)
        path.parent.chmod(0o700)

        assert identity.is_open_to_all(path) is False
        assert identity.is_open_to_all(Path("/usr"))

    def test_takes_what_is_not_there_for_closed(self, tmp_path):
        assert identity.is_open_to_all(tmp_path / "nothing") is False
