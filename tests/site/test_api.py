"""The API: who may ask what, what is answered, writes that happen once, limits."""

import json
from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from calling import Caller
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from people import actor_for, give_role, make_account, make_unit, signed_in

from keheng.access.actions.tokens import make_token, withdraw_token
from keheng.access.models import ApiToken
from keheng.directory.enums import districts
from keheng.directory.models import Organisation
from keheng.kernel.api import limits as api_limits
from keheng.kernel.api.models import KeptAnswer, Pace
from keheng.kernel.api.paging import page_of_rows
from keheng.kernel.desk.tasks import open_task
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry

SEE, REGISTER, EDIT = (f"directory.organisation.{one}" for one in ("see", "register", "edit"))


def token_for(account, *scopes, unit=None, days=30):
    return make_token(actor=actor_for(account, unit), name="试验系统", scopes=scopes, days=days)[1]


HERE, THERE = list(districts())[:2]


def officer(login="officer", district=HERE):
    return make_account(login, "case_officer", district=district)


NEW = {"name": "青禾生物科技有限公司", "kind": "enterprise", "district": HERE, "credit_code": ""}


@pytest.mark.django_db
def test_a_token_carries_what_its_owner_holds_and_no_more():
    account = officer()
    me = Caller(token_for(account, SEE))("GET", "/me").json()
    assert (me["account"], [one["permission"] for one in me["powers"]]) == (str(account.pk), [SEE])
    with pytest.raises(Refused) as refusal:
        make_token(actor=actor_for(account), name=" ", scopes=["access.grants.decide", "directory.organisation.export"], days=400)
    assert [(one.code, one.field) for one in refusal.value.problems] == [
        ("ACC_TOKEN_NAME", "name"), ("ACC_TOKEN_SCOPE", "scopes"), ("ACC_TOKEN_SCOPE", "scopes"), ("ACC_TOKEN_DAYS", "days"),
    ]  # fmt: skip
    # Exporting asks a person to prove again who they are: no token may carry it, although the officer holds it.
    assert actor_for(account).may("directory.organisation.export")
    account.grants.all().delete()
    assert Caller(token_for(officer("other"), SEE))("GET", "/organisations").status_code == 200
    assert Caller(token_for(account))("GET", "/organisations").status_code == 403


@pytest.mark.django_db
def test_a_token_ends_with_its_time_its_account_and_its_withdrawal():
    account = officer()
    tokens = [token_for(account, SEE) for _ in range(3)]
    assert [Caller(one)("GET", "/me").status_code for one in tokens] == [200, 200, 200]
    first, second, _ = ApiToken.objects.order_by("pk")
    withdraw_token(actor=actor_for(account), token=first)
    ApiToken.objects.filter(pk=second.pk).update(ends_at=now() - timedelta(seconds=1))
    assert [Caller(one)("GET", "/me").status_code for one in tokens] == [401, 401, 200]
    account.is_active = False
    account.save()
    answer = Caller(tokens[2])("GET", "/me")
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["WWW-Authenticate"]) == (
        401,
        "application/problem+json",
        "Bearer",
    )
    assert tokens[0] not in "".join(AuditEntry.objects.values_list("body", flat=True))
    assert not ApiToken.objects.filter(digest__in=tokens).exists()


@pytest.mark.django_db
def test_a_token_of_a_unit_reaches_that_unit_only_while_its_owner_acts_for_it():
    own, other = make_unit(), make_unit("青禾研究院")
    account = make_account("manager", "unit_manager", unit=own)
    token = token_for(account, SEE, unit=own.pk)
    caller = Caller(token)
    assert [one["id"] for one in caller("GET", "/organisations").json()["items"]] == [own.pk]
    assert (caller("GET", f"/organisations/{own.pk}").status_code, caller("GET", f"/organisations/{other.pk}").status_code) == (200, 404)
    account.grants.all().delete()
    give_role(account, "unit_manager", other)
    assert Caller(token)("GET", "/organisations").status_code == 401


@pytest.mark.django_db
def test_pages_show_every_row_once_while_rows_come():
    for number in range(7):
        make_unit(f"第 {number} 研究所")
    caller = Caller(token_for(officer(), SEE))
    seen, cursor = [], ""
    while True:
        page = caller("GET", f"/organisations?limit=3&cursor={cursor}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
        make_unit(f"新来的 {len(seen)}")
    assert len(seen) == 7
    assert all(later < earlier for earlier, later in pairwise(seen))
    refused = caller("GET", "/organisations?cursor=made-up")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "API_CURSOR")
    assert caller("GET", "/organisations?limit=101").status_code == 422


