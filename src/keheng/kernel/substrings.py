"""A column whose texts are found by any part of them among a million: pairs of letters in an index that the database keeps itself.

Words do not help here: Chinese has no blanks, and whoever looks for a case types any two letters of it. On SQLite pairs stand in an
FTS5 table beside the column, kept by triggers, each as hexadecimal digits, so that no letter is a separator; on PostgreSQL in a GIN
index, which has single letters as well, since it finds no beginnings. Latin letters are alike whether large or small, with marks or
without (`kernel.latin`). Whoever changes what letters are alike adds a migration with ``made_anew``: what stands in the indexes is as
it was reckoned then.
"""

from __future__ import annotations

import re
import string
from sqlite3 import Connection
from typing import Any

from django.apps.registry import Apps as StateApps
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.models import F, Func, QuerySet, TextField
from django.db.models.expressions import RawSQL

from keheng.kernel.latin import MARKED, SOME_MARKED, unmarked

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Of longer texts the rest would not be found.
_LONGEST = 250
_COMES = "INSERT INTO {name} (rowid, pairs) SELECT new.id, kernel_pairs(new.{column}) WHERE new.{column} <> '';"
_GOES = "INSERT INTO {name} ({name}, rowid, pairs) SELECT 'delete', old.id, kernel_pairs(old.{column}) WHERE old.{column} <> '';"
# One trigger for a change: of two the database may run the later one first.
_SQLITE = (
    "CREATE VIRTUAL TABLE {name} USING fts5(pairs, content='', tokenize='ascii')",
    "INSERT INTO {name} (rowid, pairs) SELECT id, kernel_pairs({column}) FROM {table} WHERE {column} <> ''",
    f"CREATE TRIGGER {{name}}_in AFTER INSERT ON {{table}} BEGIN {_COMES} END",
    f"CREATE TRIGGER {{name}}_out AFTER DELETE ON {{table}} BEGIN {_GOES} END",
    f"CREATE TRIGGER {{name}}_on AFTER UPDATE OF {{column}} ON {{table}} WHEN old.{{column}} <> new.{{column}} BEGIN {_GOES} {_COMES} END",
)
# Most texts have no marks, which is told faster than 600 letters are looked up.
_FOLDED = (
    f"translate(CASE WHEN whole ~ '{SOME_MARKED}' "
    f"THEN regexp_replace(translate(whole, '{''.join(MARKED)}', '{''.join(MARKED.values())}'), '([A-Za-z])[\u0300-\u036f]+', '\\1', 'g') "
    f"ELSE whole END, '{string.ascii_uppercase}', '{string.ascii_lowercase}')"
)
# Not STRICT: only so does the database put what it does in the place of the call, which is many times faster row by row.
_PLAIN = f"CREATE OR REPLACE FUNCTION kernel_plain(whole text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {_FOLDED} $$"
# Without asking the function above: a backup that is brought back builds its indexes where only the database's own functions are known
# by their names. OFFSET: what stands in the inner question is reckoned once, not for each letter.
_PAIRS = (
    "CREATE OR REPLACE FUNCTION kernel_pairs(whole text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ "  # noqa: S608 -- alphabets of ours
    f"SELECT array_agg(substr(small, place, 2)) || array_agg(substr(small, place, 1)) FROM (SELECT {_FOLDED} AS small OFFSET 0) AS one,"
    " generate_series(1, length(small)) AS place $$"
)
_POSTGRES = (_PLAIN, _PAIRS, "CREATE INDEX {name} ON {table} USING gin (kernel_pairs({column}))")


def findable_by_parts(table: str, column: str) -> RunPython:
    """A migration step after which ``holding`` finds rows of a table by any part of a column: texts of at most 250 letters, never NULL."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _make(editor, table, column)

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX {_name(table, column)}")
            return
        _drop(editor, _name(table, column))

    return RunPython(forwards, backwards)


def made_anew() -> RunPython:
    """A migration step that reckons every index of pairs again, whichever there are."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            _reckon_again(editor)
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT made.name, whose.tbl_name FROM sqlite_master AS made JOIN sqlite_master AS whose "
                "ON whose.name = made.name || '_in' AND whose.type = 'trigger' WHERE made.sql LIKE 'CREATE VIRTUAL TABLE%fts5(pairs,%'"
            )
            found = cursor.fetchall()
        for name, table in found:
            _drop(editor, name)
            _make(editor, table, name.removeprefix(f"{table}_").removesuffix("_pairs"))

    return RunPython(forwards, RunPython.noop)


def _make(editor: BaseDatabaseSchemaEditor, table: str, column: str) -> None:
    for step in _POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(step.format(name=_name(table, column), table=table, column=column), params=None)


def _drop(editor: BaseDatabaseSchemaEditor, name: str) -> None:
    for trigger in ("in", "out", "on"):
        editor.execute(f"DROP TRIGGER {name}_{trigger}")
    editor.execute(f"DROP TABLE {name}")


def _reckon_again(editor: BaseDatabaseSchemaEditor) -> None:
    for function in (_PLAIN, _PAIRS):
        editor.execute(function, params=None)
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE '%%kernel_pairs(%%'", [])
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        editor.execute(f"REINDEX INDEX {name}")


def know_pairs(opened: Connection) -> None:
    """Teach a connection to SQLite the function that the triggers call."""
    opened.create_function("kernel_pairs", 1, _written, deterministic=True)


def _plain(text: str) -> str:
    """As PostgreSQL's ``kernel_plain``."""
    return unmarked(text).translate(_SMALL)


def _is_plain(text: str) -> bool:
    """Whether no letter of it is Latin, nor a mark that stands behind one."""
    return not re.search(rf"[A-Za-z]|{SOME_MARKED}", text)


def _written(text: str) -> str:
    """The pairs that begin at each letter, the last letter alone, as words of hexadecimal digits."""
    plain = _plain(text)
    return " ".join(_hex(plain[place : place + 2]) for place in range(min(len(plain), _LONGEST)))


def holding(rows: QuerySet[Any], column: str, text: str) -> QuerySet[Any]:
    """Rows whose column has the text as a part; a blank text is a part of all."""
    if not text:
        return rows
    small = _plain(text)
    pairs = [small[place : place + 2] for place in range(len(small) - 1)]
    if connection.vendor == "postgresql":
        # Letters that are alike to no others are compared as they stand, which takes a tenth of the time.
        plain = F(column) if _is_plain(text) else Func(F(column), function="kernel_plain", output_field=TextField())
        has = Func(F(column), function="kernel_pairs", output_field=ArrayField(TextField()))
        found: QuerySet[Any] = rows.alias(plain=plain, pairs=has).filter(plain__contains=small, pairs__contains=pairs or [small])
        return found
    name = _name(rows.model._meta.db_table, column)  # noqa: SLF001 -- Django's public name for what a model is
    phrase = " ".join(map(_hex, pairs))
    asked = f'"{phrase}"' if pairs else f'"{_hex(small)}"*'
    return rows.filter(pk__in=RawSQL(f"SELECT rowid FROM {name} WHERE {name} MATCH %s", [asked]))  # noqa: S608,S611 -- a name of ours


def _name(table: str, column: str) -> str:
    return f"{table}_{column}_pairs"


def _hex(letters: str) -> str:
    return letters.encode().hex().upper()
