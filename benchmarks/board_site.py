"""One database full of boards: `python -m benchmarks.board_site SIZE …` measures it.

Run by `boards` in a process of its own, with PODIUM_DATABASE_URL naming an empty
database; prints a JSON line for each size, in one run with the floor.
"""

import io
import json
import logging
import os
import statistics
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podium.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,  # noqa: E402
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import board_rows  # noqa: E402
from competitions import leaderboard, lifecycle  # noqa: E402
from competitions.leaderboard import marks, upkeep  # noqa: E402
from competitions.models import LeaderboardEntry, Submission  # noqa: E402
from competitions.views import sheet  # noqa: E402

TIMES = 60
YESTERDAY = timezone.now() - timedelta(hours=25)
FLOOR = """<table>{% for e in entries %}<tr><td>{{ forloop.counter }}</td>
<td>{{ e.team.name }}</td><td>{{ e.score }}</td></tr>{% endfor %}</table>"""


def main(sizes: list[int]) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    boards = [board_rows.competition_of(size) for size in sizes]
    board_rows.analyse()
    for competition, _ in boards:
        marks.mark(leaderboard.board_of(competition, "public"), YESTERDAY)
        upkeep.sum_up(leaderboard.board_of(competition, "public"))
    for competition, mine in boards:
        reader = Reader(competition, mine)
        told = {
            "database": connection.vendor,
            "teams": competition.team_count,
            "submissions": competition.submission_count,
        }
        print(json.dumps(told | reader.measure()), flush=True)
    address = f"/competitions/{boards[-1][0].slug}/leaderboard/"
    print(json.dumps({"address": address, "cookie": Reader(*boards[-1]).cookie}))


class Reader:
    """Somebody who is signed in, is in the middle of a board, and reads it."""

    def __init__(self, competition, mine):
        self.competition, self.mine = competition, mine
        session = SessionStore()
        user = mine.members.get()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def measure(self) -> dict:
        """p50 and p95 of each deed in ms; they take turns, so that noise is shared."""
        site, bare = WSGIHandler(), _bare()
        page = f"/competitions/{self.competition.slug}/leaderboard/"
        deep = leaderboard.entry_at_rank(
            self.competition, "public", int(self.competition.team_count * 0.9)
        )
        api = f"/api/v1{page}"
        deeds = {
            "floor": lambda: self.get(bare, f"/floor/{self.competition.pk}/"),
            "page": lambda: self.get(site, page),
            "deep_page": lambda: self.get(site, f"{page}?cursor=after-{deep.pk}"),
            "around_me": lambda: self.get(site, f"{page}?around=me"),
            "my_rank": self.my_rank,
            "api_page": lambda: self.get(site, api),
            "my_submissions": lambda: self.get(
                site, f"/competitions/{self.competition.slug}/submissions/"
            ),
            "cold_page": lambda: self.anew(site, page),
        }
        times = {name: [] for name in deeds} | {"new_best": []}
        for turn in range(TIMES + 3):
            for name, deed in deeds.items():
                took = _milliseconds(deed)
                if turn > 2:
                    times[name].append(took)
            if turn % 3 == 0:
                times["new_best"].append(self.record(0.999 + turn / 1e6))
        return {
            f"{name}_ms": {"p50": _at(took, 0.5), "p95": _at(took, 0.95)}
            for name, took in times.items()
        }

    def get(self, handler, address: str) -> bytes:
        """Ask for a page as the web server does, and read it to its end."""
        location, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": location,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": str(settings.PORT),
            "HTTP_HOST": f"localhost:{settings.PORT}",
            "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        said = []
        response = handler(environ, lambda status, headers: said.append(status))
        body = b"".join(response)
        response.close()
        assert said == ["200 OK"], (address, said, body[:500])
        return body

    def anew(self, handler, address: str) -> bytes:
        """A page that nobody has asked for since the board changed."""
        sheet.forget()
        return self.get(handler, address)

    def my_rank(self) -> int:
        entries = LeaderboardEntry.objects.filter(team=self.mine, split="public")
        return entries.with_rank().get().rank

    def record(self, score: float) -> float:
        """What a worker does in the end: the scores written, the boards up to date."""
        waiting = Submission.objects.filter(team=self.mine).first()
        waiting.pk, waiting.number, waiting.status = None, waiting.number + 1, "running"
        waiting.created_at, waiting.form_key = timezone.now(), None
        waiting.public_score = waiting.public_key = None
        waiting.attempt, waiting.lease_until = 1, timezone.now() + timedelta(minutes=1)
        waiting.save()
        claim = lifecycle.Claim(waiting, 1, "bench")
        scores = {split: {"accuracy": score} for split in ("public", "private", "all")}
        return _milliseconds(lambda: lifecycle.record_scores(claim, scores))


def floor(request, competition: int):
    """Fifty lines by the index, and nothing else."""
    entries = LeaderboardEntry.objects.filter(
        competition=competition, split="public", is_baseline=False
    )
    ordered = entries.select_related("team").order_by("sort_key", "achieved_at", "pk")
    template = engines["django"].from_string(FLOOR)
    return HttpResponse(template.render({"entries": ordered[:50]}))


urlpatterns = [
    path("floor/<int:competition>/", floor),
    path("", include("podium.urls")),
]


def _bare() -> WSGIHandler:
    """Django without any middleware."""
    kept, settings.MIDDLEWARE = settings.MIDDLEWARE, []
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = kept


def _milliseconds(deed) -> float:
    began = time.perf_counter()
    deed()
    return 1000 * (time.perf_counter() - began)


def _at(times: list[float], share: float) -> float:
    return round(statistics.quantiles(times, n=100)[round(100 * share) - 1], 2)


settings.ROOT_URLCONF = "benchmarks.board_site"
if __name__ == "__main__":
    logging.disable()
    main([int(size) for size in sys.argv[1:]])
