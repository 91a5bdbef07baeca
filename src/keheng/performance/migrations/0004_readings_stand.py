"""A reading is evidence: it is added and never changed."""

from django.db import migrations

from keheng.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("performance", "0003_constraints")]
    operations = [append_only("performance_frozenreading")]
