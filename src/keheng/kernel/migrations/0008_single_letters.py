from django.db import migrations

from keheng.kernel.substrings import made_anew


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_letters_without_marks"),
    ]

    operations = [made_anew()]
