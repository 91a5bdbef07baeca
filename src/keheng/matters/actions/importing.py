"""Many cases from a sheet: checked as the form checks them, told row by row, written all at once or row by row, by a job."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate, now

from keheng.directory.service import organisations_for
from keheng.kernel.accounts import accounts
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.powers import Principal
from keheng.kernel.spreadsheets import Fault, Import, Row, Sheet, error_sheet, read_rows
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.growing import Begun, Grown, Step, enter_cases, grow
from keheng.matters.models import CaseImport, QuotaUse, Taken
from keheng.matters.queries.calls import Allowance, allowance, already_taken
from keheng.matters.rules.calls import Wanted, call_of, inner_problems, taken_problem, wanted
from keheng.matters.rules.files.parts import Matter, Move
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.flow.situation import closed_now
from keheng.matters.rules.form.answers import Facts, eligibility_problems, facts_of, material_problems, problems_of, settled, take
from keheng.matters.rules.importing import IMPORT, UNIT, comes_by_sheets, sheet_of, typed_of

JOB = "matters.import"
MOST_BYTES = 10 << 20
_TELL_EVERY, _CHUNK, _TRIES = 250, 500, 5
_KEPT = timedelta(days=7)
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that cases are brought in for."""

    pk: int
    name: str
    district: str


@dataclass(slots=True)
class Entry:
    """A row that reads well: whose it is, its answers, and what it takes."""

    row: Row
    unit: Unit
    typed: Mapping[str, Any]
    answers: Mapping[str, Any]
    facts: Facts
    asked: Wanted


@dataclass(slots=True)
class Checked:
    """A sheet with everything that is wrong in it; ``entries`` are its good rows, ``known`` those that were brought in before."""

    outcome: Import
    entries: list[Entry] = field(default_factory=list)
    known: int = 0
    taking: dict[Key, tuple[Allowance, int]] = field(default_factory=dict)


@act("case.import.begin", Refused)
def begin_import(*, actor: Principal, matter: str, name: str, data: bytes, partly: bool) -> CaseImport:
    """Take a sheet in; a job works it off. Raises Refused for what can be said before it is read."""
    read, found = in_force(matter, localdate()), []
    if read is None or not comes_by_sheets(read.matter) or not actor.may(IMPORT):
        raise Refused(problem("MATTER_IMPORT_NONE"))
    if len(data) > MOST_BYTES:
        found.append(problem("MATTER_IMPORT_BIG", "file", most=MOST_BYTES >> 20))
    found += closed_now(read.matter, localdate())
    if CaseImport.objects.filter(account=actor.account, matter=matter, ended_at=None).exists():
        found.append(problem("MATTER_IMPORT_RUNNING"))
    if found:
        raise Refused(found)
    row = CaseImport.objects.create(
        matter=matter, account=actor.account, unit_id=int(actor.unit) if actor.unit else None, name=name[:200],
        sheet=b64encode(data).decode(), partly=partly, at=now(),
    )  # fmt: skip
    enqueue(JOB, {"import": row.pk})
    record("case.import.begin", actor=actor, target=f"import:{row.pk}", after=digest_of({"matter": matter, "partly": partly}))
    return row


def run_import(pk: int) -> None:
    """Work a sheet off. Rows that came in before are passed over, so that doing it again after a crash goes on where it ended."""
    for _ in range(_TRIES):
        # Others took the same student, code or place meanwhile: checked again, that is told in its row.
        with suppress(IntegrityError, Refused):
            _work_off(pk)
            return
    _work_off(pk)


