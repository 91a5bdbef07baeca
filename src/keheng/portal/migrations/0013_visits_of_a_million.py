from django.db import migrations, models

from keheng.kernel.substrings import findable_by_parts


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0012_asked_callers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["hall", "begins_at", "id"], name="portal_visit_in_hall"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["unit_title", "id"], name="portal_visit_unit"),
        ),
        findable_by_parts("portal_visit", "unit_title"),
    ]
