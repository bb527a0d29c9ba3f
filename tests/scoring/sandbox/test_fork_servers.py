"""The warm parents of runs: kept, replaced, closed, and never a danger to a run."""

import os
import signal
import time

import pytest

from scoring.sandbox import SandboxFault, fork_servers, predict, server, watch
from scoring.sandbox.server import ForkServer
from tests.scoring.contracts import classes_contract

pytestmark = pytest.mark.needs("sandbox")


@pytest.fixture
def job(make_job):
    return make_job("dense.keras", classes_contract())


def used_server(job):
    with fork_servers.server_for(job) as used:
        return used


def is_there(pid):
    return os.path.exists(f"/proc/{pid}")


class TestServerFor:
    def test_keeps_one_server_for_all_runs(self, job):
        first = used_server(job)
        predict(job)

        assert used_server(job) is first
        assert first.layers and not first.is_worn()

    def test_replaces_a_server_that_has_served_enough(self, job, monkeypatch):
        first = used_server(job)
        predict(job)
        monkeypatch.setattr(server, "MOST_RUNS", first.runs)

        second = used_server(job)

        assert second is not first
        assert first.is_gone()

    def test_starts_a_spare_one_in_good_time(self, job, monkeypatch):
        first = used_server(job)
        monkeypatch.setattr(server, "MOST_RUNS", first.runs + 2)
        used_server(job)
        (spare,) = [each for each in fork_servers.all_held() if not each.runs]
        used_server(job)

        assert used_server(job) is spare

    def test_replaces_a_server_that_died(self, job):
        first = used_server(job)
        first.ready()
        os.kill(first.pid, signal.SIGKILL)
        first._process.wait(10)

        run = predict(job)

        assert run.predictions.shape == (300, 3)
        assert used_server(job) is not first

    def test_calls_a_run_whose_server_dies_a_fault_of_ours(self, make_job):
        slow = make_job("slow.zip", classes_contract(), seconds=60)

        def on_stage(stage):
            if stage == "predict":
                time.sleep(0.1)
                os.kill(used_server(slow).pid, signal.SIGKILL)

        with pytest.raises(SandboxFault, match="fork server ended"):
            predict(slow, on_stage)

        assert predict(make_job("dense.keras", classes_contract())).usage.seconds > 0

    def test_gives_a_fresh_run_a_server_of_its_own(self, make_job, job):
        before = fork_servers.all_held()

        run = predict(make_job("dense.keras", classes_contract(), runner="fresh"))

        assert fork_servers.all_held() == before
        assert run.predictions.tobytes() == predict(job).predictions.tobytes()

    def test_knows_two_runners(self, make_job):
        with pytest.raises(ValueError, match="warm or fresh"):
            make_job("dense.keras", classes_contract(), runner="cold")


class TestForkServer:
    def test_has_one_thread_and_leaves_no_folder(self, tmp_path):
        held = ForkServer(("scoring.sandbox.loaders.keras_file",), tmp_path)
        try:
            held.ready()

            assert len(os.listdir(f"/proc/{held.pid}/task")) == 1
            assert list(tmp_path.iterdir()) == []
        finally:
            held.close()

    def test_refuses_to_serve_with_threads(self, tmp_path, monkeypatch):
        monkeypatch.delitem(server.ENVIRONMENT, "JE_ARROW_MALLOC_CONF")
        held = ForkServer(("scoring.parquet",), tmp_path)
        try:
            with pytest.raises(SandboxFault, match="2 threads"):
                held.ready()
        finally:
            held.close()

    def test_tells_why_it_could_not_start(self, tmp_path):
        held = ForkServer(("scoring.no_such_module",), tmp_path)
        try:
            with pytest.raises(SandboxFault, match="no_such_module"):
                held.ready()
        finally:
            held.close()

    def test_ends_with_all_its_processes(self, tmp_path):
        held = ForkServer((), tmp_path)
        held.ready()
        processes = watch.family(held._process.pid)

        held.close()

        assert len(processes) >= 2
        deadline = time.monotonic() + 5
        while any(map(is_there, processes)) and time.monotonic() < deadline:
            time.sleep(0.02)  # until the system has buried them
        assert not any(map(is_there, processes))

    def test_stands_without_namespaces(self, tmp_path):
        names = ("user namespace", "process namespace", "network namespace")
        names += ("own root", "cgroup")
        held = ForkServer((), tmp_path, without=names)
        try:
            assert [layer.active for layer in held.ready()] == [False] * 5
        finally:
            held.close()
