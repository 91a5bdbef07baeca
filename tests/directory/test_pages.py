"""Pages: what they show, whom they refuse, how they keep what was typed."""

import base64
import re
from datetime import date

import pytest
from directory.made_up import CLERK, DAY, SECOND, code, id_number, organisation, person
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from keheng.access.models import Account, Grant
from keheng.directory.actions.experts import add_avoidance_fact, apply_expert
from keheng.directory.actions.importing import organisation_sheet
from keheng.directory.actions.merging import merge_records
from keheng.directory.actions.organisations import rename_organisation
from keheng.directory.actions.people import add_affiliation
from keheng.directory.actions.relations import add_control, declare_related_party
from keheng.directory.models import AvoidanceFact, Control, Expert, Merge, Organisation, Person, RelatedParty
from keheng.directory.views.organisations import ACTS
from keheng.kernel.models import AuditEntry
from keheng.kernel.spreadsheets import read_rows, write_csv

SEE, EDIT = "directory.organisation.see", "directory.organisation.edit"
REGISTER = "directory.organisation.register"
ALL = tuple((f"directory.{power}", "all") for power in (
    "organisation.see", "organisation.edit", "organisation.import", "organisation.export", "person.see", "person.edit", "expert.see",
    "expert.propose", "expert.approve", "duplicates.merge",
))  # fmt: skip


def text_of(response) -> str:
    return response.content.decode()


def problems_in(response) -> list[str]:
    return re.findall(r'<li>(?:<a href="#id_(\w+)">)?', text_of(response).split('<div class="k-problems"', 1)[1].split("</div>", 1)[0])


def world(count: int) -> list[Organisation]:
    """So many organisations, each with a person, an expert with a fact, and relations."""
    units = []
    for number in range(Organisation.objects.count() + 1, Organisation.objects.count() + count + 1):
        unit = organisation(f"第{number}研究中心", number, phone="13800138000")
        somebody = person(f"陈{number}", number, phone="13900139000", email=f"a{number}@yunling.example")
        add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, position="主任", since=DAY)
        apply_expert(actor=CLERK, person=somebody.pk, title="教授", fields=["520.10", "430.10"])
        add_avoidance_fact(actor=CLERK, person=somebody.pk, organisation=unit.pk, kind="declared", source="申报表", since=DAY)
        declare_related_party(actor=CLERK, organisation=unit.pk, person=somebody.pk, kind="office", source="年报", since=DAY)
        units.append(unit)
    return units


@pytest.mark.parametrize("address", ["/organisations/", "/people/", "/experts/", "/duplicates/", "/duplicates/people/"])
def test_a_list_of_three_takes_no_more_queries_than_one_of_one(visitor, address):
    client = visitor(*ALL)
    counts, rows = [], []
    for more in (1, 2):
        world(more)
        if "duplicates" in address:
            Organisation.objects.update(name_core="同一名称", status="active")
            Person.objects.update(name_plain="同名", phone_mark="同号")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(address)
        assert response.status_code == 200
        counts.append(len(captured))
        rows.append(len(re.findall(r"<tr(?: tabindex[^>]*)?>\s*<td", text_of(response))))
    if "duplicates" in address:
        assert rows == [0, 3]
        assert counts[1] <= counts[0] + 2
    else:
        assert rows == [1, 3]
        assert counts[0] == counts[1]


