"""Give datasets that exist what the catalogue reads: newest version, words, order."""

import unicodedata

from django.db import migrations


def plain(text):
    return unicodedata.normalize("NFKC", text).casefold()


def fill(apps, schema_editor):
    Dataset = apps.get_model("datasets", "Dataset")
    for dataset in Dataset.objects.select_related("owner").iterator():
        words = (dataset.title, dataset.subtitle, dataset.slug, dataset.owner.username)
        Dataset.objects.filter(pk=dataset.pk).update(
            latest=dataset.versions.order_by("-number").first(),
            search_text="\n".join(plain(each) for each in words) + "\n",
            title_key=plain(dataset.title)[:200],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('datasets', '0003_file_preview'),
    ]

    # Undone with the columns that it fills.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
