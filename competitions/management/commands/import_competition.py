"""python manage.py import_competition PATH --host USER [--publish] [--slug NEW]"""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from competitions.errors import Refused
from competitions.folders import FolderFaults, import_folder
from podium.accounts.models import User


class Command(BaseCommand):
    help = "Make a competition of a folder, or of a zip of one."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the folder, or a zip of it")
        parser.add_argument("--host", required=True, metavar="USER", help="who runs it")
        parser.add_argument(
            "--publish", action="store_true", help="show it and queue its baselines"
        )
        parser.add_argument(
            "--slug", metavar="NEW", help="its name in addresses, instead of its own"
        )

    def handle(self, *, path, host, publish, slug, **options):
        user = User.objects.filter(username=host).first()
        if user is None:
            self.refuse(f"There is no user {host!r}: create_user makes one.")
        if not path.exists():
            self.refuse(f"There is no folder or file {path}.")
        try:
            competition = import_folder(path, host=user, publish=publish, slug=slug)
        except FolderFaults as error:
            self.refuse(*map(str, error.faults))
        except Refused as error:
            self.refuse(error.message)
        except PermissionError as error:
            self.refuse(f"{error.filename} cannot be read: its permissions forbid it.")
        state = "published" if publish else "a draft"
        address = f"{settings.URL}/competitions/{competition.slug}/"
        self.stdout.write(f"Imported as {state}: {address}")

    def refuse(self, *lines):
        for line in lines:
            self.stderr.write(line)
        sys.exit(1)
