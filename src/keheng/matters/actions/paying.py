"""Payments: a signed contract lays its plan down, a granted request pays one instalment of it. Effects of moves, in their transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, digest_of, record
from keheng.matters.models import Case, Funding, Instalment
from keheng.matters.queries.cases import Loaded, look_at


def plan_payments(*, actor: Actor, case: int) -> None:
    """Lay down the instalments of a contract; raises Refused where they are not the grant exactly, or the grant has a contract already."""
    one = look_at(case)
    plan, answers = one.matter.plan, one.at.answers
    rows: list[dict[str, Any]] = answers.get(plan.table, []) if plan is not None else []
    total = answers.get(plan.total) if plan is not None else None
    if plan is None or not rows or sum(row[plan.amount] for row in rows) != total:
        raise Refused(problem("MATTER_PLAN_TOTAL"))
    root = one.case.parent_id or one.case.pk
    # The application is locked first: of two contracts for it the second is told, and the database allows one.
    Case.objects.select_for_update().get(pk=root)
    if Funding.objects.filter(root=root).exists():
        raise Refused(problem("MATTER_PLANNED"))
    funding = Funding.objects.create(root_id=root, contract=one.case, fen=total)
    Instalment.objects.bulk_create(
        Instalment(funding=funding, number=place, title=row[plan.title], due_on=date.fromisoformat(row[plan.day]), fen=row[plan.amount])
        for place, row in enumerate(rows, 1)
    )
    record("payments.plan", actor=actor, target=f"case:{case}", after=digest_of({"fen": total, "instalments": len(rows)}))


def pay_instalment(*, actor: Actor, case: int) -> None:
    """Note that the instalment a case asks for is paid; raises Refused where it was paid, or is less than what is asked."""
    one = look_at(case)
    found, amount = _asked(one)
    open_row = Instalment.objects.filter(pk=found.pk, paid_for=None, fen__gte=amount) if found is not None and amount > 0 else None
    # Of two that pay the same instalment the conditional update lets one through.
    if open_row is None or not open_row.update(paid_fen=amount, paid_for=one.case, paid_at=now()):
        raise Refused(problem("MATTER_NOT_PAYABLE"))
    record("payments.pay", actor=actor, target=f"case:{case}", after=digest_of({"fen": amount}))


def instalment_open(one: Loaded) -> bool | None:
    """Whether the instalment a case asks for is planned, not paid, and covers the amount; None where the parent has no plan."""
    if not Funding.objects.filter(contract=one.case.parent_id).exists():
        return None
    found, amount = _asked(one)
    return found is not None and found.paid_for_id is None and 0 < amount <= found.fen


def _asked(one: Loaded) -> tuple[Instalment | None, int]:
    """The instalment of the parent's plan that a case names, and the fen it asks for."""
    pays = one.matter.pays
    if pays is None:
        return None, 0
    number, amount = one.at.answers.get(pays.number), one.at.answers.get(pays.amount)
    rows = Instalment.objects.filter(funding__contract=one.case.parent_id, number=number if type(number) is int else 0)
    return rows.first(), amount if type(amount) is int else 0
