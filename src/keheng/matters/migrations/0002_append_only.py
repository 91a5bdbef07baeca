from django.db import migrations

from keheng.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_cases")]

    operations = [append_only("matters_edition", "matters_caseevent", "matters_letter", "matters_rating", "matters_reminder")]
