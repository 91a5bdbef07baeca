"""Addresses of public pages as they stand in messages and in the search: in Chinese, or in the language of whoever is told."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def address(name: str, *args: object, language: str = settings.LANGUAGE_CODE) -> str:
    """The address of a public page of the portal."""
    with override(language):
        return reverse(f"portal:{name}", args=args)


def manage_address(name: str, *args: object) -> str:
    """The address of a page of staff."""
    return reverse(f"manage:{name}", args=args)