def test_pages_of_records_show_masked_numbers_and_everything_around(visitor):
    (unit,) = world(1)
    holder = organisation("云岭控股集团", 77)
    add_control(actor=CLERK, owner=holder.pk, controlled=unit.pk, share=None, since=DAY)
    rename_organisation(actor=CLERK, organisation=unit.pk, name="改名研究中心", on=date(2026, 6, 1))
    client, somebody = visitor(*ALL), Person.objects.get()
    for address, wanted in [
        (f"/organisations/{unit.pk}/", ["改名研究中心", "第1研究中心", "曾用名", code(1), "云岭控股集团", "实际控制", "陈1", "任职或兼职", "更名", "138****8000"]),
        (f"/people/{somebody.pk}/", ["139****9000", "a****@yunling.example", id_number(1)[-4:], "改名研究中心", "登记任职"]),
        (f"/experts/{Expert.objects.get().pk}/", ["教授", "人工智能", "专家自行申报", "申报表", "批准入库"]),
        ("/organisations/?q=第1研究", ["改名研究中心"]),
        ("/people/?q=139-0013-9000", ["陈1"]),
        ("/experts/?field=430", ["陈1"]),
    ]:  # fmt: skip
        page = text_of(client.get(address))
        assert [text for text in wanted if text not in page] == [], address
        assert [number for number in ("13800138000", "13900139000", id_number(1)) if number in page] == [], address


@pytest.mark.parametrize(("address", "text"), [
    ("/organisations/?q=没有", "没有符合条件的记录"), ("/people/", "还没有人员"), ("/experts/", "专家库里还没有人"), ("/duplicates/", "没有待处理的重复记录"),
    ("/organisations/?q=%25&kind=x&district=y&status=z&page=999", "没有符合条件的记录"), ("/experts/?field=%27&state=x&page=-1", "没有这个选项"),
])  # fmt: skip
def test_empty_lists_help(visitor, address, text):
    assert text in text_of(visitor(*ALL).get(address))


def test_records_outside_the_reach_are_not_there(visitor):
    world(2)
    one, two = Organisation.objects.order_by("pk")
    mine, theirs = Person.objects.order_by("pk")
    client = visitor(*((power, "unit", one.pk) for power, _ in ALL))
    for address, status in [
        (f"/organisations/{one.pk}/", 200), (f"/organisations/{two.pk}/", 404), (f"/organisations/{one.pk}/rename/", 200),
        (f"/organisations/{two.pk}/rename/", 404), (f"/organisations/{one.pk}/nothing/", 404), (f"/people/{mine.pk}/", 200),
        (f"/people/{theirs.pk}/", 404), (f"/people/{theirs.pk}/edit/", 404), (f"/people/{theirs.pk}/posts/new/", 404),
        (f"/people/{theirs.pk}/posts/{theirs.affiliations.get().pk}/end/", 404), (f"/people/{mine.pk}/posts/{theirs.affiliations.get().pk}/end/", 404),
        (f"/experts/{mine.expert.pk}/", 200), (f"/experts/{theirs.expert.pk}/", 404), (f"/experts/{theirs.expert.pk}/suspend/", 404),
        (f"/experts/{theirs.expert.pk}/avoidance/", 404), (f"/people/{theirs.pk}/expert/", 404),
        (f"/organisations/{one.pk}/parties/{two.related.get().pk}/end/", 404), (f"/organisations/{two.pk}/parties/{two.related.get().pk}/end/", 404),
    ]:  # fmt: skip
        assert client.get(address).status_code == status, address
    listed = text_of(client.get("/organisations/")) + text_of(client.get("/people/")) + text_of(client.get("/experts/"))
    assert (two.name in listed, theirs.name in listed, one.name in listed) == (False, False, True)
    exported = read_rows(client.post("/organisations/", {"export": "xlsx"}).content, organisation_sheet(), ignore_unknown=True)
    assert [row.values["name"] for row in exported.rows] == [one.name]


def test_without_the_permission_nothing_opens(visitor):
    (unit,) = world(1)
    client, stranger = visitor(), Client()
    for address in (
        "/organisations/", "/organisations/new/", "/organisations/import/", "/organisations/import/template/",
        f"/organisations/{unit.pk}/", f"/organisations/{unit.pk}/edit/", "/people/", "/people/new/", "/experts/", "/duplicates/",
        "/duplicates/Organisation/1/2/", "/duplicates/merges/1/undo/",
    ):  # fmt: skip
        assert client.get(address).status_code == 403, address
        assert stranger.get(address).headers["Location"].startswith("/account/login/?next="), address


