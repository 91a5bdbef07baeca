"""Targets that were sent back say why."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A text beside the version."""

    dependencies = [("performance", "0005_outside_senders")]

    operations = [
        migrations.AddField(
            model_name="goalversion",
            name="returned",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
