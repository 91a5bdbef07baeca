"""Pages of personal data, over the whole site: doors, masks, reveal with and without a script, one's own data, decisions."""

import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pdfplumber
import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from people import make_account, signed_in

from keheng.access.rules.roles import Role, roles
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal import holders, reveal, views
from keheng.kernel.personal.catalogue import catalogue, notice, table_of
from keheng.kernel.personal.holders import Erased, Holder, register_holder
from keheng.kernel.personal.holds import place_hold
from keheng.kernel.personal.models import Consent, DataRequest, LegalHold
from keheng.kernel.personal.pdf import draw_pdf
from keheng.kernel.personal.retention import run_retention
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor

pytestmark = pytest.mark.django_db
LABEL, PHONE = "personal.DataRequest", "13812345678"
OWN = ["personal.reveal", "personal.requests.decide", "personal.holds.manage", "personal.retention.see"]


@pytest.fixture(autouse=True)
def keeper_role(monkeypatch):
    powers = dict.fromkeys(OWN, Reach.ALL)
    monkeypatch.setitem(
        roles(), "keeper", Role("keeper", "个人信息专员", "Keeper", "", staff=False, granting="two_persons", longest_days=0, powers=powers)
    )
    monkeypatch.setitem(catalogue(), LABEL, table_of(LABEL, {"fields": {"detail": {"kind": "phone"}}}))
    monkeypatch.setattr(reveal, "_subjects", {LABEL: lambda _actor: DataRequest.objects.all()})
    monkeypatch.setattr(holders, "_holders", {})
    monkeypatch.setattr(views, "_ON_A_PAGE", 2)


@pytest.fixture
def keeper():
    return signed_in(make_account("keeper", "keeper"))


@pytest.fixture
def citizen():
    return make_account("citizen")


def ask(account="900", kind="erase", detail=PHONE):
    asked = datetime(2026, 3, 2, tzinfo=UTC)
    return DataRequest.objects.create(
        kind=kind, account=account, person_keys=f"account:{account}", detail=detail, asked_at=asked, due_on=date(2026, 3, 23)
    )


def hold_data(rows=lambda _key: [], keeps="", erased=0):
    register_holder(Holder("phones", "电话簿", rows, lambda _key, _actor: Erased(erased), keeps))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def acts():
    return [(body["act"], body["succeeded"]) for body in map(json.loads, AuditEntry.objects.order_by("id").values_list("body", flat=True))]


def test_the_public_reads_the_catalogue_page_by_page(monkeypatch):
    entry = {"kind": "phone", "class": "sensitive", "purpose_zh": "联系本人", "purpose_en": "x", "basis": "art. 13", "keep": "consent"}
    tables = {"directory.Person": table_of("directory.Person", {"title_zh": "人员", "fields": dict.fromkeys("abc", entry)})}
    monkeypatch.setattr(views, "catalogue", lambda: tables)
    first, second = text(Client().get("/personal/catalogue/")), text(Client().get("/personal/catalogue/?page=2"))
    assert (first.count("联系本人"), second.count("联系本人"), first.count("自撤回之日起 1096 天"), first.count("未评估，停用")) == (
        2,
        1,
        2,
        2,
    )
    assert f"版本 {notice()['version']}" in first
    monkeypatch.setattr(views, "catalogue", dict)
    assert "没有登记任何个人信息" in text(Client().get("/personal/catalogue/"))


@pytest.mark.parametrize("address", ["mine/", "requests/", "requests/1/", "holds/", "retention/", f"reveal/{LABEL}/1/detail/"])
def test_strangers_are_sent_to_sign_in_and_others_refused(address, citizen):
    ask()
    away = Client().get(f"/personal/{address}")
    assert (away.status_code, away["Location"]) == (302, f"/account/login/?next=%2Fpersonal%2F{address.replace('/', '%2F')}")
    assert signed_in(citizen).get(f"/personal/{address}").status_code == (200 if address == "mine/" else 403)


def shown(actor, row):
    request = RequestFactory().get("/")
    request.actor = actor
    template = Template('{% load personal %}{% personal row "detail" %}|{% personal_script %}')
    return template.render(Context({"request": request, "row": row}))


def test_the_tag_shows_the_mask_and_the_button_to_who_may():
    row = ask()
    plain, offered = shown(Principal("1"), row), shown(Principal("2", powers=(Power("personal.reveal", Reach.ALL),)), row)
    assert plain == '<span>138****5678</span>\n|<script type="module" src="/static/personal/reveal.js"></script>'
    assert re.findall(r'action="([^"]+)"', offered) == [f"/personal/reveal/{LABEL}/{row.pk}/detail/"]
    assert (PHONE in plain, PHONE in offered) == (False, False)


