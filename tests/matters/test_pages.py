"""Pages: an applicant gets from the guide to a certificate, the office from the queue to a decision."""

import re

import pytest
from django.test import Client
from matters.test_cases import IT, do, give_file, submitted
from people import signed_in

from keheng.access.models import Account
from keheng.kernel.desk.models import Message
from keheng.matters.models import Case, Correction, Output, Rating
from keheng.matters.service import note_correction

pytestmark = pytest.mark.django_db
BUDGET = {"budget-0-item": "人月", "budget-0-code": "开发人月", "budget-0-qty": "10", "budget-0-price": "20000", "budget-1-item": ""}


def client_of(login):
    return signed_in(Account.objects.get(login=login))


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(("path", "words"), [
    ("/matters/", ["信息化项目评审", "外国人工作许可延期"]),
    ("/matters/?audience=person", ["工程系列职称申报"]),
    ("/matters/?q=没有这样的词", ["没有找到这样的事项"]),
    ("/matters/?q=护照", ["外国人工作许可延期"]),
    ("/en/matters/", ["Extension of a work permit"]),
    ("/en/matters/of/yl.work-permit-extension/", ["Extension of a work permit", "Employment contract", "Preliminary check", "The permit is still valid"]),
    ("/ko/matters/of/yl.work-permit-extension/", [["외국인", "취업허가", "연장"][1], "고용계약서"]),
    ("/matters/of/yl.work-permit-extension/?expires=2020-01-01", ["不符合"]),
    ("/matters/of/yl.work-permit-extension/?expires=2099-01-01", ["符合"]),
    ("/matters/of/yl.work-permit-extension/", ["待定", "待核"]),
])  # fmt: skip
def test_guides_are_found_and_read(path, words):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert [word for word in words if word not in text_of(answer)] == []
    assert "请假" not in text_of(answer)


def test_matters_of_the_office_and_unknown_ones_are_not_there():
    for name in ("yl.leave", "yl.nothing"):
        assert Client().get(f"/matters/of/{name}/").status_code == 404


def begun(people, client):
    answer = client.post("/matters/of/yl.it-project/start/")
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/matters/cases/{case.pk}/form/1/"
    return case


def marked(**typed):
    names = {name.partition("-")[0] for name in typed}
    return {**typed, **{f"mark-{name}": "0" for name in names}}


def test_an_applicant_fills_in_submits_and_reads_where_it_stands(people):
    client = client_of("firm")
    case = begun(people, client)
    page = client.get(f"/matters/cases/{case.pk}/form/1/")
    assert 'value="云岭精密仪器有限公司"' in page.content.decode()
    one = marked(name="系统", kind="升级", unit_name="单位", contact="钱一", phone="不详")
    assert client.post(f"/matters/cases/{case.pk}/form/1/", one | {"next": "1"}).headers["Location"] == f"/matters/cases/{case.pk}/form/2/"
    assert "“联系电话”应为电话号码" in text_of(client.get(f"/matters/cases/{case.pk}/form/1/"))
    more = client.post(f"/matters/cases/{case.pk}/form/2/", marked(**BUDGET) | {"more": "budget"})
    assert more.content.decode().count('name="budget-') == 3 * 4
    assert "200,000.00 元" in text_of(more)
    client.post(f"/matters/cases/{case.pk}/form/4/", marked(plan="升级。"))
    confirm = client.get(f"/matters/cases/{case.pk}/do/submit/")
    assert "返回修改" in text_of(confirm)
    assert "有 2 处需要处理" in text_of(confirm)
    answer = client.post(f"/matters/cases/{case.pk}/do/submit/", {"seen": "0"})
    assert answer.status_code == 422
    client.post(f"/matters/cases/{case.pk}/form/1/", {"phone": "13800000000", "mark-phone": "1"})
    give_file(case, "scheme")
    assert "提交后不能再修改" in text_of(client.get(f"/matters/cases/{case.pk}/do/submit/"))
    assert client.post(f"/matters/cases/{case.pk}/do/submit/", {"seen": "0"}).status_code == 302
    page = text_of(client.get(f"/matters/cases/{case.pk}/"))
    assert [word for word in ("BJ-", "预审", "还有 5 个工作日", "13800000000", "撤回申报") if word not in page] == []
    assert client.get(f"/matters/cases/{case.pk}/application.pdf").content.startswith(b"%PDF")
    for path in ("", "form/1/", "application.pdf"):
        assert client_of("person").get(f"/matters/cases/{case.pk}/{path}").status_code == 404
        assert client_of("mate").get(f"/matters/cases/{case.pk}/{path}").status_code == 200
    assert client_of("mate").get("/matters/my/").content.decode().count("BJ-") == 1


