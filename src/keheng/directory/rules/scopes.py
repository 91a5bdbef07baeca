"""Which records an actor reaches."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from keheng.directory.models import Affiliation
from keheng.directory.models.spans import holds
from keheng.kernel.powers import Principal, Reach


def organisations_within(actor: Principal, permission: str) -> Q:
    """Organisations that a permission reaches: the unit itself, those of the district, or all."""
    return actor.within(permission, unit="pk", district="district")


def people_within(actor: Principal, permission: str, on: date) -> Q:
    """People that a permission reaches: those with a post on that day in an organisation it reaches, or all."""
    if not (everyone := actor.within(permission)):
        return everyone
    posts = Affiliation.objects.filter(actor.within(permission, unit="organisation", district="organisation__district"), holds(on))
    return Q(pk__in=posts.values("person"))


def reaches_district(actor: Principal, permission: str, district: str) -> bool:
    """Whether a permission reaches a district as a whole, so that something new may be entered there."""
    held = [power for power in actor.powers if power.permission == permission]
    return any(power.reach is Reach.ALL or (power.reach is Reach.DISTRICT and power.district == district) for power in held)
