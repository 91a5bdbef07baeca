"""Filling in, scoring, telling and signing: clear answers, nothing lost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Thread

import pytest
from django.db import DatabaseError, connections, transaction
from performance.performance_made_up import (
    HEAD,
    MAKER,
    REVIEWER,
    YEAR,
    approved,
    document,
    explained,
    figure,
    fill,
    filled,
    project,
    spent,
    unit,
    whole,
)

from keheng.kernel import measures
from keheng.kernel.errors import Refused
from keheng.kernel.periods import Period
from keheng.performance.actions.evaluations import (
    Proof,
    RowTyped,
    attach_evidence,
    begin_evaluation,
    fill_row,
    read_measures,
    tell_results,
    typed_of,
)
from keheng.performance.actions.outside import Figure, enter_figure
from keheng.performance.actions.signing import return_evaluation, review_evaluation, sign_evaluation, submit_evaluation
from keheng.performance.models import EvaluationRow, Evidence, FrozenReading, SelfEvaluation, SignOff
from keheng.performance.queries.evaluations import disclosed, form_of, sheet_of


def codes(act):
    with pytest.raises(Refused) as refusal:
        act()
    return [one.code for one in refusal.value.problems]


def ready(visits="11143566", items="245", **more):
    of = unit()
    row = project(of, **more)
    if visits:
        figure(of, "visits", visits)
    figure(of, "items", items)
    approved(row)
    spent(row)
    return row


def row_at(evaluation, place):
    return EvaluationRow.objects.select_related("indicator", "evaluation").get(evaluation=evaluation, place=place)


@pytest.mark.django_db
def test_a_year_without_data_is_no_zero():
    row = ready(visits="")
    evaluation = explained(filled(row))
    assert row_at(evaluation, 1).actual is None
    assert "PERF_NO_DATA" in codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk))
    figure(row.unit, "visits", "11143566")
    assert read_measures(actor=MAKER, evaluation=evaluation.pk) == 1
    assert submit_evaluation(actor=MAKER, evaluation=evaluation.pk).state == "submitted"


@pytest.mark.django_db
def test_everything_missing_is_told_at_once():
    evaluation = begin_evaluation(actor=MAKER, project=ready(items="150").pk)
    found = codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk))
    assert found == ["PERF_DEVIATION", "PERF_NO_ACTUAL", "PERF_NO_ACTUAL"]
    assert codes(lambda: begin_evaluation(actor=MAKER, project=evaluation.project_id)) == ["PERF_EVALUATION_OPEN"]
    assert codes(lambda: begin_evaluation(actor=MAKER, project=project(code="YL-9").pk)) == ["PERF_NO_GOALS"]


@pytest.mark.django_db
def test_scores_are_proposed_with_formula_and_changed_with_a_reason_only():
    evaluation = filled(ready(items="150"))
    row = row_at(evaluation, 2)
    assert (row.proposed, row.score, row.formula) == (Decimal("15.00"), Decimal("15.00"), "20 × 150 ÷ 200 = 15.00")
    assert codes(lambda: fill(row, score=Decimal(14))) == ["PERF_SCORE_REASON"]
    assert codes(lambda: fill(row, score=Decimal(18))) == ["PERF_SCORE_HIGH"]
    assert codes(lambda: fill(row, score=Decimal(21))) == ["PERF_SCORE_RANGE"]
    assert fill(row, score=Decimal("14.5"), score_reason="质量抽查发现两条错误").score == Decimal("14.5")


@pytest.mark.django_db
def test_two_people_fill_one_row_and_neither_loses_anything():
    evaluation = filled(ready())
    row = row_at(evaluation, 4)
    base = typed_of(row).plain()
    fill_row(actor=MAKER, row=row.pk, base=base, typed=RowTyped(**{**base, "actual": "96%"}))
    fill_row(actor=REVIEWER, row=row.pk, base=base, typed=RowTyped(**{**base, "reason": "问卷回收率低"}))
    row.refresh_from_db()
    assert (row.actual, row.reason) == (96, "问卷回收率低")
    assert codes(lambda: fill_row(actor=MAKER, row=row.pk, base=base, typed=RowTyped(**{**base, "actual": "97%"}))) == ["PERF_CONFLICT"]
    assert codes(lambda: fill(row, actual="很高")) == ["PERF_ACTUAL_NUMBER"]


@pytest.mark.django_db
def test_the_account_refers_to_rows_and_cannot_disagree():
    evaluation = filled(ready())
    base = {"achieved": evaluation.achieved, "budget_reason": ""}
    tell = lambda text, was=base: tell_results(actor=MAKER, evaluation=evaluation.pk, base=was, achieved=text, budget_reason="")  # noqa: E731 -- said thrice
    assert codes(lambda: tell("访问量{9}")) == ["PERF_TOKEN"]
    assert codes(lambda: tell("门户网站访问量达到1200万次")) == ["PERF_TYPED_FIGURE"]
    tell("全年门户网站访问量{1}，执行率{执行率}。")
    evaluation.refresh_from_db()
    assert sheet_of(evaluation).form.achieved.text == "全年门户网站访问量1114.3566万次，执行率95.00%。"
    assert codes(lambda: tell("另一种写法{1}")) == ["PERF_CONFLICT"]


@pytest.mark.django_db
def test_stated_sources_can_be_found_again():
    evaluation = filled(ready())
    row, day = row_at(evaluation, 3), date(YEAR, 12, 1)
    attach = lambda **facts: attach_evidence(actor=MAKER, row=row.pk, proof=Proof(title="材料", dated_on=day, **facts))  # noqa: E731 -- said often
    assert codes(lambda: attach(kind="file")) == ["PERF_PAGE", "PERF_FILE"]
    assert codes(lambda: attach(kind="survey")) == ["PERF_SAMPLE", "PERF_METHOD", "PERF_FILE"]
    assert codes(lambda: attach(kind="survey", sample=10, population=5, method="全体")) == ["PERF_POPULATION", "PERF_FILE"]
    assert codes(lambda: attach(kind="minutes")) == ["PERF_FILE"]
    assert codes(lambda: attach(kind="measure")) == ["PERF_EVIDENCE_KIND", "PERF_FILE"]


@pytest.mark.django_db
def test_a_source_of_before_without_its_file_proves_nothing():
    evaluation = explained(filled(ready()))
    Evidence.objects.filter(row__evaluation=evaluation, kind="minutes").update(digest="")
    assert codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk)) == ["PERF_NO_EVIDENCE"]


@pytest.mark.django_db
def test_records_that_changed_after_reading_are_told_before_submission():
    evaluation = explained(filled(ready()))
    figure(evaluation.project.unit, "items", "1", reference="R-2")
    assert codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk)) == ["PERF_STALE"]


@pytest.mark.django_db
def test_a_definition_that_changed_during_the_year_needs_a_word(monkeypatch):
    row = ready()
    known = measures._measures["performance.outside"]
    monkeypatch.setitem(measures._measures, "performance.outside", replace(known, version=2))
    evaluation = explained(filled(row))
    assert codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk)) == ["PERF_DEFINITION", "PERF_DEFINITION"]
    for place in (1, 2):
        fill(row_at(evaluation, place), definition_note="新版不计内部访问，数字没有变化")
    assert submit_evaluation(actor=MAKER, evaluation=evaluation.pk).state == "submitted"


@pytest.mark.django_db
def test_three_people_sign_one_content():
    evaluation = explained(filled(ready()))
    submit_evaluation(actor=MAKER, evaluation=evaluation.pk)
    assert codes(lambda: review_evaluation(actor=MAKER, evaluation=evaluation.pk)) == ["PERF_SAME_PERSON"]
    assert codes(lambda: sign_evaluation(actor=HEAD, evaluation=evaluation.pk)) == ["PERF_STATE"]
    assert codes(lambda: fill(row_at(evaluation, 4), actual="99%")) == ["PERF_STATE"]
    assert codes(lambda: return_evaluation(actor=REVIEWER, evaluation=evaluation.pk, reason="")) == ["PERF_REASON"]
    return_evaluation(actor=REVIEWER, evaluation=evaluation.pk, reason="补充说明")
    assert SignOff.objects.count() == 0
    submit_evaluation(actor=MAKER, evaluation=evaluation.pk)
    EvaluationRow.objects.filter(evaluation=evaluation, place=4).update(actual=99)
    assert codes(lambda: review_evaluation(actor=REVIEWER, evaluation=evaluation.pk)) == ["PERF_CHANGED_SINCE"]


@pytest.mark.django_db
def test_low_execution_is_explained():
    row = ready(budget=120_000_00)
    evaluation = explained(filled(row))
    assert codes(lambda: submit_evaluation(actor=MAKER, evaluation=evaluation.pk)) == ["PERF_RATE_REASON"]
    base = {"achieved": evaluation.achieved, "budget_reason": ""}
    tell_results(actor=MAKER, evaluation=evaluation.pk, base=base, achieved=evaluation.achieved, budget_reason="招标节约")
    assert submit_evaluation(actor=MAKER, evaluation=evaluation.pk).state == "submitted"


@pytest.mark.django_db
def test_a_reading_is_never_changed():
    whole()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FrozenReading.objects.update(value="0")


@pytest.mark.django_db
def test_the_version_for_disclosure_masks_people():
    form = whole()
    SelfEvaluation.objects.filter(pk=form.pk).update(form={**form.form, "achieved": "联系 13800001234，a@yunling.example", "cells": {}})
    form.refresh_from_db()
    assert disclosed(form_of(form)).achieved.text == "联系 ＊＊＊，＊＊＊"


def test_two_heads_at_once_sign_once(fresh):
    evaluation = explained(filled(ready()))
    submit_evaluation(actor=MAKER, evaluation=evaluation.pk)
    review_evaluation(actor=REVIEWER, evaluation=evaluation.pk)
    told = []

    def run(actor):
        try:
            told.append(sign_evaluation(actor=actor, evaluation=evaluation.pk).state)
        except Refused as refusal:
            told.append(refusal.problems[0].code)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(one,)) for one in (HEAD, replace(HEAD, account="99"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["PERF_STATE", "frozen"]
    assert SignOff.objects.filter(step="head").count() == 1


@pytest.mark.django_db
def test_outside_figures_are_converted_from_the_unit_of_their_records():
    of = unit()
    row = project(of)
    told = Figure(
        key="visits",
        title="访问",
        measured_in="万次",
        value=Decimal("1200.5"),
        begin=date(YEAR, 1, 1),
        last=date(YEAR, 12, 31),
        origin="月报",
        reference="R",
    )
    enter = partial(enter_figure, actor=MAKER, unit=of.pk, file=document("访问 1200.5 万次"), file_title="月报.txt")
    enter(figure=told)
    approved(row)
    assert row_at(begin_evaluation(actor=MAKER, project=row.pk), 1).actual == Decimal("1200.5")
    assert codes(lambda: enter(figure=replace(told, value=Decimal(1)))) == ["PERF_OUTSIDE_DIFFERS"]
    assert codes(lambda: enter(figure=replace(told, key="", last=date(YEAR - 1, 1, 1)), file=None)) == [
        "PERF_TITLE",
        "PERF_PERIOD",
        "PERF_FILE",
    ]
    enter(figure=replace(told, measured_in="次", reference="R2"))
    assert measures.read("performance.outside", Period.year(YEAR), {"key": "visits"}).value.value is None
