"""Objections to what a policy gives: filed by name while it is published, answered once by who decides, unknown to the unit."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from matters.test_pages import client_of, text_of
from matters.test_policy_cases import AWARD, do, refused
from matters.test_races import at_once
from people import actor_for, give_role, make_account, make_unit, signed_in

from keheng.access.models import Account
from keheng.kernel.desk.models import Task
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.errors import problem
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.kernel.personal.reveal import OutOfReachError, subject
from keheng.kernel.trail.record import Actor
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.objecting import answer_policy_objection, file_policy_objection
from keheng.matters.models import Case, PolicyObjection
from keheng.matters.queries.archives import disposals
from keheng.matters.service import MoveWish, move_case, open_case

VISITOR, WORDS = Actor(""), {"name": "钱一人", "phone": "19900001234", "body": "证书是借用的"}
POLICY = "/matters/policies/of/yl.high-tech-award/"
REJECTED = {"upheld": False, "answer": "经核实，证书为该单位所有"}


def published(firm):
    """A case of the unit's whose award is published from today on."""
    case = open_case(actor=firm, matter=AWARD)
    Case.objects.filter(pk=case.pk).update(state="public", std="特别程序申请", submitted_at=now(), number="T-1", version=3)
    case.refresh_from_db()
    return case


def filed(case, **words):
    return file_policy_objection(actor=VISITOR, policy_case=case.policy_case.pk, **(WORDS | words))


def days_over(case):
    Case.objects.filter(pk=case.pk).update(entered_on=localdate() - timedelta(days=30))


@pytest.fixture
def case(people):
    return published(people["firm"])


def test_anybody_objects_from_the_page_of_the_policy_and_everything_wrong_is_told_at_once(case, people):
    way = reverse("matters:policy-object", args=[case.policy_case.pk])
    client = Client()
    assert re.findall(r'<a href="([^"]+)">提出异议</a>', client.get(POLICY).content.decode()) == [way]
    wrong = client.post(way, {"name": " ", "phone": "12", "body": "证书是借用的"})
    text = wrong.content.decode()
    assert (wrong.status_code, re.findall(r'<a href="#id_(\w+)">', text)) == (422, ["name", "phone"])
    assert ('value="12"' in text, "证书是借用的</textarea>" in text) == (True, True)
    empty = client.post(f"/en{way}", {"phone": "1"}).content.decode()
    told = [problem(f"OBJECTION_{one}").en for one in ("NAME", "PHONE", "BODY")]
    assert [one for one in told if one not in empty] == []
    assert client.post(way, WORDS, follow=True).redirect_chain == [(POLICY, 302)]
    one = PolicyObjection.objects.get()
    assert (one.number, one.case.case_id, one.name, one.body) == (f"ZY-{localdate().year}-00001", case.pk, "钱一人", "证书是借用的")
    assert one.due_on == working_calendar().add(localdate(), 15)
    # Nothing of who objected, nor of what was said, stands on the trail or in the task.
    trail = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert [word for word in WORDS.values() if word in trail or word in Task.objects.get(key__startswith="policy-objection").title] == []


def test_the_days_of_objections_end_and_what_was_typed_too_late_is_kept(case):
    way = reverse("matters:policy-object", args=[case.policy_case.pk])
    days_over(case)
    assert "提出异议</a>" not in Client().get(POLICY).content.decode()
    assert Client().get(way).status_code == 404
    late = Client().post(way, WORDS | {"name": ""})
    assert (late.status_code, "证书是借用的" in late.content.decode(), "19900001234" in late.content.decode()) == (422, True, True)
    assert refused(lambda: filed(case, name="")) == [("OBJECTION_LATE", ""), ("OBJECTION_NAME", "name")]
    Case.objects.filter(pk=case.pk).update(state="awarded")
    gone = Client().post(way, WORDS)
    assert (gone.status_code, "证书是借用的" in gone.content.decode(), "云岭精密仪器" in gone.content.decode()) == (422, True, False)
    Case.objects.filter(pk=case.pk).update(state="draft", submitted_at=None)
    assert Client().post(way, WORDS).status_code == 404
    assert PolicyObjection.objects.count() == 0


