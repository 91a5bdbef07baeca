from datetime import date

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# What forms once asked for where a document has no end.
_NO_END = date(2099, 12, 31)


def say_so(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("matters", "Material").objects.filter(valid_until=_NO_END).update(valid_until=None, endless=True)


class Migration(migrations.Migration):
    # On PostgreSQL rows that were written keep a table from being altered in the same transaction.
    atomic = False

    dependencies = [
        ("matters", "0018_cases_of_a_district"),
    ]

    operations = [
        migrations.AddField(
            model_name="material",
            name="endless",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(say_so, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(("endless", False), ("valid_until", None), _connector="OR"), name="matters_material_one_end"
            ),
        ),
    ]