def test_answers_are_saved_one_by_one_and_conflicts_are_told(people):
    client, mate = client_of("firm"), client_of("mate")
    case = begun(people, client)
    saved = client.post(f"/matters/cases/{case.pk}/save/", marked(kind="运维")).json()
    assert (saved["marks"], saved["conflicts"], "mlps" in saved["shown"]) == ({"kind": 1}, [], False)
    saved = mate.post(f"/matters/cases/{case.pk}/save/", marked(kind="新建", name="长" * 81)).json()
    assert (saved["marks"], saved["conflicts"]) == ({"kind": 1, "name": 1}, ["kind"])
    assert saved["wrong"] == {"name": "“项目名称”应不超过（字） 80：请核对"}
    saved = mate.post(f"/matters/cases/{case.pk}/save/", marked(**BUDGET)).json()
    assert saved["computed"]["total"] == "200,000.00 元"
    page = mate.post(f"/matters/cases/{case.pk}/form/1/", marked(kind="升级"))
    assert page.status_code == 409
    assert "同事刚改过" in text_of(page)


def test_the_office_works_from_the_queue_to_the_end(people, on):
    case = submitted(people, on, "2026-09-28")
    clerk = client_of("clerk")
    queue = text_of(clerk.get("/manage/cases/"))
    assert [word for word in (case.number, "信息化项目评审", "预审", "2026-10-10") if word not in queue] == []
    page = text_of(clerk.get(f"/manage/cases/{case.pk}/"))
    assert "138****0000" in page
    assert "13800000000" not in page
    clerk.post(f"/manage/cases/{case.pk}/corrections/", {"target": "plan", "text": "过于简单"})
    assert "将一次性告知以上 1 项" in text_of(clerk.get(f"/manage/cases/{case.pk}/"))
    clerk.post(f"/manage/cases/{case.pk}/corrections/{Correction.objects.get().pk}/drop/")
    assert clerk.post(f"/manage/cases/{case.pk}/do/accept/", {"seen": "1"}).status_code == 302
    officer = client_of("officer")
    refused = officer.post(f"/manage/cases/{case.pk}/do/propose/", {"seen": "2", "lines-0-approved": "999999999", "opinion": "拟同意"})
    assert refused.status_code == 422
    assert "审定不超过报审" in text_of(refused)
    assert "拟同意" in refused.content.decode()
    assert 'name="lines-0-approved" value="999999999"' in refused.content.decode()
    assert (
        officer.post(
            f"/manage/cases/{case.pk}/do/propose/", {"seen": "2", "lines-0-approved": "150000", "lines-0-reason": "C1 单价偏高"}
        ).status_code
        == 302
    )
    assert client_of("leader").post(f"/manage/cases/{case.pk}/do/approve/", {"seen": "3", "signed": "1"}).status_code == 302
    assert Case.objects.get().end == "granted"
    assert "没有待办的办件" in text_of(clerk.get("/manage/cases/"))
    assert case.number in text_of(clerk.get("/manage/cases/?progress=ended"))
    firm = client_of("firm")
    token = Output.objects.get().token
    assert "现在有效" in text_of(Client().get(f"/verify/{token}/"))
    assert Client().get("/verify/nothing/").status_code == 404
    firm.post(f"/matters/cases/{case.pk}/rating/", {"stars": "5", "comment": "好"})
    assert Rating.objects.get().stars == 5
    firm.post(f"/matters/cases/{case.pk}/letters/", {"text": "谢谢"})
    assert Message.objects.filter(body="谢谢").exists()


