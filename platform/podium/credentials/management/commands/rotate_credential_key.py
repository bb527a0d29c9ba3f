"""python manage.py rotate_credential_key"""

from django.core.management.base import BaseCommand

from podium.credentials import keys


class Command(BaseCommand):
    help = (
        "Sign credentials with a new key from now on. Those before it stay published, "
        "so what they signed can still be checked."
    )

    def handle(self, **options):
        key = keys.rotate()
        self.stdout.write(f"Credentials are signed by {key.kid} from now on.")
