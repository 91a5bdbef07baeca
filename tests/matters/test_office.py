"""Work inside: matters of the office, approvals one by one and together, substitutes, handovers."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from matters.test_cases import codes, do, give_file
from matters.test_pages import client_of, text_of
from people import actor_for, make_account

from keheng.access.models import Account
from keheng.kernel.desk.handovers import accept_handover, offer_handover
from keheng.kernel.desk.models import Message, Task
from keheng.kernel.desk.tasks import take_task, tasks_for
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.matters.models import Case, CaseEvent, Substitution
from keheng.matters.service import end_substitution, open_case, save_answers, substitute

pytestmark = pytest.mark.django_db
TODAY = localdate()


@pytest.fixture
def boss(people):
    """The head whom the forms name."""
    return actor_for(make_account("boss", "finance"))


def seal(people, **change):
    typed = {"paper": "通知", "seal": "单位公章", "copies": "2", "receiver": "某局", "outside": "no", "supervisor": "boss"} | change
    case = open_case(actor=people["clerk"], matter="yl.seal")
    save_answers(actor=people["clerk"], case=case.pk, typed=typed, seen={})
    give_file(case, "text", f"{case.pk}.pdf")
    return do(people["clerk"], case, "submit")


def test_staff_begin_matters_of_the_office_and_nobody_else_does(people):
    page = client_of("clerk").get("/manage/cases/begin/")
    assert [word for word in ("申请请假", "申请用印", "申请采购申请", "申请公文会签") if word not in text_of(page)] == []
    assert "咨询评估" not in text_of(page)
    assert client_of("clerk").post("/matters/of/yl.seal/start/").headers["Location"].endswith("/form/1/")
    assert client_of("firm").get("/manage/cases/begin/").status_code == 403


def test_approvals_are_reached_from_the_desk_and_made_together_with_a_result_each(people, boss):
    cases = [seal(people, paper=f"文件{number}") for number in range(3)]
    client = client_of("boss")
    assert [task.url for task in tasks_for(boss)] == [f"/manage/cases/{case.pk}/" for case in cases]
    listed = client.get("/manage/cases/waiting/")
    assert [case.number for case in cases if case.number not in text_of(listed)] == []
    rows = {"rows": [case.pk for case in cases]}
    asked = client.post("/manage/cases/batch/", rows).content.decode()
    seen = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', asked))
    assert len(seen) == 3
    do(boss, cases[1], "return", opinion="份数不对")
    answer = text_of(client.post("/manage/cases/batch/", rows | seen | {"do": "agree", "opinion": "同意用印。"}))
    # The three no longer stand in one state: they are asked for anew, nothing is done by halves.
    assert set(Case.objects.filter(pk__in=[one.pk for one in cases]).values_list("state", flat=True)) == {"head", "fix"}
    rows = {"rows": [cases[0].pk, cases[2].pk]}
    stale = seen | {f"seen-{cases[2].pk}": "0"}
    answer = text_of(client.post("/manage/cases/batch/", rows | stale | {"do": "agree", "opinion": "同意用印。"}))
    assert ("已办理" in answer, "没有办理" in answer) == (True, True)
    assert {case.pk: case.state for case in Case.objects.all()} == {cases[0].pk: "seal", cases[1].pk: "fix", cases[2].pk: "head"}


def test_a_contract_seal_is_countersigned_by_both(people, boss):
    case = do(boss, seal(people, seal="合同专用章", price="86000"), "agree")
    assert case.state == "sign"
    assert set(Task.objects.values_list("permission", flat=True)) == {"matters.case.examine", "matters.case.decide"}
    case = do(people["officer"], case, "agree")
    assert (case.state, Task.objects.get().permission) == ("sign", "matters.case.decide")
    case = do(people["leader"], case, "agree")
    assert case.state == "seal"
    assert codes(lambda: do(people["officer"], case, "stamp", typed={"stamped": "3"})) == ["MATTER_CHECK"]
    assert do(people["officer"], case, "stamp", typed={"stamped": "2"}).end == "granted"


def test_a_substitute_sees_the_task_acts_and_the_trail_says_for_whom(people, boss):
    case = seal(people)
    officer = people["officer"]
    assert list(tasks_for(officer)) == []
    page = client_of("boss")
    for never in ("", "2026-13-40", "9999-12-31"):
        refused = page.post("/manage/cases/substitutions/", {"login": "officer", "since": "x", "until": never, "reason": ""})
        assert refused.status_code == 422
    day = TODAY.isoformat()
    assert page.post("/manage/cases/substitutions/", {"login": "officer", "since": day, "until": day, "reason": "出差"}).status_code == 302
    assert set(Message.objects.filter(title__contains="代理").values_list("account", flat=True)) == {boss.account, officer.account}
    assert [(task.url, task.stands_in) for task in tasks_for(officer)] == [(f"/manage/cases/{case.pk}/", True)]
    assert "代同事办理" in text_of(client_of("officer").get("/desk/"))
    listed = text_of(client_of("leader").get("/manage/cases/substitutions/"))
    assert ("officer 某 替 boss 某" in listed, "出差" in listed) == (True, False)
    asked = client_of("officer").post("/manage/cases/batch/", {"rows": [case.pk]}).content.decode()
    assert 'value="agree"' in asked
    do(officer, case, "agree")
    event = CaseEvent.objects.get(case=case, do="agree")
    assert (event.by, event.instead_of) == (officer.account, boss.account)


def test_a_substitution_is_ended_by_whom_it_is_and_not_doubled(people, boss):
    def stand_in(since=TODAY):
        return substitute(actor=boss, login="officer", since=since, until=TODAY + timedelta(days=3), reason="出差")

    row = stand_in()
    assert codes(stand_in) == ["MATTER_SUBSTITUTE_TWICE"]
    assert codes(lambda: end_substitution(actor=people["officer"], substitution=row.pk)) == ["MATTER_SUBSTITUTE_OVER"]
    assert client_of("boss").post(f"/manage/cases/substitutions/{row.pk}/end/").status_code == 302
    assert not Substitution.objects.filter(until__gt=TODAY).exists()
    later = stand_in(TODAY + timedelta(days=1))
    Substitution.objects.filter(pk=later.pk).update(since=TODAY - timedelta(days=1))
    end_substitution(actor=boss, substitution=later.pk)
    assert Substitution.objects.get(pk=later.pk).until == TODAY


def test_a_leader_arranges_a_substitute_for_who_has_left(people, boss):
    case = seal(people)
    Account.objects.filter(login="boss").update(is_active=False)
    day, days = TODAY.isoformat(), {"since": TODAY, "until": TODAY + timedelta(days=1), "reason": "调离"}
    leader, officer = people["leader"], people["officer"]
    assert codes(lambda: substitute(actor=officer, giver=boss.account, login="clerk", **days)) == ["MATTER_SUBSTITUTE_WHOM"]
    assert codes(lambda: substitute(actor=leader, giver=people["clerk"].account, login="officer", **days)) == ["MATTER_SUBSTITUTE_WHOM"]
    wrong = codes(lambda: substitute(actor=leader, giver=boss.account, login="leader", since=TODAY, until=TODAY, reason=" "))
    assert wrong == ["MATTER_SUBSTITUTE_SELF", "MATTER_SUBSTITUTE_DAYS", "MATTER_OPINION"]
    page = client_of("leader")
    assert "boss 某（1 件在办）" in text_of(page.get("/manage/cases/substitutions/"))
    assert b"id_giver" not in client_of("officer").get("/manage/cases/substitutions/").content
    typed = {"giver": boss.account, "login": "officer", "since": day, "until": day}
    refused = page.post("/manage/cases/substitutions/", typed | {"reason": ""})
    assert (refused.status_code, f'<option value="{boss.account}" selected>' in refused.content.decode()) == (422, True)
    assert page.post("/manage/cases/substitutions/", typed | {"reason": "调离"}).status_code == 302
    told = Message.objects.filter(title__contains="由 leader 某 安排", body="调离").values_list("account", flat=True)
    assert set(told) == {boss.account, officer.account}
    assert [
        word for word in ('"case.substitute"', f'"account":"{leader.account}"', "调离") if word not in AuditEntry.objects.latest("pk").body
    ] == []
    do(officer, case, "agree")
    assert CaseEvent.objects.get(do="agree").instead_of == boss.account
    row = Substitution.objects.get()
    assert codes(lambda: end_substitution(actor=officer, substitution=row.pk)) == ["MATTER_SUBSTITUTE_OVER"]
    assert page.post(f"/manage/cases/substitutions/{row.pk}/end/").status_code == 302
    assert not Substitution.objects.exists()


def test_a_handover_takes_the_case_along(people, boss):
    make_account("second", "case_officer")
    second = actor_for(Account.objects.get(login="second"))
    case = do(boss, seal(people), "agree")
    task = Task.objects.get(permission="matters.case.accept")
    take_task(actor=people["officer"], task=task.pk)
    offered = offer_handover(actor=people["officer"], login="second", tasks=[task.pk], ends=None, reason="休假")
    assert accept_handover(actor=second, handover=offered.pk) == 1
    assert [one.url for one in tasks_for(second)] == [f"/manage/cases/{case.pk}/"]
    do(second, case, "stamp", typed={"stamped": "2"})
    assert not Task.objects.exists()
    # What is asked of somebody by name is not handed over: a substitution is for that.
    named = seal(people)
    with pytest.raises(Refused):
        offer_handover(actor=boss, login="second", tasks=[Task.objects.get(key__startswith=f"case:{named.pk}:").pk], ends=None, reason="x")
