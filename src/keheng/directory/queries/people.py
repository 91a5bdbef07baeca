"""People and experts for lists and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from keheng.directory.enums import ExpertState, PersonStatus
from keheng.directory.models import Affiliation, Expert, Person
from keheng.directory.models.spans import holds
from keheng.directory.rules.names import plain
from keheng.directory.rules.numbers import normal_id, normal_phone
from keheng.directory.rules.scopes import people_within
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import mark

SEE = "directory.person.see"
SEE_EXPERTS = "directory.expert.see"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedExperts:
    """What the list of the pool is asked for; '' asks for everything. ``field`` is a leaf or a branch of the tree."""

    text: str = ""
    field: str = ""
    state: str = ""


def people_for(actor: Principal, on: date, permission: str = SEE) -> QuerySet[Person]:
    """People the actor reaches by a permission."""
    return Person.objects.filter(people_within(actor, permission, on))


def people_matching(records: QuerySet[Person], text: str) -> QuerySet[Person]:
    """By part of the name, or by a whole phone or id number, which only its mark is compared with. Merged records are left out."""
    records = records.exclude(status=PersonStatus.MERGED)
    if text.strip():
        numbers = Q(phone_mark=mark(normal_phone(text))) | Q(id_mark=mark(normal_id(text)))
        records = records.filter((Q(name_plain__contains=plain(text)) if plain(text) else Q(pk__in=[])) | numbers)
    return records.order_by("name", "pk")


def experts_for(actor: Principal, on: date) -> QuerySet[Expert]:
    """Experts the actor reaches."""
    everyone = actor.within(SEE_EXPERTS)
    if not everyone:
        return Expert.objects.all()
    return Expert.objects.filter(person__in=people_for(actor, on, SEE_EXPERTS))


def experts_matching(records: QuerySet[Expert], wanted: WantedExperts) -> QuerySet[Expert]:
    """Those that fit; without a state asked for, all but those who left."""
    records = records.filter(state=wanted.state) if wanted.state else records.exclude(state=ExpertState.LEFT)
    if text := plain(wanted.text):
        records = records.filter(person__name_plain__contains=text)
    if wanted.field:
        below = Q(fields__code=wanted.field) | Q(fields__code__startswith=f"{wanted.field}.")
        records = records.filter(pk__in=Expert.objects.filter(below).values("pk"))
    return records.order_by("person__name", "pk")


def affiliated_with(organisation: int, on: date) -> QuerySet[Affiliation]:
    """Posts held in an organisation on a day, with their people."""
    return Affiliation.objects.filter(holds(on), organisation=organisation).select_related("person").order_by("person__name", "pk")


def experts_of(organisation: int, on: date) -> QuerySet[Expert]:
    """Experts in the pool with a post in an organisation on a day."""
    people = Affiliation.objects.filter(holds(on), organisation=organisation).values("person")
    return Expert.objects.filter(state=ExpertState.POOL, person__in=people).select_related("person").order_by("person__name", "pk")
