"""What the doctor says of an installation, well and ill."""

import json
import socket
from collections import namedtuple
from datetime import timedelta

import dramatiq
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from competitions import workers
from competitions.models import Worker
from podium.broker import make_broker
from podium.site import doctor
from podium.site.doctor import (
    broker,
    database,
    devices,
    home,
    machine,
    mail,
    staff,
    storage,
    trial,
    walls,
)
from scoring.sandbox import Layer, gpu
from tests.factories import make_competition
from tests.machine import broker_url

pytestmark = pytest.mark.django_db

LANDLOCK = Layer("landlock", True, True, "files; version 7, TCP")
NO_LANDLOCK = Layer("landlock", False, True, "this kernel does not offer it")
NO_CGROUP = Layer("cgroup", False, False, "not offered: no cgroup2 is mounted")


def states(findings):
    return [finding.state for finding in findings]


def text(findings):
    return " ".join(finding.sentence for finding in findings)


class TestCommand:
    def test_tells_programs_of_everything_and_ends_well(self, capsys, monkeypatch):
        monkeypatch.setattr(doctor.walls.sandbox, "layers", lambda: [LANDLOCK])

        call_command("doctor", "--json", "--quick")

        told = json.loads(capsys.readouterr().out)
        about = {finding["about"] for finding in told["findings"]}
        assert told["ok"] is True
        assert about == {about for about, _ in doctor.CHECKS}
        assert all(each["sentence"].endswith(".") for each in told["findings"])

    def test_ends_with_a_fault_where_something_is_missing(self, capsys, monkeypatch):
        def fails(about):
            raise RuntimeError("the disk is gone")

        monkeypatch.setattr(doctor, "CHECKS", (("Disk", fails), *doctor.CHECKS[:1]))

        with pytest.raises(SystemExit) as ended:
            call_command("doctor", "--quick")

        told = capsys.readouterr().out
        assert ended.value.code == 1
        assert "Disk\n  lacks  This could not be examined: RuntimeError: the" in told
        assert "Machine\n  ok     Python 3" in told
        assert "One thing that is needed is missing." in told


class TestMachine:
    def test_finds_a_clock_that_stands_in_the_past(self, monkeypatch):
        past = machine.EARLIEST - timedelta(days=400)
        clock = namedtuple("Clock", "now")(lambda zone: past)
        monkeypatch.setattr(machine, "datetime", clock)

        assert "lacks" in states(machine.examine("Machine"))


class TestHome:
    def test_is_well_where_only_its_owner_looks_in(self, settings, tmp_path):
        settings.HOME = tmp_path
        tmp_path.chmod(0o700)
        (tmp_path / "secret-key").touch(0o600)

        findings = home.examine("Files")

        assert "lacks" not in states(findings)
        assert "readable by its owner alone (0600)" in text(findings)

    def test_is_ill_where_everybody_looks_in(self, settings, tmp_path):
        settings.HOME = tmp_path
        (tmp_path / "secret-key").touch(0o644)
        tmp_path.chmod(0o755)

        findings = home.examine("Files")

        assert states(findings)[1:] == ["lacks", "lacks"]
        assert f"chmod o-rwx {tmp_path}" in text(findings)
        assert "chmod 600" in text(findings)

    def test_is_ill_without_room(self, monkeypatch):
        usage = namedtuple("Usage", "free")(5 * 10**8)
        monkeypatch.setattr(home.shutil, "disk_usage", lambda path: usage)

        assert "0.5 GB are free: Podium needs 1 GB" in text(home.examine("Files"))

    def test_is_ill_where_it_takes_no_file(self, settings, tmp_path):
        settings.HOME = tmp_path / "gone"

        assert "which takes no file: No such file" in home._room("Files").sentence


class TestDatabase:
    def test_is_well(self):
        findings = database.examine("Database")

        assert states(findings) == ["ok"] * 3
        assert "Every migration is applied." in text(findings)

    def test_is_ill_where_a_migration_waits(self):
        (last,) = MigrationLoader(connection).graph.leaf_nodes("competitions")
        MigrationRecorder(connection).record_unapplied(*last)

        findings = database.examine("Database")

        assert "lacks" in states(findings)
        assert f"{'.'.join(last)}: python manage.py migrate" in text(findings)

    def test_is_said_to_be_away(self, monkeypatch):
        def fails():
            raise OSError("connection refused")

        monkeypatch.setattr(database.connection, "ensure_connection", fails)

        (finding,) = database.examine("Database")

        assert finding.state == "lacks"
        assert finding.sentence.endswith("does not answer: connection refused")


class TestBroker:
    @pytest.fixture
    def at(self, monkeypatch, settings):
        def use(url, is_embedded=False):
            held = make_broker(url)
            monkeypatch.setattr(dramatiq, "get_broker", lambda: held)
            settings.BROKER_URL, settings.EMBEDDED_BROKER = url, is_embedded

        return use

    def test_that_is_embedded_may_rest(self, at, tmp_path):
        at(f"unix://{tmp_path}/none.sock", is_embedded=True)

        (finding,) = broker.examine("Broker")

        assert finding.state == "note"
        assert "make run starts it" in finding.sentence

    def test_that_is_named_must_answer(self, at, tmp_path):
        at("redis://:secret-word@127.0.0.1:1/0")

        (finding,) = broker.examine("Broker")

        assert finding.state == "lacks"
        assert "redis://127.0.0.1:1 does not answer" in finding.sentence
        assert "secret-word" not in finding.sentence

    @pytest.mark.needs("redis")
    def test_says_which_it_is(self, at):
        at(broker_url("redis"))

        assert " answers (redis://" in text(broker.examine("Broker"))

    @pytest.mark.needs("rabbitmq")
    def test_knows_rabbitmq(self, at):
        at(broker_url("amqp"))

        assert text(broker.examine("Broker")).startswith("RabbitMQ ")


