"""How a large dataset comes in and goes out: time and memory, against cp and curl.

`python -m benchmarks.dataset_upload [MEGABYTES]` starts a Podium of its own, sends one
file of random bytes by curl, takes it back as a file and as a zip, and prints a JSON
line for each step, with the peak memory of every process that ran.
"""

import filecmp
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.instance import Instance

MEGABYTE = 1_000_000
TABLE_ROWS = 400_000
PREVIEW_S = 120


class Memory:
    """The peak resident memory of each process of an instance, by what it is."""

    def __init__(self, instance: Instance):
        self.instance, self.peaks, self.told = instance, {}, threading.Event()

    def __enter__(self):
        for pid in self.instance.processes(""):
            # From here on the kernel's record of the peak begins anew.
            _write(Path(f"/proc/{pid}/clear_refs"), "5")
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.told.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.told.wait(0.05):
            for pid in self.instance.processes(""):
                self._look(pid)
                for child in _children(pid):  # a reader has no environment to know
                    self._look(child)

    def _look(self, pid: int) -> None:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        except OSError:
            return
        peaks = [line for line in status.splitlines() if line.startswith("VmHWM")]
        if peaks:
            name = f"{_name(command)} {pid}"
            megabytes = int(peaks[0].split()[1]) * 1024 / MEGABYTE
            self.peaks[name] = max(self.peaks.get(name, 0), round(megabytes))


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        texts = [(task / "children").read_text() for task in tasks]
    except OSError:
        return []
    return [int(word) for text in texts for word in text.split()]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError:
        return  # the process has ended


def _name(command: str) -> str:
    words = ("gunicorn", "podium.worker", "housekeeper", "sweep", "valkey", "curl")
    known = ("profiling.child", *words, "manage.py")
    return next((word for word in known if word in command), command[:40])


@contextmanager
def measured(step: str, instance: Instance, size: int):
    """Time a step and watch memory during it; print both."""
    with Memory(instance) as memory:
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
    print(
        json.dumps(
            {
                "step": step,
                "megabytes": size / MEGABYTE,
                "seconds": round(seconds, 2),
                "megabytes_per_second": round(size / MEGABYTE / seconds, 1),
                "peak_mb": dict(sorted(memory.peaks.items())),
            }
        ),
        flush=True,
    )


def curl(*arguments: str) -> str:
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail-with-body", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_bytes(path: Path, megabytes: int) -> int:
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))
    return path.stat().st_size


def make_table(path: Path) -> int:
    with path.open("w") as file:
        file.write("number,half,word\n")
        for row in range(TABLE_ROWS):
            file.write(f"{row},{row / 2},word {row % 7}\n")
    return path.stat().st_size


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        home, source = Path(folder, "home"), Path(folder, "big.bin")
        size = make_bytes(source, megabytes)
        options = {"PODIUM_DEMO": "0", "PODIUM_WORKERS": "1"}
        instance = Instance(home, **options).start()
        try:
            instance.make_user("bench")
            run(instance, Path(folder), source, size)
        finally:
            instance.stop()


def run(instance: Instance, folder: Path, source: Path, size: int) -> None:
    sign = ("--header", f"Authorization: Bearer {instance.token('bench')}")
    address = f"{instance.url}/api/v1/datasets/"
    with measured("cp and sync, for comparison", instance, size):
        subprocess.run(["cp", source, folder / "copy.bin"], check=True)
        subprocess.run(["sync", folder / "copy.bin"], check=True)
    table = folder / "table.csv"
    whole = size + make_table(table)
    with measured("upload by curl", instance, whole):
        words = ["title=Big", "visibility=public"]
        fields = [*words, f"files=@{source}", f"files=@{table}"]
        curl(*sign, *(part for field in fields for part in ("--form", field)), address)
    with measured("preview of a table", instance, table.stat().st_size):
        _wait_for_preview(f"{instance.url}/datasets/bench/big/")
    one = f"{address}bench/big/"
    with measured("download of the file by curl", instance, size):
        curl(*sign, "--output", f"{folder}/back.bin", f"{one}files/big.bin")
    assert filecmp.cmp(source, folder / "back.bin", shallow=False)
    with measured("curl from file:, for comparison", instance, size):
        curl("--output", f"{folder}/back.bin", f"file://{source}")
    with measured("download of all as a zip", instance, whole):
        curl(*sign, "--output", f"{folder}/all.zip", f"{one}archive/")
    subprocess.run(["unzip", "-tqq", folder / "all.zip"], check=True)


def _wait_for_preview(page: str) -> None:
    end = time.monotonic() + PREVIEW_S
    while time.monotonic() < end:
        if "first 20 of" in (told := curl(page)) or "first 20 rows" in told:
            return
        time.sleep(0.2)
    raise AssertionError(f"No preview within {PREVIEW_S} s.")


if __name__ == "__main__":
    main()
