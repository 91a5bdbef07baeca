"""Certificates that a matter names to everybody: the list of those who were awarded or recognised, by year."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from keheng.matters.models import Output
from keheng.matters.rules.files.shelf import shelf


def listed_codes(name: str) -> Collection[str]:
    """Which outputs of a matter are named to everybody, by any of its files; none for an unknown matter."""
    return {code for read in shelf().get(name, ()) for code, output in read.matter.outputs.items() if output.listed}


def granted(name: str) -> QuerySet[Output]:
    """The certificates of a matter that everybody may see and that hold, by kind and number."""
    rows = Output.objects.filter(case__matter=name, code__in=listed_codes(name), kind="certificate", revoked_at=None)
    return rows.order_by("code", "number")


def years_granted(name: str) -> list[int]:
    """The years in which such certificates were issued, the latest first."""
    return sorted({moment.year for moment in granted(name).order_by().datetimes("issued_at", "year")}, reverse=True)