class Forgetful(InMemoryStorage):
    def _open(self, name, mode="rb"):
        return ContentFile(b"something else")


class TestStorage:
    def test_is_tried_and_left_as_it_was(self, monkeypatch):
        held = InMemoryStorage()
        monkeypatch.setattr(storage, "storages", {"private": held, "public": held})

        assert states(storage.examine("Storage")) == ["ok", "ok"]
        assert held.listdir("") == ([], [])

    def test_is_ill_where_it_gives_back_something_else(self, monkeypatch):
        stores = {"private": InMemoryStorage(), "public": Forgetful()}
        monkeypatch.setattr(storage, "storages", stores)

        findings = storage.examine("Storage")

        assert states(findings) == ["ok", "lacks"]
        assert "gave back something else" in text(findings)


class TestMail:
    def test_to_the_log_is_noted(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        settings.REQUIRE_EMAIL = False
        assert states(mail.examine("Mail")) == ["note"]

        settings.REQUIRE_EMAIL = True
        assert states(mail.examine("Mail")) == ["lacks"]

    def test_to_a_server_is_tried(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

        (finding,) = mail.examine("Mail")

        assert finding.state == "lacks"
        assert f"127.0.0.1:{port} cannot be used" in finding.sentence


class TestWalls:
    @pytest.fixture
    def found(self, monkeypatch, settings):
        def set_to(*layers, mode="strict"):
            settings.SANDBOX = mode
            monkeypatch.setattr(walls.sandbox, "layers", lambda: list(layers))
            return walls.examine("Sandbox")[2:]

        return set_to

    def test_that_stand_are_told_with_their_version(self, found):
        (finding,) = found(LANDLOCK)

        assert finding.state == "ok"
        assert finding.sentence.startswith("Landlock (version 7): every file")

    def test_that_are_demanded_are_missed(self, found):
        findings = found(NO_LANDLOCK, NO_CGROUP)

        assert states(findings) == ["lacks", "note"]
        assert "it needs Linux 5.13" in findings[0].sentence
        assert "not offered" in findings[1].sentence

    def test_are_not_demanded_of_an_unsafe_site(self, found):
        assert states(found(NO_LANDLOCK, mode="unsafe")) == ["note"]


class TestDevices:
    def test_that_a_competition_wants_and_nobody_has(self):
        workers.enter("here:1", "cpu", "strict", [])
        assert "lacks" not in states(devices.examine("Devices"))
        make_competition(slug="big-images", device="gpu")

        found = devices.examine("Devices")

        assert states(found)[-1] == "lacks"
        assert "a competition wants one (big-images)" in found[-1].sentence

        workers.enter("there:1", "gpu:0", "strict", [])
        assert "lacks" not in states(devices.examine("Devices"))

    def test_that_are_named_and_not_there(self, settings, monkeypatch):
        monkeypatch.setattr(gpu, "present", lambda: [])
        settings.DEVICES = "gpu:0"

        assert "/dev/nvidia0 is not here" in text(devices.examine("Devices"))

    def test_that_tensorflow_leaves_idle(self, monkeypatch):
        monkeypatch.setattr(gpu, "present", lambda: [0])
        monkeypatch.setattr(gpu, "without_cuda", lambda: "no libraries")

        findings = devices.examine("Devices")

        assert "note" in states(findings)
        assert "leaves the device idle: no libraries" in text(findings)


class TestStaff:
    def test_is_those_who_live_and_who_was_last_seen(self):
        workers.enter("here:1", "cpu", "strict", [LANDLOCK, NO_CGROUP])
        workers.enter("here:2", "cpu", "strict", [])
        long_ago = timezone.now() - timedelta(minutes=7)
        Worker.objects.filter(name="here:2").update(seen_at=long_ago)

        findings = staff.examine("Workers")

        assert "here:1 on the processor, seen 0 s ago; 1 of 2 layers" in text(findings)
        assert findings[1].sentence == "here:2 was last seen 7 minutes ago."

    def test_tells_one_that_stopped_from_one_that_vanished(self):
        workers.enter("here:1", "cpu", "strict", [])
        workers.leave("here:1")

        assert "here:1 stopped 0 s ago." in text(staff.examine("Workers"))

    def test_is_nobody(self):
        (finding,) = staff.examine("Workers")

        assert finding.state == "note"
        assert "No worker is at work" in finding.sentence


@pytest.mark.needs("sandbox")
class TestTrial:
    def test_runs_a_real_model(self):
        (finding,) = trial.examine("Test run")

        assert finding.state == "ok", finding.sentence
        assert "the numbers are right" in finding.sentence

    def test_notices_wrong_numbers(self, monkeypatch):
        monkeypatch.setattr(trial, "expected", lambda rows: rows[:, 0])

        (finding,) = trial.examine("Test run")

        assert finding.state == "lacks"
        assert "other numbers than it should" in finding.sentence
