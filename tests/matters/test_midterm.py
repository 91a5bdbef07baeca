"""The middle of a project: acceptance waits for the mid-term check where the contract asks for one."""

import pytest
from django.utils.timezone import now
from matters.test_cases import codes, do, give_file
from matters.test_pages import client_of, text_of

from keheng.matters.models import Case
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.family import family_of, siblings_done
from keheng.matters.service import open_case, save_answers

pytestmark = pytest.mark.django_db
CONTRACT, MIDTERM, ACCEPTANCE = "yl.zhangjiang-contract", "yl.zhangjiang-midterm", "yl.zhangjiang-acceptance"
KNOWN = {"name": "低温传感器", "goals": "样机三台。", "grant": 40_000_000}


@pytest.fixture
def contract(people, on, settings, tmp_path):
    """A signed contract that asks for a mid-term check."""
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    project = open_case(actor=people["firm"], matter="yl.zhangjiang")
    Case.objects.filter(pk=project.pk).update(state="granted", std="办结", end="granted", ended_at=now(), answers=KNOWN)
    made = open_case(actor=people["firm"], matter=CONTRACT, parent=project.pk)
    return signed(made, midterm_on="2027-03-01")


def signed(case, **other):
    Case.objects.filter(pk=case.pk).update(state="signed", std="办结", end="granted", ended_at=now(), answers={**KNOWN, **other})
    return Case.objects.get(pk=case.pk)


def child(people, contract, matter, **typed):
    made = open_case(actor=people["firm"], matter=matter, parent=contract.pk)
    save_answers(actor=people["firm"], case=made.pk, typed={"spent": "1000", "phone": "19900000000", **typed}, seen={})
    give_file(made, "report")
    return made


def midterm(people, contract):
    return child(people, contract, MIDTERM, progress="已完成样机两台，第三台正在装配，进度与任务书一致。", late="no")


def acceptance(people, contract):
    return child(people, contract, ACCEPTANCE, results="完成样机三台，经第三方检测误差不超过千分之一。")


def waits(case):
    return siblings_done(loaded(Case.objects.get(pk=case.pk)))


def test_acceptance_waits_for_the_midterm_that_the_contract_asks_for(people, contract):
    last = acceptance(people, contract)
    assert waits(last) is False
    assert "MATTER_GUARD" in codes(lambda: do(people["firm"], last, "submit"))
    assert "“提交单位审核”的前提还没有满足" in text_of(client_of("firm").get(f"/matters/cases/{last.pk}/"))
    middle = midterm(people, contract)
    assert waits(last) is False
    Case.objects.filter(pk=middle.pk).update(state="failed", std="办结", end="refused", ended_at=now())
    assert waits(last) is False
    middle = do(people["firm"], midterm(people, contract), "submit")
    assert (middle.state, [one.case.pk for one in family_of(contract, office=True).children]) == ("unit_check", [middle.pk])
    assert "张江专项中期检查" in text_of(client_of("firm").get(f"/matters/cases/{contract.pk}/"))
    Case.objects.filter(pk=middle.pk).update(state="passed", std="办结", end="granted", ended_at=now())
    assert waits(last) is True
    assert do(people["firm"], last, "submit").state == "unit_check"


def test_without_one_in_the_contract_only_an_open_one_is_waited_for(people, contract):
    contract = signed(contract)
    last = acceptance(people, contract)
    assert waits(last) is True
    middle = midterm(people, contract)
    assert waits(last) is False
    Case.objects.filter(pk=middle.pk).update(state="withdrawn", std="办结", end="withdrawn", ended_at=now())
    assert waits(last) is True
