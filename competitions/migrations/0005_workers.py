"""Workers write down what they are: the site reads it, and tries no walls itself."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("competitions", "0004_hosting")]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("device", models.CharField(max_length=8)),
                ("device_name", models.CharField(blank=True, max_length=120)),
                ("sandbox", models.CharField(max_length=6)),
                ("layers", models.JSONField(default=list)),
                ("versions", models.JSONField(default=dict)),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                (
                    "seen_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now
                    ),
                ),
            ],
        ),
    ]