def _work_off(pk: int) -> None:
    one = CaseImport.objects.get(pk=pk)
    read = in_force(one.matter, localdate())
    if one.ended_at is not None or read is None:
        return
    actor = accounts().principal(one.account, str(one.unit_id or ""))
    data, sheet = b64decode(one.sheet), sheet_of(read.matter, many_units=one.unit_id is None)
    try:
        checked = check_sheet(
            actor, read.matter, one.unit_id, data, told=lambda done, rows: _tell(pk, CaseImport.State.CHECKING, done, rows)
        )
    except Refused as refused:
        _end(pk, CaseImport.State.REFUSED, refusal="\n".join(f"{each.zh}：{each.remedy_zh}" for each in refused.problems))
        return
    faults = checked.outcome.problems
    good = checked.entries if one.partly or not faults else []
    _tell(pk, CaseImport.State.WRITING, 0, len(good))
    size = _CHUNK if one.partly else max(1, len(good))
    for begin in range(0, len(good), size):
        some = good[begin : begin + size]
        with transaction.atomic():
            write_entries(actor=actor, target=f"import:{pk}", read=read, entries=some)
            CaseImport.objects.filter(pk=pk).update(made=F("made") + len(some))
        _tell(pk, CaseImport.State.WRITING, begin + len(some), len(good))
    answer = b64encode(error_sheet(data, sheet, checked.outcome)).decode() if faults else ""
    state = CaseImport.State.DONE if not faults or one.partly else CaseImport.State.REFUSED
    # What an earlier try of this sheet brought in is new, not known.
    rows, known = len(checked.outcome.rows), checked.known - one.made
    _end(pk, state, known=known, rows=rows, faulty=len({each.row for each in faults}), answer=answer)


def _tell(pk: int, state: str, done: int, rows: int) -> None:
    CaseImport.objects.filter(pk=pk).update(state=state, done=done, rows=rows)


def _end(pk: int, state: str, **facts: Any) -> None:
    row = CaseImport.objects.get(pk=pk)
    for name, value in {**facts, "state": state, "sheet": "", "ended_at": now()}.items():
        setattr(row, name, value)
    row.save()


@act("export.import", ())
def fetch_answer(*, actor: Principal, row: CaseImport) -> bytes:
    """The sheet that comes back: it holds what the sender typed, with every fault."""
    record("export.import", actor=actor, target=f"import:{row.pk}", after=digest_of({"faulty": row.faulty}))
    return b64decode(row.answer)


def forget_answers() -> int:
    """Empty error sheets that nobody needs any more; how many."""
    rows = CaseImport.objects.filter(ended_at__lt=now() - _KEPT, forgotten=False)
    return rows.update(answer="", forgotten=True)


def check_sheet(actor: Principal, matter: Matter, unit: int | None, data: bytes, *, told: Callable[[int, int], None]) -> Checked:
    """Everything wrong with a sheet, row by row; raises Refused when it cannot be read at all."""
    sheet, today = sheet_of(matter, many_units=unit is None), localdate()
    outcome = read_rows(data, sheet)
    checked = Checked(outcome)
    faulty, units = {one.row for one in outcome.problems}, _units(actor, unit, outcome.rows)
    some, faults = list(_read(matter, [row for row in outcome.rows if row.number not in faulty], units, today)), list(outcome.problems)
    call = call_of(matter, today)
    taken = already_taken(matter.id, call, (value for one in some for _kind, value in one.asked))
    strange = [row for row in outcome.rows if row.number not in faulty and _of(row, unit) not in units]
    faults += [_fault(sheet, outcome, row, problem("MATTER_IMPORT_UNIT", UNIT)) for row in strange]
    first: dict[tuple[str, str], int] = {}
    move = entering(matter)
    for number, one in enumerate(some, 1):
        if number % _TELL_EVERY == 0:
            told(number, len(some))
        if any(kind == Taken.Kind.CODE and (kind, value) in taken for kind, value in one.asked):
            checked.known += 1
            continue
        found = _problems(matter, one)
        for key, name in one.asked.items():
            if key in taken:
                found.append(taken_problem(matter, key[0], name, call))
            elif first.setdefault(key, one.row.number) != one.row.number:
                found.append(problem("MATTER_IMPORT_TWICE", name, label=matter.by_id[name].label, row=first[key]))
        found += [] if found else _quota(matter, move, one, checked, today)
        faults += [_fault(sheet, outcome, one.row, each) for each in found]
        if not found:
            checked.entries.append(one)
    checked.outcome = replace(outcome, problems=tuple(sorted(faults, key=lambda fault: fault.row)))
    return checked


