from typing import ClassVar

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

# With a default the column is added in place. Django would make SQLite's table anew, and its triggers, by which parts of subjects are
# found, would be gone.
_ADD = {
    "sqlite": "ALTER TABLE matters_case ADD COLUMN touched_at datetime NOT NULL DEFAULT '1970-01-01 00:00:00'",
    "postgresql": "ALTER TABLE matters_case ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now()",
}


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(_ADD[editor.connection.vendor])
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE matters_case ALTER COLUMN touched_at DROP DEFAULT")


def take_away(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("ALTER TABLE matters_case DROP COLUMN touched_at")


def as_far_as_known(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Of cases that are there the last move is known, of drafts when they were begun."""
    events = apps.get_model("matters", "CaseEvent").objects.filter(case=OuterRef("pk")).order_by("-version").values("at")[:1]
    apps.get_model("matters", "Case").objects.update(touched_at=Coalesce(Subquery(events), F("opened_at")))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0023_cases_that_ended")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="case", name="matters_case_applicant"),
        migrations.RemoveIndex(model_name="case", name="matters_case_unit"),
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(add, take_away)],
            [migrations.AddField(model_name="case", name="touched_at", field=models.DateTimeField(default=django.utils.timezone.now))],
        ),
        migrations.RunPython(as_far_as_known, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["applicant", "-touched_at", "-id"], name="matters_case_applicant")
        ),
        migrations.AddIndex(model_name="case", index=models.Index(fields=["unit", "-touched_at", "-id"], name="matters_case_unit")),
    ]
