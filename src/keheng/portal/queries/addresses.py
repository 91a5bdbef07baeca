"""Addresses of public pages as they stand in messages and in the search: in Chinese, whatever language is active."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def address(name: str, *args: object) -> str:
    """The address of a public page of the portal."""
    with override(settings.LANGUAGE_CODE):
        return reverse(f"portal:{name}", args=args)


def manage_address(name: str, *args: object) -> str:
    """The address of a page of staff."""
    return reverse(f"manage:{name}", args=args)