def entering(matter: Matter) -> Move:
    """The move that hands a case in."""
    return next(move for move in matter.start.moves if move.complete)


def _of(row: Row, unit: int | None) -> str:
    return str(row.values.get(UNIT)) if unit is None else ""


def _units(actor: Principal, unit: int | None, rows: Sequence[Row]) -> dict[str, Unit]:
    """The units of the rows within the actor's reach, by credit code; the one that is acted for stands under ''."""
    reached = organisations_for(actor).filter(status="active")
    if unit is not None:
        return dict.fromkeys([""], Unit(*reached.values_list("pk", "name", "district").get(pk=unit)))
    reached = reached.filter(actor.within(IMPORT, unit="pk", district="district"))
    codes = sorted({_of(row, None) for row in rows})
    found: dict[str, Unit] = {}
    for begin in range(0, len(codes), _CHUNK):
        some = reached.filter(credit_code__in=codes[begin : begin + _CHUNK])
        found |= {
            str(code): Unit(pk, name, district) for code, pk, name, district in some.values_list("credit_code", "pk", "name", "district")
        }
    return found


def _read(matter: Matter, rows: Sequence[Row], units: Mapping[str, Unit], today: date) -> Iterator[Entry]:
    own = {one.id: one.prefill for one in matter.fields if one.prefill in {"unit.name", "unit.district"}}
    for row in rows:
        unit = units.get(str(row.values[UNIT]) if UNIT in row.values else "")
        if unit is None:
            continue
        known = {name: unit.name if prefill == "unit.name" else unit.district for name, prefill in own.items()}
        typed = {**known, **typed_of(row.values)}
        answers = settled(matter.fields, take(matter.fields, typed), today)
        facts = facts_of(matter, answers, today)
        yield Entry(row, unit, typed, answers, facts, wanted(matter, answers, unit.pk, facts))


def _problems(matter: Matter, one: Entry) -> list[Problem]:
    return [
        *problems_of(matter.fields, one.answers, one.facts), *eligibility_problems(matter, one.facts),
        *material_problems(matter, one.facts, {}, lambda _name: False), *inner_problems(matter, one.answers, one.facts),
    ]  # fmt: skip


def _quota(matter: Matter, move: Move, one: Entry, checked: Checked, today: date) -> list[Problem]:
    """Whether a place is left for a row behind those above it; then it is taken."""
    if move.takes is None:
        return []
    asked = allowance(matter, move.takes, one.unit.pk, one.unit.district, one.answers, today)
    key = (asked.call, asked.quota, asked.holder)
    if key not in checked.taking:
        rows = QuotaUse.objects.filter(matter=matter.id, call=asked.call, quota=asked.quota, holder=asked.holder)
        checked.taking[key] = (asked, rows.values_list("taken", flat=True).first() or 0)
    used = checked.taking[key][1]
    if used >= asked.most:
        return [problem("MATTER_QUOTA", matter.own_code or "", title=matter.quotas[asked.quota].title, most=asked.most)]
    checked.taking[key] = (asked, used + 1)
    return []


def _fault(sheet: Sheet, outcome: Import, row: Row, one: Problem) -> Fault:
    """A problem where the sheet can show it: in the column of its question, or in the first one."""
    name = one.field if one.field in outcome.places else next(iter(outcome.places))
    header = next(column.header_zh for column in sheet.columns if column.name == name)
    value = row.values.get(name)
    return Fault(row.number, header, "" if value is None else str(value), replace(one, field=name))


def write_entries(*, actor: Principal, target: str, read: Read, entries: Sequence[Entry]) -> list[Grown]:
    """Hand many cases in as one transaction: of two imports at once the database lets one through, the other is checked again."""
    today, at, move = localdate(), now(), entering(read.matter)
    step = Step(move.do, actor.account, str(move.by))
    grown = [grow(read, Begun(actor.account, today, one.typed, one.unit.pk, one.unit.district, at=at), [step]) for one in entries]
    enter_cases(grown, actor=actor, target=target)
    return grown