def test_registering_tells_everything_and_keeps_what_was_typed(visitor):
    client = visitor((SEE, "all"), (REGISTER, "district", "990102"))
    response = client.post("/organisations/new/", {"name": "x", "code": "91", "kind": "", "district": "990103", "phone": "12"})
    assert response.status_code == 422
    assert sorted(problems_in(response)) == ["code", "district", "kind", "name", "phone"]
    assert ('value="91"' in text_of(response), 'value="990103" selected' in text_of(response)) == (True, True)
    good = {
        "name": "华光科技有限公司",
        "code": code(1),
        "kind": "enterprise",
        "district": "990102",
        "phone": "13800138000",
        "address": "翠湖路1号",
    }
    elsewhere = client.post("/organisations/new/", good | {"district": "990103"})
    assert (elsewhere.status_code, problems_in(elsewhere), Organisation.objects.count()) == (422, ["district"], 0)
    made = client.post("/organisations/new/", good, follow=True)
    assert "已登记：华光科技有限公司" in text_of(made)
    like = good | {"name": "云岭华光科技有限责任公司", "code": code(2)}
    warned = client.post("/organisations/new/", like)
    assert 'name="accept" value="DIR_NAME_ALIKE"' in text_of(warned)
    assert "已登记" in text_of(client.post("/organisations/new/", like | {"accept": "DIR_NAME_ALIKE"}, follow=True))
    assert Organisation.objects.count() == 2


def test_acts_on_an_organisation(visitor):
    one, two = world(2)
    client, day = visitor(*ALL), localdate().isoformat()
    page = text_of(client.get(f"/organisations/{one.pk}/"))
    assert [name for name in ACTS if f"/organisations/{one.pk}/{name}/" not in page] == []
    for act, data in [
        ("edit", {"code": code(9), "kind": "hospital", "phone": "13700137000", "address": "新址"}),
        ("rename", {"name": "明光中心", "on": day}),
        ("short-name", {"name": "明光"}),
        ("parent", {"parent": two.credit_code}),
        ("control", {"owner": two.name, "share": "51.5", "since": "2026-01-01", "source": "章程"}),
        ("party", {"other": two.name, "kind": "contract", "since": "2026-01-01", "source": "合同"}),
        ("move", {"district": "990103", "address": "新址二"}),
    ]:
        assert client.get(f"/organisations/{one.pk}/{act}/").status_code == 200, act
        response = client.post(f"/organisations/{one.pk}/{act}/", data)
        assert response.status_code == 302, (act, text_of(response))
    one.refresh_from_db()
    assert (one.name, one.kind, one.credit_code, one.district, one.parent_id) == ("明光中心", "hospital", code(9), "990103", two.pk)
    control, party = Control.objects.get(), RelatedParty.objects.get(other=two)
    for part, row in (("controls", control), ("parties", party)):
        address = f"/organisations/{one.pk}/{part}/{row.pk}/end/"
        assert "k-btn--danger" in text_of(client.get(address))
        assert client.post(address, {"until": "2025-01-01"}).status_code == 422
        assert client.post(address, {"until": day}).status_code == 302
    for act, data, field in [
        ("rename", {"name": "明光中心", "on": day}, "name"), ("parent", {"parent": "没有这家"}, "parent"), ("control", {"owner": "", "since": "x"}, "owner"),
        ("close", {"on": "2999-01-01", "reason": "注销"}, "on"), ("party", {"person": 99, "kind": "kin", "since": day, "source": "x"}, "person"),
    ]:  # fmt: skip
        response = client.post(f"/organisations/{one.pk}/{act}/", data)
        assert (response.status_code, "k-field--bad" in text_of(response), f'id="id_{field}"' in text_of(response)) == (422, True, True), (
            act
        )
    assert client.post(f"/organisations/{one.pk}/close/", {"on": day, "reason": "清算"}).status_code == 302
    assert f"/organisations/{one.pk}/edit/" not in text_of(client.get(f"/organisations/{one.pk}/"))
    Organisation.objects.filter(pk=one.pk).update(name=two.name)
    assert "有同名单位" in text_of(client.post(f"/organisations/{two.pk}/parent/", {"parent": two.name}))


