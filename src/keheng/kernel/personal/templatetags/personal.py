"""``{% personal object "phone" %}``: the mask, with a button to ask for the value where the actor may.

It stands in a cell or a definition, not in a paragraph, which cannot hold a form. Pages that use it put ``{% personal_script %}`` into
their block ``scripts``; without a script the button leads to a page.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keheng.kernel.doors import actor_of
from keheng.kernel.personal.reveal import can_reveal, masked

register = template.Library()


@register.inclusion_tag("personal/masked.html", takes_context=True)
def personal(context: template.RequestContext, row: Model, field: str) -> dict[str, Any]:
    """The mask of a personal field, and whether to offer the value; raises KeyError for a field that is not in the catalogue."""
    shown = masked(row, field)
    label = row._meta.label  # noqa: SLF001 -- Django's public name for what a model is
    offered = bool(shown) and can_reveal(actor_of(context["request"]), label)
    return {"masked": shown, "label": label, "pk": row.pk, "field": field, "offered": offered}


@register.simple_tag
def personal_script() -> SafeString:
    """The script that reveals in place and hides again."""
    return format_html('<script type="module" src="{}"></script>', static("personal/reveal.js"))
