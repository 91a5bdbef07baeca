"""Bulletins as they were given out: their words, each number with the query behind it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Bulletin(models.Model):
    """A month's bulletin, frozen; ``month`` is its first day. Rows are only ever added.

    ``content`` are sections of words and figures, ``digest`` is over it.
    """

    code = models.CharField(max_length=80)
    month = models.DateField()
    title = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=40)
    frozen_at = models.DateTimeField()

    class Meta:
        """One a month."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "month"], name="matters_bulletin_once")]

    def __str__(self) -> str:
        """Bulletin and month."""
        return f"{self.code} {self.month:%Y-%m}"
