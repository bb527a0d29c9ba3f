"""python manage.py backup PATH"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from podium.common import words
from podium.site.backup import make_backup


class Command(BaseCommand):
    help = "Write database, files and keys to one tar file; Podium may go on running."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the file to write")

    def handle(self, *, path, **options):
        if path.exists():
            self.refuse(f"{path} exists already: name a file that does not.")
        if not path.parent.is_dir():
            self.refuse(f"There is no folder {path.parent}.")
        try:
            manifest = make_backup(path)
        except OSError as error:
            self.refuse(f"The backup was not made: {error}.")
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{path}: {words.plural(rows, 'row')}, "
            f"{words.plural(len(manifest['files']), 'file')}. "
            "It holds secrets: keep it as you keep passwords."
        )

    def refuse(self, sentence):
        self.stderr.write(sentence)
        sys.exit(1)
