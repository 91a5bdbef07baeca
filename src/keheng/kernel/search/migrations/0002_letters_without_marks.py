from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from keheng.kernel.chinese_text import tokens
from keheng.kernel.latin import SOME_MARKED
from keheng.kernel.search.backends import Words, backend
from keheng.kernel.search.models import LONGEST_TITLE

_SHELF_BITS = 30
_AT_ONCE = 500


def index_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Entries that hold letters with marks: their words as they are reckoned now, shelf and marks as they stand in the index."""
    entries = apps.get_model("search", "Entry").objects
    changed = entries.filter(title__regex=SOME_MARKED) | entries.filter(body__regex=SOME_MARKED)
    numbers = list(changed.values_list("pk", flat=True))
    for some in (numbers[begin : begin + _AT_ONCE] for begin in range(0, len(numbers), _AT_ONCE)):
        words = [
            Words(entry, shelf, tokens(title)[:LONGEST_TITLE], tokens(body), marks)
            for entry, title, body in entries.filter(pk__in=some).values_list("pk", "title", "body")
            for shelf, marks in _kept(editor, entry)
        ]
        backend().erase([one.entry for one in words])
        backend().write(words)


def _kept(editor: BaseDatabaseSchemaEditor, entry: int) -> list[tuple[int, list[str]]]:
    """Shelf and marks of an entry; nothing where it is not in the index."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute("SELECT shelf, tsvector_to_array(words) FROM search_part WHERE entry = %s LIMIT 1", [entry])
            return [(shelf, [word for word in words if word.startswith("_")]) for shelf, words in cursor.fetchall()]
        first = entry << _SHELF_BITS
        cursor.execute("SELECT rowid, marks FROM search_words WHERE rowid BETWEEN %s AND %s", [first, first | (1 << _SHELF_BITS) - 1])
        return [(row - first, marks.split()) for row, marks in cursor.fetchall()]


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_search"),
    ]

    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop, elidable=True)]
