"""Grants by two persons for a time, and the three posts apart."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from people import actor_for, give_role, make_account, make_person, make_unit, signed_in

from keheng.access.actions.accounts import stop_account
from keheng.access.actions.grants import apply_for_grant, appoint_first_posts, appoint_manager, decide_grant, revoke_grant
from keheng.access.models import Grant
from keheng.access.queries import standing
from keheng.access.rules.grants import in_force
from keheng.kernel.desk.models import Message
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.kernel.trail.record import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = localdate()
YEAR = TODAY + timedelta(days=366)


@pytest.fixture
def posts():
    return {role: make_account(role.replace("_", "."), role) for role in ("system_admin", "security_admin", "audit_admin")}


def applied(posts, account, role, **given):
    given = {"begins": TODAY, "ends": YEAR, "reason": "工作需要", **given}
    return apply_for_grant(actor=actor_for(posts["system_admin"]), account=account, role=role, **given)


def codes(refusal):
    return [one.code for one in refusal.value.problems]


def test_a_grant_comes_into_force_by_two_persons_and_ends_by_itself(posts):
    clerk = make_account("clerk")
    grant = applied(posts, clerk, "operator")
    assert standing(clerk).principal("").may("site.jobs.see") is False
    decide_grant(actor=actor_for(posts["security_admin"]), grant_id=grant.pk, agreed=True)
    assert standing(clerk).principal("").may("site.jobs.see") is True
    assert standing(clerk, on=YEAR - timedelta(days=1)).principal("").may("site.jobs.see") is True
    assert standing(clerk, on=YEAR).principal("").may("site.jobs.see") is False
    assert standing(clerk, on=TODAY - timedelta(days=1)).principal("").may("site.jobs.see") is False


def test_nobody_grants_to_oneself_or_decides_on_one_s_own_application(posts):
    with pytest.raises(Refused) as refusal:
        applied(posts, posts["system_admin"], "operator")
    assert "ACC_TWO_PERSONS" in codes(refusal)
    clerk = make_account("clerk")
    grant = applied(posts, clerk, "operator")
    for decider in (posts["system_admin"], clerk):
        with pytest.raises(Refused) as refusal:
            decide_grant(actor=actor_for(decider), grant_id=grant.pk, agreed=True)
        assert codes(refusal) == ["ACC_TWO_PERSONS"]


def test_two_accounts_of_one_person_are_one_person(posts):
    person = make_person()
    posts["security_admin"].person = person
    posts["security_admin"].save()
    second = make_account("second", person=person)
    grant = applied(posts, make_account("clerk"), "operator")
    grant.applied_by = second
    grant.save()
    with pytest.raises(Refused) as refusal:
        decide_grant(actor=actor_for(posts["security_admin"]), grant_id=grant.pk, agreed=True)
    assert codes(refusal) == ["ACC_TWO_PERSONS"]
    with pytest.raises(Refused) as refusal:
        applied(posts, second, "audit_admin")
    assert codes(refusal) == ["ACC_POST_DOUBLE"]


def test_the_database_itself_refuses_one_person_as_both(posts):
    grant = applied(posts, make_account("clerk"), "operator")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(decided_by=posts["system_admin"])


@pytest.mark.parametrize(("held", "wanted", "code"), [
    ("system_admin", "audit_admin", "ACC_POST_DOUBLE"),
    ("system_admin", "operator", "ACC_POST_BUSINESS"),
    ("operator", "security_admin", "ACC_POST_BUSINESS"),
    ("unit_member", "audit_admin", "ACC_POST_BUSINESS"),
    ("operator", "operator", "ACC_GRANT_HELD"),
])  # fmt: skip
def test_three_posts_stay_apart(posts, held, wanted, code):
    someone = make_account("someone", held, unit=make_unit() if held == "unit_member" else None)
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, wanted)
    assert codes(refusal) == [code]


def test_two_posts_applied_for_at_once_are_refused_too(posts):
    someone = make_account("someone")
    applied(posts, someone, "audit_admin")
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "security_admin")
    assert codes(refusal) == ["ACC_POST_DOUBLE"]


def test_everything_wrong_with_an_application_is_told_at_once(posts):
    someone = make_account("someone")
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "operator", ends=TODAY, reason=" ")
    assert codes(refusal) == ["ACC_GRANT_ORDER", "ACC_GRANT_REASON"]
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "operator", ends=None)
    assert codes(refusal) == ["ACC_GRANT_ENDLESS"]
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "operator", ends=TODAY + timedelta(days=367))
    assert codes(refusal) == ["ACC_GRANT_LONG"]
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "unit_manager")
    assert codes(refusal) == ["ACC_GRANT_UNIT", "ACC_ROLE_WAY"]
    with pytest.raises(Refused) as refusal:
        applied(posts, someone, "emperor")
    assert codes(refusal) == ["ACC_ROLE_UNKNOWN"]


def test_a_refusal_needs_a_reason_and_is_final(posts):
    grant = applied(posts, make_account("clerk"), "operator")
    decider = actor_for(posts["security_admin"])
    with pytest.raises(Refused) as refusal:
        decide_grant(actor=decider, grant_id=grant.pk, agreed=False)
    assert codes(refusal) == ["ACC_GRANT_REASON"]
    decide_grant(actor=decider, grant_id=grant.pk, agreed=False, remark="不需要")
    with pytest.raises(Refused) as refusal:
        decide_grant(actor=decider, grant_id=grant.pk, agreed=True)
    assert codes(refusal) == ["ACC_GRANT_STATE"]


def test_the_last_holder_of_a_post_stays(posts):
    grant = posts["audit_admin"].grants.get()
    with pytest.raises(Refused) as refusal:
        revoke_grant(actor=actor_for(posts["system_admin"]), grant_id=grant.pk, remark="离任")
    assert codes(refusal) == ["ACC_POST_LAST"]
    with pytest.raises(Refused) as refusal:
        stop_account(actor=actor_for(posts["system_admin"]), account_id=posts["audit_admin"].pk, reason="离任")
    assert codes(refusal) == ["ACC_POST_LAST"]
    make_account("successor", "audit_admin")
    assert revoke_grant(actor=actor_for(posts["system_admin"]), grant_id=grant.pk, remark="离任").state == Grant.State.REVOKED


def test_a_unit_keeps_a_manager(posts):
    unit = make_unit()
    manager = make_account("manager", "unit_manager", unit=unit)
    with pytest.raises(Refused) as refusal:
        revoke_grant(actor=actor_for(manager), grant_id=manager.grants.get().pk, remark="离职")
    assert codes(refusal) == ["ACC_MEMBER_LAST"]
    with pytest.raises(Refused) as refusal:
        appoint_manager(actor=SYSTEM, account=make_account("other"), unit=unit)
    assert codes(refusal) == ["ACC_MANAGER_EXISTS"]


def test_first_posts_are_filled_once():
    accounts = {role: make_account(role.replace("_", ".")) for role in ("system_admin", "security_admin", "audit_admin")}
    appoint_first_posts(actor=SYSTEM, accounts=accounts)
    with pytest.raises(Refused) as refusal:
        appoint_first_posts(actor=SYSTEM, accounts=accounts)
    assert codes(refusal) == ["ACC_GRANT_HELD"]


def test_one_acts_for_one_unit_at_a_time(posts):
    one, other = make_unit(), make_unit("云岭生物技术有限公司")
    member = make_account("member", "unit_member", unit=one)
    give_role(member, "unit_manager", other)
    assert standing(member).unit == one.pk
    assert standing(member).principal("").may("access.members.manage") is False
    assert standing(member, other.pk).principal("").unit == str(other.pk)
    assert standing(member, other.pk).principal("").may("access.members.manage") is True
    assert standing(member, make_unit("外单位").pk).unit == one.pk


def test_acts_and_refusals_stand_on_the_trail(posts):
    grant = applied(posts, make_account("clerk"), "operator")
    with pytest.raises(Refused):
        decide_grant(actor=actor_for(posts["system_admin"]), grant_id=grant.pk, agreed=True)
    said = list(AuditEntry.objects.filter(body__contains='"act":"grant.').order_by("id").values_list("body", flat=True))
    assert [('"act":"grant.apply"' in one, '"succeeded":true' in one) for one in said] == [(True, True), (False, False)]
    assert f'"account":"{posts["system_admin"].pk}"' in said[0]


def test_an_application_is_a_task_for_whoever_decides_and_its_end_is_told(posts):
    clerk, again = make_account("clerk"), make_account("again")
    grant, other = applied(posts, clerk, "operator"), applied(posts, again, "operator")
    decider = actor_for(posts["security_admin"])
    assert [task.title for task in tasks_for(decider)] == ["审批授权：clerk 某担任运维人员", "审批授权：again 某担任运维人员"]
    assert list(tasks_for(actor_for(posts["system_admin"]))) == []
    decide_grant(actor=decider, grant_id=grant.pk, agreed=True)
    revoke_grant(actor=actor_for(posts["system_admin"]), grant_id=other.pk, remark="重复申请")
    assert list(tasks_for(decider)) == []
    revoke_grant(actor=actor_for(posts["system_admin"]), grant_id=grant.pk, remark="调岗")
    told = Message.objects.order_by("pk").values_list("account", "title", "body")
    assert list(told) == [
        (str(clerk.pk), "“运维人员”已授予您", ""), (str(again.pk), "“运维人员”已收回", "重复申请"), (str(clerk.pk), "“运维人员”已收回", "调岗"),
    ]  # fmt: skip


def test_a_reason_is_kept_whole_or_refused(posts):
    actor, clerk = actor_for(posts["system_admin"]), make_account("clerk")
    grant = applied(posts, clerk, "operator")
    with pytest.raises(Refused) as refusal:
        revoke_grant(actor=actor, grant_id=grant.pk, remark="云" * 201)
    assert codes(refusal) == ["ACC_REASON_LONG"]
    with pytest.raises(Refused) as refusal:
        stop_account(actor=actor, account_id=clerk.pk, reason="云" * 201)
    assert codes(refusal) == ["ACC_REASON_LONG"]
    assert revoke_grant(actor=actor, grant_id=grant.pk, remark="云" * 200).remark == "云" * 200


def test_what_is_asked_at_every_request_is_what_is_in_force():
    person, unit = make_account("many"), make_unit("甲单位")
    days = [TODAY - timedelta(days=2), TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    for state in Grant.State:
        for begins in days:
            for ends in [None, *(day for day in days if day > begins)]:
                Grant.objects.create(account=person, role="unit_member", unit=unit, begins=begins, ends=ends, reason="x", state=state)
    held = standing(person).grants
    assert [(one.role, one.unit_id, one.unit_name, one.ends) for one in held] == [
        (one.role, unit.pk, "甲单位", one.ends) for one in Grant.objects.filter(in_force(), account=person).order_by("pk")
    ]
    assert len(held) == 6
    assert standing(person).second_factor is False
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert standing(person).second_factor is True


def test_the_list_of_grants_sorts_filters_and_holds_what_may_be_done(posts):
    grant = applied(posts, make_account("clerk"), "operator")
    system, security = (signed_in(posts[role]) for role in ("system_admin", "security_admin"))
    asked = {"state": "applied", "q": "cler", "role": "operator", "sort": "account"}
    page = security.get("/account/grants/", asked)
    (line,) = page.context["table"].lines
    assert (line.row, line.cells[2].text) == (grant, "—")
    assert 'name="agreed" value="yes"' in page.content.decode()
    assert 'name="agreed"' not in system.get("/account/grants/", asked).content.decode()
    assert security.get("/account/grants/", asked | {"q": "nobody"}).context["table"].lines == []
    refused = security.post(f"/account/grants/{grant.pk}/decide/", {"agreed": "no", "remark": " "})
    assert (refused.status_code, 'name="agreed" value="no"' in refused.content.decode()) == (422, True)
    assert security.post(f"/account/grants/{grant.pk}/decide/", {"agreed": "yes"}).status_code == 302
    assert "确认收回" in system.get("/account/grants/", {"state": "in_force", "q": "cler"}).content.decode()
    sheet = system.post("/account/grants/?state=in_force", {"export": "xlsx"})
    assert sheet.headers["Content-Disposition"].startswith("attachment")


def test_a_role_for_a_unit_is_asked_for_by_the_units_code(posts):
    unit, somebody = make_unit(credit_code="91990102000000297H"), make_account("somebody")
    client = signed_in(posts["system_admin"])
    asked = {"account": "somebody", "role": "editor", "begins": TODAY.isoformat(), "ends": YEAR.isoformat(), "reason": "编辑"}
    page = client.post("/account/grants/apply/", {**asked, "role": "", "unit": "91990102000000298X"})
    assert (page.status_code, Grant.objects.filter(account=somebody).count()) == (422, 0)
    assert [word for word in ("没有登记这个统一社会信用代码的单位", "选择角色") if word not in page.content.decode()] == []
    client.post("/account/grants/apply/", {**asked, "unit": " 91990102000000297h"})
    assert Grant.objects.get(account=somebody).unit_id == unit.pk
