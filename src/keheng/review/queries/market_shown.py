"""Prices and quotes of a case as a card beside it."""

from __future__ import annotations

from django.template.loader import render_to_string

from keheng.kernel.money import Money
from keheng.kernel.powers import Principal
from keheng.matters.service import Loaded
from keheng.review.queries.market import Priced, market_of
from keheng.review.rules.prices import Known
from keheng.review.rules.rounds import SEE


def beside_case(one: Loaded, actor: Principal, office: bool) -> str:  # noqa: FBT001 -- asides are called so
    """The card: lines that stand out first, hints on the quotes; '' for applicants and for matters without prices."""
    found = market_of(one) if office else None
    if found is None:
        return ""
    lines = sorted(found.lines, key=lambda line: (line.z is None, -(line.z or 0.0)))
    context = {"market": found, "lines": [_said(line) for line in lines], "sees": actor.may(SEE)}
    return render_to_string("review/market_of_case.html", context)


def _said(line: Priced) -> dict[str, object]:
    lowest = Money(line.lowest) if line.lowest is not None else None
    above = line.lowest is not None and line.fen > line.lowest
    return {"line": line, "price": Money(line.fen), "lowest": lowest, "above": above, "known": range_said(line.known)}


def range_said(known: Known | None) -> dict[str, object] | None:
    """What the book knows of an item, for a page; None for an unknown one."""
    if known is None:
        return None
    return {"count": known.count, "median": Money(known.median), "p10": Money(known.p10), "p90": Money(known.p90)}
