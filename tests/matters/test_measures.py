"""Figures lead back to rows, and say None where there is nothing to measure."""

from datetime import date
from decimal import Decimal

import pytest
from matters.test_cases import CUT, do, submitted

import keheng.matters.measures  # noqa: F401 -- registers the figures
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.matters.service import note_correction, rate_case

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1), "year")
CODES = ("cases", "ended", "in_time", "at_once", "shorter", "well_rated", "users")


def figures(**scope):
    found = {code: read(f"matters.{code}", YEAR, scope) for code in CODES}
    assert all(map(still_holds, found.values()))
    return {code: None if one.value.value is None else round(one.value.value, 1) for code, one in found.items()}


def test_nothing_is_not_zero_percent():
    assert figures() == {"cases": 0, "users": 0} | dict.fromkeys(["ended", "in_time", "at_once", "shorter", "well_rated"])


def test_figures_of_three_cases(people, on):
    quick = do(people["clerk"], submitted(people, on), "accept")
    do(people["officer"], quick, "propose", typed=CUT)
    do(people["leader"], quick, "approve", signed=True)
    rate_case(actor=people["firm"], case=quick.pk, stars=2)
    slow = submitted(people, on)
    note_correction(actor=people["clerk"], case=slow.pk, target="", text="补")
    do(people["clerk"], slow, "ask_more")
    do(people["firm"], slow, "resend")
    on("2026-10-30")
    do(people["clerk"], slow, "refuse", opinion="不符合")
    rate_case(actor=people["firm"], case=slow.pk, stars=5)
    submitted(people, on, "2026-10-30")
    # Of three clocks (pre and main of the first, pre of the second) one was late; 20 of 30 legal days were promised.
    assert figures() == {
        "cases": 3, "ended": Decimal("66.7"), "in_time": Decimal("66.7"), "at_once": 50, "shorter": Decimal("33.3"), "well_rated": 50, "users": 1,
    }  # fmt: skip
    assert figures(matter="yl.it-project") == figures()
    assert figures(matter="yl.leave")["cases"] == 0
