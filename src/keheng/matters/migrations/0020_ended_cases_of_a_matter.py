from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0019_materials_without_an_end"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["matter", "due_on", "id", "submitted_at"],
                name="matters_case_ended_of",
            ),
        ),
    ]
