"""A case moves: state, event, clocks, tasks, papers, messages and the audit entry in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.errors import Problem, Refused, attempt, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.matters.actions.calls import give_back, take_names, take_places
from keheng.matters.actions.keeping import keep
from keheng.matters.actions.known import with_shared_facts
from keheng.matters.actions.papers import issue, revoke
from keheng.matters.actions.telling import case_title, sentences, tell_applicant, tell_tasks
from keheng.matters.enums import End
from keheng.matters.events import CaseEnded, CaseMoved
from keheng.matters.models import Case, CaseEvent, Correction, Party
from keheng.matters.queries.calls import allowance, quota_problems
from keheng.matters.queries.cases import Loaded, applied_on, given_by, loaded, world_of
from keheng.matters.rules.acting import may_see, roles_of
from keheng.matters.rules.files.parts import Move
from keheng.matters.rules.files.points import bound
from keheng.matters.rules.flow.situation import Made, Wish, hindrances, is_late, lapsed, moved, speaking_as
from keheng.matters.rules.form.asked import answers_of_move

SERIES = "BJ"
LATE = "late"


@dataclass(frozen=True, slots=True)
class MoveWish:
    """A move as a page asks for it: its name, the version that was seen, answers as typed, the opinion, whether it was signed."""

    do: str
    seen: int
    typed: Mapping[str, Any] = field(default_factory=dict)
    opinion: str = ""
    signed: bool = False


def locked(case: int) -> Case:
    """The case under a lock; raises Refused when there is none."""
    row = Case.objects.select_related("edition").select_for_update(of=("self",)).filter(pk=case).first()
    if row is None:
        raise Refused(problem("MATTER_CASE_GONE"))
    return row


@act("case.move", Refused)
def move_case(*, actor: Principal, case: int, wish: MoveWish) -> Case:
    """Make a move; raises Refused with everything that stands in its way."""
    one = loaded(locked(case))
    givers = given_by(actor.account, localdate())
    if not may_see(actor, one.case, one.matter, givers):
        raise Refused(problem("MATTER_CASE_GONE"))
    if one.case.version != wish.seen:
        raise Refused(problem("MATTER_MOVED_MEANWHILE"))
    move = one.matter.move(one.at.state, wish.do)
    roles = roles_of(actor, one.case, one.matter, givers)
    if move is not None and move.complete:
        one = with_shared_facts(one)
        _name_colleagues(one)
    step, world = _step_of(actor, one, move, roles, wish), world_of(one)
    day = applied_on(one.case) or localdate()
    places = quota_problems(one.case, one.matter, move, one.at.answers, day)
    found = [*_unknown_colleagues(one, move), *hindrances(one.matter, one.at, step, world), *places]
    if found or move is None:
        raise Refused(found)
    made = moved(one.matter, one.at, step, world)
    return _carried(actor, one, move, step, made, roles)


def _step_of(actor: Principal, one: Loaded, move: Move | None, roles: Mapping[str, str], wish: MoveWish) -> Wish:
    asked: dict[str, Any] = {}
    if move is not None and move.ask:
        asked = answers_of_move(one.matter, move, {**wish.typed, **_facts_for(one, move)}, one.at.answers, localdate())
    waiting = Correction.objects.filter(case=one.case, told=None).count() if move is not None and move.correct else 0
    return Wish(wish.do, actor.account, frozenset(roles), asked, wish.opinion.strip(), waiting, wish.signed)


def _facts_for(one: Loaded, move: Move) -> dict[str, Any]:
    """What registered functions answer for a move, whatever was typed; nothing where nobody has bound one."""
    asked = {field.id: bound("facts", field.fact) for field in move.ask if field.fact is not None}
    return {name: function(one.case.pk) if function is not None else None for name, function in asked.items()}


def _name_colleagues(one: Loaded) -> None:
    """The accounts behind the colleagues that the form names."""
    named = {name: str(one.at.answers.get(role.named, "")) for name, role in one.matter.roles.items() if role.named is not None}
    one.case.named = {name: accounts().find(login) for name, login in named.items() if login}


def _note_parties(case: Case) -> None:
    """Colleagues named in the form find the case in their lists; those who were named before still do."""
    Party.objects.bulk_create([Party(case=case, account=one) for one in sorted(set(case.named.values()))], ignore_conflicts=True)


def _unknown_colleagues(one: Loaded, move: Move | None) -> list[Problem]:
    if move is None or not move.complete:
        return []
    found = []
    for name, role in one.matter.roles.items():
        if role.named is None or not one.at.answers.get(role.named):
            continue
        account = one.case.named.get(name, "")
        if not account:
            found.append(problem("MATTER_COLLEAGUE", role.named, login=one.at.answers[role.named]))
        elif account == one.case.applicant:
            found.append(problem("MATTER_COLLEAGUE_SELF", role.named))
    return found


def _carried(actor: Actor, one: Loaded, move: Move, step: Wish, made: Made, roles: Mapping[str, str]) -> Case:
    case, matter, before, after = one.case, one.matter, one.at, made.situation
    seen, submits = case.version, move.complete and case.submitted_at is None
    role = speaking_as(move, before, step.roles) or ""
    signature = digest_of({"case": case.pk, "version": seen, "do": move.do, "answers": before.answers}) if move.sign else ""
    keep(case, matter, before, after, seen)
    if submits:
        year = localdate().year
        case.number, case.submitted_at = written(SERIES, year, draw("matters.case", year)), now()
    if submits or move.complete:
        Case.objects.filter(pk=case.pk).update(number=case.number, submitted_at=case.submitted_at, named=case.named)
        _note_parties(case)
        take_names(case, matter, before.answers, localdate(case.submitted_at))
    if move.takes is not None:
        take_places(matter, allowance(matter, move.takes, case.unit_id, case.district, before.answers, localdate(case.submitted_at)))
    sealed = {one.id for one in matter.by_id.values() if one.sealed}
    given = step.asked or (before.answers if move.complete else {})
    event = CaseEvent.objects.create(
        case=case, version=case.version, at=now(), do=move.do, title=move.title, by=actor.account, role=role,
        instead_of=roles.get(role, ""), before=before.state, after=after.state, opinion=step.opinion,
        given={name: value for name, value in given.items() if name not in sealed}, signature=signature,
    )  # fmt: skip
    told = _tell_corrections(case, event) if move.correct else []
    papers = _follow(actor, one, made, [*([] if made.agreed_only else move.outputs)], event)
    if move.revoke and not made.agreed_only:
        revoke(case, move.revoke, step.opinion)
    if not made.agreed_only:
        said = [move.tell, *told, *sentences(matter, before, after), *papers]
        body = "\n".join(filter(None, [*said, f"意见：{step.opinion}" if step.opinion and move.tell else ""]))
        if actor.account != case.applicant and (move.tell or told or before.state != after.state):
            tell_applicant(case, case_title(case), body)
        effect = bound("effects", move.effect) if move.effect else None
        if effect is not None:
            effect(actor=actor, case=case.pk)
    return case


def _follow(actor: Actor, one: Loaded, made: Made, outputs: Sequence[str], event: CaseEvent) -> list[str]:
    """What every change of state brings: papers, tasks, the audit entry, the event. Returns what is told of the papers."""
    case, matter, after = one.case, one.matter, made.situation
    arriving = [name for state in made.through for name in matter.state_of[state].outputs]
    issued = issue(case, matter, after, [*outputs, *arriving])
    tell_tasks(case, matter, one.at, after)
    record(
        "case.move", actor=actor, target=f"case:{case.pk}", before=digest_of({"state": one.at.state, "version": case.version - 1}),
        after=digest_of({"state": after.state, "version": case.version, "do": event.do, "answers": after.answers}), reason=event.do,
    )  # fmt: skip
    if one.at.state != after.state:
        emit(CaseMoved(case.pk, case.matter, event.do, one.at.state, after.state, case.std, case.end))
        if case.end:
            if case.end != End.GRANTED:
                give_back(case)
            emit(CaseEnded(case.pk, case.matter, case.end))
    return [f"文书《{one.title}》已发出，可以在办件页下载。" for one in issued]


def _tell_corrections(case: Case, event: CaseEvent) -> list[str]:
    """All collected corrections at once: they are told in this event and never again."""
    rows = list(Correction.objects.filter(case=case, told=None).order_by("pk"))
    Correction.objects.filter(pk__in=[row.pk for row in rows]).update(told=event)
    return [f"{number}. {row.text}" for number, row in enumerate(rows, 1)]


def lapse_case(*, case: int) -> bool:
    """The term of a case's state is over: it goes where the file says; whether it did. Safe to be called again."""
    return not attempt(lambda: _lapse(actor=SYSTEM, case=case))


