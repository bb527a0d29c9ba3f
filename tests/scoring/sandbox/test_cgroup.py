"""Groups of the kernel: real ones where this machine has them, made-up ones besides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.sandbox import cgroup

UNIFIED = "cgroup2 /sys/fs/cgroup cgroup2 rw,relatime 0 0\n"
SPLIT = (
    "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n"
    "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0\n"
)


@pytest.fixture
def machine(tmp_path):
    """A made-up tree: what is mounted, where we are, and files with their content."""

    def make(mounts, own, files):
        content = {"proc/self/mounts": mounts, "proc/self/cgroup": own}
        for name, text in (content | files).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return make


@pytest.fixture
def real():
    """A group of this machine's own."""
    try:
        found = cgroup.place()
    except OSError as error:
        pytest.skip(str(error))
    group = cgroup.Group(found)
    yield group
    group.close()


def run_in(group, code):
    """Run code in a process that waits until it is in the group."""
    process = subprocess.Popen(
        [sys.executable, "-c", "input()\n" + code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    group.take_in(process.pid)
    return process


class TestPlace:
    def test_is_our_own_folder_where_it_may_be_divided(self, machine):
        own = "sys/fs/cgroup/podium.service"
        root = machine(
            UNIFIED,
            "0::/podium.service\n",
            {
                f"{own}/cgroup.controllers": "cpu memory pids",
                f"{own}/cgroup.subtree_control": "cpu",
                f"{own}/cgroup.procs": "",
            },
        )

        found = cgroup.place(root)

        assert found == cgroup.Place(2, root / own, root / own)
        switched = (root / own / "cgroup.subtree_control").read_text()
        assert switched == "+memory +pids"

    def test_is_split_on_an_older_system(self, machine):
        base = "sys/fs/cgroup"
        root = machine(
            SPLIT,
            "4:memory:/one\n8:pids:/\n0::/\n",
            {f"{base}/memory/one/tasks": "", f"{base}/pids/tasks": ""},
        )

        found = cgroup.place(root)

        assert (found.version, found.memory.name, found.pids.name) == (1, "one", "pids")

    @pytest.mark.parametrize(
        ("mounts", "controllers", "told"),
        [
            ("", "", "no cgroup2 is mounted; no cgroup memory is mounted"),
            (UNIFIED, "cpu hugetlb", "no memory and pids controller"),
        ],
        ids=["nothing mounted", "controllers elsewhere"],
    )
    def test_says_why_there_is_none(self, machine, mounts, controllers, told):
        files = {"sys/fs/cgroup/cgroup.controllers": controllers}
        root = machine(mounts, "0::/\n", files)

        with pytest.raises(OSError, match=f"not offered: .*{told}"):
            cgroup.place(root)


class TestGroup:
    def test_writes_the_files_of_version_2(self, tmp_path, monkeypatch):
        made = []
        monkeypatch.setattr(Path, "mkdir", _filled(Path.mkdir, made))

        group = cgroup.Group(cgroup.Place(2, tmp_path, tmp_path))
        group.take_in(17)
        group.allow(1_000, 70)

        read = {path.name: path.read_text() for path in made[0].iterdir()}
        assert read["cgroup.procs"] == "17"
        assert read["memory.max"] == "1500"  # beyond the 500 that it holds
        assert read["pids.max"] == "70"
        assert read["memory.swap.max"] == "0"
        assert group.killed() == 3

    def test_ends_what_takes_too_much(self, real):
        process = run_in(real, "kept = bytearray(b'1') * 300_000_000")
        real.allow(100_000_000, 50)

        process.communicate("\n")

        assert process.returncode == -9
        assert real.killed() == 1

    def test_bounds_processes(self, real):
        code = "import os\ntry: os.fork()\nexcept BlockingIOError: print('no more')"
        process = run_in(real, code)
        real.allow(10**9, 1)

        assert process.communicate("\n")[0] == "no more\n"

    def test_leaves_nothing(self, real):
        process = run_in(real, "pass")
        process.communicate("\n")

        real.close()

        assert not real.memory.exists() and not real.pids.exists()

    def test_clears_up_after_a_worker_that_was_killed(self, real):
        gone = subprocess.Popen(["true"])
        gone.wait()
        left = [
            folder.parent / f"podium-{gone.pid}-1"
            for folder in {real.memory, real.pids}
        ]
        for folder in left:
            folder.mkdir()

        place = cgroup.place()
        cgroup.Group(place).close()

        assert not any(folder.exists() for folder in left)
        assert os.path.exists(real.memory)


def _filled(mkdir, made):
    """The folder as the kernel would fill it."""

    def make(path, *arguments, **options):
        mkdir(path, *arguments, **options)
        made.append(path)
        (path / "memory.current").write_text("500")
        (path / "memory.events").write_text("low 0\noom 3\noom_kill 3\n")

    return make
