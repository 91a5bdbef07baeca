"""Re-checks: a drawn sample with its memo, scores beside scores, findings decided, rectifications that come back next year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.performance.enums import RecheckState, RectificationState, Verdict
from keheng.performance.models.evaluations import EvaluationRow, SelfEvaluation
from keheng.performance.models.projects import Project


class Sample(models.Model):
    """Forms drawn for re-check. The same seed and the same ``memo`` (frame with weights) draw the same forms."""

    year = models.PositiveIntegerField()
    seed = models.CharField(max_length=40)
    wanted = models.PositiveIntegerField()
    memo = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """A seed is used once in a year."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "seed"], name="performance_sample_seed")]

    def __str__(self) -> str:
        """Year and seed."""
        return f"{self.year} {self.seed}"


class Recheck(models.Model):
    """The re-check of one frozen form by somebody who signed none of it. ``verdicts`` holds a decision for each finding."""

    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="rechecks")
    evaluation = models.OneToOneField(SelfEvaluation, models.PROTECT, related_name="recheck")
    state = models.CharField(max_length=10, choices=RecheckState, default=RecheckState.OPEN)
    reviewer = models.CharField(max_length=40, default="", blank=True)
    verdicts = models.JSONField(default=dict, blank=True)
    opinion = models.CharField(max_length=500, default="", blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """What is done says by whom and when."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RecheckState.OPEN, done_at=None)
                | (~Q(state=RecheckState.OPEN) & Q(done_at__isnull=False, reviewer__gt="")),
                name="performance_recheck_done",
            )
        ]

    def __str__(self) -> str:
        """Its form."""
        return str(self.evaluation_id)


class RecheckRow(models.Model):
    """The reviewer's score of a row beside the unit's, with a reason code where it differs."""

    recheck = models.ForeignKey(Recheck, models.CASCADE, related_name="rows")
    row = models.ForeignKey(EvaluationRow, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=6, decimal_places=2)
    verdict = models.CharField(max_length=12, choices=Verdict)
    note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        """One a row."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["recheck", "row"], name="performance_recheck_row")]

    def __str__(self) -> str:
        """Row and score."""
        return f"{self.row_id} {self.score}"


class Rectification(models.Model):
    """What a project has to put right, until when; it is shown beside next year's targets of the indicator ``key``."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="rectifications")
    recheck = models.ForeignKey(Recheck, models.PROTECT, related_name="rectifications")
    key = models.CharField(max_length=100, default="", blank=True)
    text = models.CharField(max_length=500)
    due_on = models.DateField()
    state = models.CharField(max_length=6, choices=RectificationState, default=RectificationState.OPEN)
    reply = models.CharField(max_length=500, default="", blank=True)
    replied_by = models.CharField(max_length=40, default="", blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        """What is done has its reply."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RectificationState.OPEN) | Q(reply__gt="", replied_at__isnull=False), name="performance_rectified"
            )
        ]

    def __str__(self) -> str:
        """What is to be done."""
        return self.text[:40]
