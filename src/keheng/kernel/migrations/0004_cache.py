from django.apps.registry import Apps as StateApps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_table(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Limits and guards against replay are shared by all processes, so they live in the database."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


def drop_table(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE kernel_cache")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_files"),
    ]

    operations = [migrations.RunPython(make_table, drop_table)]
