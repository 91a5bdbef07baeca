"""Rows found by any part of a column: the same as by reading all of them, whatever was written, changed and taken away."""

from importlib import import_module

import pytest
from django.db import connection, models
from django.db.migrations.state import ProjectState
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.substrings import findable_by_parts, holding

ALPHABET = "科技创新 云岭Aa1%_\"'*-\\"
LETTERS = st.text(alphabet=ALPHABET, max_size=12)


class Thing(models.Model):
    """A row with a text."""

    name = models.CharField(max_length=250)

    class Meta:
        """Not one of the site's."""

        app_label = "made_up"
        managed = False
        db_table = "made_up_thing"

    def __str__(self):
        return self.name


@pytest.fixture
def made_anew_with():
    """What the migration of the kernel does, over again."""
    return import_module("keheng.kernel.migrations.0007_letters_without_marks").Migration.operations[0]


@pytest.fixture
def things(fresh):
    step = findable_by_parts("made_up_thing", "name")
    empty = ProjectState()
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
        Thing.objects.create(name="云岭旧名")
        step.database_forwards("made_up", editor, empty, empty)
    yield
    with connection.schema_editor() as editor:
        step.database_backwards("made_up", editor, empty, empty)
        editor.delete_model(Thing)


def found(text):
    return list(holding(Thing.objects.order_by("pk"), "name", text).values_list("name", flat=True))


def test_what_was_there_before_and_what_comes_goes_and_changes(things):
    assert found("岭旧") == ["云岭旧名"]
    made = Thing.objects.create(name="智能制造Lab")
    Thing.objects.create(name="")
    assert (found("制造"), found("智造"), found("lAB"), found("造L"), found("")[1:]) == (
        [made.name],
        [],
        [made.name],
        [made.name],
        [made.name, ""],
    )
    Thing.objects.filter(pk=made.pk).update(name="绿色制造")
    assert (found("智能"), found("绿色"), found("绿"), found("色制造")) == ([], ["绿色制造"], ["绿色制造"], ["绿色制造"])
    Thing.objects.filter(pk=made.pk).update(name="")
    assert found("制造") == []
    Thing.objects.filter(pk=made.pk).update(name="Nguyễn Đặng 与 Müller, Ёлкін")
    marked = ["Nguyễn Đặng 与 Müller, Ёлкін"]
    assert [found(text) for text in ("nguyen da", "GUYỄN", "MÜLLER", "muller", "ü", "d", "Ёл", "Ел")] == [*[marked] * 7, []]
    Thing.objects.filter(name="云岭旧名").delete()
    assert (found("云岭"), found("云")) == ([], [])


def test_any_part_of_any_text_is_found(things):
    @given(st.lists(LETTERS, max_size=6), LETTERS)
    def same(names, text):
        Thing.objects.all().delete()
        Thing.objects.bulk_create(Thing(name=name) for name in names)
        assert found(text) == [name for name in names if text.lower() in name.lower()]

    same()


def test_indexes_of_an_older_time_are_reckoned_again(things, made_anew_with):
    """Rows that an index holds by letters with marks, as it once did."""
    Thing.objects.create(name="Müller")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO made_up_thing_name_pairs (made_up_thing_name_pairs) VALUES ('delete-all')")
        else:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION kernel_plain(whole text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT whole'"
            )
    assert found("muller") == []
    empty = ProjectState()
    with connection.schema_editor() as editor:
        made_anew_with.database_forwards("kernel", editor, empty, empty)
    assert found("muller") == ["Müller"]
