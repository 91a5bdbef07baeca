"""Halls are set up and shut; every day they are inspected and their visitors counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localdate

from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.hall_visits import cancel_visit
from keheng.portal.actions.publishing import show_hall
from keheng.portal.enums.halls import AHEAD, GuideLanguage, ItemState
from keheng.portal.models import AcceptanceCheck, Closure, CounterReading, Defect, Guide, Hall, Inspection, OpeningHours, Visit
from keheng.portal.queries.halls import registered_on
from keheng.portal.rules.halls import HallFacts, closure_problems, hall_problems, inspection_problems, reading_problems


@act("hall.make", Refused)
def make_hall(*, actor: Actor, facts: HallFacts) -> Hall:
    """A new hall with its opening times."""
    if found := hall_problems(facts):
        raise Refused(found)
    made = Hall.objects.create(**_columns(facts))
    _set_up(actor, made, facts, "hall.make")
    return made


@act("hall.change", Refused)
def change_hall(*, actor: Actor, hall: int, facts: HallFacts) -> Hall:
    """Another text, other times; visits that are booked stay."""
    row = Hall.objects.select_for_update().get(pk=hall)
    if found := hall_problems(facts, but=hall):
        raise Refused(found)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.save()
    _set_up(actor, row, facts, "hall.change")
    return row


def _set_up(actor: Actor, row: Hall, facts: HallFacts, name: str) -> None:
    row.hours.all().delete()
    OpeningHours.objects.bulk_create(
        [OpeningHours(hall=row, weekday=day, begins=begins, ends=ends) for day, (begins, ends) in sorted(facts.hours.items())]
    )
    show_hall(row)
    record(name, actor=actor, target=f"hall:{row.pk}", after=digest_of({"title": row.title, "active": row.active}))


@act("hall.close", Refused)
def close_hall(*, actor: Actor, hall: int, since: date, until: date, reason: str) -> tuple[Closure, int]:
    """Shut a hall on days ``[since, until)``; groups that had booked are told and how many these were."""
    row = Hall.objects.select_for_update().get(pk=hall)
    if found := closure_problems(row, since, until, reason):
        raise Refused(found)
    made = Closure.objects.create(hall=row, since=since, until=until, reason=reason.strip()[:200], by=actor.account)
    begin, end = (datetime.combine(day, time(), get_current_timezone()) for day in (since, until))
    booked = Visit.objects.filter(hall=row, begins_at__gte=begin, begins_at__lt=end, state__in=sorted(AHEAD))
    numbers = list(booked.order_by("begins_at").values_list("pk", flat=True))
    for number in numbers:
        cancel_visit(actor=actor, visit=number, reason=made.reason)
    record("hall.close", actor=actor, target=f"hall:{hall}", after=digest_of({"since": since, "until": until}), reason=made.reason)
    return made, len(numbers)


@act("hall.reopen", Refused)
def reopen_hall(*, actor: Actor, closure: int) -> None:
    """End a closure today, or take it back where it has not begun; what was shut stays on the record."""
    row, today = Closure.objects.select_for_update().get(pk=closure), localdate()
    if row.until <= today:
        raise Refused(problem("HALL_CLOSURE_OVER"))
    if row.since >= today:
        row.delete()
    else:
        row.until = today
        row.save(update_fields=["until"])
    record("hall.reopen", actor=actor, target=f"hall:{row.hall_id}", before=digest_of({"since": row.since, "until": row.until}))


@act("hall.inspect", Refused)
def inspect_hall(*, actor: Actor, hall: int, day: date, items: Mapping[str, str], texts: Mapping[str, str]) -> Inspection:
    """Note the inspection of a day; every defect stays open until it is mended."""
    row = Hall.objects.get(pk=hall)
    if found := inspection_problems(row, day, items, texts, localdate()):
        raise Refused(found)
    try:
        with transaction.atomic():
            made = Inspection.objects.create(hall=row, day=day, items=dict(items), by=actor.account)
    except IntegrityError:
        raise Refused(problem("INSPECTION_TWICE", "day")) from None
    wrong = [code for code, state in items.items() if state == ItemState.DEFECT]
    Defect.objects.bulk_create([Defect(inspection=made, item=code, text=texts[code].strip()[:200]) for code in wrong])
    record("hall.inspect", actor=actor, target=f"hall:{hall}", after=digest_of({"day": day, "items": dict(items)}))
    return made


@act("hall.mend", Refused)
def mend_defect(*, actor: Actor, defect: int) -> Defect:
    """A defect is mended."""
    row = Defect.objects.select_for_update().get(pk=defect)
    if row.fixed_on is not None:
        raise Refused(problem("DEFECT_MENDED"))
    row.fixed_on, row.fixed_by = localdate(), actor.account
    row.save(update_fields=["fixed_on", "fixed_by"])
    record("hall.mend", actor=actor, target=f"defect:{row.pk}")
    return row


@act("hall.count", Refused)
def read_counter(*, actor: Actor, hall: int, day: date, counted: int, note: str = "") -> CounterReading:
    """Note the heads counted at the door on a day, beside those of the groups; they may differ, and both stay."""
    row = Hall.objects.get(pk=hall)
    if found := reading_problems(row, day, localdate()):
        raise Refused(found)
    try:
        with transaction.atomic():
            made = CounterReading.objects.create(
                hall=row, day=day, counted=counted, registered=registered_on(row, day), note=note.strip()[:200], by=actor.account
            )
    except IntegrityError:
        raise Refused(problem("READING_TWICE", "day")) from None
    record("hall.count", actor=actor, target=f"hall:{hall}", after=digest_of({"day": day, "counted": counted}))
    return made


@act("hall.accept", Refused)
def note_acceptance(*, actor: Actor, hall: int, day: date, subject: str, passed: bool, note: str = "") -> AcceptanceCheck:
    """Note whether work on a hall was accepted."""
    if day > localdate():
        raise Refused(problem("INSPECTION_AHEAD", "day"))
    made = AcceptanceCheck.objects.create(
        hall_id=hall, day=day, subject=subject.strip(), passed=passed, note=note.strip(), by=actor.account
    )
    record("hall.accept", actor=actor, target=f"hall:{hall}", after=digest_of({"subject": made.subject, "passed": passed}))
    return made


@act("guide.save", Refused)
def save_guide(*, actor: Actor, name: str, languages: Sequence[str], account: str = "", active: bool = True, guide: int = 0) -> Guide:
    """A guide, new or changed."""
    found = [] if name.strip() else [problem("REG_NAME", "name", most=60)]
    if not languages or not set(languages) <= set(GuideLanguage.values):
        found.append(problem("VISIT_LANGUAGE", "languages"))
    if account and Guide.objects.filter(account=account).exclude(pk=guide).exists():
        found.append(problem("GUIDE_ACCOUNT", "account"))
    if found:
        raise Refused(found)
    facts: dict[str, Any] = {"name": name.strip(), "languages": sorted(languages), "account": account, "active": active}
    row = Guide.objects.filter(pk=guide).first() or Guide()
    for field, value in facts.items():
        setattr(row, field, value)
    row.save()
    record("guide.save", actor=actor, target=f"guide:{row.pk}", after=digest_of({"languages": row.languages, "active": active}))
    return row


def _columns(facts: HallFacts) -> dict[str, Any]:
    return {
        "code": facts.code, "title": facts.title.strip(), "place": facts.place.strip(), "most_people": facts.most_people,
        "slot_minutes": facts.slot_minutes, "intro": facts.intro.strip(), "active": facts.active, "translations": dict(facts.translations),
    }  # fmt: skip
