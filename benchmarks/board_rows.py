"""Fills a database with competitions of many teams, ten submissions each."""

import json
import random
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from competitions import leaderboard
from competitions.models import (
    Competition,
    LeaderboardEntry,
    Membership,
    Score,
    Submission,
    Team,
)
from podium.accounts.models import User
from tests.factories import (
    make_competition,
    make_hidden_test_set,
    make_scored,
    make_team,
)

EACH = 10  # submissions of a team
MINE = 1_000  # submissions of the team that reads
ROWS = 3_000  # public rows: accuracies are parts of these, so many teams are equal
BATCH = 2_000


def competition_of(teams: int) -> tuple[Competition, Team]:
    """A competition with so many teams on its boards, and the one in the middle."""
    competition = make_competition(slug=f"teams-{teams}", medals=True)
    make_hidden_test_set(competition, public_rows=ROWS, private_rows=ROWS)
    made = _teams(competition, teams)
    mine = made[teams // 2]
    Team.objects.filter(pk=mine.pk).update(submission_count=MINE)
    baseline = make_team(competition, name="Most frequent class", is_baseline=True)
    make_scored(baseline, public=0.5)
    _fill(competition, made, mine)
    competition.team_count, competition.submission_count = teams, EACH * teams
    competition.save(update_fields=["team_count", "submission_count"])
    for split in ("public", "private"):
        leaderboard.rebuild(competition, split)
    return competition, mine


def _teams(competition, count: int) -> list[Team]:
    """Teams of one member each, all of whom may sign in by session alone."""
    rules = competition.rules_versions.get()
    names = [f"u{count}-{number}" for number in range(count)]
    users = User.objects.bulk_create(
        [User(username=name, email=f"{name}@example.org") for name in names], BATCH
    )
    teams = Team.objects.bulk_create(
        [
            Team(competition=competition, name=name, submission_count=EACH)
            for name in names
        ],
        BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                competition=competition, team=team, user=user, rules_version=rules
            )
            for team, user in zip(teams, users, strict=True)
        ],
        BATCH,
    )
    return teams


def _fill(competition, teams, mine) -> None:
    """Submissions and lines: copies of one row, but for a few columns."""
    model = make_scored(mine, public=0.5, private=0.5)
    line = LeaderboardEntry.objects.get(team=mine, split="public")
    LeaderboardEntry.objects.filter(team=mine).exclude(pk=line.pk).delete()
    chance, first = random.Random(1), Submission.objects.order_by("-pk")[0].pk + 1
    began = timezone.now() - timedelta(days=20)
    lines, scores = [], []

    def submissions():
        pk = first
        for team in teams:
            skill, best, history = chance.random(), None, []
            count = MINE - 1 if team is mine else EACH
            for number in range(2, count + 2):
                right = round(ROWS * (0.4 + 0.3 * skill + 0.3 * chance.random()))
                score = right / ROWS
                key = leaderboard.sort_key(score, "maximize")
                made = began + timedelta(minutes=pk % 20_000)
                if best is None or key < best[0]:
                    best = (key, made, pk, score)
                    history.append([number - 1, score])
                if team is mine:
                    scores.append((pk, score))
                yield {
                    "id": pk,
                    "team_id": team.pk,
                    "number": number,
                    "public_score": score,
                    "public_key": key,
                    "created_at": made,
                }
                pk += 1
            lines.append((team, best, history, count))

    _copy(model, submissions())
    _copy(line, _lines(lines))
    Score.objects.bulk_create(
        Score(
            submission_id=pk,
            hidden_test_set=competition.hidden_test_set,
            split=split,
            metric="accuracy",
            value=score,
        )
        for pk, score in scores
        for split in ("public", "private", "all")
    )


def _lines(lines):
    for split in ("public", "private"):
        for team, (key, made, pk, score), history, count in lines:
            yield {
                "team_id": team.pk,
                "split": split,
                "submission_id": pk,
                "score": score,
                "sort_key": key,
                "achieved_at": made,
                "last_at": made,
                "submission_count": count,
                "history": json.dumps(leaderboard.thinned(history)),
            }


def _copy(row, changes) -> None:
    """Insert copies of a stored row, with some columns changed in each."""
    model, changes = type(row), iter(changes)
    table, columns = model._meta.db_table, [f.column for f in model._meta.fields]
    one = next(changes)
    names = ",".join(one)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE changed AS SELECT {names} FROM {table} WHERE 1=0"
        )
        _load(cursor, names, (tuple(each.values()) for each in chain([one], changes)))
        wanted = ",".join(f"changed.{n}" if n in one else f"kept.{n}" for n in columns)
        if "id" not in one:
            columns, wanted = columns[1:], wanted.split(",", 1)[1]
        cursor.execute(
            f"CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE id=%s", [row.pk]
        )
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM kept) AND %s",
            [model is LeaderboardEntry],
        )
        cursor.execute(
            f"INSERT INTO {table} ({','.join(columns)})"
            f" SELECT {wanted} FROM changed, kept"
        )
        cursor.execute("DROP TABLE changed")
        cursor.execute("DROP TABLE kept")
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"
                f" FROM {table}"
            )


def _load(cursor, names, rows) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY changed ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ",".join("?" * len(names.split(",")))
    adapted = (tuple(_sqlite(value) for value in row) for row in rows)
    connection.connection.executemany(
        f"INSERT INTO changed ({names}) VALUES ({places})", adapted
    )


def _sqlite(value):
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value


def analyse() -> None:
    """Let the database look at what it holds, as it does by itself in the long run."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
