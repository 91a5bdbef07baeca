from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from keheng.kernel.trail.reading import ACCOUNT, ACT

INDEXES = {"kernel_entry_act": ACT, "kernel_entry_account": ACCOUNT}


def make_indexes(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name, said in INDEXES.items():
        editor.execute(f"CREATE INDEX {name} ON kernel_auditentry (({said[editor.connection.vendor]}), id)", params=None)


def drop_indexes(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_trail_target"),
    ]

    operations = [migrations.RunPython(make_indexes, drop_indexes)]
