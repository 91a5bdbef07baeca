from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0008_lists_fees_and_cited_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="unbared",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
