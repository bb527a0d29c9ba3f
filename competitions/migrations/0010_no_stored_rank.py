"""Ranks are made of the blocks, so none is stored."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0009_fill_boards")]

    operations = [migrations.RemoveField("leaderboardentry", "rank")]
