"""Texts and pages in another language, and problems in that of the page.

``{{ hall.place|in_chinese }}``, ``{{ hit.url|written_in }}``, ``{{ hit.url|beside_page }}``, ``{% for one in problems|told %}``.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_from_path, override

from keheng.kernel.spoken import chinese_mark, in_chinese, told, what_is_wrong

register = template.Library()
register.filter(in_chinese)
register.filter(chinese_mark)
register.filter(told)
register.filter(what_is_wrong)


@register.filter
def written_in(address: str) -> str:
    """The language that an address of the site is written in."""
    return get_language_from_path(address) or settings.LANGUAGE_CODE


@register.filter
def beside_page(address: str) -> str:
    """The address in the language of the page: what is not translated stands there in Chinese, with a note."""
    language, own = get_language() or settings.LANGUAGE_CODE, written_in(address)
    if own == language:
        return address
    with override(own):
        return translate_url(address, language)
