"""The door: locks by (login name, address), second factor by role, step-up, ends of sessions, the queue."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from people import PASSWORD, SECRET, make_account, make_unit, signed_in

from keheng.access.actions.accounts import stop_account, stop_dormant
from keheng.access.actions.door import take_place
from keheng.access.models import Account, FailedSignIn, Grant, Waiting
from keheng.access.views import signing_in
from keheng.access.views.devices import device
from keheng.kernel.models import AuditEntry
from keheng.kernel.trail.record import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gate_folder(settings, tmp_path):
    settings.GATE_FOLDER = tmp_path / "gate"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def sign_in(login, password=PASSWORD, address="10.0.0.1", client=None, **more):
    client = client or Client(REMOTE_ADDR=address)
    return client.post("/account/login/", {"login": login, "password": password, **more}, REMOTE_ADDR=address)


PERIOD = 59_000_000
COUNTERS = auth.yield_hotp_counters_from_time


@pytest.fixture(autouse=True)
def one_period(monkeypatch):
    """A code lives 30 s; no test straddles two of them."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([PERIOD]))


def code():
    return str(format_hotp_value(hotp_value(SECRET, PERIOD)))


def test_login_name_or_address_and_password_sign_in_and_are_recorded():
    account = make_account("clerk")
    for name in ("clerk", "CLERK", "clerk@yunling.example"):
        response = sign_in(name)
        assert (response.status_code, response.headers.get("Location")) == (302, "/desk/")
    entries = AuditEntry.objects.filter(body__contains='"act":"sign-in.done"')
    assert [f'"target":"account:{account.pk}"' in one.body and '"address":"10.0.0.1"' in one.body for one in entries] == [True] * 3


def test_five_failures_lock_the_pair_but_not_the_owner_elsewhere():
    make_account("clerk")
    for _ in range(5):
        assert "暂停" not in sign_in("clerk", "wrong").content.decode()
    assert "暂停" in sign_in("clerk").content.decode()
    assert sign_in("Clerk").status_code == 200, "another spelling of the same name is the same pair"
    assert sign_in("clerk", address="10.0.0.2").status_code == 302
    assert sign_in("other", "wrong").status_code == 200, "colleagues behind the same address are not locked out"
    assert "暂停" not in sign_in("other", "wrong").content.decode()


def test_a_lock_ends_and_attempts_during_it_do_not_prolong_it():
    make_account("clerk")
    for _ in range(8):
        sign_in("clerk", "wrong")
    until = FailedSignIn.objects.exclude(login_mark="").get().locked_until
    assert timedelta(minutes=14) < until - timezone.now() <= timedelta(minutes=15)
    FailedSignIn.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in("clerk").status_code == 302
    assert FailedSignIn.objects.exclude(login_mark="").count() == 0


def test_old_failures_count_no_more():
    make_account("clerk")
    for _ in range(4):
        sign_in("clerk", "wrong")
    FailedSignIn.objects.update(since=timezone.now() - timedelta(minutes=16))
    sign_in("clerk", "wrong")
    assert FailedSignIn.objects.exclude(login_mark="").get().failures == 1


def test_an_address_that_tries_many_names_is_locked():
    make_account("clerk")
    for n in range(60):
        sign_in(f"name{n}", "wrong")
    assert "暂停" in sign_in("clerk").content.decode()
    assert sign_in("clerk", address="10.0.0.9").status_code == 302


def test_names_typed_by_strangers_stand_nowhere_in_plain():
    sign_in("zhang.someone", "wrong")
    assert not AuditEntry.objects.filter(body__contains="zhang.someone").exists()


def test_an_unconfirmed_address_keeps_the_account_shut():
    account = make_account("clerk")
    EmailAddress.objects.filter(user=account).update(verified=False)
    response = sign_in("clerk")
    assert response.headers["Location"] == "/account/confirm-email/"
    assert len(mail.outbox) == 1


def test_staff_sign_in_with_a_second_factor():
    make_account("ops", "operator")
    client = Client()
    assert sign_in("ops", client=client).headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/jobs/").status_code == 302, "the password alone opens nothing"
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    response = client.post("/account/2fa/authenticate/", {"code": code()})
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/")
    assert client.get("/jobs/").status_code == 200


def test_one_code_works_once():
    make_account("ops", "operator")
    used = code()
    for expected in (302, 200):
        client = Client()
        sign_in("ops", client=client)
        assert client.post("/account/2fa/authenticate/", {"code": used}).status_code == expected


