"""先看能不能办: every condition can be settled on the page, and the next question is the one that settles most."""

import re
from datetime import date

import pytest
from django.test import Client
from matters.made_up import matter_of, small

from keheng.matters.rules.form.first_check import asked_first, facts_first, judged_first

DAY = date(2026, 9, 28)
FORM = """  - section: 基本
    fields:
      - {id: name, type: text, label: 名称, required: true, max: 10}
      - {id: kind, type: choice, label: 类别, options: [甲, 乙]}
      - {id: own, type: money, label: 自筹, show: "kind == '甲'"}
      - {id: staff, type: integer, label: 人数}
      - {id: lines, type: table, label: 明细, cols: [{id: sum, type: money, label: 金额}]}
      - {id: cost, type: money, label: 金额, formula: "sum(lines, 'sum')"}
      - {id: half, type: money, label: 一半, formula: "cost / 2"}
      - {id: per, type: money, label: 人均, formula: "own / staff"}
"""
OLD_FORM = small()[small().index("  - section: 基本") : small().index("materials:")]


def checked(rules, **typed):
    """What is asked, the truths, and what is asked next, of the small matter with these conditions."""
    clauses = "".join(f'  - {{say: 条件{number}, rule: "{rule}"}}\n' for number, rule in enumerate(rules))
    matter = matter_of(small((OLD_FORM, FORM), ("form:\n", f"eligible:\n{clauses}form:\n"), ('"cost > 5000"', "always")))
    fields = asked_first(matter)
    judged, following = judged_first(matter, facts_first(matter, fields, typed, DAY))
    return [field.id for field in fields], [one.trace.truth.value for one in judged], following.id if following else None


def test_the_question_that_settles_most_conditions_comes_first():
    assert checked(["name == '甲'", "staff >= 3", "staff < 9"]) == (["name", "staff"], ["unknown"] * 3, "staff")
    assert checked(["staff >= 3", "name == '甲'"])[2] == "name"
    assert checked(["staff >= 3", "name == '甲'"], name="甲")[1:] == (["unknown", "met"], "staff")
    assert checked(["name == '甲' and kind == '甲'", "name == '乙' and staff > 1", "staff > 2"])[2] == "staff"
    assert checked(["staff >= 3"], staff="3")[1:] == (["met"], None)


def test_an_alternative_that_is_decided_waits_for_nothing():
    assert checked(["(kind == '甲' and staff > 3) or name == '甲'"], kind="乙")[1:] == (["unknown"], "name")


def test_of_a_computed_cell_its_inputs_are_asked():
    assert checked(["per <= 100"]) == (["kind", "own", "staff"], ["unknown"], "kind")
    assert checked(["per <= 100"], kind="甲", own="300")[1:] == (["unknown"], "staff")
    assert checked(["per <= 100"], kind="甲", own="300", staff="3")[1:] == (["met"], None)


def test_a_total_of_a_table_is_asked_itself():
    assert checked(["half <= 100"]) == (["cost"], ["unknown"], "cost")
    assert checked(["half <= 100"], cost="202")[1:] == (["unmet"], None)


@pytest.mark.django_db
def test_the_fund_can_be_judged_on_its_page():
    page = "/matters/of/yl.zhangjiang/"
    first = Client().get(f"{page}?rd_share=5").content.decode()
    assert re.findall(r"填写“(.+?)”最能帮助判断", first) == ["有未验收的同类项目"]
    then = Client().get(f"{page}?rd_share=5&unfinished=no&invested=100").content.decode()
    assert re.findall(r"填写“(.+?)”最能帮助判断", then) == ["申请资助合计"]
    assert '<input class="k-input" type="text" id="id_requested" name="requested"' in then
    assert "选填" not in then
    done = Client().get(f"{page}?rd_share=5&unfinished=no&invested=100&requested=51").content.decode()
    assert [done.count(f">{said}<") for said in ("符合", "不符合", "待定")] == [2, 1, 0]
