"""Half-open spans of days ``[since, until)``, shared by every fact that holds for a time."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Span(models.Model):
    """A fact that holds from ``since`` up to but not including ``until``; for good when that is NULL."""

    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """Every table checks that a span ends after it begins."""

        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="%(app_label)s_%(class)s_span")
        ]


def holds(on: date, prefix: str = "") -> Q:
    """The condition that a span holds on a day; ``prefix`` is the path to it, ending in two underscores."""
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on}))
