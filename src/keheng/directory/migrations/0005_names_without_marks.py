from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from keheng.directory.rules.names import plain
from keheng.kernel.latin import SOME_MARKED

# Each table with the text as it is written, and as it is searched.
_SEARCHED = (("Person", "name", "name_plain"), ("OrganisationName", "name", "plain"), ("Organisation", "address", "address_plain"))


def write_anew(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for name, written, searched in _SEARCHED:
        table = apps.get_model("directory", name).objects
        for pk, text in list(table.filter(**{f"{searched}__regex": SOME_MARKED}).values_list("pk", written)):
            table.filter(pk=pk).update(**{searched: plain(text)})


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_list_by_place"),
    ]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop, elidable=True)]
