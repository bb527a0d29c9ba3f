"""The database: there, of a known version, with every migration applied."""

import time

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from podium.site.doctor.finding import Finding, lacks, note, ok

PATIENCE_S = 5
CLOCK_S = 5.0  # leases are 20 s


def examine(about: str) -> list[Finding]:
    if away := _away():
        return [lacks(about, away)]
    findings = [_version(about), _migrations(about)]
    if connection.vendor == "sqlite":
        findings.append(_journal(about))
    else:
        findings.append(_clock(about))
    return findings


def _away() -> str:
    """Why the database does not answer, without waiting for a pool to give up."""
    try:
        if connection.vendor == "postgresql":
            _knock()
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        where = settings.DATABASES["default"]
        name = f"{where.get('HOST') or 'this machine'}, {where['NAME']}"
        told = str(error).strip().splitlines()[-1]
        return f"The database ({name}) does not answer: {told}"
    return ""


def _knock() -> None:
    import psycopg  # where SQLite is used it need not be loaded

    where = settings.DATABASES["default"]
    try:
        psycopg.connect(
            host=where["HOST"] or None,
            port=where["PORT"] or None,
            user=where["USER"] or None,
            password=where["PASSWORD"] or None,
            dbname=where["NAME"],
            connect_timeout=PATIENCE_S,
        ).close()
    except psycopg.Error as error:
        raise OSError(str(error)) from error


def _version(about: str) -> Finding:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if sqlite else "SHOW server_version")
        version = cursor.fetchone()[0]
    name = connection.settings_dict["NAME"]
    return ok(about, f"{connection.display_name} {version} answers ({name}).")


def _migrations(about: str) -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ok(about, "Every migration is applied.")
    if not executor.loader.applied_migrations:
        return note(about, "It is empty as yet: make run fills it.")
    first = plan[0][0]
    return lacks(
        about,
        f"{len(plan)} migration{'s are' if len(plan) > 1 else ' is'} not applied, the "
        f"first {first.app_label}.{first.name}: python manage.py migrate",
    )


def _journal(about: str) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if mode != "wal":
        return lacks(
            about,
            f"SQLite keeps its journal as {mode!r}, not as a write-ahead log, so "
            "readers and writers stop each other: is the home on a network disk?",
        )
    return ok(about, "SQLite keeps a write-ahead log, so reading stops no writer.")


def _clock(about: str) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        ahead = float(cursor.fetchone()[0]) - time.time()
    if abs(ahead) > CLOCK_S:
        return lacks(
            about,
            f"Its clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} "
            "this machine's: let NTP set both.",
        )
    return ok(about, "Its clock and this machine's agree.")