def test_the_last_day_counts_and_days_off_do_not(case, on):
    Case.objects.filter(pk=case.pk).update(entered_on="2026-09-28")
    # Five working days after Monday 28 September 2026: the holidays of National Day lie between, the Saturday after them is worked.
    on("2026-10-10")
    filed(case)
    on("2026-10-11")
    assert refused(lambda: filed(case)) == [("OBJECTION_LATE", "")]


def test_an_award_waits_for_answers_and_is_refused_where_an_objection_holds(case, people):
    leader = people["leader"]
    one, two = filed(case), filed(case)
    assert refused(lambda: do(leader, case, "award")) == [("POLICY_STILL_PUBLIC", ""), ("POLICY_OBJECTION_OPEN", "")]
    days_over(case)
    shown = text_of(client_of("leader").get(f"/manage/cases/{case.pk}/"))
    assert f"异议 {one.number}、{two.number} 还没有答复，请先打开本办件的“异议”" in shown
    answer_policy_objection(actor=leader, objection=one.pk, **REJECTED)
    assert refused(lambda: do(leader, case, "award")) == [("POLICY_OBJECTION_OPEN", "")]
    answer_policy_objection(actor=leader, objection=two.pk, upheld=True, answer="属实")
    assert refused(lambda: do(leader, case, "award")) == [("POLICY_OBJECTION_UPHELD", "")]
    shown = text_of(client_of("leader").get(f"/manage/cases/{case.pk}/"))
    assert f"异议 {two.number} 成立，不能兑现，请用“异议成立，不予兑现”办结" in shown
    assert do(leader, case, "drop").end == "refused"


def test_an_award_goes_on_once_every_objection_was_rejected(case, people):
    one = filed(case)
    answer_policy_objection(actor=people["leader"], objection=one.pk, **REJECTED)
    days_over(case)
    assert do(people["leader"], case, "award").state == "awarded"


