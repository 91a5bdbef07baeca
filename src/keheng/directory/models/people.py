"""People, where they work, and which parties are related."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.directory.enums import PartyKind, PersonStatus
from keheng.directory.models.organisations import Organisation
from keheng.directory.models.spans import Span
from keheng.kernel.personal.masks import mask
from keheng.kernel.personal.sealed import SealedTextField


class Person(models.Model):
    """A natural person. Id number and phone are sealed; their marks find the same person again without the value."""

    name = models.CharField(max_length=60)
    # The name as it is compared: half width, without blanks and the dots within names.
    name_plain = models.CharField(max_length=60, db_index=True)
    id_number = SealedTextField(default="", blank=True)
    # NULL while the number is not known: one person has one record, unless it was merged.
    id_mark = models.CharField(max_length=32, null=True)  # noqa: DJ001 -- NULL means unknown; empty marks would be equal
    phone = SealedTextField(default="", blank=True)
    phone_mark = models.CharField(max_length=32, default="", blank=True, db_index=True)
    email = models.CharField(max_length=254, default="", blank=True)
    born_on = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=PersonStatus, default=PersonStatus.ACTIVE)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    registered_on = models.DateField()

    class Meta:
        """An id number belongs to one record; who is merged says into whom."""

        indexes: ClassVar = [models.Index(fields=["name", "id"], name="directory_person_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_mark"], name="directory_person_once"),
            models.CheckConstraint(
                condition=Q(status=PersonStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=PersonStatus.MERGED) & Q(merged_into__isnull=True)),
                name="directory_person_merged",
            ),
            models.CheckConstraint(condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="directory_person_into_itself"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def phone_masked(self) -> str:
        """The phone as pages show it."""
        return mask("phone", self.phone)

    @property
    def id_masked(self) -> str:
        """The id number as pages show it."""
        return mask("id_number", self.id_number)


class Affiliation(Span):
    """A person's post in an organisation. The same post twice at a time is refused by the database (migration 0002)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    position = models.CharField(max_length=100, default="", blank=True)

    def __str__(self) -> str:
        """Person, organisation and position."""
        return f"{self.person_id} @ {self.organisation_id}: {self.position}"


class RelatedParty(Span):
    """An organisation and another one, or a person, that count as related parties for a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="related")
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="related_of")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="related")
    kind = models.CharField(max_length=20, choices=PartyKind)
    # The document that says so.
    source = models.CharField(max_length=200)

    class Meta(Span.Meta):
        """Exactly one other side, never the organisation itself."""

        constraints: ClassVar = [
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=Q(other__isnull=False, person__isnull=True) | Q(other__isnull=True, person__isnull=False),
                name="directory_party_sides",
            ),
            models.CheckConstraint(condition=Q(other__isnull=True) | ~Q(other=F("organisation")), name="directory_party_itself"),
        ]

    def __str__(self) -> str:
        """Both sides and the kind."""
        return f"{self.organisation_id} ~ {self.other_id or self.person_id}: {self.kind}"
