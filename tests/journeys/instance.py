"""A whole Podium of its own, started as people start it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests

from tests import queues

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Instance:
    """`manage.py run` in a home of its own; `lines` is what it printed so far."""

    def __init__(self, home: Path, **environment: str):
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        keep = {k: v for k, v in os.environ.items() if not k.startswith("PODIUM_")}
        self.environment = keep | {
            "PODIUM_HOME": str(home),
            "PODIUM_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "podium.settings",
            **environment,
        }
        self.lines: list[str] = []
        self.passwords: dict[str, str] = {}
        self.tokens: dict[str, str] = {}

    def start(self, timeout_s: float = 120) -> "Instance":
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for_line("Podium is ready: ", timeout_s)
        return self

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if match := re.match(r"user (\S+) password (\S+)", line):
                self.passwords[match[1]] = match[2]

    def wait_for_line(self, start: str, timeout_s: float) -> str:
        def found():
            return next((line for line in self.lines if line.startswith(start)), None)

        return wait_until(found, timeout_s, lambda: "\n".join(self.lines[-40:]))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        if "PODIUM_QUEUE_PREFIX" in self.environment:
            broker, prefix = "PODIUM_BROKER_URL", "PODIUM_QUEUE_PREFIX"
            queues.forget(self.environment[broker], self.environment[prefix])

    def manage(self, *arguments: str, input: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=input,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def processes(self, word: str) -> list[int]:
        """Process ids, below this instance, whose command line holds a word."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environ = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            mine = f"PODIUM_HOME={self.home}".encode() in environ.split(b"\0")
            # Valkey writes its title over its environment; the title has its socket.
            if (mine or str(self.home) in command) and word in command:
                found.append(int(entry.name))
        return found

    # As a program does it

    def api(self, method: str, path: str, user: str | None = None, **options):
        headers = options.pop("headers", {})
        if user:
            headers["Authorization"] = f"Bearer {self.token(user)}"
        address = f"{self.url}/api/v1/{path}"
        return requests.request(method, address, headers=headers, timeout=60, **options)

    def token(self, user: str) -> str:
        if user not in self.tokens:
            body = {"username": user, "password": self.passwords[user]}
            made = self.api("POST", "tokens/", json=body)
            assert made.status_code == 201, made.text
            self.tokens[user] = made.json()["token"]
        return self.tokens[user]

    def make_user(self, name: str) -> str:
        self.passwords[name] = "a-long-password-of-mine"
        email = f"{name}@example.org"
        self.manage(
            "create_user", name, "--email", email, input=self.passwords[name] + "\n"
        )
        return name

    def join(self, slug: str, user: str) -> None:
        joined = self.api(
            "POST", f"competitions/{slug}/join/", user, json={"accept_rules": True}
        )
        assert joined.status_code in (200, 201), joined.text

    def submit(self, slug: str, user: str, path: Path) -> dict:
        with path.open("rb") as file:
            answer = self.api(
                "POST",
                f"competitions/{slug}/submissions/",
                user,
                files={"file": (path.name, file)},
            )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def submission(self, number: int, user: str) -> dict:
        return self.api("GET", f"submissions/{number}/", user).json()

    def finished(self, number: int, user: str, timeout_s: float = 240) -> dict:
        def done():
            row = self.submission(number, user)
            return row if row["status"] in ("scored", "failed", "cancelled") else None

        return wait_until(done, timeout_s, lambda: "\n".join(self.lines[-40:]))


def wait_until(found, timeout_s: float, explain=lambda: ""):
    """The first true answer of a function that is asked until the time is up."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nothing within {timeout_s} s\n{explain()}")
