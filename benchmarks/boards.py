"""Boards of 1,000, 10,000 and 100,000 teams on SQLite and PostgreSQL, beside the floor.

`python -m benchmarks.boards [SIZE …]` prints a JSON line for each database and size:
p50 and p95 of each deed in ms, signed in, in the server; and board pages a second
through two web workers. `python -m benchmarks boards` does so with small boards.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

SIZES = (1_000, 10_000, 100_000)
SMALL = (1_000, 4_000)
SECONDS, CLIENTS = 8.0, 6
SERVER = os.environ.get(
    "PODIUM_TEST_DATABASE_URL", "postgres://podium:podium@localhost:5432/podium"
)


def lines(bench, sizes=SMALL):
    """What each database needs for each size, and how many pages a second it gives."""
    for database in (sqlite, postgres):
        with tempfile.TemporaryDirectory() as home, database(home) as url:
            env = _environment(home, url)
            *told, last = _output("benchmarks.board_site", *sizes, env=env)
            yield from told
            yield {
                "database": told[-1]["database"],
                "teams": told[-1]["teams"],
                "web_workers": 2,
                **_rates(env, last),
            }


@contextmanager
def sqlite(home: str):
    yield ""


@contextmanager
def postgres(home: str):
    """A database of our own, dropped in the end."""
    name = f"podium_bench_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _environment(home: str, url: str) -> dict:
    root = Path(__file__).resolve().parent.parent
    return {
        **os.environ,
        "PODIUM_HOME": home,
        "PODIUM_DATABASE_URL": url,
        "PODIUM_PORT": str(_free_port()),
        "PODIUM_PRODUCTION": "0",
        "PYTHONPATH": f"{root}:{root / 'platform'}",
    }


def _output(module: str, *arguments, env: dict) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    found = done.stdout.decode().splitlines()
    return [json.loads(line) for line in found if line.startswith("{")]


def _rates(env: dict, asked: dict) -> dict:
    """Pages a second to somebody signed in and to visitors, through two web workers."""
    port = int(env["PODIUM_PORT"])
    command = [sys.executable, "-m", "gunicorn", "podium.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--no-control-socket"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    server = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        return {
            "pages_per_second": _rate(port, asked["address"], asked["cookie"]),
            "pages_per_second_visitors": _rate(port, asked["address"], ""),
        }
    finally:
        server.terminate()
        server.wait()


def _rate(port: int, address: str, cookie: str) -> float:
    counts, until = [0] * CLIENTS, time.perf_counter() + SECONDS + 1
    begins = until - SECONDS  # the first second warms up

    def ask(number: int) -> None:
        client = http.client.HTTPConnection("localhost", port)
        while (now := time.perf_counter()) < until:
            client.request("GET", address, headers={"Cookie": cookie})
            answer = client.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            counts[number] += now > begins
        client.close()

    threads = [threading.Thread(target=ask, args=[n]) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(counts) / SECONDS, 1)


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The web server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    wanted = tuple(int(size) for size in sys.argv[1:]) or SIZES
    for line in lines(None, wanted):
        print(json.dumps({"benchmark": "boards", **line}), flush=True)
