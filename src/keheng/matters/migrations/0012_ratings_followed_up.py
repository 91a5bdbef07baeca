import django.db.models.deletion
from django.db import migrations, models

from keheng.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0011_subjects_by_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="edition",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="rating",
            name="network",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("difficulty", models.CharField(choices=[("simple", "简单"), ("ordinary", "一般"), ("hard", "复杂")], max_length=10)),
                ("days", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("called_on", models.DateField(null=True)),
                (
                    "finding",
                    models.CharField(
                        blank=True, choices=[("valid", "属实"), ("mistaken", "误评"), ("malicious", "恶意评价")], default="", max_length=10
                    ),
                ),
                ("done", models.CharField(blank=True, default="", max_length=500)),
                ("answer", models.CharField(blank=True, default="", max_length=500)),
                ("closed_by", models.CharField(blank=True, default="", max_length=40)),
                ("closed_on", models.DateField(null=True)),
                (
                    "rating",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="follow_up", to="matters.rating"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reached",
                    models.CharField(
                        choices=[("phone", "电话"), ("met", "当面"), ("written", "书面"), ("nobody", "没有联系上")], max_length=10
                    ),
                ),
                ("heard", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("follow_up", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="matters.followup")),
            ],
        ),
        migrations.CreateModel(
            name="RatingAspect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("stars", models.PositiveSmallIntegerField()),
                ("rating", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="aspects", to="matters.rating")),
            ],
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["due_on", "id"], name="matters_followup_due"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["opened_at", "id"], name="matters_followup_opened"),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by", ""), ("closed_on", None), ("finding", "")),
                    models.Q(
                        ("called_on__isnull", False),
                        ("closed_on__isnull", False),
                        models.Q(("finding", ""), _negated=True),
                        models.Q(("done", ""), _negated=True),
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("closed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="matters_followup_closed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingaspect",
            constraint=models.UniqueConstraint(fields=("rating", "code"), name="matters_ratingaspect_once"),
        ),
        migrations.AddConstraint(
            model_name="ratingaspect",
            constraint=models.CheckConstraint(condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="matters_ratingaspect_stars"),
        ),
        append_only("matters_ratingaspect", "matters_callback"),
    ]
