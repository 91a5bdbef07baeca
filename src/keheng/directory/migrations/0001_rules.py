"""What the database checks of every row by itself."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_directory")]

    operations = [
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["district", "kind", "status"], name="directory_organisation_list"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credit_code__isnull", True),
                    models.Q(
                        django.db.models.lookups.Exact(django.db.models.functions.text.Length("credit_code"), 18),
                        django.db.models.lookups.Exact(django.db.models.functions.text.Upper("credit_code"), models.F("credit_code")),
                    ),
                    _connector="OR",
                ),
                name="directory_organisation_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="directory_organisation_merged",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("status", "active")),
                    models.Q(("status", "active"), _negated=True),
                    _connector="OR",
                ),
                name="directory_organisation_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                name="directory_organisation_above_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="directory_organisation_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="control",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="directory_control_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="control",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__isnull", True), models.Q(("share__gt", 0), ("share__lte", 100)), _connector="OR"),
                name="directory_control_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="control",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", models.F("controlled")), _negated=True), name="directory_control_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationname",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True), ("use", "official")), fields=("organisation",), name="directory_name_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationname",
            constraint=models.UniqueConstraint(
                condition=models.Q(("use", "short")), fields=("organisation", "name"), name="directory_name_short"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationname",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("since__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="directory_name_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("id_mark",), name="directory_person_once"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="directory_person_merged",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="directory_person_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="expert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["pool", "suspended"]), _negated=True),
                    models.Q(
                        models.Q(("approved_by", ""), _negated=True),
                        models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                        ("entered_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directory_expert_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="avoidancefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="directory_avoidancefact_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="avoidancefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("other__isnull", True)),
                    models.Q(("organisation__isnull", True), ("other__isnull", False)),
                    _connector="OR",
                ),
                name="directory_avoidance_sides",
            ),
        ),
        migrations.AddConstraint(
            model_name="avoidancefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("other__isnull", True), models.Q(("other", models.F("person")), _negated=True), _connector="OR"),
                name="directory_avoidance_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="directory_affiliation_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedparty",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="directory_relatedparty_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedparty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("other__isnull", False), ("person__isnull", True)),
                    models.Q(("other__isnull", True), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="directory_party_sides",
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedparty",
            constraint=models.CheckConstraint(
                condition=models.Q(("other__isnull", True), models.Q(("other", models.F("organisation")), _negated=True), _connector="OR"),
                name="directory_party_itself",
            ),
        ),
    ]
