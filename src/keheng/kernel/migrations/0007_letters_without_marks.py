from django.db import migrations

from keheng.kernel.substrings import made_anew


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0006_trail_words"),
    ]

    operations = [made_anew()]
