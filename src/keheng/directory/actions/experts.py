"""The expert pool: entry by two persons, suspension, return, leaving; facts for avoidance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.enums import AvoidanceKind, ExpertState
from keheng.directory.events import AvoidanceFactAdded, ExpertStateChanged
from keheng.directory.models import AvoidanceFact, Expert, ExpertField, Organisation, Person
from keheng.directory.rules.experts import APPROVE, application_problems, approval_problems, state_problems
from keheng.directory.rules.organisations import span_problems
from keheng.directory.rules.people import active_person_problems, sides_problems
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.trail.record import Actor, act, digest_of, record


@act("expert.apply", Refused)
def apply_expert(*, actor: Actor, person: int, title: str, fields: Iterable[str]) -> Expert:
    """Propose a person for the pool, or again after they left; whoever proposes cannot approve."""
    candidate, codes = Person.objects.select_for_update().get(pk=person), sorted(set(fields))
    present = Expert.objects.select_for_update().filter(person=candidate).first()
    if found := application_problems(candidate, codes, present):
        raise Refused(found)
    expert = present or Expert(person=candidate)
    expert.title, expert.state = title.strip(), ExpertState.APPLIED
    expert.proposed_by, expert.approved_by = actor.account, ""
    expert.entered_on = expert.left_on = None
    expert.reason = ""
    expert.save()
    expert.fields.all().delete()
    ExpertField.objects.bulk_create(ExpertField(expert=expert, code=code) for code in codes)
    open_task(
        _task(expert), kind="directory.expert", title=f"审批专家入库：{candidate.name}", url=reverse("directory:expert", args=[expert.pk]),
        permission=APPROVE, not_by=actor.account,
    )  # fmt: skip
    return _done("expert.apply", actor, expert, after={"title": expert.title, "fields": codes})


def _task(expert: Expert) -> str:
    """The key of the task to decide on an application."""
    return f"expert:{expert.pk}:approve"


@act("expert.approve", Refused)
def approve_expert(*, actor: Actor, expert: int, actor_person: int | None = None) -> Expert:
    """Let an expert into the pool; raises Refused for the proposer, and for the expert (``actor_person`` is who acts)."""
    present = _locked(expert)
    _refuse(approval_problems(present, actor, actor_person))
    present.state, present.approved_by, present.entered_on = ExpertState.POOL, actor.account, localdate()
    present.save(update_fields=["state", "approved_by", "entered_on"])
    close_task(_task(present))
    return _done("expert.approve", actor, present)


@act("expert.suspend", Refused)
def suspend_expert(*, actor: Actor, expert: int, reason: str) -> Expert:
    """Keep an expert out of panels for now; the reason stays on record."""
    present = _locked(expert)
    _refuse([*state_problems(present, "suspend"), *_reason_problems(reason)])
    present.state, present.reason = ExpertState.SUSPENDED, reason.strip()
    present.save(update_fields=["state", "reason"])
    return _done("expert.suspend", actor, present, reason)


@act("expert.resume", Refused)
def resume_expert(*, actor: Actor, expert: int) -> Expert:
    """Let a suspended expert into panels again."""
    present = _locked(expert)
    _refuse(state_problems(present, "resume"))
    present.state, present.reason = ExpertState.POOL, ""
    present.save(update_fields=["state", "reason"])
    return _done("expert.resume", actor, present)


@act("expert.leave", Refused)
def leave_pool(*, actor: Actor, expert: int, reason: str) -> Expert:
    """An expert leaves the pool, or an application is turned down or taken back."""
    present = _locked(expert)
    _refuse([*state_problems(present, "leave"), *_reason_problems(reason)])
    present.state, present.left_on, present.reason = ExpertState.LEFT, localdate(), reason.strip()
    present.save(update_fields=["state", "left_on", "reason"])
    close_task(_task(present))
    return _done("expert.leave", actor, present, reason)


@act("avoidance.add", Refused)
def add_avoidance_fact(
    *,
    actor: Actor,
    person: int,
    kind: str,
    source: str,
    since: date,
    until: date | None = None,
    organisation: int | None = None,
    other: int | None = None,
) -> AvoidanceFact:
    """Enter why a person should not judge an organisation or another person, with its source."""
    somebody = Person.objects.get(pk=person)
    unit = Organisation.objects.get(pk=organisation) if organisation is not None else None
    second = Person.objects.get(pk=other) if other is not None else None
    found = [*active_person_problems(somebody), *span_problems(since, until), *sides_problems(somebody, unit, second, source)]
    if kind not in AvoidanceKind.values:
        found.append(problem("DIR_KIND_UNKNOWN", "kind"))
    _refuse(found)
    fact = AvoidanceFact.objects.create(
        person=somebody, organisation=unit, other=second, kind=kind, source=source.strip(), since=since, until=until
    )
    after = digest_of({"organisation": organisation, "other": other, "kind": kind, "since": since, "until": until, "source": fact.source})
    record("avoidance.add", actor=actor, target=f"person:{person}", after=after)
    emit(AvoidanceFactAdded(fact.pk, person))
    return fact


def _locked(expert: int) -> Expert:
    return Expert.objects.select_for_update().get(pk=expert)


def _refuse(found: list[Problem]) -> None:
    if found:
        raise Refused(found)


def _reason_problems(reason: str) -> list[Problem]:
    return [] if reason.strip() else [problem("DIR_REASON_MISSING", "reason")]


def _done(name: str, actor: Actor, expert: Expert, reason: str = "", after: dict[str, object] | None = None) -> Expert:
    state = {"state": expert.state, "proposed_by": expert.proposed_by, "approved_by": expert.approved_by, **(after or {})}
    record(name, actor=actor, target=f"expert:{expert.pk}", after=digest_of(state), reason=reason.strip())
    emit(ExpertStateChanged(expert.pk, expert.person_id, expert.state))
    return expert
