"""Standings of units that do not meet a policy go: those that nearly do come back with the next matching."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_those_that_meet(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Who meets a policy stays so, that no offer is withdrawn; the next matching, which comes within the hour, adds the rest."""
    standings: Any = apps.get_model("matters", "PolicyStanding").objects
    standings.exclude(verdict="met").delete()
    apps.get_model("matters", "PolicyRun").objects.update(digest="")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_list_by_place"),
        ("matters", "0015_policy_cases"),
    ]

    operations = [
        migrations.RunPython(keep_those_that_meet, migrations.RunPython.noop),
    ]