def test_people_are_entered_and_given_posts(visitor):
    (unit,) = world(1)
    outside = organisation("别的中心", 50, district="990103")
    client = visitor(("directory.person.see", "all"), ("directory.person.edit", "district", "990102"), (SEE, "all"))
    response = client.post("/people/new/", {"name": "", "id_number": "1", "phone": "2", "email": "x"})
    assert (response.status_code, sorted(problems_in(response))) == (422, ["email", "id_number", "name", "phone"])
    made = client.post("/people/new/", {"name": "林二", "id_number": id_number(80), "phone": "13600136000"})
    new = Person.objects.get(name="林二")
    assert made.headers["Location"] == f"/people/{new.pk}/posts/new/"
    address = f"/people/{new.pk}/posts/new/"
    assert "管理范围" in text_of(client.post(address, {"organisation": outside.credit_code, "since": "2026-01-01"}))
    assert client.post(address, {"organisation": unit.credit_code, "since": "2026-01-01", "position": "主任"}).status_code == 302
    assert client.post(address, {"organisation": unit.credit_code, "since": "2026-01-01", "position": "主任"}).status_code == 422
    assert client.post(f"/people/{new.pk}/edit/", {"name": "林二改", "email": "b@yunling.example"}).status_code == 302
    assert "13600136000" not in text_of(client.get(f"/people/{new.pk}/edit/"))
    new.refresh_from_db()
    assert (new.name, new.phone, new.id_number) == ("林二改", "13600136000", id_number(80))
    end = f"/people/{new.pk}/posts/{new.affiliations.get().pk}/end/"
    assert client.post(end, {"until": "2020-01-01"}).status_code == 422
    assert client.post(end, {"until": localdate().isoformat()}).status_code == 302


def test_an_expert_on_the_pages_needs_two_persons(visitor):
    (unit,) = world(1)
    other = organisation("乙中心", 40)
    somebody = person("林二", 60)
    add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, since=DAY)
    first, second = visitor(*ALL), visitor(*ALL, login="second")
    assert first.post(f"/people/{somebody.pk}/expert/", {"title": "教授"}).status_code == 422
    made = first.post(f"/people/{somebody.pk}/expert/", {"title": "教授", "fields_of_work": ["520.10"]})
    expert = Expert.objects.get(person=somebody)
    assert made.headers["Location"] == f"/experts/{expert.pk}/"
    assert (f"/experts/{expert.pk}/approve/" in text_of(page := first.get(f"/experts/{expert.pk}/")), "另一位经办人" in text_of(page)) == (
        False,
        True,
    )
    refused = first.post(f"/experts/{expert.pk}/approve/")
    assert (refused.status_code, "推荐入库的人不能批准" in text_of(refused)) == (422, True)
    assert second.post(f"/experts/{expert.pk}/approve/").status_code == 302
    assert second.post(f"/experts/{expert.pk}/suspend/", {"reason": ""}).status_code == 422
    for decision, data in (("suspend", {"reason": "调查"}), ("resume", {}), ("leave", {"reason": "本人申请"})):
        assert second.get(f"/experts/{expert.pk}/{decision}/").status_code == 200
        assert second.post(f"/experts/{expert.pk}/{decision}/", data).status_code == 302
    expert.refresh_from_db()
    assert (expert.state, first.get(f"/experts/{expert.pk}/nothing/").status_code) == ("left", 404)
    fact = {"kind": "project", "organisation": other.credit_code, "since": "2026-01-01", "source": "合同"}
    assert first.post(f"/experts/{expert.pk}/avoidance/", fact).status_code == 302
    assert first.post(f"/experts/{expert.pk}/avoidance/", fact | {"other": 999}).status_code == 422
    assert AvoidanceFact.objects.get(person=somebody).organisation == other


