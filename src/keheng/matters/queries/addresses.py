"""Addresses of cases as they stand in messages and tasks: those of applicants in Chinese, as messages are."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from keheng.matters.models import Bulletin


def address(name: str, *args: object) -> str:
    """A page of applicants."""
    with override(settings.LANGUAGE_CODE):
        return reverse(f"matters:{name}", args=args)


def work_address(case: int) -> str:
    """The page on which the office works on a case."""
    return reverse("casework:case", args=[case])


def bulletin_address(bulletin: Bulletin) -> str:
    """The page on which a frozen bulletin is read."""
    return reverse("casework:bulletin", args=[bulletin.code, f"{bulletin.month:%Y-%m}"])
