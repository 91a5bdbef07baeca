"""What is wrong with budgets, adjustments and execution entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keheng.kernel.errors import Problem, problem
from keheng.kernel.money import Money
from keheng.performance.enums import Source
from keheng.performance.models import Adjustment, Execution
from keheng.performance.rules.lengths import long_problems


@dataclass(frozen=True, slots=True)
class Funds:
    """The money of a project in fen, by source or in all: at the start, after adjustments, spent."""

    initial: int = 0
    annual: int = 0
    executed: int = 0

    @property
    def yuan(self) -> dict[str, Money]:
        """The amounts as people read them."""
        return {"initial": Money(self.initial), "annual": Money(self.annual), "executed": Money(self.executed)}

    def __add__(self, other: Funds) -> Funds:
        return Funds(self.initial + other.initial, self.annual + other.annual, self.executed + other.executed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An execution entry as the finance system tells it; ``fen`` below nothing reverses."""

    voucher: str
    paid_on: date
    fen: int
    source: str = Source.APPROPRIATION
    summary: str = ""


def line_problems(amounts: dict[str, int]) -> list[Problem]:
    """A budget has money, and nowhere less than nothing."""
    found = [problem("PERF_AMOUNT", name) for name, fen in amounts.items() if fen < 0]
    return found or ([] if sum(amounts.values()) else [problem("PERF_NO_BUDGET", Source.APPROPRIATION)])


def spent_problems(funds: Funds, field: str) -> list[Problem]:
    """Nothing is spent above the budget after adjustment, and no budget falls below what is spent."""
    if funds.annual < 0:
        return [problem("PERF_BELOW_NOTHING", field, annual=str(Money(funds.annual)))]
    if funds.executed > funds.annual:
        return [problem("PERF_OVERSPENT", field, executed=str(Money(funds.executed)), annual=str(Money(funds.annual)))]
    return []


def payment_problems(payment: Payment, year: int) -> list[Problem]:
    """What is wrong with an entry by itself: its number, its day within the project's year, its amount."""
    found: list[Problem] = []
    if not payment.voucher.strip():
        found.append(problem("PERF_VOUCHER", "voucher"))
    if payment.paid_on.year != year:
        found.append(problem("PERF_OTHER_YEAR", "paid_on", year=year))
    if not payment.fen:
        found.append(problem("PERF_AMOUNT", "fen"))
    if payment.source not in Source.values:
        found.append(problem("PERF_SOURCE", "source"))
    return found + long_problems(Execution, {"voucher": payment.voucher, "summary": payment.summary})


def adjustment_problems(fen: int, document: str, reason: str, source: str) -> list[Problem]:
    """An adjustment changes something and says by which document and why."""
    found = [] if fen else [problem("PERF_AMOUNT", "fen")]
    if not document.strip():
        found.append(problem("PERF_DOCUMENT", "document"))
    if not reason.strip():
        found.append(problem("PERF_REASON", "reason"))
    if source not in Source.values:
        found.append(problem("PERF_SOURCE", "source"))
    return found + long_problems(Adjustment, {"document": document, "reason": reason})
