from django.db import migrations

from keheng.kernel.substrings import made_anew


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_trail_target"),
    ]

    operations = [made_anew()]
