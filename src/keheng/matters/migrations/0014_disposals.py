import django.db.models.deletion
from django.db import migrations, models

from keheng.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_trail_target"),
        ("matters", "0013_due_cases_by_one_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24)),
                ("title", models.CharField(max_length=200)),
                ("unit", models.CharField(blank=True, default="", max_length=200)),
                ("ended_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField()),
                ("keep_until", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("proposer", models.CharField(max_length=100)),
                ("approver", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Disposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("reason", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "待审定"), ("approved", "已批准，正在销毁"), ("refused", "不同意"), ("done", "已销毁")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, default="", max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DisposalItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("live", models.BooleanField(default=True)),
                ("kept", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="package",
            name="destroyed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="package",
            name="file",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"),
        ),
        migrations.AddIndex(
            model_name="package",
            index=models.Index(condition=models.Q(("destroyed_at", None)), fields=["keep_until", "id"], name="matters_package_kept"),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at", None), ("file__isnull", False)),
                    models.Q(("destroyed_at__isnull", False), ("file", None)),
                    _connector="OR",
                ),
                name="matters_package_file",
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="package",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="destruction", to="matters.package"),
        ),
        migrations.AddConstraint(
            model_name="disposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", ""), models.Q(("decided_by", models.F("proposed_by")), _negated=True), _connector="OR"),
                name="matters_disposal_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "proposed"), ("decided_at__isnull", False), _connector="OR"), name="matters_disposal_decided"
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="disposal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="destructions", to="matters.disposal"),
        ),
        migrations.AddField(
            model_name="disposalitem",
            name="disposal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="matters.disposal"),
        ),
        migrations.AddField(
            model_name="disposalitem",
            name="package",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="disposals", to="matters.package"),
        ),
        migrations.AddIndex(
            model_name="destruction",
            index=models.Index(fields=["-at", "id"], name="matters_destruction_at"),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(condition=models.Q(("keep_until__lt", models.F("on"))), name="matters_destruction_term"),
        ),
        migrations.AddConstraint(
            model_name="disposalitem",
            constraint=models.UniqueConstraint(condition=models.Q(("live", True)), fields=("package",), name="matters_disposal_item_live"),
        ),
        migrations.AddConstraint(
            model_name="disposalitem",
            constraint=models.UniqueConstraint(fields=("disposal", "package"), name="matters_disposal_item_once"),
        ),
        append_only("matters_destruction"),
    ]
