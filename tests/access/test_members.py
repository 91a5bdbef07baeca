"""Accounts opened by people, invitations to act for a unit, and what becomes of an account whose owner leaves."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils.timezone import now
from people import PASSWORD, actor_for, make_account, make_person, make_unit, signed_in

from keheng.access import plugins
from keheng.access.actions.accounts import anonymise, start_account, stop_account
from keheng.access.models import Account, Invitation
from keheng.access.queries import members_of, standing
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal.holders import keys_of, sections_of
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.kernel.trail.record import SYSTEM

pytestmark = pytest.mark.django_db
NEW = {"login": "li.ming", "name": "李明", "email": "li.ming@yunling.example", "password": PASSWORD}


@pytest.fixture(autouse=True)
def mail_in_memory(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.GATE_FOLDER = tmp_path / "gate"


@pytest.fixture
def manager():
    return make_account("manager", "unit_manager", unit=make_unit())


def invited(manager, email=NEW["email"], role="unit_member"):
    answer = signed_in(manager).post("/account/members/", {"email": email, "role": role})
    assert answer.status_code == 302, answer.content.decode()
    return re.findall(r"/account/(?:invitations|register)/([\w-]+)/", mail.outbox[-1].body)[0]


def test_a_person_opens_an_account_confirms_the_address_and_signs_in():
    visitor = Client()
    page = visitor.post("/account/register/", NEW).content.decode()
    assert "请查收邮件" in page
    link = re.search(r"/account/confirm-email/[^\s]+", mail.outbox[0].body)[0]
    visitor.post(link)
    answer = visitor.post("/account/login/", {"login": "li.ming", "password": PASSWORD})
    assert answer.headers["Location"] == "/desk/"
    assert visitor.get("/account/security/").status_code == 200


def test_everything_wrong_is_told_at_once_and_what_was_typed_stays_but_the_password():
    make_account("li.ming")
    answer = Client().post("/account/register/", {**NEW, "email": "nowhere", "name": " ", "password": "short"})
    page = answer.content.decode()
    assert answer.status_code == 422
    found = [told in page for told in ("已被使用", "格式不对", "太短", "种类太少")]
    assert found == [True, True, True, True]
    assert ('value="li.ming"' in page, 'value="nowhere"' in page, "short" in page) == (True, True, False)


def test_an_invited_person_with_an_account_accepts_and_acts_for_the_unit(manager):
    token = invited(manager)
    person = make_account("li.ming")
    assert "代表<strong>云岭精密仪器有限公司" in signed_in(person).get(f"/account/invitations/{token}/").content.decode()
    assert signed_in(person).post(f"/account/invitations/{token}/").status_code == 302
    assert [role.code for role, _ in standing(person).acting] == ["unit_member", "citizen"]
    assert signed_in(person).post(f"/account/invitations/{token}/").status_code == 410, "a link works once"


def test_an_invited_person_without_an_account_opens_one(manager):
    token = invited(manager)
    Client().post(f"/account/register/{token}/", NEW)
    account = Account.objects.get(login="li.ming")
    assert [grant.account for grant in members_of(manager.grants.get().unit_id)] == [manager, account]


def test_a_link_in_other_hands_opens_nothing(manager):
    token = invited(manager)
    thief = make_account("thief")
    answer = signed_in(thief).post(f"/account/invitations/{token}/")
    assert (answer.status_code, "另一个电子邮箱" in answer.content.decode()) == (422, True)
    answer = Client().post(f"/account/register/{token}/", {**NEW, "email": "thief2@yunling.example"})
    assert answer.status_code == 422
    assert not Account.objects.filter(login="li.ming").exists(), "no account without the invitation"


def test_old_and_withdrawn_invitations_are_dead(manager):
    first, second = invited(manager), invited(manager, "other@yunling.example")
    Invitation.objects.filter(email=NEW["email"]).update(expires_at=now() - timedelta(seconds=1))
    signed_in(manager).post(f"/account/members/invitations/{Invitation.objects.get(email='other@yunling.example').pk}/withdraw/")
    assert [Client().get(f"/account/register/{token}/").status_code for token in (first, second)] == [410, 410]


def test_managers_rule_only_their_own_unit(manager):
    other = make_account("elsewhere", "unit_member", unit=make_unit("云岭生物技术有限公司"))
    assert signed_in(manager).post(f"/account/members/{other.grants.get().pk}/end/").status_code == 404
    answer = signed_in(manager).post("/account/members/", {"email": "x@yunling.example", "role": "system_admin"})
    assert answer.status_code == 422
    own = signed_in(manager).post(f"/account/members/{manager.grants.get().pk}/end/", follow=True)
    assert "至少要有一位管理员" in own.content.decode()


def test_one_s_data_are_told_and_erased_with_the_person_s_other_key():
    person = make_person()
    account = make_account("li.ming", "unit_member", unit=make_unit(), person=person)
    assert keys_of(str(account.pk)) == (f"account:{account.pk}", f"person:{person.pk}")
    section = next(one for one in sections_of(str(account.pk)) if one.code == "access")
    assert (section.rows[0]["登录名"], section.rows[1]["角色"]) == ("li.ming", "单位经办人")
    assert plugins._export("account:x") == []
    outcome = plugins._erase(f"account:{account.pk}", actor_for(make_account("officer")))
    assert (outcome.erased, outcome.kept[0].count) == (1, 1)
    account.refresh_from_db()
    assert (account.login, account.name, account.email, account.has_usable_password()) == (f"erased-{account.pk}", "已注销", "", False)
    assert EmailAddress.objects.filter(user=account).count() == 0
    assert not AuditEntry.objects.filter(body__contains="li.ming").exists()
    with pytest.raises(Refused):
        start_account(actor=SYSTEM, account_id=account.pk)


def test_long_stopped_accounts_lose_the_person_and_others_do_not():
    kept, gone = make_account("kept"), make_account("gone")
    for account in (kept, gone):
        stop_account(actor=SYSTEM, account_id=account.pk, reason="离职")
    Account.objects.filter(pk=gone.pk).update(stopped_at=now() - timedelta(days=2000))
    binding = next(one for one in all_bindings() if (one.rule, one.holder) == ("account", "access"))
    assert run_binding(binding, now()).disposed == 1
    assert sorted(Account.objects.values_list("login", flat=True)) == sorted(["kept", f"erased-{gone.pk}"])
    assert anonymise(SYSTEM, kept) is True
