"""Answers to a form: everything wrong told at once, each beside its question; nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matters.made_up import DAY, matter_of, small

from keheng.kernel.logic import Truth
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.form.answers import (
    eligibility,
    eligibility_problems,
    facts_of,
    form_problems,
    material_problems,
    settled,
    sound_id_number,
    take,
)
from keheng.matters.rules.form.schema import published, schema_of
from keheng.matters.rules.form.values import shown_as, typed_as

IT = shelf()["yl.it-project"][0].matter
PERMIT = shelf()["yl.work-permit-extension"][0].matter
LEAVE = shelf()["yl.leave"][0].matter
ROW = {"item": "人月", "qty": "10", "price": "20,000"}
GOOD = {"name": "系统", "kind": "升级", "unit_name": "局", "contact": "钱一", "phone": "13800000000", "plan": "升级", "budget": [ROW]}


def kept(matter, typed, today=DAY):
    return settled(matter.fields, take(matter.fields, typed), today)


def wrong(matter, typed, today=DAY):
    return [(one.code.removeprefix("MATTER_"), one.field) for one in form_problems(matter, kept(matter, typed, today), today)]


def test_a_table_and_its_total_are_computed_in_fen():
    answers = kept(IT, GOOD | {"budget": [ROW, {"item": "云主机", "qty": "2", "price": "1500.55"}], "total": "1"})
    assert [row["amount"] for row in answers["budget"]] == [20_000_000, 300_110]
    assert answers["total"] == 20_300_110
    assert facts_of(IT, answers, DAY)["total"] == Decimal("203001.10")
    assert wrong(IT, GOOD) == []


def test_a_total_is_unknown_as_long_as_a_row_is():
    answers = kept(IT, GOOD | {"budget": [ROW, {"item": "云主机", "qty": "2"}]})
    assert "total" not in answers
    assert ("REQUIRED", "budget-1-price") in wrong(IT, GOOD | {"budget": [ROW, {"item": "云主机", "qty": "2"}]})


@pytest.mark.parametrize(("change", "problems"), [
    ({"name": ""}, [("REQUIRED", "name")]),
    ({"name": "长" * 81}, [("RANGE", "name")]),
    ({"kind": "别的"}, [("OPTION", "kind")]),
    ({"phone": "不详"}, [("TYPE", "phone")]),
    ({"budget": []}, [("REQUIRED", "budget")]),
    ({"budget": [ROW | {"qty": "十"}]}, [("TYPE", "budget-0-qty")]),
    ({"budget": [ROW | {"qty": "0"}]}, [("RANGE", "budget-0-qty")]),
    ({"budget": [ROW | {"price": "1.234"}]}, [("TYPE", "budget-0-price")]),
    ({"budget": [ROW | {"price": "-1"}]}, [("RANGE", "budget-0-price")]),
    ({"budget": [ROW | {"price": "9" * 30}]}, [("TYPE", "budget-0-price")]),
    ({"budget": [{"item": "人月"}]}, [("REQUIRED", "budget-0-qty"), ("REQUIRED", "budget-0-price")]),
    ({"budget": [ROW | {"qty": "30"}]}, [("REQUIRED", "mlps")]),
    ({"budget": [ROW | {"qty": "30"}], "kind": "运维", "mlps": "三级"}, []),
    ({"name": "", "kind": "别的", "phone": "不详", "budget": [ROW | {"qty": "十"}]}, [("REQUIRED", "name"), ("OPTION", "kind"), ("TYPE", "phone"), ("TYPE", "budget-0-qty")]),
])  # fmt: skip
def test_everything_wrong_is_told_beside_its_question(change, problems):
    assert wrong(IT, GOOD | change) == problems


@pytest.mark.parametrize(("typed", "currency"), [
    ("USD 60,000", "美元"), ("$60000", "美元"), ("HK$ 60000", "港元"), ("ＨＫ＄60000", "港元"), ("6000000円", "日元"), ("€50.000", "欧元"),
    ("6000만원", "韩元"), ("60,000 dollars", "美元"), ("60000瑞士法郎", "瑞士法郎"), ("６万美元", "美元"),
])  # fmt: skip
def test_pay_in_another_currency_is_told_as_such_and_kept(typed, currency):
    answers = kept(PERMIT, {"pay": typed})
    assert answers["pay"] == typed
    told = [one for one in form_problems(PERMIT, answers, DAY) if one.field == "pay"]
    assert [(one.code, one.zh) for one in told] == [("MATTER_CURRENCY", f"“年薪（税前）”应为人民币，填的是{currency}")]
    assert "折算成人民币元" in told[0].remedy_zh


def test_every_amount_in_another_currency_is_told_at_once_and_yuan_are_none():
    rows = [ROW | {"price": "US$ 20"}, ROW | {"price": "20元"}, ROW | {"price": "30 英镑", "qty": "十"}]
    assert wrong(IT, GOOD | {"name": "", "budget": rows}) == [
        ("REQUIRED", "name"), ("CURRENCY", "budget-0-price"), ("TYPE", "budget-2-qty"), ("CURRENCY", "budget-2-price"),
    ]  # fmt: skip
    assert wrong(IT, GOOD | {"budget": [ROW | {"price": "许多"}]}) == [("TYPE", "budget-0-price")]


def test_what_cannot_be_understood_is_kept_as_typed():
    answers = kept(IT, GOOD | {"budget": [ROW | {"qty": "十", "price": "贵"}]})
    assert answers["budget"] == [{"item": "人月", "qty": "十", "price": "贵"}]
    by_id = {col.id: col for col in IT.by_id["budget"].cols}
    assert typed_as(by_id["price"], "贵") == "贵"
    assert typed_as(by_id["price"], 2_000_050) == "20000.50"
    assert shown_as(by_id["price"], 2_000_050) == "20,000.50 元"


def test_rows_left_empty_are_no_rows():
    assert kept(IT, GOOD | {"budget": [ROW, {"item": "", "qty": " ", "price": ""}]})["budget"] == [
        {"item": "人月", "qty": 10, "price": 2_000_000, "amount": 20_000_000}
    ]


def test_a_hidden_answer_is_no_fact():
    answers = kept(PERMIT, {"same_post": "yes", "post": "工程师"})
    assert facts_of(PERMIT, answers, DAY)["post"] is None
    assert facts_of(PERMIT, answers | {"same_post": False}, DAY)["post"] == "工程师"
    assert ("REQUIRED", "post") not in wrong(PERMIT, {"same_post": "yes"})
    assert ("REQUIRED", "post") in wrong(PERMIT, {"same_post": "no"})
    assert ("REQUIRED", "post") not in wrong(PERMIT, {})


@pytest.mark.parametrize(("expires", "truths", "codes"), [
    ("2026-12-31", ["met", "met"], []),
    ("2026-10-28", ["met", "met"], []),
    ("2026-10-27", ["met", "unmet"], ["MATTER_NOT_ELIGIBLE"]),
    ("2026-09-27", ["unmet", "unmet"], ["MATTER_NOT_ELIGIBLE"] * 2),
    ("", ["unknown", "unknown"], ["MATTER_NOT_JUDGED"] * 2),
])  # fmt: skip
def test_eligibility_is_judged_clause_by_clause(expires, truths, codes):
    facts = facts_of(PERMIT, kept(PERMIT, {"expires": expires}), DAY)
    judged = eligibility(PERMIT, facts)
    assert [one.trace.truth for one in judged] == [Truth(one) for one in truths]
    problems = eligibility_problems(PERMIT, facts)
    assert [one.code for one in problems] == codes
    if not expires:
        assert problems[0].remedy_zh == "请填写：许可届满日"


@pytest.mark.parametrize(("cost", "held", "problems"), [
    ("5000", {}, []),
    ("5001", {}, [("MATTER_MATERIAL", "material-paper")]),
    ("5001", {"paper": 1}, []),
    ("1", {"paper": 6}, [("MATTER_MATERIAL_MANY", "material-paper")]),
    ("", {}, []),
])  # fmt: skip
def test_materials_are_asked_for_where_they_are_needed(cost, held, problems):
    matter = matter_of()
    facts = facts_of(matter, kept(matter, {"name": "甲", "cost": cost}), DAY)
    assert [(one.code, one.field) for one in material_problems(matter, facts, held, lambda _: False)] == problems


def test_shared_data_make_a_material_needless():
    facts = facts_of(PERMIT, {}, DAY)
    held = {"passport_copy": 1, "contract": 1}
    assert [one.field for one in material_problems(PERMIT, facts, held, lambda _: False)] == ["material-licence"]
    assert material_problems(PERMIT, facts, held, "directory.registered".__eq__) == []


def test_days_are_counted_and_dates_checked():
    assert kept(LEAVE, {"begins": "2026-10-09", "ends": "2026-10-11"})["day_count"] == 3
    problems = form_problems(LEAVE, kept(LEAVE, {"kind": "年休假", "begins": "2026-10-09", "ends": "2026-10-08", "supervisor": "a"}), DAY)
    assert [(one.code, one.field, one.zh) for one in problems] == [("MATTER_CHECK", "ends", "“至”：结束日期不早于开始日期")]
    assert ("TYPE", "begins") in wrong(LEAVE, {"begins": "2026-02-30"})


@pytest.mark.parametrize(("number", "sound"), [
    ("11010519491231002X", True), ("11010519491231002x", True), ("110105194912310021", False), ("1101051949123100", False), ("１1010519491231002X", False), ("", False),
])  # fmt: skip
def test_identity_numbers_have_a_check_digit(number, sound):
    assert sound_id_number(number) is sound


def test_the_schema_says_what_others_need():
    schema = published(schema_of(IT.fields), IT.id)
    assert schema["required"] == ["name", "kind", "unit_name", "contact", "phone", "budget", "plan"]
    assert schema["properties"]["budget"]["items"]["properties"]["price"] == {
        "title": "单价",
        "type": "integer",
        "minimum": 0,
        "maximum": 10**15,
    }
    assert schema["properties"]["total"]["readOnly"]
    assert schema["additionalProperties"] is False


@given(st.dictionaries(st.sampled_from([field.id for field in IT.fields] + ["else"]), st.one_of(st.text(max_size=12), st.none(), st.lists(st.dictionaries(st.sampled_from(["item", "qty", "price", "amount", "x"]), st.text(max_size=8), max_size=4), max_size=3))))  # fmt: skip
def test_whatever_is_typed_is_kept_and_judged(typed):
    answers = kept(IT, typed)
    assert settled(IT.fields, answers, DAY) == answers
    fields = {field.id for field in IT.fields}
    assert all(one.field.partition("-")[0] in fields for one in form_problems(IT, answers, DAY))


@given(st.integers(0, 10**9), st.integers(1, 500))
def test_amounts_are_exact(fen, qty):
    price = f"{fen // 100}.{fen % 100:02d}"
    answers = kept(IT, {"budget": [{"item": "a", "qty": str(qty), "price": price}] * 3})
    assert answers["total"] == 3 * fen * qty


def test_decimals_are_bounded():
    matter = matter_of(small(("type: money, label: 金额, min: 0, max: 100000", "type: decimal, label: 比例, min: 0, max: 1.5")))
    for typed, codes in {"1.5": [], "1.51": ["MATTER_RANGE"], "-0.1": ["MATTER_RANGE"], "1e3": ["MATTER_TYPE"], "": []}.items():
        problems = form_problems(matter, kept(matter, {"name": "甲", "cost": typed}, date(2026, 1, 1)), DAY)
        assert [one.code for one in problems] == codes, typed
