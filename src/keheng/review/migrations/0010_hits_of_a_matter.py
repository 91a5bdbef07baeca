from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The matter of the case of each pair's first text."""
    del editor
    text = apps.get_model("review", "KeptText").objects.filter(pk=OuterRef("one_id"))
    apps.get_model("review", "CopyHit").objects.update(matter=Subquery(text.values("kept__case__matter")))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("review", "0009_files_that_cannot_be_bared"), ("matters", "0021_policy_objections")]

    # On PostgreSQL rows that were written keep a table from being altered in the same transaction.
    atomic = False

    operations: ClassVar = [
        migrations.AddField(model_name="copyhit", name="matter", field=models.CharField(default="", max_length=80), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="copyhit", name="review_hit_percent"),
        migrations.AddIndex(model_name="copyhit", index=models.Index(fields=["percent", "id"], name="review_hit_most")),
        migrations.AddIndex(model_name="copyhit", index=models.Index(fields=["matter", "percent", "id"], name="review_hit_matter")),
    ]
