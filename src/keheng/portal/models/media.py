"""Outreach records: what media published, with its archived copy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.portal.enums.media import LinkState, MediaKind


class MediaItem(models.Model):
    """A feature, a news item, or a reprint of one. The copy is a file of the store, named by what it contains."""

    kind = models.CharField(max_length=8, choices=MediaKind)
    title = models.CharField(max_length=200)
    outlet = models.CharField(max_length=100)
    published_on = models.DateField()
    url = models.URLField(max_length=500, unique=True)
    reprint_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reprints")
    copy_digest = models.CharField(max_length=64, default="", blank=True)
    copy_title = models.CharField(max_length=200, default="", blank=True)
    link_state = models.CharField(max_length=10, choices=LinkState, default=LinkState.UNCHECKED)
    link_checked_on = models.DateField(null=True)
    by = models.CharField(max_length=40)

    class Meta:
        """A reprint may say of what; nothing is a reprint of itself. Lists go by day."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reprint_of=None) | Q(kind=MediaKind.REPRINT), name="portal_media_reprint"),
            models.CheckConstraint(condition=Q(reprint_of=None) | ~Q(reprint_of=F("id")), name="portal_media_itself"),
        ]
        indexes: ClassVar = [models.Index(fields=["published_on"], name="portal_media_day")]

    def __str__(self) -> str:
        """Outlet and title."""
        return f"{self.outlet}: {self.title}"
