import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("podium_common", "0001_initial")]

    operations = [
        migrations.RenameField("storedfile", "created_at", "stored_at"),
        migrations.AlterField(
            "storedfile",
            "stored_at",
            models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
