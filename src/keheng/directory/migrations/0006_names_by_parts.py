from django.db import migrations

from keheng.kernel.substrings import findable_by_parts


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_names_without_marks"),
        ("kernel", "0008_single_letters"),
    ]

    operations = [findable_by_parts("directory_person", "name_plain")]
