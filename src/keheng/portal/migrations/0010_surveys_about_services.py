from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0009_surveys_after_services"),
    ]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("open_day", "开放日"),
                    ("channel", "对接会"),
                    ("training", "培训"),
                    ("lecture", "讲座"),
                    ("forum", "论坛"),
                    ("overseas", "海外对接"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="survey",
            name="portal_survey_audience",
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("activity", None), ("audience", "link")),
                    models.Q(("activity__isnull", False), ("audience", "attendees"), ("occasion", "")),
                    models.Q(
                        ("activity", None),
                        ("audience", "after"),
                        ("quiet_days__gte", 1),
                        ("share__range", (1, 100)),
                        models.Q(("occasion", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="portal_survey_audience",
            ),
        ),
    ]