def test_without_a_script_a_page_asks_for_the_reason_shows_the_value_once_and_goes_away(keeper):
    address = f"/personal/reveal/{LABEL}/{ask().pk}/detail/"
    asked, short = text(keeper.get(address)), text(keeper.post(address, {"reason": "想看"}))
    told = keeper.post(address, {"usual": "contact"})
    assert (PHONE in asked, "138****5678" in asked, PHONE in short, "理由至少写 4 个字" in short, 'value="想看"' in short) == (
        False,
        True,
        False,
        True,
        True,
    )
    assert (text(told).count(PHONE), told["Refresh"], "no-store" in told["Cache-Control"]) == (1, f"60; url={address}", True)
    assert acts() == [("personal.reveal", False), ("personal.reveal", True)]


def test_a_script_gets_parts_of_a_page(keeper):
    address = f"/personal/reveal/{LABEL}/{ask().pk}/detail/"
    form = text(keeper.get(address, headers={"X-Fragment": "1"}))
    value = keeper.post(address, {"reason": "核对回拨号码"}, headers={"X-Fragment": "1"})
    assert ("<html" in form, form.count("<form"), "<html" in text(value), 'data-hide-after="60"' in text(value), "Refresh" in value) == (
        False,
        1,
        False,
        True,
        False,
    )


@pytest.mark.parametrize("address", [f"{LABEL}/0/detail/", f"{LABEL}/1/state/", "no.Such/1/detail/", "x/x/x/"])
def test_what_is_out_of_reach_is_not_found(keeper, address):
    assert keeper.get(f"/personal/reveal/{address}").status_code == 404
    assert keeper.post(f"/personal/reveal/{address}", {"usual": "contact"}).status_code == 404
    assert acts() == [("personal.reveal", False)]


def test_one_sees_everything_held_about_oneself_and_nobody_elses(citizen):
    hold_data(lambda key: [{"电话": f"{key}-{n}"} for n in range(3)], "保存三年：某法")
    other = make_account("other")
    first, second = text(signed_in(citizen).get("/personal/mine/")), text(signed_in(citizen).get("/personal/mine/?page=2"))
    told = re.findall(r"account:\d+-\d", first + second)
    assert told == [f"account:{citizen.pk}-{n}" for n in range(3)]
    assert (first.count("保存三年：某法"), f"account:{other.pk}" in first) == (1, False)
    assert acts() == [("personal.own.read", True)] * 2


def test_one_takes_the_data_along_as_json_and_pdf(citizen):
    hold_data(lambda _key: [{"电话": PHONE, "登记于": date(2026, 3, 2), "备注": None}], "保存三年")
    client = signed_in(citizen)
    held = json.loads(client.post("/personal/mine/export/json/").content)["held"]
    assert held == [
        {"code": "phones", "title": "电话簿", "kept": "保存三年", "records": [{"电话": PHONE, "登记于": "2026-03-02", "备注": None}]}
    ]
    answer = client.post("/personal/mine/export/pdf/")
    assert re.fullmatch(r'attachment; filename="personal-data-\d{4}-\d\d-\d\d\.pdf"', answer["Content-Disposition"])
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        words = pdf.pages[0].extract_text()
    assert [one in words for one in ("电话簿", PHONE, "2026-03-02", "保存三年")] == [True] * 4
    assert acts() == [("personal.own.export", True)] * 2
    assert [client.get("/personal/mine/export/json/").status_code, client.post("/personal/mine/export/doc/").status_code] == [405, 404]


def test_a_pdf_without_records_says_so():
    with pdfplumber.open(io.BytesIO(draw_pdf("我的个人信息", "2026", []))) as pdf:
        assert "没有与您有关的记录" in pdf.pages[0].extract_text()


def test_taking_along_asks_to_prove_again_who_one_is(citizen):
    answer = signed_in(citizen, proven=False).post("/personal/mine/export/json/")
    assert (answer.status_code, answer["Location"].split("?")[0], acts()) == (302, "/account/reauthenticate/", [])


def test_a_request_is_made_with_its_clock_and_what_was_typed_is_kept(citizen):
    client = signed_in(citizen)
    missing = text(client.post("/personal/mine/ask/", {"kind": "correct", "detail": "错"}))
    assert ("请写明需要更正的内容" in missing, ">\n错</textarea>" in missing, DataRequest.objects.count()) == (True, True, 0)
    assert "没有“burn”这个选项，请重新选择" in text(client.post("/personal/mine/ask/", {"kind": "burn"}))
    done = client.post("/personal/mine/ask/", {"kind": "correct", "detail": "电话有误"}, follow=True)
    made = DataRequest.objects.get()
    assert (done.redirect_chain, f"将在 {made.due_on} 前答复" in text(done), made.account) == (
        [("/personal/mine/", 302)],
        True,
        str(citizen.pk),
    )


