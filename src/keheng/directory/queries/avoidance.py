"""Why experts should not judge units or people, for many pairs at once: for each what ``avoidance_between`` says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from keheng.directory.enums import relations
from keheng.directory.models import Affiliation, AvoidanceFact, Expert, Organisation, RelatedParty
from keheng.directory.models.spans import holds
from keheng.directory.queries.relations import RELATION_ZH, AvoidanceReason, facts_counting, related_units, years_before

Reasons = dict[tuple[int, int], list[AvoidanceReason]]


@dataclass(frozen=True, slots=True)
class Avoidance:
    """Reasons by (expert, unit) and by (expert, person); pairs without a reason are left out."""

    units: Mapping[tuple[int, int], list[AvoidanceReason]]
    people: Mapping[tuple[int, int], list[AvoidanceReason]]


@dataclass(slots=True)
class _Known:
    """Experts by person; for each unit those judged that it is related to, and how it is called beside each of them."""

    expert_of: dict[int, int]
    judged: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def avoidance_among(experts: Sequence[Expert], organisations: Collection[int], people: Collection[int], on: date) -> Avoidance:
    """Every fact on record for which an expert should not judge one of the units, or one of the people, on that day.

    A question for each unit's relatives, and five for all the rest, however many experts there are.
    """
    known = _Known({expert.person_id: expert.pk for expert in experts})
    related = {unit: related_units(unit, on) for unit in sorted(set(organisations))}
    numbers = {one.organisation for some in related.values() for one in some}
    names = dict(Organisation.objects.filter(pk__in=numbers).values_list("pk", "name"))
    for unit, some in related.items():
        for one in some:
            said = names[one.organisation] if one.relation == "self" else f"{names[one.organisation]}（{RELATION_ZH[one.relation]}）"
            known.judged[one.organisation].append((unit, said))
    units: Reasons = defaultdict(list)
    _posts(known, on, units)
    _facts(known, on, units)
    _parties(known, on, units)
    return Avoidance(dict(units), _between_people(known, set(people), on))


def _posts(known: _Known, on: date, found: Reasons) -> None:
    lately = Q(until__isnull=True) | Q(until__gt=years_before(on, relations().years_after_post))
    for post in Affiliation.objects.filter(lately, person__in=known.expert_of, since__lte=on).order_by("pk"):
        word = "曾任职" if post.until is not None and post.until <= on else "任职"
        for unit, said in known.judged.get(post.organisation_id, ()):
            found[known.expert_of[post.person_id], unit].append(AvoidanceReason(f"{word}于{said}", f"affiliation:{post.pk}"))


def _facts(known: _Known, on: date, found: Reasons) -> None:
    """A fact between two people binds both, whoever of them is the expert."""
    touching = Q(person__in=known.expert_of) | Q(other__in=known.expert_of)
    facts = list(AvoidanceFact.objects.filter(facts_counting(on), touching).order_by("pk"))
    others = {number for fact in facts if fact.other_id is not None for number in (fact.person_id, fact.other_id)}
    posts: dict[int, list[Affiliation]] = defaultdict(list)
    for post in Affiliation.objects.filter(holds(on), person__in=others).select_related("person").order_by("pk"):
        posts[post.person_id].append(post)
    for fact in facts:
        said_why = f"{fact.get_kind_display()}（{fact.source}）"
        if fact.organisation_id is not None:
            for unit, said in known.judged.get(fact.organisation_id, ()):
                found[known.expert_of[fact.person_id], unit].append(AvoidanceReason(f"与{said}：{said_why}", f"avoidance:{fact.pk}"))
            continue
        for mine, theirs in _both_ways(fact):
            told: set[int] = set()
            for post in posts[theirs] if mine in known.expert_of else ():
                for unit, said in known.judged.get(post.organisation_id, ()):
                    if unit not in told:
                        told.add(unit)
                        reason = AvoidanceReason(f"与{said}的{post.person.name}：{said_why}", f"avoidance:{fact.pk}")
                        found[known.expert_of[mine], unit].append(reason)


def _both_ways(fact: AvoidanceFact) -> list[tuple[int, int]]:
    """The two people of a fact, each seen from the other; nothing for a fact about a unit."""
    return [] if fact.other_id is None else [(fact.person_id, fact.other_id), (fact.other_id, fact.person_id)]


def _parties(known: _Known, on: date, found: Reasons) -> None:
    for row in RelatedParty.objects.filter(holds(on), person__in=known.expert_of).order_by("pk"):
        for unit, said in known.judged.get(row.organisation_id, ()):
            expert = known.expert_of[row.person_id] if row.person_id is not None else 0
            found[expert, unit].append(AvoidanceReason(f"与{said}：{row.get_kind_display()}（{row.source}）", f"party:{row.pk}"))


def _between_people(known: _Known, people: set[int], on: date) -> Reasons:
    """Facts between an expert and a person judged, and that they are the same."""
    found: Reasons = defaultdict(list)
    for person in sorted(people & set(known.expert_of)):
        found[known.expert_of[person], person].append(AvoidanceReason("专家本人是申报人员", f"person:{person}"))
    pairs = Q(person__in=known.expert_of, other__in=people) | Q(person__in=people, other__in=known.expert_of)
    for fact in AvoidanceFact.objects.filter(facts_counting(on), pairs).order_by("pk"):
        reason = AvoidanceReason(f"与申报人员：{fact.get_kind_display()}（{fact.source}）", f"avoidance:{fact.pk}")
        for mine, theirs in _both_ways(fact):
            if mine in known.expert_of and theirs in people:
                found[known.expert_of[mine], theirs].append(reason)
    return dict(found)
