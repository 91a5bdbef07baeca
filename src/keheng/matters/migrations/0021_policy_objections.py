import django.db.models.deletion
from django.db import migrations, models

import keheng.kernel.personal.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0020_ended_cases_of_a_matter"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("phone", keheng.kernel.personal.sealed.SealedTextField()),
                ("body", models.CharField(max_length=2000)),
                ("filed_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("upheld", "成立"), ("rejected", "不成立")], default="open", max_length=8
                    ),
                ),
                ("answer", models.CharField(blank=True, default="", max_length=2000)),
                ("decided_by", models.CharField(blank=True, default="", max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="matters.policycase"),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="matters_policyobjection_answered",
                    )
                ],
            },
        ),
    ]
