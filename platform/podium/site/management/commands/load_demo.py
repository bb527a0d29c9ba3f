"""python manage.py load_demo"""

from django.core.management.base import BaseCommand

from podium import demo


class Command(BaseCommand):
    help = "Load the demo users and competitions that are not there yet."

    def handle(self, **options):
        demo.load()