def test_a_code_of_the_step_beside_opens_once_and_one_farther_off_never(monkeypatch):
    account = make_account("ops", "operator")
    with monkeypatch.context() as clock:
        clock.setattr(auth.time, "time", lambda: PERIOD * 30.0 + 1)
        steps = list(COUNTERS())
    assert steps == [PERIOD - 1, PERIOD, PERIOD + 1]
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter(steps))
    before, long_before = (str(format_hotp_value(hotp_value(SECRET, PERIOD - back))) for back in (1, 2))
    for used, expected in ((long_before, 200), (before, 302), (before, 200)):
        client = Client()
        sign_in("ops", client=client)
        assert client.post("/account/2fa/authenticate/", {"code": used}).status_code == expected
        # The library forgets a used code after half a minute, while it still holds.
        cache.delete(f"allauth.mfa.totp.used?user={account.pk}&code={used}")


def test_staff_without_a_second_factor_get_no_further_than_setting_one_up():
    account = make_account("ops")
    Grant.objects.create(
        account=account, role="operator", begins=timezone.localdate(), reason="r", state=Grant.State.IN_FORCE
    )  # fmt: skip
    client = signed_in(account)
    for path in ("/", "/jobs/", "/account/security/", "/personal/mine/"):
        assert client.get(path).headers.get("Location") == "/account/2fa/"
    assert client.get("/account/2fa/").status_code == 200
    TOTP.activate(account, SECRET)
    assert client.get("/jobs/").status_code == 200


def test_dangerous_pages_ask_again_and_come_back():
    client = signed_in(make_account("admin", "system_admin"), proven=False)
    response = client.get("/account/grants/apply/")
    assert response.headers["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fgrants%2Fapply%2F"
    response = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/grants/apply/"})
    assert response.headers["Location"] == "/account/grants/apply/"
    assert client.get("/account/grants/apply/").status_code == 200


def test_what_was_typed_before_the_question_is_not_lost():
    clerk = make_account("clerk")
    client = signed_in(make_account("admin", "system_admin"), proven=False)
    there = f"/account/accounts/{clerk.pk}/stop/"
    asked = client.post(f"{there}?a=1", {"reason": "合同到期"}, headers={"referer": f"http://testserver/account/accounts/{clerk.pk}/?b=2"})
    assert Account.objects.get(pk=clerk.pk).is_active is True
    assert f'href="/account/accounts/{clerk.pk}/?b=2">返回' in client.get(asked.headers["Location"]).content.decode()
    back = parse_qs(urlsplit(asked.headers["Location"]).query)["next"][0]
    assert client.get(back).headers["Location"] == asked.headers["Location"]
    assert Account.objects.get(pk=clerk.pk).is_active is True
    proven = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": back})
    assert (proven.status_code, proven.headers["Location"]) == (302, back)
    assert client.get(there + "?again=guessed").status_code == 405
    assert client.get(back).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.stopped_because) == (False, "合同到期")
    assert client.get(back).status_code == 405


def test_what_waited_for_a_proof_and_is_wrong_comes_back_at_its_own_address():
    client = signed_in(make_account("admin", "system_admin"), proven=False)
    asked = client.post("/account/grants/apply/", {"account": "nobody", "reason": "写了很久的理由"})
    back = parse_qs(urlsplit(asked.headers["Location"]).query)["next"][0]
    page = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": back}, follow=True)
    assert (page.status_code, page.redirect_chain) == (422, [(back, 302)])
    assert [words for words in ("写了很久的理由", "没有这个登录名") if words not in page.content.decode()] == []


def test_an_idle_session_ends_and_a_long_one_too():
    account = make_account("clerk")
    for key, age in (("seen", 31 * 60), ("began", 8 * 3600 + 1)):
        client = signed_in(account)
        assert client.get("/account/security/").status_code == 200
        session = client.session
        session[key] = time.time() - age
        session.save()
        assert client.get("/account/security/").headers["Location"].startswith("/account/login/")


def test_an_old_password_must_be_changed_and_the_last_five_cannot_come_back():
    account = make_account("clerk")
    Account.objects.filter(pk=account.pk).update(password_set_at=timezone.now() - timedelta(days=91))
    client = signed_in(account)
    assert client.get("/").headers["Location"] == "/account/password/change/"
    change = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert "最近用过" in client.post("/account/password/change/", change).content.decode()
    new = "Yunling#2027b"
    assert client.post("/account/password/change/", {**change, "password1": new, "password2": new}).status_code == 302
    assert sign_in("clerk", new).headers["Location"] == "/desk/"


@pytest.mark.parametrize(("password", "told"), [("Ab1#", "太短"), ("abcdefghij1", "种类太少"), ("Xx-clerk-2026", "登录名")])
def test_weak_passwords_are_told_why(password, told):
    client = signed_in(make_account("clerk"))
    given = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert told in client.post("/account/password/change/", given).content.decode()


