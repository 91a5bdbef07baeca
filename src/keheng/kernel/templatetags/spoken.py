"""``{{ hall.place|in_chinese }}``, ``{{ hit.url|written_in }}``: what a page says in another language than its own is marked as such."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language_from_path

from keheng.kernel.spoken import in_chinese

register = template.Library()
register.filter(in_chinese)


@register.filter
def written_in(address: str) -> str:
    """The language that an address of the site is written in."""
    return get_language_from_path(address) or settings.LANGUAGE_CODE
