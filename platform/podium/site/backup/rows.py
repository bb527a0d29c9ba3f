"""The rows of all tables as JSON lines, exact to the last digit and microsecond."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

# Signing in again is no loss; a copied session is one more secret in a file.
LEFT_OUT = {"sessions.Session", "usersessions.UserSession"}
ROWS = 2_000  # read at a time


class ExactEncoder(DjangoJSONEncoder):
    """As Django's, which cuts times to milliseconds."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def kept_models() -> list[type[Model]]:
    """The tables that a backup holds."""
    return [model for model in apps.get_models() if model._meta.label not in LEFT_OUT]


def migrations() -> list[str]:
    """What has been migrated, as `app.name`, sorted."""
    applied = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


@contextmanager
def snapshot(folder: Path) -> Iterator[None]:
    """This thread reads the database as it stands now, while others go on writing."""
    default = connections[DEFAULT_DB_ALIAS]
    if default.vendor != "sqlite":
        with transaction.atomic(), default.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    path = folder / "snapshot.sqlite3"
    default.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        default.connection.backup(copy)
    standing = type(default)({**default.settings_dict, "NAME": path}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = standing
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = default
        standing.close()


def write_rows(model: type[Model], stream) -> int:
    """Write a table's rows as text lines; return how many there are."""
    rows = model._base_manager.order_by("pk")
    counted = _Counting(rows.iterator(chunk_size=ROWS))
    serializers.serialize("jsonl", counted, stream=stream, cls=ExactEncoder)
    return counted.count


def replace_rows(streams: Iterator) -> None:
    """Put the rows of some streams in place of all that is there; all or nothing."""
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic():
        for model in apps.get_models(include_auto_created=True):
            model._base_manager.all()._raw_delete(DEFAULT_DB_ALIAS)
        for stream in streams:
            for row in serializers.deserialize("jsonl", stream):
                row.save(force_insert=True)
        models = apps.get_models(include_auto_created=True)
        reset = connection.ops.sequence_reset_sql(no_style(), models)
        with connection.cursor() as cursor:
            for statement in reset:
                cursor.execute(statement)


class _Counting:
    def __init__(self, rows):
        self.rows, self.count = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            yield row