def test_the_queue_of_doubles_merges_tells_apart_and_undoes(visitor):
    one, two = organisation("云岭华光科技有限公司", 1), organisation("云岭市华光科技有限责任公司", phone="13800138000")
    client = visitor(*ALL)
    pair = f"/duplicates/Organisation/{one.pk}/{two.pk}/"
    assert pair in text_of(client.get("/duplicates/"))
    page = text_of(client.get(pair))
    assert ("138****8000" in page, "13800138000" in page, 'value="contact_phone"' in page) == (True, False, True)
    refused = client.post(pair, {"act": "merge", "survivor": two.pk, "take": ["credit_code"], "reason": ""})
    assert (refused.status_code, 'value="credit_code" checked' in text_of(refused)) == (422, True)
    done = client.post(pair, {"act": "merge", "survivor": two.pk, "take": ["credit_code"], "reason": "同一单位"}, follow=True)
    assert "处引用" in text_of(done)
    two.refresh_from_db()
    assert two.credit_code == code(1)
    undo = f"/duplicates/merges/{Merge.objects.get().pk}/undo/"
    assert client.get(undo).status_code == 405
    assert 'name="confirmed" value="yes"' in text_of(client.post(undo))
    assert Merge.objects.get().undone_at is None
    assert "已撤销" in text_of(client.post(undo, {"confirmed": "yes"}, follow=True))
    assert client.post(undo, {"confirmed": "yes"}).status_code == 422
    assert client.post(pair, {"act": "apart", "reason": ""}).status_code == 422
    assert client.post(pair, {"act": "apart", "reason": "两家"}).status_code == 302
    assert pair not in text_of(client.get("/duplicates/"))
    for wrong in (
        f"/duplicates/Ship/{one.pk}/{two.pk}/",
        f"/duplicates/Organisation/{two.pk}/{one.pk}/",
        f"/duplicates/Organisation/{two.pk}/99999/",
    ):
        assert client.get(wrong).status_code == 404
    merged = merge_records(actor=SECOND, model="Organisation", survivor=one.pk, loser=two.pk, reason="同一单位")
    assert f"/organisations/{one.pk}/" in text_of(client.get(f"/organisations/{merged.merge.loser}/"))


def sheet(*rows) -> SimpleUploadedFile:
    names = ("code", "name", "kind", "district", "address", "phone")
    return SimpleUploadedFile("a.csv", write_csv(organisation_sheet(), [dict(zip(names, row, strict=True)) for row in rows]))


def test_a_sheet_is_imported_whole_or_comes_back_marked(visitor):
    organisation("华光科技有限公司", 1)
    client = visitor(("directory.organisation.import", "district", "990102"), (SEE, "all"))
    good = (code(2), "明光材料有限公司", "enterprise", "990102", "北路1号", "0871-65123456")
    response = client.post("/organisations/import/", {"file": sheet(
        good, (code(1), "别的有限公司", "enterprise", "990102", None, "12"), (None, "云岭华光科技有限责任公司", "enterprise", "990102", None, None),
        (code(3), "外区单位", "enterprise", "990103", None, None),
    )})  # fmt: skip
    assert (response.status_code, Organisation.objects.count()) == (422, 1)
    back = base64.b64decode(re.search(r"base64,([^\"]+)", text_of(response))[1])
    marked = read_rows(back, organisation_sheet())
    assert marked.rows[0].values["name"] == "明光材料有限公司"
    page = text_of(response)
    assert [text for text in ("3 行有问题", "共 4 个问题", "已经注册", "格式不符", "非常接近", "管理范围") if text not in page] == []
    assert client.post("/organisations/import/", {"file": sheet(good)}).status_code == 302
    imported = Organisation.objects.get(credit_code=code(2))
    assert (imported.contact_phone, imported.names.get().name) == ("087165123456", "明光材料有限公司")
    like = (None, "云岭华光科技有限责任公司", "enterprise", "990102", None, None)
    assert client.post("/organisations/import/", {"file": sheet(like), "like": "on"}).status_code == 302
    assert client.post("/organisations/import/", {"file": SimpleUploadedFile("a.xlsx", b"nothing")}).status_code == 422
    assert client.post("/organisations/import/", {}).status_code == 422
    assert client.get("/organisations/import/template/").content[:2] == b"PK"
    acts = [entry.body.split('"act":"', 1)[1].split('"', 1)[0] for entry in AuditEntry.objects.order_by("id")]
    assert (acts.count("organisation.import"), acts.count("organisation.register")) == (2, 3)