def test_devices_are_listed_and_ended():
    account = make_account("clerk")
    here, there = Client(), Client()
    sign_in("clerk", client=here)
    sign_in("clerk", client=there, address="10.0.0.7")
    page = here.get("/account/devices/").content.decode()
    assert ("10.0.0.7" in page, "本机" in page) == (True, True)
    other = UserSession.objects.get(user=account, ip="10.0.0.7")
    stranger = signed_in(make_account("stranger"))
    assert stranger.post(f"/account/devices/{other.pk}/end/").status_code == 404
    here.post(f"/account/devices/{other.pk}/end/")
    assert there.get("/account/security/").headers["Location"].startswith("/account/login/")
    assert here.get("/account/security/").status_code == 200


def test_user_agents_are_told_as_people_say_them():
    assert device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140") == "Edge · Windows"
    assert device("Mozilla/5.0 (iPhone; CPU iPhone OS) MicroMessenger/8") == "微信 · iPhone"
    assert device("curl/8") == "其他设备"


def test_a_stopped_account_is_out_at_once():
    account = make_account("clerk")
    client = Client()
    sign_in("clerk", client=client)
    stop_account(actor=SYSTEM, account_id=account.pk, reason="离职")
    assert client.get("/account/security/").headers["Location"].startswith("/account/login/")
    assert sign_in("clerk").headers["Location"] == "/account/inactive/"


def test_dormant_and_ended_accounts_are_stopped_but_never_the_last_of_a_post():
    old = timezone.now() - timedelta(days=91)
    cases = {"fresh": {}, "dormant": {"usable_since": old, "last_login": old}, "used": {"usable_since": old, "last_login": timezone.now()},
             "ended": {"ends_on": timezone.localdate()}, "audit": {"usable_since": old}}  # fmt: skip
    for login, given in cases.items():
        account = make_account(login, *(["audit_admin"] if login == "audit" else []))
        Account.objects.filter(pk=account.pk).update(**given)
    assert stop_dormant() == 2
    assert sorted(Account.objects.filter(is_active=False).values_list("login", flat=True)) == ["dormant", "ended"]


def test_who_must_wait_keeps_a_place_and_is_told_it(monkeypatch, settings):
    make_account("clerk")
    monkeypatch.setattr(signing_in, "_PATIENCE", 0.0)
    door = signing_in.gate(settings.GATE_FOLDER)
    many = signing_in._FRONT * door.slots
    ahead = [take_place("") for _ in range(many)]
    response = sign_in("clerk")
    assert (response.status_code, response.headers["Retry-After"]) == (503, str(1 + many // 30))
    page = response.content.decode()
    assert f"前面还有 {many} 人" in page
    assert PASSWORD not in page
    ticket = Waiting.objects.latest("pk").ticket
    response = Client().post(
        "/account/login/", {"login": "clerk", "password": PASSWORD, "ticket": ticket}, headers={"Accept": "application/json"}
    )
    assert response.json() == {"ticket": ticket, "before": many, "seconds": 1 + many // 30}
    Waiting.objects.filter(ticket=ahead[0]).delete()
    assert sign_in("clerk", ticket=ticket).status_code == 302
    assert not Waiting.objects.filter(ticket=ticket).exists()


def test_those_who_went_away_are_not_waited_for():
    make_account("clerk")
    for _ in range(50):
        take_place("")
    Waiting.objects.update(seen_at=timezone.now() - timedelta(seconds=16))
    assert sign_in("clerk").status_code == 302


def test_full_slots_make_one_wait(monkeypatch, settings):
    make_account("clerk")
    monkeypatch.setattr(signing_in, "_PATIENCE", 0.05)
    door = signing_in.gate(settings.GATE_FOLDER)
    held = [door.entered() for _ in range(door.slots)]
    assert [one.__enter__() for one in held] == [True] * door.slots
    assert sign_in("clerk").status_code == 503
    held[0].__exit__(None, None, None)
    assert sign_in("clerk", ticket=Waiting.objects.get().ticket).status_code == 302
    [one.__exit__(None, None, None) for one in held[1:]]


def test_acting_for_another_unit_is_seen_on_every_page():
    one, other = make_unit(), make_unit("云岭生物技术有限公司")
    account = make_account("member", "unit_member", unit=one)
    Grant.objects.create(
        account=account, role="unit_manager", unit=other, begins=timezone.localdate(), reason="r", state=Grant.State.IN_FORCE
    )
    client = signed_in(account)
    assert "当前代表：<strong>云岭精密仪器有限公司" in client.get("/").content.decode()
    assert client.get("/account/members/").status_code == 403
    client.post("/account/act-for/", {"unit": other.pk, "next": "https://evil.example/"})
    assert "当前代表：<strong>云岭生物技术有限公司" in client.get("/").content.decode()
    assert client.get("/account/members/").status_code == 200
    client.post("/account/act-for/", {"unit": make_unit("别人的单位").pk})
    assert "别人的单位" not in client.get("/").content.decode()


def test_pages_run_only_what_is_ours():
    response = Client().get("/account/login/")
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert (response.headers["X-Frame-Options"], response.headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
