"""Outreach records for lists, exports and pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from keheng.portal.models import MediaItem


def media_of(year: int | None = None) -> QuerySet[MediaItem]:
    """Records, of a year or all, the newest first."""
    found = MediaItem.objects.select_related("reprint_of")
    if year is not None:
        found = found.filter(published_on__year=year)
    return found.order_by("-published_on", "-pk")


def saying(rows: QuerySet[MediaItem], text: str) -> QuerySet[MediaItem]:
    """Records with a text in their title or the name of who published them."""
    return rows.filter(Q(title__icontains=text) | Q(outlet__icontains=text))


def years_of_media() -> list[int]:
    """Years with records, the newest first."""
    return [day.year for day in MediaItem.objects.dates("published_on", "year", order="DESC")]


def rows_for_export(year: int) -> Iterator[dict[str, object]]:
    """Rows of the sheet of a year."""
    for one in media_of(year).order_by("published_on", "pk"):
        yield {
            "kind": one.kind, "title": one.title, "outlet": one.outlet, "published_on": one.published_on, "url": one.url,
            "original": one.reprint_of.url if one.reprint_of else None, "copy": one.copy_digest or None,
            "link": one.get_link_state_display(), "checked": one.link_checked_on,
        }  # fmt: skip


def holds_copy(digest: str) -> bool:
    """Whether a record has this archived copy."""
    return MediaItem.objects.filter(copy_digest=digest).exists()
