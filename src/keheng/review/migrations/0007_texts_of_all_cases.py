import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0013_due_cases_by_one_index"),
        ("review", "0006_evidence_and_own_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("family", models.PositiveBigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matters.case")),
            ],
        ),
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("compared_at", models.DateTimeField(null=True)),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="review.keptcase")),
            ],
        ),
        migrations.CreateModel(
            name="CopyHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="hits", to="review.kepttext")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="hit_by", to="review.kepttext")),
            ],
        ),
        migrations.AddConstraint(
            model_name="kepttext",
            constraint=models.UniqueConstraint(fields=("kept", "place"), name="review_text_once"),
        ),
        migrations.AddIndex(
            model_name="copyhit",
            index=models.Index(fields=["-percent", "id"], name="review_hit_percent"),
        ),
        migrations.AddConstraint(
            model_name="copyhit",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="review_hit_once"),
        ),
        migrations.AddConstraint(
            model_name="copyhit",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("one", models.F("other")), _negated=True), ("percent__lte", 100)), name="review_hit_sense"
            ),
        ),
    ]
