from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The matter of each package's case."""
    del editor
    case = apps.get_model("matters", "Case").objects.filter(pk=OuterRef("case_id"))
    apps.get_model("matters", "Package").objects.update(matter=Subquery(case.values("matter")))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0021_policy_objections")]

    # On PostgreSQL rows that were written keep a table from being altered in the same transaction.
    atomic = False

    operations: ClassVar = [
        migrations.AddField(model_name="package", name="matter", field=models.CharField(default="", max_length=80), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(model_name="package", index=models.Index(fields=["matter", "made_at", "id"], name="matters_package_matter")),
        migrations.AddIndex(model_name="instalment", index=models.Index(fields=["fen", "paid_fen"], name="matters_instalment_sums")),
    ]
