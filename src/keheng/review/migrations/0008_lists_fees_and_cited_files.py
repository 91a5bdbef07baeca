from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0007_texts_of_all_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="listed",
            field=models.CharField(default="列入名单", max_length=20),
        ),
        migrations.AddField(
            model_name="round",
            name="fee_fen",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="cited",
            field=models.JSONField(default=list),
        ),
    ]
