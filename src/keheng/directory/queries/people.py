"""People and experts for lists and pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from keheng.directory.enums import ExpertState, PersonStatus
from keheng.directory.models import Affiliation, Expert, Person
from keheng.directory.models.spans import holds
from keheng.directory.rules.names import plain
from keheng.directory.rules.numbers import normal_id, normal_phone
from keheng.directory.rules.scopes import people_within
from keheng.kernel.powers import Principal
from keheng.kernel.substrings import holding
from keheng.kernel.trail.record import mark

SEE = "directory.person.see"
SEE_EXPERTS = "directory.expert.see"


def people_for(actor: Principal, on: date, permission: str = SEE) -> QuerySet[Person]:
    """People the actor reaches by a permission."""
    return Person.objects.filter(people_within(actor, permission, on))


def not_merged(records: QuerySet[Person]) -> QuerySet[Person]:
    """Without records that went into others."""
    return records.exclude(status=PersonStatus.MERGED)


def people_numbered(numbers: Iterable[str]) -> list[int]:
    """The records of people by their identity numbers, of which marks alone are compared; strangers are left out."""
    marks = {mark(normal_id(number)) for number in numbers if number}
    return list(not_merged(Person.objects.filter(id_mark__in=marks)).order_by("pk").values_list("pk", flat=True))


def people_named(records: QuerySet[Person], text: str) -> QuerySet[Person]:
    """By a whole phone or id number, which only its mark is compared with; else by part of the name."""
    marked = Person.objects.filter(Q(phone_mark=mark(normal_phone(text))) | Q(id_mark=mark(normal_id(text))))
    # Looked for first: with all else that is asked a database may not see that next to nobody is left.
    if numbered := list(marked.values_list("pk", flat=True)):
        return records.filter(pk__in=numbered)
    return holding(records, "name_plain", plain(text)) if plain(text) else records.none()


def experts_for(actor: Principal, on: date) -> QuerySet[Expert]:
    """Experts the actor reaches."""
    everyone = actor.within(SEE_EXPERTS)
    if not everyone:
        return Expert.objects.all()
    return Expert.objects.filter(person__in=people_for(actor, on, SEE_EXPERTS))


def not_left(records: QuerySet[Expert]) -> QuerySet[Expert]:
    """All but those who left the pool."""
    return records.exclude(state=ExpertState.LEFT)


def experts_named(records: QuerySet[Expert], text: str) -> QuerySet[Expert]:
    """By part of the name; a text without letters names nobody."""
    return records.filter(person__in=holding(Person.objects.all(), "name_plain", plain(text))) if plain(text) else records.none()


def experts_in_field(records: QuerySet[Expert], field: str) -> QuerySet[Expert]:
    """By a leaf or a branch of the tree of fields."""
    below = Q(fields__code=field) | Q(fields__code__startswith=f"{field}.")
    return records.filter(pk__in=Expert.objects.filter(below).values("pk"))


def affiliated_with(organisation: int, on: date) -> QuerySet[Affiliation]:
    """Posts held in an organisation on a day, with their people."""
    return Affiliation.objects.filter(holds(on), organisation=organisation).select_related("person").order_by("person__name", "pk")


def employers_of(people: Collection[int], on: date) -> list[int]:
    """Organisations in which any of the people has a post on a day, by number."""
    posts = Affiliation.objects.filter(holds(on), person__in=people)
    return sorted(set(posts.values_list("organisation", flat=True)))


def experts_of(organisation: int, on: date) -> QuerySet[Expert]:
    """Experts in the pool with a post in an organisation on a day."""
    people = Affiliation.objects.filter(holds(on), organisation=organisation).values("person")
    return Expert.objects.filter(state=ExpertState.POOL, person__in=people).select_related("person").order_by("person__name", "pk")
