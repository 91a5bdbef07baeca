"""Triggers that make tables append-only on both databases."""

from __future__ import annotations

from django.apps.registry import Apps as StateApps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython

_SQLITE = "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION kernel_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)
_POSTGRES = "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only()"


def append_only(*tables: str) -> RunPython:
    """A migration step after which rows of the tables can be added and nothing else."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        if vendor == "postgresql":
            editor.execute(_FUNCTION, params=None)
        template, acts = (_POSTGRES, ("UPDATE", "DELETE", "TRUNCATE")) if vendor == "postgresql" else (_SQLITE, ("UPDATE", "DELETE"))
        for table in tables:
            for act in acts:
                editor.execute(template.format(table=table, act=act))

    return RunPython(forwards, RunPython.noop)