@pytest.mark.django_db
def test_a_write_under_one_key_happens_once():
    caller = Caller(token_for(officer(), SEE, REGISTER))
    first = caller("POST", "/organisations", NEW, key="the-key-1")
    again = caller("POST", "/organisations", NEW, key="the-key-1")
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert Organisation.objects.count() == 1
    other = caller("POST", "/organisations", NEW | {"name": "另一家有限公司"}, key="the-key-1")
    assert (other.status_code, Organisation.objects.count()) == (409, 1)
    assert caller("POST", "/organisations", NEW | {"name": "另一家有限公司"}, key="the-key-2").status_code == 201
    missing = caller.client.post(
        "/api/v1/organisations", json.dumps(NEW), content_type="application/json", headers={"Authorization": f"Bearer {caller.token}"}
    )
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.django_db
def test_a_refused_write_tells_everything_stands_on_the_trail_and_leaves_its_key_free():
    caller = Caller(token_for(officer(), SEE, REGISTER))
    wrong = {"name": "短", "kind": "none", "district": HERE, "credit_code": "91"}
    answer = caller("POST", "/organisations", wrong, key="the-key-1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert [one["field"] for one in answer.json()["errors"]] == ["name", "code", "kind"]
    assert json.loads(AuditEntry.objects.latest("id").body)["succeeded"] is False
    assert not KeptAnswer.objects.exists()
    assert caller("POST", "/organisations", NEW, key="the-key-1").status_code == 201
    outside = caller("POST", "/organisations", NEW | {"name": "临湖某某公司", "district": THERE})
    assert [one["code"] for one in outside.json()["errors"]] == ["DIR_DISTRICT_OUTSIDE"]


def test_the_same_write_from_many_at_once_happens_once(fresh):
    token = token_for(officer(), SEE, REGISTER)
    barrier, answers = Barrier(8), []

    def call():
        caller = Caller(token)
        barrier.wait()
        answers.append(caller("POST", "/organisations", NEW, key="the-same-key"))
        connection.close()

    threads = [Thread(target=call) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.json()["id"] for one in answers}) == 1
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_who_asks_too_often_is_told_when_to_ask_again(monkeypatch):
    monkeypatch.setitem(api_limits.limits()["requests_a_minute"], "token", 3)
    monkeypatch.setattr(api_limits, "time", lambda: 1_000_000_007.0)
    caller = Caller(token_for(officer(), SEE))
    left = [caller("GET", "/me").headers["RateLimit-Remaining"] for _ in range(3)]
    answer = caller("GET", "/me")
    assert (left, answer.status_code, answer.headers["Retry-After"]) == (["2", "1", "0"], 429, "13")
    assert Pace.objects.get().used == 4
    monkeypatch.setattr(api_limits, "time", lambda: 1_000_000_020.0)
    assert caller("GET", "/me").status_code == 200


@pytest.mark.django_db
def test_correcting_keeps_what_the_pages_keep():
    unit = make_unit(district=HERE, contact_phone="13800000000")
    caller = Caller(token_for(officer(), SEE, EDIT))
    answer = caller("PATCH", f"/organisations/{unit.pk}", {"kind": "institute", "address": "云岭路 1 号"})
    unit.refresh_from_db()
    assert (answer.status_code, unit.kind, unit.address, unit.contact_phone) == (200, "institute", "云岭路 1 号", "13800000000")
    assert "phone" not in answer.json()
    assert caller("PATCH", "/organisations/999", {"kind": "institute"}).status_code == 404


@pytest.mark.django_db
def test_measures_are_read_with_what_proves_them():
    make_unit(district=HERE)
    make_unit("青禾研究院", district=THERE)
    leader = make_account("leader", "leader")
    caller = Caller(token_for(leader, "site.measures.see"))
    code = "directory.organisations.enterprise"
    assert code in [one["code"] for one in caller("GET", "/measures").json()]
    year = now().year
    reading = caller("GET", f"/measures/{code}?begin={year}-01-01&end={year + 1}-01-01").json()
    rows = caller("GET", f"/measures/{code}/evidence?begin={year}-01-01&end={year + 1}-01-01").json()
    assert (int(float(reading["value"])), reading["rows"], rows["next"]) == (len(rows["items"]), len(rows["items"]), None)
    assert caller("GET", f"/measures/{code}?begin={year}-01-02&end={year}-01-01").json()["errors"][0]["code"] == "SITE_PERIOD"
    one = f"/measures/{code}%s?begin={year}-01-01&end={year + 1}-01-01&scope=district:{HERE}"
    within = caller("GET", one % "").json()
    assert (within["rows"], within["scope"], len(caller("GET", one % "/evidence").json()["items"])) == (1, {"district": HERE}, 1)
    beyond = caller("GET", f"{one % ''}&scope=moon:full").json()["errors"][0]
    assert (beyond["code"], beyond["field"], "district" in beyond["remedy_zh"]) == ("SITE_SCOPE", "scope", True)
    assert caller("GET", "/measures/no.such?begin=2026-01-01&end=2026-02-01").status_code == 404


