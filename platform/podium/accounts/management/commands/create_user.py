"""python manage.py create_user NAME --email E [--staff] [--host]"""

import getpass
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from podium.accounts import services


class Command(BaseCommand):
    help = "Make a confirmed account; the password is read from standard input."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--email", required=True)
        parser.add_argument("--staff", action="store_true", help="may administer")
        parser.add_argument(
            "--host", action="store_true", help="may host where that needs approval"
        )

    def handle(self, *, name, email, staff, host, **options):
        try:
            user = services.create_user(
                username=name,
                email=email,
                password=read_password(),
                is_staff=staff,
                may_host=host,
            )
        except ValidationError as error:
            for message in error.messages:
                self.stderr.write(message)
            sys.exit(1)
        self.stdout.write(f"Created {user.username} <{user.email}>.")


def read_password() -> str:
    """One line of standard input; on a terminal it is asked for and not echoed."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\r\n")
