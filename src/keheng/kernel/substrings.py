"""A column whose texts are found by any part of them among a million: pairs of letters in an index that the database keeps itself.

Words do not help here: Chinese has no blanks, and whoever looks for a case types any two letters of it. On SQLite pairs stand in an
FTS5 table beside the column, kept by triggers, each as hexadecimal digits, so that no letter is a separator; on PostgreSQL in a GIN
index. Latin letters are alike whether large or small, as ``icontains`` has them.
"""

from __future__ import annotations

import string
from typing import Any

from django.apps.registry import Apps as StateApps
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.models import F, Func, QuerySet, TextField
from django.db.models.expressions import RawSQL

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Of longer texts the rest would not be found.
_LONGEST = 250
_PLACES = f"json_each('[{','.join(map(str, range(1, _LONGEST + 1)))}]')"
_PAIRS = f"(SELECT group_concat(hex(substr(lower({{of}}), value, 2)), ' ') FROM {_PLACES} WHERE value <= length({{of}}))"  # noqa: S608 -- constants of ours
_COMES = "INSERT INTO {name} (rowid, pairs) SELECT new.id, {new} WHERE new.{column} <> '';"
_GOES = "INSERT INTO {name} ({name}, rowid, pairs) SELECT 'delete', old.id, {old} WHERE old.{column} <> '';"
# One trigger for a change: of two the database may run the later one first.
_SQLITE = (
    "CREATE VIRTUAL TABLE {name} USING fts5(pairs, content='', tokenize='ascii')",
    "INSERT INTO {name} (rowid, pairs) SELECT id, {here} FROM {table} WHERE {column} <> ''",
    f"CREATE TRIGGER {{name}}_in AFTER INSERT ON {{table}} BEGIN {_COMES} END",
    f"CREATE TRIGGER {{name}}_out AFTER DELETE ON {{table}} BEGIN {_GOES} END",
    f"CREATE TRIGGER {{name}}_on AFTER UPDATE OF {{column}} ON {{table}} WHEN old.{{column}} <> new.{{column}} BEGIN {_GOES} {_COMES} END",
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION kernel_pairs(whole text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ "
    "SELECT array_agg(substr(small, place, 2)) FROM (SELECT translate(whole, '{large}', '{letters}') AS small) AS one,"
    " generate_series(1, length(whole)) AS place $$"
)
_POSTGRES = (_FUNCTION, "CREATE INDEX {name} ON {table} USING gin (kernel_pairs({column}))")


def findable_by_parts(table: str, column: str) -> RunPython:
    """A migration step after which ``holding`` finds rows of a table by any part of a column: texts of at most 250 letters, never NULL."""
    named = {"name": _name(table, column), "table": table, "column": column}

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        steps = _POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE
        pairs = {side: _PAIRS.format(of=f"{prefix}{column}") for side, prefix in (("here", ""), ("new", "new."), ("old", "old."))}
        for step in steps:
            editor.execute(step.format(**named, **pairs, large=string.ascii_uppercase, letters=string.ascii_lowercase), params=None)

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute("DROP INDEX {name}".format(**named))
            return
        for trigger in ("in", "out", "on"):
            editor.execute(f"DROP TRIGGER {named['name']}_{trigger}")
        editor.execute("DROP TABLE {name}".format(**named))

    return RunPython(forwards, backwards)


def holding(rows: QuerySet[Any], column: str, text: str) -> QuerySet[Any]:
    """Rows whose column has the text as a part; a blank text is a part of all. A single letter reads every row on PostgreSQL."""
    if not text:
        return rows
    small = text.translate(_SMALL)
    pairs = [small[place : place + 2] for place in range(len(small) - 1)]
    if connection.vendor == "postgresql":
        has = Func(F(column), function="kernel_pairs", output_field=ArrayField(TextField()))
        found = rows.filter(**{f"{column}__icontains": text})
        return found.alias(pairs=has).filter(pairs__contains=pairs) if pairs else found
    name = _name(rows.model._meta.db_table, column)  # noqa: SLF001 -- Django's public name for what a model is
    phrase = " ".join(map(_hex, pairs))
    asked = f'"{phrase}"' if pairs else f'"{_hex(small)}"*'
    return rows.filter(pk__in=RawSQL(f"SELECT rowid FROM {name} WHERE {name} MATCH %s", [asked]))  # noqa: S608,S611 -- a name of ours


def _name(table: str, column: str) -> str:
    return f"{table}_{column}_pairs"


def _hex(letters: str) -> str:
    return letters.encode().hex().upper()
