"""A contract lays its payments down, requests pay them once each; the sum never exceeds the grant, whoever comes at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now
from people import actor_for, make_account, make_unit, signed_in

from keheng.kernel.errors import attempt
from keheng.matters.actions.paying import pay_instalment, plan_payments
from keheng.matters.models import Case, Funding, Instalment
from keheng.matters.service import MoveWish, move_case, open_case, save_answers

SCHEDULE = [{"stage": "签订", "day": "2027-01-01", "amount": "3000"}, {"stage": "中期", "day": "2027-06-01", "amount": "2000"}]


class Office:
    """A firm with a granted application of 5,000 yuan, and who decides."""

    def __init__(self):
        unit = make_unit()
        self.firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
        self.account = make_account("officer", "case_officer")
        self.officer, self.leader = actor_for(self.account), actor_for(make_account("leader", "leader"))
        self.root = self.ended(open_case(actor=self.firm, matter="yl.zhangjiang"), "granted", grant=500_000, name="甲", goals="乙")

    def ended(self, case, state, **answers):
        facts = {"state": state, "std": "办结", "end": "granted", "ended_at": now(), "submitted_at": now(), "number": f"T-{case.pk}"}
        Case.objects.filter(pk=case.pk).update(answers=case.answers | answers, **facts)
        case.refresh_from_db()
        return case

    def contract(self, schedule=SCHEDULE):
        case = open_case(actor=self.firm, matter="yl.zhangjiang-contract", parent=self.root.pk)
        save_answers(actor=self.firm, case=case.pk, typed={"schedule": schedule, "phone": "19900000000"}, seen={})
        return case

    def signed(self):
        case = self.contract()
        plan(self.leader, case)
        return self.ended(Case.objects.get(pk=case.pk), "signed")

    def asking(self, contract, number, amount):
        """A request that the officer has verified: the leader may pay it."""
        case = open_case(actor=self.firm, matter="yl.zhangjiang-payment", parent=contract.pk)
        typed = {"number": number, "amount": amount, "progress": "本阶段工作已完成，报告见附件", "phone": "19900000000"}
        save_answers(actor=self.firm, case=case.pk, typed=typed, seen={})
        Case.objects.filter(pk=case.pk).update(state="decision", std="审批", number=f"T-{case.pk}", submitted_at=now())
        return Case.objects.get(pk=case.pk)

    def pay(self, case):
        wish = MoveWish("pay", case.version, signed=True)
        return [one.code for one in attempt(lambda: move_case(actor=self.leader, case=case.pk, wish=wish))]


@transaction.atomic
def plan(actor, case):
    plan_payments(actor=actor, case=case.pk)


@pytest.fixture
def office(db):
    return Office()


def test_a_contract_takes_the_grant_over_and_lays_its_instalments_down(office):
    case = office.contract()
    case.refresh_from_db()
    assert (case.answers["grant"], case.answers["planned"], case.answers["name"]) == (500_000, 500_000, "甲")
    plan(office.leader, case)
    rows = Instalment.objects.filter(funding__root=office.root).order_by("number")
    assert list(rows.values_list("number", "title", "fen", "paid_fen")) == [(1, "签订", 300_000, 0), (2, "中期", 200_000, 0)]
    assert [row.due_on.isoformat() for row in rows] == ["2027-01-01", "2027-06-01"]
    assert [one.code for one in attempt(lambda: plan(office.leader, case))] == ["MATTER_PLANNED"]


@pytest.mark.parametrize("amount", ["2000.01", "1999.99"])
def test_a_plan_that_is_not_the_grant_is_refused(office, amount):
    case = office.contract([SCHEDULE[0], {**SCHEDULE[1], "amount": amount}])
    assert [one.code for one in attempt(lambda: plan(office.leader, case))] == ["MATTER_PLAN_TOTAL"]
    assert not Funding.objects.exists()


def test_an_instalment_is_paid_once_and_never_above_its_plan(office):
    contract = office.signed()
    assert office.pay(office.asking(contract, "2", "2000.01")) == ["MATTER_GUARD"]
    assert office.pay(office.asking(contract, "3", "1")) == ["MATTER_GUARD"]
    less = office.asking(contract, "2", "1500")
    assert office.pay(less) == []
    row = Instalment.objects.get(number=2)
    assert (row.paid_fen, row.paid_for_id, row.left) == (150_000, less.pk, 50_000)
    assert office.pay(office.asking(contract, "2", "500")) == ["MATTER_GUARD"]
    assert office.pay(office.asking(contract, "1", "3000")) == []


def test_without_a_plan_nothing_is_payable(office):
    case = office.asking(office.ended(office.contract(), "signed"), "1", "1")
    assert office.pay(case) == ["MATTER_GUARD"]
    found = attempt(lambda: pay_instalment(actor=office.leader, case=case.pk))
    assert [one.code for one in found] == ["MATTER_NOT_PAYABLE"]


def test_the_database_forbids_more_than_was_planned(office):
    contract = office.signed()
    case = office.asking(contract, "1", "1")
    for facts in ({"paid_fen": 300_001, "paid_for": case, "paid_at": now()}, {"paid_fen": 1}, {"fen": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Instalment.objects.filter(number=1).update(**facts)


def test_the_list_tells_what_is_planned_paid_and_left(office):
    contract = office.signed()
    client = signed_in(office.account)
    page = client.get("/manage/cases/payments/").content.decode()
    assert [f"<strong>{sum_}</strong>" in page for sum_ in ("5,000.00", "0.00")] == [True, True]
    office.pay(office.asking(contract, "1", "2500"))
    page = client.get("/manage/cases/payments/").content.decode()
    assert [page.count(f"<strong>{sum_}</strong>") for sum_ in ("5,000.00", "2,500.00")] == [1, 2]
    assert "签订" in page
    unpaid = client.get("/manage/cases/payments/?progress=unpaid").content.decode()
    assert ("中期" in unpaid, "签订</td>" in unpaid) == (True, False)
    assert f'href="/manage/cases/payments/{contract.pk}/"' in unpaid


def test_who_pays_reads_the_case_of_a_payment_and_no_other(office):
    contract = office.signed()
    request = office.asking(contract, "1", "2500")
    office.pay(request)
    finance, clerk = signed_in(make_account("finance", "finance")), signed_in(office.account)
    page = finance.get(f"/manage/cases/payments/{contract.pk}/").content.decode()
    assert [said in page for said in ("拨款计划", "3,000.00", f"依据 {request.number}", "签订", "甲")] == [True] * 5
    # To be read: what may be done with the case is for those who handle it.
    assert ('<form method="post" action="/manage/cases' in page, "19900000000" in page, "打开办件" in page) == (False, False, False)
    assert "打开办件" in clerk.get(f"/manage/cases/payments/{contract.pk}/").content.decode()
    assert [finance.get(f"/manage/cases/{path}").status_code for path in ("", f"{contract.pk}/", f"payments/{request.pk}/")] == [
        403,
        404,
        404,
    ]
    listed = finance.post("/manage/cases/payments/", {"export": "xlsx"})
    assert (finance.get("/manage/cases/payments/").status_code, "spreadsheetml" in listed["Content-Type"]) == (200, True)
    far = signed_in(make_account("far", "district_officer", district="X"))
    assert far.get(f"/manage/cases/payments/{contract.pk}/").status_code == 404


def test_a_case_and_what_follows_from_it_lead_to_one_another(office):
    contract = office.signed()
    client = signed_in(office.account)
    page = client.get(f"/manage/cases/{contract.pk}/").content.decode()
    assert f'href="/manage/cases/{office.root.pk}/"' in page
    assert "3,000.00" in page
    # Drafts of the unit are the unit's alone.
    draft = open_case(actor=office.firm, matter="yl.zhangjiang-payment", parent=contract.pk)
    assert f"/manage/cases/{draft.pk}/" not in client.get(f"/manage/cases/{contract.pk}/").content.decode()


def test_of_two_who_pay_at_once_one_is_refused(fresh):
    office = Office()
    contract = office.signed()
    cases = [office.asking(contract, "1", "3000") for _ in range(3)]
    together = Barrier(3)

    def pay(case):
        together.wait()
        try:
            return office.pay(case)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = sorted(pool.map(pay, cases))
    assert found[0] == []
    assert all(one in (["MATTER_GUARD"], ["MATTER_NOT_PAYABLE"]) for one in found[1:])
    assert sum(Instalment.objects.values_list("paid_fen", flat=True)) == 300_000
    assert Case.objects.filter(matter="yl.zhangjiang-payment", state="paid").count() == 1
