"""What the directory shows on composite pages: one's own record, one's unit; organisations in the palette."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.models import Organisation, Person
from keheng.directory.queries.organisations import SEE, listed, organisations_for
from keheng.directory.queries.people import affiliated_with, experts_of
from keheng.kernel.desk.palette import Entry, register_source
from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.personal.holders import keys_of
from keheng.kernel.powers import Principal

_MOST, _LEAST_TYPED = 5, 2


def _person(actor: Principal) -> Mapping[str, object]:
    keys = [key.removeprefix("person:") for key in keys_of(actor.account) if key.startswith("person:")]
    person = Person.objects.filter(pk__in=keys).first()
    posts = person.affiliations.filter(until=None).select_related("organisation").order_by("-since") if person else ()
    return {"person": person, "posts": posts}


def _unit(actor: Principal) -> Mapping[str, object]:
    unit, today = listed(organisations_for(actor)).get(pk=actor.unit), localdate()
    return {"unit": unit, "people": affiliated_with(unit.pk, today).count(), "experts": experts_of(unit.pk, today).count()}


def _beginning(actor: Principal, text: str) -> list[Entry]:
    """Organisations whose name or code begins with what was typed: a range of an index, however many there are."""
    if len(text) < _LEAST_TYPED or not actor.may(SEE):
        return []
    rows = organisations_for(actor).exclude(status="merged")
    named = rows.filter(name__gte=text, name__lt=f"{text}\U0010ffff").order_by("name", "pk")
    coded = rows.filter(credit_code__gte=text.upper(), credit_code__lt=f"{text.upper()}~").order_by("credit_code")
    found = [*named.only("name")[:_MOST], *coded.only("name")[:_MOST]]
    return [_entry(one) for one in found]


def _entry(one: Organisation) -> Entry:
    return Entry(one.name, reverse("directory:organisation", args=[one.pk]), "单位", "building-2")


register_panel(Panel("directory.person", PanelPlace.PERSONAL, "我的人员资料", 20, None, "directory/person_panel.html", _person))
register_panel(Panel("directory.unit", PanelPlace.UNIT, "单位资料", 10, SEE, "directory/unit_panel.html", _unit))
register_source(_beginning)
