from django.db import migrations

from keheng.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_windows_checks_bulletins")]

    operations = [append_only("matters_tick", "matters_bulletin")]