@act("case.lapse", Refused)
def _lapse(*, actor: Actor, case: int) -> None:
    one = loaded(locked(case))
    if not is_late(one.matter, one.at, world_of(one)):
        raise Refused(problem("MATTER_NOT_LATE"))
    made = lapsed(one.matter, one.at, localdate())
    keep(one.case, one.matter, one.at, made.situation, one.case.version)
    event = CaseEvent.objects.create(
        case=one.case, version=one.case.version, at=now(), do=LATE, title="逾期自动办理", by=actor.account, before=one.at.state,
        after=made.situation.state,
    )  # fmt: skip
    papers = _follow(actor, one, made, [], event)
    tell_applicant(one.case, case_title(one.case), "\n".join([*sentences(one.matter, one.at, made.situation), *papers]))


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one case of a batch."""

    case: int
    problems: tuple[Problem, ...]


def move_many(*, actor: Principal, cases: Mapping[int, int], wish: MoveWish) -> list[BatchResult]:
    """The same move of several cases, by number and the version that was seen: each is an act of its own with its own result."""

    def one(case: int, seen: int) -> tuple[Problem, ...]:
        return attempt(lambda: move_case(actor=actor, case=case, wish=replace(wish, seen=seen)))

    return [BatchResult(case, one(case, seen)) for case, seen in cases.items()]
