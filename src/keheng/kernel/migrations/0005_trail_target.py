from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from keheng.kernel.trail.reading import TARGET


def make_index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"CREATE INDEX kernel_entry_target ON kernel_auditentry (({TARGET[editor.connection.vendor]}))", params=None)


def drop_index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP INDEX kernel_entry_target")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_cache"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
