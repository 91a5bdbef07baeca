"""A signed form is computed again from the records; whatever changed is named by its cell."""

import pytest
from performance.performance_made_up import MAKER, YEAR, figure, whole

from keheng.performance.models import EvaluationRow, Execution, OutsideFigure, SelfEvaluation
from keheng.performance.queries.proof import proof_of, prove, signed_forms

pytestmark = pytest.mark.django_db


def wrong(form):
    form.refresh_from_db()
    return [(one.place, one.then, one.now, one.why) for one in proof_of(form).wrong]


def test_nothing_changed_everything_holds():
    form = whole()
    found = proof_of(form)
    assert (found.equal, len(found.cells)) == (True, 13)
    assert [one.place for one in found.cells if one.reading] == ["第 1 行 门户网站访问量", "第 2 行 门户更新信息"]


def test_one_row_in_the_database_is_told_as_its_cell():
    form = whole()
    OutsideFigure.objects.filter(key="visits").update(value=11_143_000)
    assert wrong(form) == [("第 1 行 门户网站访问量", "1114.3566万次", "1114.3万次", "依据的记录有变化")]


def test_equal_sums_of_other_rows_are_told_too():
    form = whole()
    OutsideFigure.objects.filter(key="items").update(value=200)
    figure(form.project.unit, "items", "45", reference="R-2")
    assert wrong(form) == [("第 2 行 门户更新信息", "245条", "245条", "数值相同，但依据的记录有变化")]


def test_a_lost_record_leaves_no_value_not_zero():
    form = whole()
    OutsideFigure.objects.filter(key="items").delete()
    assert wrong(form) == [("第 2 行 门户更新信息", "245条", "", "系统指标已没有数据，或已停用")]


def test_money_is_computed_again_from_vouchers():
    form = whole()
    Execution.objects.update(fen=94_000_00)
    places = [place for place, *_ in wrong(form)]
    assert places == ["全年执行数", "执行率", "执行得分", "总分", "完成情况"]


def test_what_was_typed_over_in_the_tables_is_found():
    form = whole()
    EvaluationRow.objects.filter(evaluation=form, place=4).update(actual=99)
    assert "网站用户满意度 的行" in [place for place, *_ in wrong(form)]


def test_a_form_that_is_not_the_signed_one_is_found():
    form = whole()
    stored = {**form.form, "score_total": 100}
    SelfEvaluation.objects.filter(pk=form.pk).update(form=stored)
    form.refresh_from_db()
    found = proof_of(form)
    assert (found.sealed, found.equal) == (False, False)


def test_forms_are_named_by_number_code_or_year_and_code():
    form = whole()
    assert [[one.pk for one in signed_forms(named)] for named in ("", str(form.pk), "YL-01", f"{YEAR}/YL-01", "2020/YL-01", "none")] == [
        [form.pk], [form.pk], [form.pk], [form.pk], [], [],
    ]  # fmt: skip
    assert [one.equal for one in prove()] == [True]
    assert form.maker == MAKER.account
