"""What the site doctor found, night by night."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SiteCheck(models.Model):
    """One run; ``score`` is 100 less the deductions, 0 with a veto (国办秘函〔2019〕19号)."""

    at = models.DateTimeField()
    pages = models.PositiveIntegerField()
    vetoes = models.PositiveIntegerField()
    deductions = models.PositiveIntegerField()
    score = models.PositiveIntegerField()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        """The moment and the score."""
        return f"{self.at}: {self.score}"


class SiteFinding(models.Model):
    """One thing that a rule found; ``points`` are taken off, a veto takes all."""

    check_run = models.ForeignKey(SiteCheck, models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    veto = models.BooleanField()
    points = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, default="")

    class Meta:
        """The weightiest first."""

        ordering: ClassVar = ["-veto", "-points", "pk"]

    def __str__(self) -> str:
        """The rule."""
        return self.rule
