"""Projects are set up with their budget, adjusted by documents, and their execution is imported or posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.spreadsheets import Column, Fault, Import, Row, Sheet, read_rows
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.enums import Origin, Source
from keheng.performance.models import Adjustment, BudgetLine, Execution, Project
from keheng.performance.queries.money import funds_of
from keheng.performance.rules.lengths import long_problems
from keheng.performance.rules.library import layouts
from keheng.performance.rules.money import Funds, Payment, adjustment_problems, line_problems, payment_problems, spent_problems

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """The head of a project, and its budget at the start of the year by source, in fen."""

    year: int
    code: str
    title: str
    unit: int
    department: int
    layout: str
    office: str = ""
    recurring: bool = False
    previous: int | None = None


@act("project.open", Refused)
def open_project(*, actor: Actor, facts: ProjectFacts, budget: Mapping[str, int]) -> Project:
    """Set a project up. Raises Refused with everything wrong."""
    found = [*_head_problems(facts), *line_problems(dict(budget))]
    if found:
        raise Refused(found)
    made = _made(actor, facts)
    lines = [BudgetLine(project=made, source=source, initial_fen=fen) for source, fen in budget.items() if fen]
    BudgetLine.objects.bulk_create(lines)
    record("project.open", actor=actor, target=f"project:{made.pk}", after=digest_of({"code": made.code, "budget": dict(budget)}))
    return made


def _made(actor: Actor, facts: ProjectFacts) -> Project:
    try:
        with transaction.atomic():
            return Project.objects.create(
                year=facts.year, code=facts.code.strip(), title=facts.title.strip(), unit_id=facts.unit, department_id=facts.department,
                office=facts.office.strip(), recurring=facts.recurring, previous_id=facts.previous, layout=facts.layout,
                by=actor.account, made_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("PERF_CODE_TAKEN", "code", project_code=facts.code)) from None


def _head_problems(facts: ProjectFacts) -> list[Problem]:
    found: list[Problem] = []
    if not _FIRST_YEAR <= facts.year <= _LAST_YEAR:
        found.append(problem("PERF_YEAR", "year"))
    for field, text in (("code", facts.code), ("title", facts.title)):
        if not text.strip():
            found.append(problem("PERF_TITLE", field))
    found += long_problems(Project, {"code": facts.code, "title": facts.title, "office": facts.office})
    if facts.layout not in layouts():
        found.append(problem("PERF_LAYOUT", "layout"))
    if facts.previous is not None and not Project.objects.filter(pk=facts.previous, year__lt=facts.year, unit=facts.unit).exists():
        found.append(problem("PERF_PREVIOUS", "previous"))
    elif facts.previous is not None and Project.objects.filter(previous=facts.previous).exists():
        found.append(problem("PERF_PREVIOUS_TAKEN", "previous"))
    return found


@act("project.adjust", Refused)
def adjust_budget(*, actor: Actor, project: int, source: str, fen: int, document: str, decided_on: date, reason: str) -> Adjustment:
    """Change the budget by a document; it never falls below what is spent."""
    row = Project.objects.select_for_update().get(pk=project)
    found = adjustment_problems(fen, document, reason, source)
    if decided_on.year != row.year:
        found.append(problem("PERF_OTHER_YEAR", "decided_on", year=row.year))
    funds = funds_of(row).get(source, Funds())
    found += spent_problems(replace(funds, annual=funds.annual + fen), "fen")
    if found:
        raise Refused(found)
    made = Adjustment.objects.create(
        project=row, source=source, fen=fen, document=document.strip(), decided_on=decided_on, reason=reason.strip(), by=actor.account,
        at=now(),
    )  # fmt: skip
    record("project.adjust", actor=actor, target=f"project:{row.pk}", after=digest_of({"fen": fen, "document": made.document}))
    return made


@act("execution.post", Refused)
def post_execution(*, actor: Actor, project: int, payment: Payment) -> Execution:
    """Enter one payment by its voucher."""
    row = Project.objects.select_for_update().get(pk=project)
    known = Execution.objects.filter(project=row, voucher=payment.voucher.strip()).exists()
    found = payment_problems(payment, row.year)
    if known:
        found.append(problem("PERF_VOUCHER_KNOWN", "voucher", voucher=payment.voucher))
    funds = funds_of(row).get(payment.source, Funds())
    found += spent_problems(replace(funds, executed=funds.executed + payment.fen), "fen")
    if found:
        raise Refused(found)
    made = _execution(row, payment, Origin.POSTED, actor)
    made.save(force_insert=True)
    record("execution.post", actor=actor, target=f"project:{row.pk}", after=digest_of({"voucher": made.voucher, "fen": made.fen}))
    return made


def _execution(project: Project, payment: Payment, origin: str, actor: Actor) -> Execution:
    return Execution(
        project=project, source=payment.source, voucher=payment.voucher.strip(), paid_on=payment.paid_on, fen=payment.fen,
        summary=payment.summary.strip(), origin=origin, by=actor.account, at=now(),
    )  # fmt: skip


def execution_sheet() -> Sheet:
    """The sheet of the finance system."""
    return Sheet("预算执行", (
        Column("voucher", "凭证号", required=True, longest=60, aliases=("凭证编号", "支付凭证号")),
        Column("paid_on", "支付日期", "date", required=True, aliases=("日期", "记账日期")),
        Column("fen", "金额", "money", required=True, aliases=("支付金额", "金额（元）", "金额(元)")),
        Column("source", "资金来源", "choice", choices=tuple(Source.choices)),
        Column("summary", "摘要", longest=200, aliases=("用途",)),
    ), unique=("voucher",))  # fmt: skip


def check_execution(data: bytes | str | PathLike[str], project: Project) -> Import:
    """Rows of a file with everything wrong in them; raises Refused for a file that is no such sheet."""
    outcome = read_rows(data, execution_sheet())
    faulty = {fault.row for fault in outcome.problems}
    headers = {column.name: column.header_zh for column in execution_sheet().columns}
    found = list(outcome.problems)
    for row in outcome.rows:
        if row.number not in faulty:
            wrong = payment_problems(payment_of(row), project.year)
            found.extend(Fault(row.number, headers[one.field], str(row.values[one.field] or ""), one) for one in wrong)
    return replace(outcome, problems=tuple(sorted(found, key=lambda fault: fault.row)))


def payment_of(row: Row) -> Payment:
    """An imported row as a payment."""
    values = row.values
    return Payment(
        voucher=values["voucher"] or "", paid_on=values["paid_on"], fen=values["fen"],
        source=values["source"] or Source.APPROPRIATION, summary=values["summary"] or "",
    )  # fmt: skip


@act("execution.import", Refused)
def import_execution(*, actor: Actor, project: int, payments: Iterable[Payment]) -> tuple[int, int]:
    """Enter all payments, or none: (new, known already). The same file again changes nothing.

    A known voucher with other facts is refused.
    """
    row = Project.objects.select_for_update().get(pk=project)
    wanted = list(payments)
    known = {one.voucher: one for one in Execution.objects.filter(project=row, voucher__in=[one.voucher.strip() for one in wanted])}
    found = [one for payment in wanted for one in payment_problems(payment, row.year)]
    fresh: dict[str, Payment] = {}
    for payment in wanted:
        voucher = payment.voucher.strip()
        before = known.get(voucher) or fresh.get(voucher)
        if before is None:
            fresh[voucher] = payment
        elif (before.fen, before.paid_on, before.source) != (payment.fen, payment.paid_on, payment.source):
            found.append(problem("PERF_VOUCHER_DIFFERS", "voucher", voucher=voucher))
    found += _overspent(row, fresh.values())
    if found:
        raise Refused(found)
    Execution.objects.bulk_create([_execution(row, one, Origin.IMPORTED, actor) for one in fresh.values()])
    record("execution.import", actor=actor, target=f"project:{row.pk}", after=digest_of({"new": len(fresh), "rows": len(wanted)}))
    return len(fresh), len(wanted) - len(fresh)


def _overspent(project: Project, payments: Iterable[Payment]) -> list[Problem]:
    funds = dict(funds_of(project))
    for one in payments:
        funds[one.source] = funds.get(one.source, Funds()) + Funds(0, 0, one.fen)
    return [wrong for one in funds.values() for wrong in spent_problems(one, "fen")]
