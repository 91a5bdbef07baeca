from django.db import migrations

from keheng.kernel.substrings import findable_by_parts


class Migration(migrations.Migration):
    dependencies = [("access", "0003_tokens")]

    operations = [findable_by_parts("access_account", "login"), findable_by_parts("access_account", "name")]
