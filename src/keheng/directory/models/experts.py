"""The expert pool: who may judge what, and whom not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.directory.enums import AvoidanceKind, ExpertState, fields_of_work
from keheng.directory.models.organisations import Organisation
from keheng.directory.models.people import Person
from keheng.directory.models.spans import Span


class Expert(models.Model):
    """A person in the pool, or on the way into or out of it. Accounts are told by their reference."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="expert")
    title = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10, choices=ExpertState, default=ExpertState.APPLIED, db_index=True)
    proposed_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, default="", blank=True)
    entered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """Nobody is in the pool without a second person's approval."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=[ExpertState.POOL, ExpertState.SUSPENDED])
                | (~Q(approved_by="") & ~Q(approved_by=F("proposed_by")) & Q(entered_on__isnull=False)),
                name="directory_expert_two_persons",
            ),
        ]

    def __str__(self) -> str:
        """Person and state."""
        return f"{self.person_id}: {self.state}"


class ExpertField(models.Model):
    """A field of work of an expert: a code of ``definitions/directory/fields.json``."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="fields")
    code = models.CharField(max_length=12, db_index=True)

    class Meta:
        """A field once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["expert", "code"], name="directory_expert_field_once")]

    def __str__(self) -> str:
        """The code."""
        return self.code

    @property
    def zh(self) -> str:
        """The field in words; '' when the tree no longer has it."""
        field = fields_of_work().get(self.code)
        return field.zh if field else ""


class AvoidanceFact(Span):
    """A fact for which a person should not judge an organisation or another person, with its source."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="avoidance")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="avoidance")
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="avoidance_of")
    kind = models.CharField(max_length=10, choices=AvoidanceKind)
    source = models.CharField(max_length=200)

    class Meta(Span.Meta):
        """Exactly one other side, never oneself."""

        constraints: ClassVar = [
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, other__isnull=True) | Q(organisation__isnull=True, other__isnull=False),
                name="directory_avoidance_sides",
            ),
            models.CheckConstraint(condition=Q(other__isnull=True) | ~Q(other=F("person")), name="directory_avoidance_itself"),
        ]

    def __str__(self) -> str:
        """Both sides and the kind."""
        return f"{self.person_id} x {self.organisation_id or self.other_id}: {self.kind}"
