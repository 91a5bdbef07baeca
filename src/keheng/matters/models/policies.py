"""What enterprises told about themselves, how they stand to each policy, and who was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.matters.models.cases import Case


class UnitFact(models.Model):
    """A fact of ``definitions/*/facts.yaml`` as a unit told it: ``yes``, ``no``, a number, or an option."""

    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    fact = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """Each fact once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "fact"], name="matters_unit_fact_once")]
        # Everybody is read by it, without a look at the rows.
        indexes: ClassVar = [models.Index(fields=["fact", "value", "at", "unit"], name="matters_fact_told")]

    def __str__(self) -> str:
        """Unit and fact."""
        return f"{self.unit_id} {self.fact}"


class FactChange(models.Model):
    """What is known of a unit changed at a moment; ``done`` once it was matched again. One for each change, so that none is lost."""

    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    done = models.BooleanField(default=False)

    class Meta:
        """Those to be done are few among those of a day."""

        indexes: ClassVar = [models.Index(fields=["id"], name="matters_fact_change_open", condition=Q(done=False))]

    def __str__(self) -> str:
        """Unit and moment."""
        return f"{self.unit_id} {self.at}"


class PolicyStanding(models.Model):
    """A unit meets a policy since a day, or one clause alone keeps it out: ``lacks`` is the clause's number from 1, 0 for none.

    How other units stand is not kept: it is worked out when asked for, and counted in ``PolicyTally``.
    """

    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=80)
    version = models.DateField()
    lacks = models.PositiveSmallIntegerField(default=0)
    since = models.DateField()

    class Meta:
        """One standing each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "policy"], name="matters_policy_standing_once")]
        indexes: ClassVar = [
            models.Index(fields=["policy", "version", "lacks", "unit"], name="matters_policy_lacks"),
            models.Index(fields=["policy", "since", "id"], name="matters_policy_since"),
        ]

    def __str__(self) -> str:
        """Unit, policy and clause."""
        return f"{self.unit_id} {self.policy} {self.lacks}"


class PolicyTally(models.Model):
    """How units of a district stood to each policy when everybody was matched.

    ``counts``: ``{"yl.talent-plan": {"version": "2026-01-01", "met": 3, "near": 1, "unmet": 5, "unknown": 2, "failing": [4, 2], "open":
    [2, 2]}}``; lists have a number for each clause.
    """

    district = models.CharField(max_length=12, blank=True, unique=True)
    counts = models.JSONField()

    def __str__(self) -> str:
        """The district."""
        return self.district


class PolicyPush(models.Model):
    """A unit was told that it meets a policy, by messages to so many accounts; once for each version."""

    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=80)
    version = models.DateField()
    told = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Never twice."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "policy", "version"], name="matters_policy_push_once")]

    def __str__(self) -> str:
        """Unit and policy."""
        return f"{self.unit_id} {self.policy}"


class PolicyCase(models.Model):
    """A unit has a policy by this case, or asks for it: once, or once a year (``turn`` is that year, '' otherwise).

    ``offered``: the platform opened it (免申即享). ``holds`` is no longer true once the case ended without success. ``sources`` tell where
    each fact came from when the case began: ``{"staff": {"told": true, "since": "2026-09-28", "value": "20"}}``.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="policy_case")
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=80)
    version = models.DateField()
    turn = models.CharField(max_length=4, default="", blank=True)
    offered = models.BooleanField(default=False)
    holds = models.BooleanField(default=True)
    sources = models.JSONField(default=dict)

    class Meta:
        """A unit never has a policy twice in a turn, and is never offered it twice: the database says so."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "policy", "turn"], name="matters_policy_case_once", condition=Q(holds=True)),
            models.UniqueConstraint(fields=["unit", "policy", "turn"], name="matters_policy_offer_once", condition=Q(offered=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["policy", "offered"], name="matters_policy_cases")]

    def __str__(self) -> str:
        """Unit, policy and case."""
        return f"{self.unit_id} {self.policy} {self.case_id}"


class PolicyRun(models.Model):
    """The last time everybody was matched: with which files, for which day. Its one row is the lock of all matching.

    ``at`` is when units were read; while a run goes on, ``done`` of ``policies`` are matched.
    """

    digest = models.CharField(max_length=64, default="", blank=True)
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    units = models.PositiveIntegerField(default=0)
    policies = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        """One row."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="matters_policy_run_one")]

    def __str__(self) -> str:
        """The day."""
        return str(self.day)
