from django.db import migrations

from keheng.kernel.substrings import findable_by_parts


class Migration(migrations.Migration):
    dependencies = [("matters", "0010_clocks_came_to")]

    operations = [findable_by_parts("matters_case", "subject")]
