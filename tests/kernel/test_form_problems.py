"""Everything wrong with a form is told in one list: what fields refuse and what rules found, in order, none twice, in the page's language."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from keheng.kernel.errors import Problem
from keheng.kernel.form_problems import all_problems


class Visit(forms.Form):
    name = forms.CharField(label="姓名", max_length=3)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    day = forms.DateField(label="日期")
    heads = forms.IntegerField(label="人数", min_value=1, max_value=9)
    agreed = forms.BooleanField(label="同意")
    file = forms.FileField(label="附件")


def rule(field, zh):
    return Problem("X", field, zh, "wrong", "改一改", "mend it")


def test_fields_and_rules_in_the_order_of_the_form_none_twice():
    form = Visit({"name": "四个字名", "kind": "b", "day": "昨天", "heads": "10"})
    found = all_problems(form, [rule("heads", "人太多"), rule("", "现在不能办"), rule("elsewhere", "别处不对")])
    assert [(one.field, one.zh) for one in found] == [
        ("", "现在不能办"), ("name", "姓名：最多 3 个字，现在有 4 个，请删减"),
        ("kind", "类型：没有“b”这个选项，请重新选择"), ("day", "日期：请填写日期，如 2026-11-21"), ("heads", "人数：不能大于 9"),
        ("agreed", "同意：请勾选"), ("file", "附件：请选择文件"), ("elsewhere", "别处不对"),
    ]  # fmt: skip
    assert all_problems(form, [rule("heads", "人太多")])[3].zh == "人数：不能大于 9"


def test_what_rules_find_stands_beside_its_field_too():
    form = Visit({"name": "钱一", "kind": "a", "day": date(2026, 11, 21), "heads": "3", "agreed": "on"}, {"file": None})
    found = all_problems(form, [rule("name", "名字不对")])
    assert [(one.field, one.remedy_zh) for one in found] == [("name", "改一改"), ("file", "")]
    assert (form.errors["name"], form.errors["file"]) == (["名字不对"], ["请选择文件"])


@pytest.mark.parametrize(("language", "said"), [("en", "Please fill in"), ("ja", "入力してください"), ("ko", "입력해 주십시오")])
def test_in_the_language_of_the_page(language, said):
    with override(language):
        found = all_problems(Visit({"kind": "a"}))
    assert said in found[0].zh


def test_a_form_that_was_not_sent_has_no_faults_of_its_own():
    assert [one.zh for one in all_problems(Visit(), [rule("name", "已经满了")])] == ["已经满了"]
