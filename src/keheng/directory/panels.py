"""What the directory shows on composite pages: one's own record, one's unit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.timezone import localdate

from keheng.directory.models import Person
from keheng.directory.queries.organisations import SEE, listed, organisations_for
from keheng.directory.queries.people import affiliated_with, experts_of
from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.personal.holders import keys_of
from keheng.kernel.powers import Principal


def _person(actor: Principal) -> Mapping[str, object]:
    keys = [key.removeprefix("person:") for key in keys_of(actor.account) if key.startswith("person:")]
    person = Person.objects.filter(pk__in=keys).first()
    posts = person.affiliations.filter(until=None).select_related("organisation").order_by("-since") if person else ()
    return {"person": person, "posts": posts}


def _unit(actor: Principal) -> Mapping[str, object]:
    unit, today = listed(organisations_for(actor)).get(pk=actor.unit), localdate()
    return {"unit": unit, "people": affiliated_with(unit.pk, today).count(), "experts": experts_of(unit.pk, today).count()}


register_panel(Panel("directory.person", PanelPlace.PERSONAL, "我的人员资料", 20, None, "directory/person_panel.html", _person))
register_panel(Panel("directory.unit", PanelPlace.UNIT, "单位资料", 10, SEE, "directory/unit_panel.html", _unit))
