"""Addresses of published lists as they stand in the search and in site maps: in Chinese."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def list_address(pk: int | None = None) -> str:
    """The page of a published list, or of all of them."""
    with override(settings.LANGUAGE_CODE):
        return reverse("reviews:lists") if pk is None else reverse("reviews:list", args=[pk])
