from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

_ENDED = Q(ended_at__isnull=False)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0022_lists_of_packages_and_payments")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="case", name="matters_case_ended_at"),
        migrations.RemoveIndex(model_name="case", name="matters_case_district_ended"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["district", "ended_at", "id", "submitted_at"], name="matters_case_district_ended", condition=_ENDED),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["district", "matter", "due_on", "id"], name="matters_case_district_past", condition=_ENDED),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["submitted_at", "id"], name="matters_case_open", condition=Q(ended_at=None)),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["number", "id"], name="matters_case_open_number", condition=Q(ended_at=None)),
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["ended_at", "id"], name="matters_case_ended_at", condition=_ENDED)
        ),
    ]
