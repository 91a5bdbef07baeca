"""Whether a hall may be kept so, shut, inspected and counted; whether a visit may be asked for and moved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.halls import AHEAD, GuideLanguage, ItemState, VisitState
from keheng.portal.enums.outreach import checklist
from keheng.portal.models import Closure, CounterReading, Guide, Hall, Inspection, Visit
from keheng.portal.rules.registrations import Attendee, person_problems

V = VisitState
# 申请→审核→排期→接待中→完成, or 取消, 未到; a request that is not agreed to is 未通过.
NEXT: Mapping[str, frozenset[str]] = {
    V.REQUESTED: frozenset({V.APPROVED, V.REFUSED, V.CANCELLED}),
    V.APPROVED: frozenset({V.SCHEDULED, V.CANCELLED}),
    V.SCHEDULED: frozenset({V.SCHEDULED, V.RECEIVING, V.NO_SHOW, V.CANCELLED}),
    V.RECEIVING: frozenset({V.DONE}),
    V.DONE: frozenset(),
    V.CANCELLED: frozenset(),
    V.NO_SHOW: frozenset(),
    V.REFUSED: frozenset(),
}
SLOT_MINUTES = range(15, 481)


@dataclass(frozen=True, slots=True, kw_only=True)
class HallFacts:
    """What is said of a hall; ``hours`` by weekday, Monday is 0."""

    code: str
    title: str
    place: str
    most_people: int
    slot_minutes: int
    hours: Mapping[int, tuple[time, time]]
    intro: str = ""
    active: bool = True
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """What a group says of itself; the contact's number is in ``contact`` and in no ``repr``."""

    contact: Attendee
    unit_title: str
    people: int
    language: str
    note: str = ""


def hall_problems(facts: HallFacts, but: int = 0) -> list[Problem]:
    """What is wrong with the facts of a hall."""
    found: list[Problem] = []
    if not facts.title.strip():
        found.append(problem("ACT_TITLE", "title"))
    if not facts.place.strip():
        found.append(problem("HALL_PLACE", "place"))
    if Hall.objects.filter(code=facts.code).exclude(pk=but).exists():
        found.append(problem("HALL_CODE", "code"))
    if facts.most_people < 1:
        found.append(problem("ACT_CAPACITY", "most_people"))
    if facts.slot_minutes not in SLOT_MINUTES:
        found.append(problem("HALL_SLOT", "slot_minutes"))
    if any(ends <= begins for begins, ends in facts.hours.values()):
        found.append(problem("HALL_HOURS", "hours"))
    return found


def closure_problems(hall: Hall, since: date, until: date, reason: str) -> list[Problem]:
    """Days the wrong way round, no reason, days that are shut already."""
    found = [] if reason.strip() else [problem("ACT_REASON", "reason")]
    if until <= since:
        return [*found, problem("HALL_CLOSURE_SPAN", "until")]
    if Closure.objects.filter(hall=hall, since__lt=until, until__gt=since).exists():
        found.append(problem("HALL_CLOSED_ALREADY", "since"))
    return found


def request_problems(hall: Hall, facts: VisitFacts) -> list[Problem]:
    """What is wrong with what a group says; whether the slot is free is another matter."""
    # Who comes with a group is its contact.
    found = [replace(one, field="contact") if one.field == "name" else one for one in person_problems(facts.contact)]
    if not facts.unit_title.strip():
        found.append(problem("VISIT_UNIT", "unit_title"))
    if not 1 <= facts.people <= hall.most_people:
        found.append(problem("VISIT_PEOPLE", "people", most=hall.most_people))
    if facts.language not in GuideLanguage.values:
        found.append(problem("VISIT_LANGUAGE", "language"))
    return found


def move_problems(visit: Visit, to: str) -> list[Problem]:
    """Whether the state may follow the present one."""
    return [] if to in NEXT[visit.state] else [problem("ACT_STATE", state=visit.get_state_display(), to=str(V(to).label))]


def guide_problems(visit: Visit, guide: Guide | None) -> list[Problem]:
    """Whether somebody can guide a visit: they speak the language and are with no other group."""
    if guide is None or not guide.active:
        return [problem("VISIT_GUIDE", "guide")]
    found = [] if visit.language in guide.languages else [problem("VISIT_GUIDE_LANGUAGE", "guide")]
    beside = Visit.objects.filter(
        guide=guide, begins_at__lt=visit.ends_at, ends_at__gt=visit.begins_at, state__in=[V.SCHEDULED, V.RECEIVING, V.DONE]
    )
    return [*found, problem("VISIT_GUIDE_BUSY", "guide")] if beside.exclude(pk=visit.pk).exists() else found


def cancelling_problems(visit: Visit) -> list[Problem]:
    """Only what is yet to come is cancelled."""
    return [] if visit.state in AHEAD else [problem("REG_STATE", state=visit.get_state_display())]


def counted_problems(counted: int) -> list[Problem]:
    """A visit of nobody did not take place."""
    return [] if counted >= 1 else [problem("VISIT_COUNTED", "counted")]


def inspection_problems(hall: Hall, day: date, items: Mapping[str, str], texts: Mapping[str, str], today: date) -> list[Problem]:
    """Every item is looked at, every defect described, each day inspected once and not ahead."""
    found: list[Problem] = []
    if Inspection.objects.filter(hall=hall, day=day).exists():
        found.append(problem("INSPECTION_TWICE", "day"))
    if day > today:
        found.append(problem("INSPECTION_AHEAD", "day"))
    for one in checklist():
        if items.get(one.code) not in ItemState.values:
            found.append(problem("INSPECTION_ITEM", one.code))
        elif items[one.code] == ItemState.DEFECT and not texts.get(one.code, "").strip():
            found.append(problem("INSPECTION_DEFECT", f"{one.code}_text"))
    return found


def reading_problems(hall: Hall, day: date, today: date) -> list[Problem]:
    """Each day is counted once and not ahead."""
    if day > today:
        return [problem("INSPECTION_AHEAD", "day")]
    return [problem("READING_TWICE", "day")] if CounterReading.objects.filter(hall=hall, day=day).exists() else []
