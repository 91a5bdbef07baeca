"""Who stands above, below and beside whom, through any number of steps; and why an expert should not judge somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import connection
from django.db.models import Q

from keheng.directory.enums import AvoidanceKind, kinds, relations
from keheng.directory.models import Affiliation, AvoidanceFact, Expert, Organisation, RelatedParty
from keheng.directory.models.spans import holds
from keheng.directory.rules.above import UP

Naming = Callable[[int], str]
Relation = Literal["self", "above", "below", "beside"]
RELATION_ZH: dict[Relation, str] = {"self": "本单位", "above": "上级或控制方", "below": "下级或被控制方", "beside": "同一上级或控制方之下"}

# An edge leads from the lower unit to the one above it: its parent, who holds enough of it, and the record it was merged into.
_EDGES = (
    "edge(lower, upper) AS (SELECT id, parent_id FROM directory_organisation WHERE parent_id IS NOT NULL "
    "UNION ALL SELECT id, merged_into_id FROM directory_organisation WHERE merged_into_id IS NOT NULL "
    "UNION ALL SELECT controlled_id, owner_id FROM directory_control "
    "WHERE since <= %s AND (until IS NULL OR until > %s) AND (share IS NULL OR share >= %s))"
)
_OWN = "own(id) AS (SELECT CAST(%s AS bigint) UNION SELECT edge.lower FROM own JOIN edge ON edge.upper = own.id)"
_BESIDE = (
    "beside(id) AS (SELECT up.id FROM up JOIN directory_organisation o ON o.id = up.id WHERE o.kind NOT IN ({loose}) "
    "UNION SELECT edge.lower FROM beside JOIN edge ON edge.upper = beside.id)"
)
_RANKED = (
    "SELECT id, min(rank) FROM (SELECT id, 1 AS rank FROM up UNION ALL SELECT id, 2 FROM own UNION ALL SELECT id, 3 FROM beside) found "
    "GROUP BY id ORDER BY 2, 1"
)


@dataclass(frozen=True, slots=True)
class RelatedUnit:
    """A unit and how it stands to the one asked about."""

    organisation: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class AvoidanceReason:
    """Why an expert should not judge a unit: in words, with the record it comes from as ``kind:id``."""

    zh: str
    fact: str


def related_units(organisation: int, on: date) -> list[RelatedUnit]:
    """Units related to one on a day, itself first: all above it, all below it, and all below those above it.

    A holding counts from the share in ``relations.json`` on, control without a share always. Units below the same public
    authority are not related by that alone (the flag ``binds`` in ``kinds.json``).
    """
    day, loose = connection.ops.adapt_datefield_value(on), [kind.code for kind in kinds().values() if not kind.binds]
    places = ", ".join(["%s"] * len(loose)) or "''"
    # Only the number of placeholders is put in; the values are handed over apart.
    statement = f"WITH RECURSIVE {_EDGES}, {UP}, {_OWN}, {_BESIDE.format(loose=places)} {_RANKED}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [day, day, relations().share_from, organisation, organisation, *loose])
        rows = cursor.fetchall()
    names: dict[int, Relation] = {1: "above", 2: "below", 3: "beside"}
    found = [RelatedUnit(number, names[rank]) for number, rank in rows if number != organisation]
    return [RelatedUnit(organisation, "self"), *found] if rows else []


def avoidance_between(expert: Expert, organisation: int, on: date) -> list[AvoidanceReason]:
    """Every fact on record for which the expert should not judge the unit on that day; empty when none is known.

    Facts about the unit, a related unit, or a person with a post in one of them; the expert's own posts there, past ones for some
    years; related parties.
    """
    related = {one.organisation: one.relation for one in related_units(organisation, on)}
    names = dict(Organisation.objects.filter(pk__in=related).values_list("pk", "name"))

    def unit(number: int) -> str:
        relation = related[number]
        return names[number] if relation == "self" else f"{names[number]}（{RELATION_ZH[relation]}）"

    return [
        *_posts(expert, related, on, unit),
        *_declared(expert, related, on, unit),
        *_parties(expert, related, on, unit),
    ]


def _posts(expert: Expert, related: Iterable[int], on: date, unit: Naming) -> list[AvoidanceReason]:
    posts = Affiliation.objects.filter(person=expert.person_id, organisation__in=related, since__lte=on)
    posts = posts.filter(Q(until__isnull=True) | Q(until__gt=years_before(on, relations().years_after_post)))
    return [
        AvoidanceReason(
            f"{'曾任职' if post.until is not None and post.until <= on else '任职'}于{unit(post.organisation_id)}", f"affiliation:{post.pk}"
        )
        for post in posts.order_by("pk")
    ]


def _declared(expert: Expert, related: Iterable[int], on: date, unit: Naming) -> list[AvoidanceReason]:
    there = Affiliation.objects.filter(holds(on), organisation__in=related)
    facts = AvoidanceFact.objects.filter(facts_counting(on)).select_related("person", "other")
    # A fact between two people binds both, whoever of them is the expert.
    own = facts.filter(person=expert.person_id).filter(Q(organisation__in=related) | Q(other__in=there.values("person")))
    turned = facts.filter(other=expert.person_id, person__in=there.values("person"))
    found: list[AvoidanceReason] = []
    for fact in own.union(turned).order_by("id"):
        if fact.organisation_id is not None:
            whom = unit(fact.organisation_id)
        else:
            number = fact.other_id if fact.person_id == expert.person_id else fact.person_id
            post = there.filter(person=number).select_related("person").order_by("pk").first()
            whom = f"{unit(post.organisation_id)}的{post.person.name}" if post else ""
        found.append(AvoidanceReason(f"与{whom}：{fact.get_kind_display()}（{fact.source}）", f"avoidance:{fact.pk}"))
    return found


def _parties(expert: Expert, related: Iterable[int], on: date, unit: Naming) -> list[AvoidanceReason]:
    rows = RelatedParty.objects.filter(holds(on), person=expert.person_id, organisation__in=related)
    return [
        AvoidanceReason(f"与{unit(row.organisation_id)}：{row.get_kind_display()}（{row.source}）", f"party:{row.pk}")
        for row in rows.order_by("pk")
    ]


def facts_counting(on: date) -> Q:
    """Facts for avoidance that count on a day: those that hold, and work done together that ended not long ago.

    A project lasts until its end, a publication is of the day it begins; each counts for the years in ``relations.json`` from then on.
    """
    since = years_before(on, relations().years_together)
    together = Q(kind__in=[AvoidanceKind.PROJECT, AvoidanceKind.PAPER], since__lte=on)
    lately = Q(until__gt=since) | Q(kind=AvoidanceKind.PROJECT, until=None) | Q(kind=AvoidanceKind.PAPER, since__gt=since)
    return (holds(on) & ~Q(kind=AvoidanceKind.PAPER)) | (together & lately)


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