def test_consent_is_given_and_withdrawn_on_the_page(citizen):
    client = signed_in(citizen)
    assert "已更新为" in text(client.post("/personal/mine/consent/", {"version": "2020-1"}))
    client.post("/personal/mine/consent/", {"version": notice()["version"]})
    given = Consent.objects.get()
    assert f'name="withdraw" value="{given.pk}"' in text(client.get("/personal/mine/"))
    assert "没有可以撤回的同意" in text(signed_in(make_account("other")).post("/personal/mine/consent/", {"withdraw": str(given.pk)}))
    client.post("/personal/mine/consent/", {"withdraw": str(given.pk)})
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_requests_are_listed_by_urgency_and_late_ones_stand_out(keeper):
    assert "没有请求" in text(keeper.get("/personal/requests/"))
    for account, days in (("1", 9), ("2", 0), ("3", 400)):
        due = date(2026, 3, 23) + timedelta(days=days)
        DataRequest.objects.filter(pk=ask(account).pk).update(due_on=due)
    page = text(keeper.get("/personal/requests/"))
    assert re.findall(r"(\d{4}-\d\d-\d\d(?: 逾期)?)(?![\d ]*\d:)", page) == ["2026-03-23 逾期", "2026-04-01 逾期", "2027-04-27"]
    assert "没有符合条件的记录" in text(keeper.get("/personal/requests/?state=decided"))


@pytest.mark.parametrize("address", ["/personal/requests/", "/personal/holds/", "/personal/retention/"])
def test_lists_ask_as_much_for_three_rows_as_for_one(keeper, monkeypatch, address):
    monkeypatch.setattr(views, "_ON_A_PAGE", 20)
    counts = []
    for number in (1, 2, 3):
        ask(str(number))
        place_hold(actor=Actor("5"), target=f"account:{number}", document="通知")
        run_retention()
        with CaptureQueriesContext(connection) as queries:
            text(keeper.get(address))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_a_decision_needs_a_reason_and_keeps_what_was_typed(keeper):
    asked = ask(kind="correct")
    address = f"/personal/requests/{asked.pk}/"
    short = text(keeper.post(address, {"decision": "refuse", "reason": "不行"}))
    assert ("理由至少写 4 个字" in short, ">\n不行</textarea>" in short) == (True, True)
    done = text(keeper.post(address, {"decision": "refuse", "reason": "资料与证件一致"}, follow=True))
    assert ("已答复不同意" in done, "资料与证件一致" in done, "<textarea" in done, DataRequest.objects.get().state) == (
        True,
        True,
        False,
        "refused",
    )
    assert keeper.get("/personal/requests/0/").status_code == 404


def test_an_erasure_shows_its_proof_to_the_keeper_and_to_the_person(keeper, citizen):
    hold_data(erased=4)
    asked = ask(str(citizen.pk))
    done = text(keeper.post(f"/personal/requests/{asked.pk}/", {"decision": "approve"}, follow=True))
    assert ("清除证明" in done, re.findall(r'<td class="num">(\d+)</td>', done)) == (True, ["4", "0"])
    assert "phones：清除 4 项，保留 0 项" in text(signed_in(citizen).get("/personal/mine/"))


def test_dangerous_pages_ask_to_prove_again_who_one_is():
    client = signed_in(make_account("keeper", "keeper"), proven=False)
    for address in ("requests/", "holds/"):
        answer = client.get(f"/personal/{address}")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/reauthenticate/")


def test_holds_are_placed_and_lifted(keeper):
    assert "没有保全" in text(keeper.get("/personal/holds/"))
    wrong = text(keeper.post("/personal/holds/", {"target": "张三", "document": " "}))
    assert (wrong.count('<li><a href="#id_'), 'value="张三"' in wrong) == (2, True)
    assert "通知 1 号" in text(keeper.post("/personal/holds/", {"target": "person:8", "document": "通知 1 号"}, follow=True))
    hold = LegalHold.objects.get()
    assert "没有保全" in text(keeper.post("/personal/holds/", {"lift": str(hold.pk)}, follow=True))
    assert "保全已经解除" in text(keeper.post("/personal/holds/", {"lift": str(hold.pk)}))


def test_operators_see_rules_and_runs(keeper):
    assert "还没有执行过" in text(keeper.get("/personal/retention/"))
    run_retention()
    page = text(keeper.get("/personal/retention/"))
    assert ("还没有执行过" in page, "网络安全法 art. 23(3)" in page, "未接入" in page, page.count("每日执行") >= 3) == (
        False,
        True,
        True,
        True,
    )
