"""Budgets, adjustments, execution: idempotent by voucher, never above the budget; two at once count once."""

from datetime import date
from io import BytesIO
from threading import Thread

import pytest
from django.db import connections
from performance.performance_made_up import MAKER, YEAR, project, spent, unit

from keheng.kernel.errors import Refused
from keheng.kernel.spreadsheets import write_sheet
from keheng.performance.actions.projects import (
    adjust_budget,
    check_execution,
    execution_sheet,
    import_execution,
    payment_of,
    post_execution,
)
from keheng.performance.models import Execution, Project
from keheng.performance.queries.money import funds_of, in_all
from keheng.performance.rules.money import Funds, Payment

DAY = date(YEAR, 5, 4)


def payment(voucher="V1", fen=10_000_00, **more):
    return Payment(voucher=voucher, paid_on=more.pop("paid_on", DAY), fen=fen, **more)


def codes(act):
    with pytest.raises(Refused) as refusal:
        act()
    return [one.code for one in refusal.value.problems]


@pytest.mark.django_db
def test_money_by_source_after_adjustments():
    row = project()
    spent(row, 60_000_00)
    facts = {"actor": MAKER, "project": row.pk, "source": "appropriation", "decided_on": DAY, "reason": "压减"}
    adjust_budget(fen=-20_000_00, document="云财〔2025〕3号", **facts)
    assert funds_of(row) == {"appropriation": Funds(100_000_00, 80_000_00, 60_000_00)}
    assert in_all(funds_of(row, date(YEAR, 1, 1))) == Funds(100_000_00, 100_000_00, 0)
    assert codes(lambda: adjust_budget(fen=-30_000_00, document="云财〔2025〕4号", **facts)) == ["PERF_OVERSPENT"]
    assert codes(lambda: adjust_budget(fen=0, document="", **{**facts, "reason": ""})) == ["PERF_AMOUNT", "PERF_DOCUMENT", "PERF_REASON"]


@pytest.mark.django_db
def test_nothing_is_spent_above_the_budget_and_a_reversal_gives_it_back():
    row = project()
    post = lambda **facts: post_execution(actor=MAKER, project=row.pk, payment=payment(**facts))  # noqa: E731 -- said five times below
    post(fen=100_000_00)
    assert codes(lambda: post(voucher="V2", fen=1)) == ["PERF_OVERSPENT"]
    assert codes(lambda: post(fen=1, paid_on=date(YEAR + 1, 1, 1))) == ["PERF_OTHER_YEAR", "PERF_VOUCHER_KNOWN", "PERF_OVERSPENT"]
    assert codes(lambda: post(voucher="V3", fen=1, source="carried")) == ["PERF_OVERSPENT"]
    post(voucher="V4", fen=-1)
    assert post(voucher="V5", fen=1).fen == 1


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing():
    row = project()
    lines = [{"voucher": f"V{n}", "paid_on": DAY, "fen": n * 1_000_00, "source": "appropriation", "summary": "设备"} for n in (1, 2, 3)]
    outcome = check_execution(BytesIO(write_sheet(execution_sheet(), lines)).read(), row)
    assert outcome.problems == ()
    payments = [payment_of(one) for one in outcome.rows]
    assert import_execution(actor=MAKER, project=row.pk, payments=payments) == (3, 0)
    assert import_execution(actor=MAKER, project=row.pk, payments=payments) == (0, 3)
    assert in_all(funds_of(row)).executed == 6_000_00
    other = [*payments, payment("V1", 5), payment("V9", 200_000_00)]
    assert codes(lambda: import_execution(actor=MAKER, project=row.pk, payments=other)) == ["PERF_VOUCHER_DIFFERS", "PERF_OVERSPENT"]
    assert Execution.objects.count() == 3


@pytest.mark.django_db
def test_a_sheet_of_another_year_comes_back_with_its_problems():
    row = project()
    line = {"voucher": "V1", "paid_on": date(YEAR - 1, 5, 4), "fen": 100, "source": None, "summary": None}
    (fault,) = check_execution(write_sheet(execution_sheet(), [line]), row).problems
    assert (fault.problem.code, fault.header) == ("PERF_OTHER_YEAR", "支付日期")


@pytest.mark.django_db
def test_a_project_is_told_everything_wrong_at_once():
    of = unit()
    assert codes(lambda: project(of, year=1900, code="", layout="none", budget=0)) == [
        "PERF_YEAR",
        "PERF_TITLE",
        "PERF_LAYOUT",
        "PERF_NO_BUDGET",
    ]
    project(of)
    assert codes(lambda: project(of)) == ["PERF_CODE_TAKEN"]


def test_two_imports_at_once_count_once_and_stay_within_the_budget(fresh):
    row = project()
    told = []

    def run(voucher, fen):
        try:
            told.append(import_execution(actor=MAKER, project=row.pk, payments=[payment(voucher, fen)]))
        except Refused as refusal:
            told.append(refusal.problems[0].code)
        finally:
            connections.close_all()

    for pairs in ([("A", 60_000_00), ("A", 60_000_00)], [("B", 30_000_00), ("C", 30_000_00)]):
        threads = [Thread(target=run, args=pair) for pair in pairs]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(map(str, told)) == ["(0, 1)", "(1, 0)", "(1, 0)", "PERF_OVERSPENT"]
    assert in_all(funds_of(Project.objects.get())).executed == 90_000_00
