"""A hall receives one group at a time, and a guide is with one group at a time: decided by the database.

PostgreSQL: exclusion constraints (extension btree_gist, made by the directory). SQLite: triggers; a later migration that rebuilds
the table must lay them anew, because SQLite drops the triggers with the old table.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEYS = ("hall_id", "guide_id")
_HOLDING = "('requested', 'approved', 'scheduled', 'receiving', 'done')"
_TRIGGER = (
    "CREATE TRIGGER portal_visit_{key}_{act} BEFORE {act} ON portal_visit WHEN NEW.{key} IS NOT NULL AND NEW.state IN {holding} "
    "AND EXISTS (SELECT 1 FROM portal_visit AS other WHERE other.{key} = NEW.{key} AND other.id IS NOT NEW.id "
    "AND other.state IN {holding} AND other.begins_at < NEW.ends_at AND NEW.begins_at < other.ends_at) "
    "BEGIN SELECT RAISE(ABORT, 'portal_visit: two groups at a time'); END"
)
_EXCLUSION = (
    "ALTER TABLE portal_visit ADD CONSTRAINT portal_visit_{key}_overlap EXCLUDE USING gist ({key} WITH =, "
    "tstzrange(begins_at, ends_at) WITH &&) WHERE ({key} IS NOT NULL AND state IN {holding})"
)


def forbid(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for key in KEYS:
        if editor.connection.vendor == "postgresql":
            editor.execute(_EXCLUSION.format(key=key, holding=_HOLDING), params=None)
            continue
        for act in ("INSERT", "UPDATE"):
            editor.execute(_TRIGGER.format(key=key, act=act, holding=_HOLDING), params=None)


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_halls_and_media"), ("directory", "0002_overlaps")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
