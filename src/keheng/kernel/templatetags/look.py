"""``{% icon "search" %}``, ``{% chart figures %}``, ``{% qr address %}``, and parts of addresses kept while others change."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

import segno
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keheng.kernel.charts import Chart

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration, with one it speaks."""
    address = static("vendor/icons.svg")
    if label:
        return format_html('<svg class="k-icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, address, name)
    return format_html('<svg class="k-icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name)


@register.inclusion_tag("kernel/chart.html")
def chart(figures: Chart) -> Mapping[str, object]:
    """A drawing with its table behind it."""
    return {"chart": figures}


@register.simple_tag
def qr(address: str, label: str = "") -> SafeString:
    """An address as a QR code, drawn as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    drawing = SafeString(drawn.getvalue().decode().strip())
    return format_html('<span class="k-qr" role="img" aria-label="{}">{}</span>', label or address, drawing)