def test_an_export_is_filtered_and_stands_on_the_trail(visitor):
    world(2)
    client = visitor(*ALL)
    rows = read_rows(client.post("/organisations/?q=第2", {"export": "xlsx"}).content, organisation_sheet(), ignore_unknown=True).rows
    assert [(row.values["name"], row.values["district"], row.values["kind"]) for row in rows] == [("第2研究中心", "990102", "enterprise")]
    assert AuditEntry.objects.filter(body__contains='"act":"table.export"').count() == 1


JOIN = {
    "code": code(5), "name": "明光新材料有限公司", "kind": "enterprise", "district": "990102", "contact": "陈一", "phone": "13800138000",
    "email": "chen@yunling.example", "login": "mingguang", "password": "Cuihu#Lu.2026", "agreed": "on",
}  # fmt: skip


def test_a_unit_signs_up_with_its_manager(visitor, mailoutbox):
    visitor()
    response = Client().post("/join/", JOIN)
    assert (response.status_code, "chen@yunling.example" in text_of(response)) == (200, True)
    unit, account = Organisation.objects.get(), Account.objects.get(login="mingguang")
    grant = Grant.objects.get(account=account)
    assert (grant.role, grant.unit_id, account.person.name, account.person.phone) == ("unit_manager", unit.pk, "陈一", "13800138000")
    assert account.person.affiliations.get().organisation == unit
    assert [mail.to for mail in mailoutbox] == [["chen@yunling.example"]]


def test_a_sign_up_tells_everything_at_once_and_keeps_all_but_the_password(visitor):
    visitor()
    response = Client().post(
        "/join/", {"name": "明", "code": "123", "phone": "1", "email": "x", "login": "1", "password": "Geheim", "contact": ""}
    )
    fields = sorted(set(problems_in(response)))
    assert fields == ["agreed", "code", "contact", "district", "email", "kind", "login", "name", "password", "phone"]
    assert ('value="123"' in text_of(response), "Geheim" in text_of(response)) == (True, False)
    assert (Organisation.objects.count(), Person.objects.count(), Account.objects.filter(login="1").count()) == (0, 0, 0)
    bare = sorted(set(problems_in(Client().post("/join/", {}))))
    assert bare == fields


def test_a_registered_code_explains_whom_to_ask(visitor):
    visitor()
    organisation("明光新材料有限公司", 5)
    response = Client().post("/join/", JOIN | {"name": "明光新材料公司"})
    assert (response.status_code, "发出邀请" in text_of(response), problems_in(response)) == (422, True, ["code"])
    like = Client().post("/join/", JOIN | {"code": code(6)})
    assert 'name="accept" value="DIR_NAME_ALIKE"' in text_of(like)
    assert Client().post("/join/", JOIN | {"code": code(6), "accept": "DIR_NAME_ALIKE"}).status_code == 200


def test_a_sign_up_that_fails_late_leaves_nothing(visitor, monkeypatch):
    visitor()
    monkeypatch.setattr("keheng.directory.actions.joining.appoint_manager", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Client().post("/join/", JOIN)
    assert (Organisation.objects.count(), Person.objects.count(), Account.objects.filter(login="mingguang").count()) == (0, 0, 0)


def test_a_number_is_revealed_only_where_both_rights_reach(visitor):
    near, far = world(2)
    Organisation.objects.filter(pk=far.pk).update(district="990103")
    client = visitor((SEE, "all"), ("personal.reveal", "district", near.district))
    page = "/personal/reveal/directory.Organisation/{}/contact_phone/"
    assert client.get(page.format(near.pk)).status_code == 200
    assert client.get(page.format(far.pk)).status_code == 404
