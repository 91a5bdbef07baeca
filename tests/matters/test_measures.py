"""Figures lead back to rows, and say None where there is nothing to measure."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.timezone import now
from matters.test_cases import CUT, do, submitted
from people import make_unit

import keheng.matters.measures  # noqa: F401 -- registers the figures
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.matters.models import Bulletin, PolicyPush
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


def test_grants_kinds_stars_and_bulletins_lead_back_to_their_rows(people, on):
    quick = do(people["clerk"], submitted(people, on), "accept")
    do(people["officer"], quick, "propose", typed=CUT)
    do(people["leader"], quick, "approve", signed=True)
    rate_case(actor=people["firm"], case=quick.pk, stars=4)
    refused = submitted(people, on)
    do(people["clerk"], refused, "refuse", opinion="不符合")
    rate_case(actor=people["firm"], case=refused.pk, stars=5)
    found = {code: read(f"matters.{code}", YEAR, {"topic": "信息化、人才"}) for code in ("granted", "kinds", "five_stars")}
    assert {code: (one.value.value, one.rows) for code, one in found.items()} == {
        "granted": (50, 2),
        "kinds": (1, 1),
        "five_stars": (50, 2),
    }
    assert [read(f"matters.{code}", YEAR, {"topic": "人才"}).value.value for code in ("granted", "kinds", "five_stars")] == [None, 0, None]
    assert [read("matters.kinds", YEAR, {"topic": topic}).value.value for topic in ("信息化", "信息", "人才、学会")] == [1, 0, 0]
    for month, code in ((date(2026, 1, 1), "one"), (date(2026, 12, 1), "one"), (date(2026, 12, 1), "other"), (date(2027, 1, 1), "one")):
        Bulletin.objects.create(code=code, month=month, title="月报", content=[], digest="d", by="11", frozen_at=now())
    counted = [read("matters.bulletins", YEAR, scope) for scope in ({}, {"bulletin": "one"})]
    assert [(one.value.value, one.rows) for one in counted] == [(3, 3), (2, 2)]


def test_who_was_told_of_policies_is_counted_by_unit_and_by_district():
    told = datetime(2026, 5, 1, 12, tzinfo=UTC)
    for number, (district, policies, at) in enumerate([
        ("990102", ("yl.a", "yl.b"), told), ("990102", ("yl.a",), told), ("990103", ("yl.a",), told), ("", ("yl.b",), told),
        ("990104", ("yl.a",), told.replace(year=2025)),
    ]):  # fmt: skip
        unit = make_unit(f"云岭第{number}企业", district=district)
        for policy in policies:
            PolicyPush.objects.create(unit=unit, policy=policy, version=date(2026, 1, 1), told=1, at=at)
    found = {code: read(f"matters.policy_{code}", YEAR, {}) for code in ("pushed", "units", "districts")}
    assert {code: (one.value.value, one.rows) for code, one in found.items()} == {"pushed": (5, 5), "units": (4, 4), "districts": (2, 2)}
    assert read("matters.policy_units", YEAR, {"policy": "yl.b"}).value.value == 2
