"""What proves a row is signed with the form; the records behind a reading are known by name."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Forms signed before have no sources, readings taken before name no records.

    Both are columns without a default: SQLite then adds them in place, and the triggers of readings stay.
    """

    dependencies = [("performance", "0006_returned_targets")]

    operations = [
        migrations.AddField("selfevaluation", "sources", models.JSONField(null=True)),
        migrations.AddField("frozenreading", "records", models.JSONField(null=True)),
    ]
