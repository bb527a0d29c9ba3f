"""python manage.py restore PATH"""

import sys
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand

from podium.common import words
from podium.site.backup import BackupFault, restore_backup


class Command(BaseCommand):
    help = "Fill this empty installation from a backup."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="what `backup` wrote")

    def handle(self, *, path, **options):
        if not path.is_file():
            self.refuse(f"There is no file {path}.")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        try:
            manifest = restore_backup(path)
        except (BackupFault, OSError) as error:
            self.refuse(f"{error}")
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Restored what {manifest['url']} was at {manifest['made_at'][:19]} UTC: "
            f"{words.plural(rows, 'row')}, "
            f"{words.plural(len(manifest['files']), 'file')}."
        )

    def refuse(self, sentence):
        self.stderr.write(sentence)
        sys.exit(1)
