"""Blocks and totals of the boards there are, from their lines."""

from bisect import bisect_left

from django.db import migrations

from competitions.leaderboard.blocks import cut

BATCH = 1000


def fill(apps, schema_editor):
    Board, Block, Entry = (
        apps.get_model("competitions", name)
        for name in ("Board", "BoardBlock", "LeaderboardEntry")
    )
    for competition, split in _boards(Entry):
        keys = _ranked(Entry, competition, split).values_list("sort_key", flat=True)
        board = {"competition_id": competition, "split": split}
        blocks = [
            Block(**board, lower=lower, count=count)
            for lower, count in cut(keys.iterator())
        ]
        Block.objects.bulk_create(blocks)
        Board.objects.create(
            **board, ranked=sum(block.count for block in blocks), changes=1
        )


def restore_ranks(apps, schema_editor):
    Entry = apps.get_model("competitions", "LeaderboardEntry")
    for competition, split in _boards(Entry):
        entries = list(_ranked(Entry, competition, split).only("pk", "sort_key"))
        keys = [entry.sort_key for entry in entries]
        for entry in entries:
            entry.rank = 1 + bisect_left(keys, entry.sort_key)
        Entry.objects.bulk_update(entries, ["rank"], batch_size=BATCH)
    for name in ("BoardBlock", "Board"):
        apps.get_model("competitions", name).objects.all().delete()


def _boards(Entry):
    return Entry.objects.order_by().values_list("competition", "split").distinct()


def _ranked(Entry, competition, split):
    return Entry.objects.filter(
        competition=competition, split=split, is_baseline=False
    ).order_by("sort_key")


class Migration(migrations.Migration):
    dependencies = [("competitions", "0008_boards")]

    operations = [migrations.RunPython(fill, restore_ranks)]
