"""What was published to the search: source texts for snippets, and what bounds who sees them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LONGEST_TITLE = 250


class Shelf(models.Model):
    """One combination of facets. An entry names its shelf in the index of words, so that facets are counted without reading entries."""

    # JSON text: names of facets and their values, sorted, so that equal facets are equal texts; found by its digest.
    facets = models.TextField()
    digest = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        """The facets."""
        return self.facets


class Entry(models.Model):
    """One published document. The words themselves stand beside it, in the index that the database offers."""

    kind = models.CharField(max_length=60)
    ref = models.CharField(max_length=120)
    audience = models.CharField(max_length=80)
    unit = models.BigIntegerField(null=True)
    district = models.CharField(max_length=12)
    weight = models.FloatField()
    url = models.CharField(max_length=300)
    title = models.CharField(max_length=LONGEST_TITLE)
    # Last: what stands before it is had without reading a long text.
    body = models.TextField()

    class Meta:
        """One row for a record."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "ref"], name="search_entry_once")]

    def __str__(self) -> str:
        """Kind and title."""
        return f"{self.kind}: {self.title}"
