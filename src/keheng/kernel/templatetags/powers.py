"""``{% if request|may:"access.grants.decide" %}``: what cells of lists, which have no frame around them, ask of the actor."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from keheng.kernel.doors import actor_of

register = template.Library()


@register.filter
def may(request: HttpRequest, permission: str) -> bool:
    """Whether the actor holds a permission."""
    return actor_of(request).may(permission)
