"""What a policy gives is owed once and paid once: effects of moves, in their transaction. The database holds both to one row."""

from __future__ import annotations

from django.db.models import F
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, digest_of, record
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Funding, Instalment
from keheng.matters.queries.cases import look_at

AWARD, PAY = "award", "pay"


def award_policy(*, actor: Actor, case: int) -> None:
    """Lay down what is owed, due by the days of the payment clock; raises Refused where the amount is not known."""
    one = look_at(case)
    fen = one.at.answers.get(AWARD)
    if type(fen) is not int or fen <= 0:
        raise Refused(problem("POLICY_AWARD"))
    funding = Funding.objects.create(root=one.case, contract=one.case, fen=fen)
    due_on = one.matter.clocks[PAY].promise.after(localdate(), working_calendar())
    Instalment.objects.create(funding=funding, number=1, title=one.matter.title, due_on=due_on, fen=fen)
    record("payments.plan", actor=actor, target=f"case:{case}", after=digest_of({"fen": fen, "instalments": 1}))


def pay_policy(*, actor: Actor, case: int) -> None:
    """Note that what is owed was paid; raises Refused where it was before."""
    rows = Instalment.objects.filter(funding__root=case, number=1, paid_for=None)
    if not rows.update(paid_fen=F("fen"), paid_for=case, paid_at=now()):
        raise Refused(problem("MATTER_NOT_PAYABLE"))
    record("payments.pay", actor=actor, target=f"case:{case}", after=digest_of({"award": case}))
