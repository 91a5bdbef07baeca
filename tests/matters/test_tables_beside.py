"""Tables of moves beside the form's, ledgers, and matters that follow from a case: proved, carried out, shown."""

import pytest
from matters.made_up import DAY, flaws_of, matter_of, small
from matters.test_cases import codes, do, give_file, submitted
from matters.test_pages import client_of, text_of

from keheng.matters.models import Case
from keheng.matters.rules.form.asked import answers_of_move
from keheng.matters.service import open_case, save_answers

TABLE = (
    "      - {id: rows, type: table, label: 明细, cols: [{id: item, type: text, label: 内容}, {id: amount, type: money, label: 金额}]}\n"
)
COLS = "{id: item, type: text, label: 内容}, {id: amount, type: money, label: 报}, {id: okay, type: money, label: 定, begins: amount}"
ASK = f"[{{id: lines, type: table, label: 审, like: rows, cols: [{COLS}]}}, {{id: total, type: money, label: 合计, formula: \"sum(lines, 'okay')\"}}]"


def beside(*swaps):
    return small(
        ("      - {id: cost, type", f"{TABLE}      - {{id: cost, type"),
        ("by: clerk, to: done}", f"by: clerk, to: done, ask: {ASK}}}"),
        ("clocks: {main", "ledger: {table: lines, asked: amount, approved: okay, reason: item}\nclocks: {main"), *swaps,
    )  # fmt: skip


@pytest.mark.parametrize(("swap", "code"), [
    (("like: rows", "like: cost"), "NAME"),
    (("begins: amount", "begins: price"), "NAME"),
    ((f"cols: [{COLS}]", "cols: [{id: other, type: text, label: 别}]"), "FIELD"),
    (("approved: okay", "approved: maybe"), "NAME"),
    (("{table: lines", "{table: linos"), "NAME"),
    (("label: 明细,", "label: 明细, like: rows,"), "FIELD"),
    (("label: 明细,", "label: 明细, prefill: parent.rows,"), "FIELD"),
])  # fmt: skip
def test_what_does_not_hold_is_told(swap, code):
    assert flaws_of(beside()) == []
    assert code in {found for found, _path in flaws_of(beside(swap))}


def test_copied_columns_come_from_the_form_whatever_was_typed():
    matter = matter_of(beside())
    move = matter.move("check", "accept")
    answers = {"rows": [{"item": "甲", "amount": 500}, {"item": "乙", "amount": 700}]}
    made = answers_of_move(matter, move, {"lines": [{"item": "改", "amount": "99", "okay": "3"}]}, answers, DAY)
    assert made["lines"] == [{"item": "甲", "amount": 500, "okay": 300}, {"item": "乙", "amount": 700}]
    assert "total" not in made
    full = answers_of_move(matter, move, {"lines": [{"okay": "3"}, {"okay": "0"}]}, answers, DAY)
    assert full["total"] == 300
    assert answers_of_move(matter, move, {"lines": "x"}, {}, DAY)["lines"] == []


@pytest.mark.django_db
def test_the_officers_page_begins_with_what_was_asked_for(people, on):
    case = do(people["clerk"], submitted(people, on), "accept")
    page = client_of("officer").get(f"/manage/cases/{case.pk}/").content.decode()
    assert 'name="lines-0-approved" value="200000.00"' in page
    assert 'name="lines-0-amount"' not in page
    case = do(people["officer"], case, "propose", typed={"lines": [{"approved": "150000", "reason": "C2 数量偏多"}]})
    shown = text_of(client_of("leader").get(f"/manage/cases/{case.pk}/"))
    assert [word for word in ("逐行审定", "150,000.00 元", "50,000.00 元", "C2 数量偏多") if word not in shown] == []


@pytest.mark.django_db
def test_a_consultation_follows_from_a_project_and_lets_it_go_on(people, on):
    suppliers = [{"supplier": name, "address": name, "quoted_on": "2026-09-01"} for name in "甲乙丙"]
    prices = [{"supplier": name, "item": "开发", "price": "21000"} for name in "甲乙丙"]
    budget = [{"item": "开发", "code": "开发人月", "qty": "30", "price": "20000"}]
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    typed = {"name": "系统", "kind": "升级", "contact": "钱一", "phone": "13800000000", "plan": "升级。", "mlps": "二级"}
    save_answers(actor=people["firm"], case=case.pk, typed=typed | {"budget": budget, "suppliers": suppliers, "prices": prices}, seen={})
    give_file(case, "scheme")
    for number in range(3):
        give_file(case, "quotes", f"{number}.pdf")
    case = do(people["clerk"], do(people["firm"], case, "submit"), "accept")
    assert case.state == "consult"
    assert codes(lambda: do(people["officer"], case, "close_consult")) == ["MATTER_GUARD"]
    assert codes(lambda: open_case(actor=people["officer"], matter="yl.it-consult")) == ["MATTER_PARENT"]
    assert codes(lambda: open_case(actor=people["firm"], matter="yl.it-consult", parent=case.pk)) == ["MATTER_FOR_STAFF", "MATTER_PARENT"]
    client = client_of("officer")
    assert "开始信息化项目咨询评估" in text_of(client.get(f"/manage/cases/{case.pk}/"))
    assert client.post("/matters/of/yl.it-consult/start/", {"parent": str(case.pk)}).status_code == 302
    child = Case.objects.get(parent=case)
    assert (child.answers["project_number"], child.answers["name"], child.unit_id) == (case.number, "系统", None)
    assert child.answers["advice"] == [{"item": "开发", "amount": 60_000_000}]
    rest = {
        "visits": [{"day": "2026-09-29", "place": "机房", "people": "孙顾问", "found": "设备陈旧"}], "market": "三家",
        "experts": [{"expert": "李评估", "subject": "造价", "view": "偏高"}], "is_true": "真实", "is_fair": "合理", "is_regular": "规范",
        "summary": "建议核减。", "advice": [{"item": "开发", "amount": "600000", "advised": "500000", "reason": "C1 单价偏高"}],
    }  # fmt: skip
    save_answers(actor=people["officer"], case=child.pk, typed=rest, seen={"advice": 0})
    child = do(people["officer"], child, "submit")
    assert do(people["leader"], child, "agree", signed=True).end == "granted"
    page = text_of(client.get(f"/manage/cases/{case.pk}/"))
    assert child.number in page
    assert do(people["officer"], case, "close_consult").state == "examine"
    assert case.number in text_of(client_of("leader").get(f"/manage/cases/{child.pk}/"))