def test_who_decides_answers_once_on_a_page_with_reasons(case, people):
    one = filed(case)
    way = reverse("casework:objection", args=[one.pk])
    task = Task.objects.get(url=way)
    assert (task.title, localdate(task.due_at)) == (f"处理异议 {one.number}：{case.called}（T-1）", one.due_on)
    assert [who for who in ("leader", "officer", "clerk", "firm") if task in tasks_for(people[who])] == ["leader"]
    client = client_of("leader")
    assert way in client.get(f"/manage/cases/{case.pk}/").content.decode()
    page = client.get(way).content.decode()
    assert ("钱一人" in page, "证书是借用的" in page, "19900001234" in page, "提交处理结论" in page) == (True, True, False, True)
    wrong = client.post(way, {"answer": ""})
    assert (wrong.status_code, re.findall(r'<a href="#id_(\w+)">', wrong.content.decode())) == (422, ["upheld", "answer"])
    assert "经核实" in client.post(way, {"answer": "经核实"}).content.decode()
    client.post(way, {"upheld": "no", "answer": " 证书为该单位所有 "})
    one.refresh_from_db()
    assert (one.state, one.answer, one.decided_by) == ("rejected", "证书为该单位所有", people["leader"].account)
    assert not Task.objects.filter(url=way).exists()
    assert refused(lambda: answer_policy_objection(actor=people["leader"], objection=one.pk, upheld=True, answer="改")) == [
        ("OBJECTION_DECIDED", "")
    ]
    late = client.post(way, {"upheld": "yes", "answer": "另一位同事写的"})
    assert (late.status_code, "另一位同事写的" in late.content.decode()) == (422, True)
    assert "证书为该单位所有" in text_of(client.get(f"/manage/cases/{case.pk}/"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyObjection.objects.filter(pk=one.pk).update(answer="")


def test_an_objection_is_open_to_who_sees_its_case_and_answered_by_who_decides_on_it(case, people):
    one = filed(case)
    way = reverse("casework:objection", args=[one.pk])
    near, far = (make_account(name, "district_officer", district=where) for name, where in (("near", case.district), ("far", "990199")))
    assert [signed_in(who).get(way).status_code for who in (near, far)] == [200, 404]
    assert "提交处理结论" not in signed_in(near).get(way).content.decode()
    told = signed_in(near).post(way, {"upheld": "no", "answer": "不属实"})
    assert (told.status_code, "异议由审批人处理" in told.content.decode(), "不属实" in told.content.decode()) == (422, True, True)
    assert signed_in(far).post(way, {"upheld": "no", "answer": "不属实"}).status_code == 404
    answer = {"objection": one.pk, **REJECTED}
    assert refused(lambda: answer_policy_objection(actor=actor_for(far), **answer)) == [("MATTER_CASE_GONE", "")]
    assert refused(lambda: answer_policy_objection(actor=actor_for(near), **answer)) == [("POLICY_OBJECTION_WHO", "")]
    # An officer who also acts for the unit is on its side.
    both = make_account("both", "case_officer")
    give_role(both, "unit_manager", unit=case.unit)
    sides = {people["leader"]: True, actor_for(near): True, actor_for(far): False, actor_for(both, case.unit_id): False}
    for who, reached in sides.items():
        try:
            found = subject(who, "matters.PolicyObjection", str(one.pk), "phone") == one
        except OutOfReachError:
            found = False
        assert found is reached


def test_the_unit_never_learns_who_objected(case, people):
    one = filed(case)
    client = signed_in(Account.objects.get(login="firm"))
    client.post(reverse("access:act-for"), {"unit": case.unit_id})
    assert client.get(reverse("casework:objection", args=[one.pk])).status_code == 404
    page = client.get(reverse("matters:case", args=[case.pk]))
    assert (page.status_code, one.number in page.content.decode(), "钱一人" in page.content.decode()) == (200, False, False)
    assert refused(lambda: answer_policy_objection(actor=people["firm"], objection=one.pk, **REJECTED)) == [("POLICY_OBJECTION_WHO", "")]


def test_who_objected_is_forgotten_by_the_nightly_run_three_years_after_the_answer(case, people):
    old, lately, waiting = filed(case), filed(case), filed(case)
    for one in (old, lately):
        answer_policy_objection(actor=people["leader"], objection=one.pk, **REJECTED)
    PolicyObjection.objects.filter(pk=old.pk).update(decided_at=datetime(2023, 1, 1, tzinfo=UTC))
    (binding,) = [one for one in all_bindings() if one.holder == "matters.PolicyObjection"]
    assert [run_binding(binding, now()).disposed, run_binding(binding, now()).disposed] == [1, 0]
    old.refresh_from_db()
    assert (old.name, old.phone, old.body, old.answer, old.state) == ("", "", "", "（已按保存期限清除）", "rejected")
    assert set(PolicyObjection.objects.exclude(pk=old.pk).values_list("name", flat=True)) == {"钱一人"}
    page = text_of(client_of("leader").get(reverse("casework:objection", args=[old.pk])))
    assert page.count("已清除") == 3
    asked = disposals._keepers["有未答复的政策异议"]
    assert (asked(case.pk), asked(case.pk + 1)) == (True, False)
    answer_policy_objection(actor=people["leader"], objection=waiting.pk, **REJECTED)
    assert not asked(case.pk)


def test_an_objection_of_the_last_second_and_the_award_at_once_are_never_both_done(fresh, monkeypatch):
    unit = make_unit()
    case = published(actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk))
    leader = actor_for(make_account("leader", "leader"))
    one = filed(case)
    found = at_once(*[lambda: answer_policy_objection(actor=leader, objection=one.pk, **REJECTED)] * 3)
    assert found == ["OBJECTION_DECIDED", "OBJECTION_DECIDED", "done"]
    days_over(case)
    case.refresh_from_db()
    # Midnight passes between the two: for who objects it is the last day still.
    monkeypatch.setattr("keheng.matters.actions.objecting.localdate", lambda: case.entered_on)
    award = MoveWish("award", case.version, opinion="兑现", signed=True)
    found = at_once(lambda: filed(case), lambda: move_case(actor=leader, case=case.pk, wish=award))
    objected = PolicyObjection.objects.filter(state="open").exists()
    assert (found, Case.objects.get().state) == (
        (["POLICY_OBJECTION_OPEN", "done"], "public") if objected else (["OBJECTION_LATE", "done"], "awarded")
    )