def test_drafts_and_cases_of_others_do_not_open_to_the_office_or_to_strangers(people, on):
    client = client_of("firm")
    draft = begun(people, client)
    assert client_of("clerk").get(f"/manage/cases/{draft.pk}/").status_code == 404
    case = submitted(people, on)
    assert client_of("person").get(f"/manage/cases/{case.pk}/").status_code == 404
    assert client.get(f"/manage/cases/{case.pk}/").status_code == 404
    assert client_of("person").get("/manage/cases/").status_code == 403
    assert Client().get(f"/manage/cases/{case.pk}/").status_code == 302


def test_a_batch_asks_first_and_tells_each_result(people, on):
    one, two = submitted(people, on), submitted(people, on)
    clerk = client_of("clerk")
    asked = clerk.post("/manage/cases/batch/", {"rows": [one.pk, two.pk]})
    assert one.number in text_of(asked)
    assert two.number in text_of(asked)
    do(people["clerk"], two, "accept")
    wish = {"rows": [one.pk], "do": "accept", f"seen-{one.pk}": "0"}
    assert "没有办理" in text_of(clerk.post("/manage/cases/batch/", wish))
    assert "已办理" in text_of(clerk.post("/manage/cases/batch/", wish | {f"seen-{one.pk}": "1"}))
    assert clerk.post("/manage/cases/batch/", {"rows": []}).headers["Location"] == "/manage/cases/"


def test_corrections_stand_before_the_applicant(people, on):
    case = submitted(people, on)
    note_correction(actor=people["clerk"], case=case.pk, target="plan", text="请写明分期")
    do(people["clerk"], case, "ask_more")
    page = text_of(client_of("firm").get(f"/matters/cases/{case.pk}/"))
    assert [word for word in ("需要补正", "请写明分期", "暂停计时", "提交补正") if word not in page] == []
    form = client_of("firm").get(f"/matters/cases/{case.pk}/form/4/").content.decode()
    assert 'name="plan"' in form
    assert 'name="name"' not in client_of("firm").get(f"/matters/cases/{case.pk}/form/1/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(people, on, count, django_assert_max_num_queries):
    for _ in range(count):
        submitted(people, on)
    clerk, firm = client_of("clerk"), client_of("firm")
    with django_assert_max_num_queries(16):
        assert clerk.get("/manage/cases/").status_code == 200
    with django_assert_max_num_queries(14):
        assert firm.get("/matters/my/").content.decode().count("BJ-") == count


def test_typed_answers_of_bad_kinds_are_told_and_kept(people):
    client = client_of("firm")
    case = begun(people, client)
    client.post(f"/matters/cases/{case.pk}/form/2/", marked(**(BUDGET | {"budget-0-qty": "十"})))
    page = client.get(f"/matters/cases/{case.pk}/form/2/").content.decode()
    assert 'value="十"' in page
    assert "第 1 行：“数量”应为整数" in page or "“数量”应为整数" in page
    assert IT["name"] not in page


def test_what_was_typed_into_a_form_that_is_gone_stands_beside_the_page(people, on):
    case = submitted(people, on)
    clerk, firm = client_of("clerk"), client_of("firm")
    do(people["clerk"], case, "accept")
    answer = clerk.post(f"/manage/cases/{case.pk}/do/refuse/", {"seen": "1", "opinion": "材料不符"})
    assert answer.status_code == 422
    assert "材料不符</textarea>" in answer.content.decode()
    answer = clerk.post(f"/manage/cases/{case.pk}/corrections/", {"target": "nothing", "text": "太晚了"})
    assert (answer.status_code, "太晚了</textarea>" in answer.content.decode()) == (422, True)
    long = "长" * 2001
    for client, path in ((clerk, "manage"), (firm, "matters")):
        answer = client.post(f"/{path}/cases/{case.pk}/letters/", {"text": long})
        assert (answer.status_code, f"{long}</textarea>" in answer.content.decode()) == (422, True)
