"""The same post, and the same holding, once at a time: decided by the database.

PostgreSQL: exclusion constraints (extension btree_gist). SQLite: triggers; a later migration that rebuilds one of these tables
must lay them anew, because SQLite drops the triggers with the old table.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEYS = {
    "directory_affiliation": ("person_id", "organisation_id", "position"),
    "directory_control": ("owner_id", "controlled_id"),
}
_TRIGGER = (
    "CREATE TRIGGER {table}_overlap_{act} BEFORE {act} ON {table} WHEN EXISTS (SELECT 1 FROM {table} AS other WHERE {same} "
    "AND other.id IS NOT NEW.id AND other.since < coalesce(NEW.until, '9999-12-31') AND NEW.since < coalesce(other.until, '9999-12-31')) "
    "BEGIN SELECT RAISE(ABORT, '{table}: the same twice at a time'); END"
)


def forbid(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    if postgres:
        editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist", params=None)
    for table, key in KEYS.items():
        if postgres:
            same = ", ".join(f"{column} WITH =" for column in key)
            editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_overlap EXCLUDE USING gist ({same}, daterange(since, until) WITH &&)",
                params=None,
            )
        else:
            same = " AND ".join(f"other.{column} = NEW.{column}" for column in key)
            for act in ("INSERT", "UPDATE"):
                editor.execute(_TRIGGER.format(table=table, act=act, same=same), params=None)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_rules")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