@pytest.mark.django_db
def test_tasks_are_those_that_the_token_reaches():
    open_task("here", kind="k", title="核对单位资料", url="/organisations/", permission=EDIT, district=HERE)
    open_task("there", kind="k", title="别处的事", url="/organisations/", permission=EDIT, district=THERE)
    open_task("more", kind="k", title="令牌没有这项权限", url="/organisations/", permission=REGISTER, district=HERE)
    listed = Caller(token_for(officer(), EDIT))("GET", "/tasks").json()["items"]
    assert [(one["title"], one["url"], one["account"]) for one in listed] == [("核对单位资料", "/organisations/", "")]


@pytest.mark.django_db
def test_tokens_are_made_and_withdrawn_on_their_page():
    account = officer()
    client = signed_in(account)
    page = client.post("/account/tokens/", {"name": "数据平台", "days": 10, "scopes": [SEE]})
    text = page.content.decode()
    token = text[text.index("kh_") :].split("<")[0]
    assert Caller(token)("GET", "/organisations").status_code == 200
    assert token not in client.get("/account/tokens/").content.decode()
    wrong = client.post("/account/tokens/", {"name": "数据平台", "days": 1000, "scopes": [SEE]})
    assert (wrong.status_code, "有效期不在 1 至 366 天之内" in wrong.content.decode()) == (422, True)
    stranger = signed_in(officer("stranger"))
    pk = ApiToken.objects.get().pk
    assert stranger.post(f"/account/tokens/{pk}/withdraw/").status_code == 404
    assert client.post(f"/account/tokens/{pk}/withdraw/").status_code == 302
    assert Caller(token)("GET", "/organisations").status_code == 401


@pytest.mark.django_db
def test_the_description_tells_every_refusal_and_the_page_every_operation():
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    refusals = {"400", "401", "403", "404", "409", "422", "429"}
    assert {path: refusals - set(told["responses"]) for path, methods in described["paths"].items() for told in methods.values()} == {
        path: set() for path in described["paths"]
    }
    page = Client().get("/api/").content.decode()
    assert page.count("data-try") == sum(len(methods) for methods in described["paths"].values())


def test_rows_without_keys_are_paged_by_the_last_row_though_others_come():
    rows = [{"number": number, "day": date(2026, 1, number)} for number in range(1, 6)]
    first = page_of_rows(lambda: rows, "", 2)
    assert ([one["number"] for one in first["items"]], len(first["next"]) <= 60) == ([1, 2], True)
    come = [{"number": 0}, *rows]
    second = page_of_rows(lambda: come, first["next"], 2)
    assert [one["number"] for one in second["items"]] == [3, 4]
    last = page_of_rows(lambda: rows, second["next"], 2)
    assert ([one["number"] for one in last["items"]], last["next"]) == ([5], None)
    alike = [{"x": 1}] * 5
    assert [page_of_rows(lambda: alike, page_of_rows(lambda: alike, "", 3)["next"], 3)["items"]] == [alike[:2]]
    for gone in (rows[2:], []):
        with pytest.raises(Refused):
            page_of_rows(lambda gone=gone: gone, first["next"], 2)
    for forged in ("k5", "cjA", "!!", "cjIuYQ=="):
        with pytest.raises(Refused):
            page_of_rows(lambda: rows, forged, 2)


@pytest.mark.django_db
def test_whoever_answers_under_the_api_answers_in_its_form():
    caller = Caller(token_for(officer(), SEE, REGISTER))
    wrong = caller("PUT", "/organisations", {})
    told = (wrong.status_code, wrong.headers["Content-Type"], sorted(wrong.headers["Allow"].split(", ")))
    assert told == (405, "application/problem+json", ["GET", "POST"])
    large = caller("POST", "/organisations", {**NEW, "address": "长" * 1_500_000})
    assert (large.status_code, large.headers["Content-Type"], large.json()["title"]) == (
        413, "application/problem+json", "the request is too large",
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "a-key-for-this"}
    broken = Client().post("/api/v1/organisations", b"{", content_type="application/json", headers=headers)
    assert (broken.status_code, broken.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.django_db
def test_what_is_asked_wrong_is_not_passed_over():
    caller = Caller(token_for(officer(), SEE))
    wrong = caller("GET", "/organisations?kind=nosuch&district=zzz")
    told = {one["field"]: one for one in wrong.json()["errors"]}
    assert (wrong.status_code, sorted(told), "enterprise" in told["kind"]["remedy_en"], HERE in told["district"]["remedy_zh"]) == (
        422, ["district", "kind"], True, True,
    )  # fmt: skip
    unread = caller("GET", "/organisations?distrct=990101&page=2")
    assert (unread.status_code, [one["field"] for one in unread.json()["errors"]]) == (422, ["distrct", "page"])
    assert "cursor、limit、q、kind、district" in unread.json()["errors"][0]["remedy_zh"]
    one = Organisation.objects.create(name="望山", kind="enterprise", district=HERE, registered_on=now().date())
    assert caller("GET", f"/organisations/{one.pk}").status_code == 200
    assert caller("GET", f"/organisations/{one.pk}?full=1").status_code == 422
