"""python manage.py export_competition SLUG PATH"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from competitions.errors import Refused
from competitions.folders import export_folder
from competitions.models import Competition


class Command(BaseCommand):
    help = "Write a competition as a folder, or as a zip of one: labels and all."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the competition's name in addresses")
        parser.add_argument("path", type=Path, help="a new folder, or a new .zip")

    def handle(self, *, slug, path, **options):
        competition = Competition.objects.filter(slug=slug).first()
        if competition is None:
            self.refuse(f"There is no competition {slug!r}.")
        try:
            count = export_folder(competition, path)
        except Refused as error:
            self.refuse(error.message)
        except OSError as error:
            self.refuse(f"{error.filename} cannot be written: {error.strerror}.")
        self.stdout.write(f"Exported {count} files to {path}")

    def refuse(self, line):
        self.stderr.write(line)
        sys.exit(1)
