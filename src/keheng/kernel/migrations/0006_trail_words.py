from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from keheng.kernel.trail.reading import ACCOUNT, ACT, KIND

FUNCTION = (
    "CREATE FUNCTION kernel_entry_part(body text, part text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS "
    '$$ BEGIN RETURN substring(body from \'"\' || part || \'":"([^"]*)"\'); END $$'
)
INDEXES = {"kernel_entry_act": ACT, "kernel_entry_account": ACCOUNT, "kernel_entry_kind": KIND}


def make_indexes(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)
    for name, said in INDEXES.items():
        editor.execute(f"CREATE INDEX {name} ON kernel_auditentry (({said[editor.connection.vendor]}), id)", params=None)


def drop_indexes(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION kernel_entry_part")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_trail_target"),
    ]

    operations = [migrations.RunPython(make_indexes, drop_indexes)]
