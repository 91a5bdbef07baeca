"""Organisations: facts, names over time, who stands above them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact

from keheng.directory.enums import NameUse, Status, districts, kinds
from keheng.directory.models.spans import Span
from keheng.kernel.credit_code import LENGTH
from keheng.kernel.personal.sealed import SealedTextField


class Organisation(models.Model):
    """A legal person or other body. ``name`` is the one in use; all names over time stand in ``names``."""

    # NULL while it is not known; always normalised and with both check characters (GB 32100-2015).
    credit_code = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001 -- NULL means unknown; empty codes would be equal
    name = models.CharField(max_length=200)
    # What is left of the name for finding doubles: see ``rules.names.core``.
    name_core = models.CharField(max_length=200, db_index=True)
    # A code as somebody wrote it, where it cannot be right: kept apart, for finding whose it is.
    code_given = models.CharField(max_length=40, default="", blank=True)
    kind = models.CharField(max_length=20)
    district = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    address = models.CharField(max_length=200, default="", blank=True)
    address_plain = models.CharField(max_length=200, default="", blank=True, db_index=True)
    contact_phone = SealedTextField(default="", blank=True)
    phone_mark = models.CharField(max_length=32, default="", blank=True, db_index=True)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True)
    remark = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        """A code has its form; who is merged says into whom; nobody stands above themselves."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(credit_code__isnull=True)
                | (Exact(Length("credit_code"), LENGTH) & Exact(Upper("credit_code"), F("credit_code"))),
                name="directory_organisation_code",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False) | (~Q(status=Status.MERGED) & Q(merged_into__isnull=True)),
                name="directory_organisation_merged",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ACTIVE, closed_on__isnull=True) | ~Q(status=Status.ACTIVE), name="directory_organisation_closed"
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="directory_organisation_above_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="directory_organisation_into_itself"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["district", "kind", "name", "id"], name="directory_organisation_place"),
            models.Index(fields=["name", "id"], name="directory_organisation_name"),
            models.Index(fields=["registered_on", "id"], name="directory_organisation_since"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def kind_zh(self) -> str:
        """The kind in words; its code when the definitions no longer know it."""
        known = kinds().get(self.kind)
        return known.zh if known else self.kind

    @property
    def district_zh(self) -> str:
        """The district's name; its code when the definitions no longer know it."""
        return districts().get(self.district, self.district)


class OrganisationName(models.Model):
    """A name and when it was borne; ``since`` is NULL where nobody knows, ``until`` while it is in use."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    # The name as it is searched: see ``rules.names.plain``.
    plain = models.CharField(max_length=200, db_index=True)
    use = models.CharField(max_length=8, choices=NameUse, default=NameUse.OFFICIAL)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        """One registered name at a time."""

        ordering: ClassVar = ["use", F("until").desc(nulls_first=True), "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(use=NameUse.OFFICIAL, until__isnull=True), name="directory_name_now"
            ),
            models.UniqueConstraint(fields=["organisation", "name"], condition=Q(use=NameUse.SHORT), name="directory_name_short"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")), name="directory_name_span"
            ),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Control(Span):
    """One organisation holds or controls another; ``share`` is percent of its capital, NULL for control without a share."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="holdings")
    controlled = models.ForeignKey(Organisation, models.PROTECT, related_name="controllers")
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta(Span.Meta):
        """A share is above nothing and at most all; one row at a time for a pair is seen to by a trigger or exclusion."""

        constraints: ClassVar = [
            *Span.Meta.constraints,
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100), name="directory_control_share"),
            models.CheckConstraint(condition=~Q(owner=F("controlled")), name="directory_control_itself"),
        ]

    def __str__(self) -> str:
        """Owner, controlled and share."""
        return f"{self.owner_id} > {self.controlled_id}: {self.share}"
