"""Self-evaluations: rows with their readings or evidence, the account of results, findings, signatures, the frozen form."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.performance.enums import EvaluationState, EvidenceKind, Step
from keheng.performance.models.projects import Project
from keheng.performance.models.readings import FrozenReading
from keheng.performance.models.targets import GoalVersion, Indicator

WORKED_ON = [EvaluationState.DRAFT, EvaluationState.SUBMITTED, EvaluationState.REVIEWED]


class SelfEvaluation(models.Model):
    """The self-evaluation of a project under one version of one policy. ``achieved`` holds ``{3}`` where the figure of row 3 stands.

    ``form`` and ``sources`` are what was signed under ``digest`` (SM3); ``findings`` what the audit said of it when it was submitted.
    ``sources`` holds what proves each row, by its place; it is None on forms signed before evidence was signed too.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="evaluations")
    goals = models.ForeignKey(GoalVersion, models.PROTECT, related_name="+")
    round = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=EvaluationState, default=EvaluationState.DRAFT)
    layout = models.CharField(max_length=20)
    policy = models.CharField(max_length=40)
    policy_version = models.PositiveIntegerField()
    achieved = models.TextField(default="", blank=True)
    budget_reason = models.CharField(max_length=500, default="", blank=True)
    findings = models.JSONField(default=list, blank=True)
    form = models.JSONField(null=True)
    sources = models.JSONField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    grade = models.CharField(max_length=10, default="", blank=True)
    maker = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    returned = models.CharField(max_length=500, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Rounds are numbered; one is worked on, one is frozen at most; what is frozen has its form."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "round"], name="performance_evaluation_round"),
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state=EvaluationState.RETURNED), name="performance_evaluation_current"
            ),
            models.CheckConstraint(
                condition=Q(state__in=WORKED_ON, form=None, frozen_at=None, digest="")
                | Q(
                    state__in=[EvaluationState.FROZEN, EvaluationState.RETURNED],
                    form__isnull=False,
                    frozen_at__isnull=False,
                    digest__gt="",
                ),
                name="performance_evaluation_frozen",
            ),
        ]

    def __str__(self) -> str:
        """Project and round."""
        return f"{self.project_id} #{self.round}"


class EvaluationRow(models.Model):
    """One row: the actual value (in the target's unit, or words) with its reading, the proposed and the given score."""

    evaluation = models.ForeignKey(SelfEvaluation, models.CASCADE, related_name="rows")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    actual = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    words = models.CharField(max_length=300, default="", blank=True)
    reading = models.ForeignKey(FrozenReading, models.PROTECT, null=True, related_name="+")
    definition_note = models.CharField(max_length=300, default="", blank=True)
    proposed = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    formula = models.CharField(max_length=200, default="", blank=True)
    clause = models.CharField(max_length=200, default="", blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    score_reason = models.CharField(max_length=300, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One a place and indicator; a score is not below nothing."""

        ordering: ClassVar = ["evaluation", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "place"], name="performance_row_place"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=0), name="performance_row_score"),
        ]

    def __str__(self) -> str:
        """Its place."""
        return str(self.place)


class Evidence(models.Model):
    """A stated source of an actual value: a file and its page, a survey with sample, method and day, minutes with their number."""

    row = models.ForeignKey(EvaluationRow, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EvidenceKind)
    title = models.CharField(max_length=200)
    dated_on = models.DateField()
    digest = models.CharField(max_length=64, default="", blank=True)
    file_title = models.CharField(max_length=200, default="", blank=True)
    page = models.PositiveIntegerField(null=True)
    sample = models.PositiveIntegerField(null=True)
    population = models.PositiveIntegerField(null=True)
    method = models.CharField(max_length=200, default="", blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """A file has its digest and page; a survey its sample and method."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kind=EvidenceKind.FILE) | Q(digest__gt="", page__gte=1), name="performance_evidence_file"),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.SURVEY) | Q(sample__gte=1, method__gt=""), name="performance_evidence_survey"
            ),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class FindingNote(models.Model):
    """What the unit says to a finding that it submits along; ``mark`` names the finding by code, rows and place."""

    evaluation = models.ForeignKey(SelfEvaluation, models.CASCADE, related_name="notes")
    mark = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """One a finding."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["evaluation", "mark"], name="performance_note_once")]

    def __str__(self) -> str:
        """Its finding."""
        return self.mark


class SignOff(models.Model):
    """A signature: who, in which step, over which content (SM3)."""

    evaluation = models.ForeignKey(SelfEvaluation, models.CASCADE, related_name="signatures")
    step = models.CharField(max_length=8, choices=Step)
    account = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Each step once, by three different people."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "step"], name="performance_signature_step"),
            models.UniqueConstraint(fields=["evaluation", "account"], name="performance_signature_people"),
        ]

    def __str__(self) -> str:
        """Step and account."""
        return f"{self.step} {self.account}"
