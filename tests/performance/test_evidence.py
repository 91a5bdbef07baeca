"""What proves a row is signed with the form: a source that was changed, lost or added is told, and so is its file."""

from datetime import timedelta

import pytest
from performance.performance_made_up import whole

from keheng.kernel.measures import read
from keheng.kernel.trail.record import digest_of
from keheng.kernel.uploads.receiving import store
from keheng.performance.models import EvaluationRow, Evidence, FrozenReading, OutsideFigure, SelfEvaluation, SignOff
from keheng.performance.queries.evaluations import sheet_of
from keheng.performance.queries.proof import proof_of
from keheng.performance.queries.readings import period_of
from keheng.performance.queries.sources import sources_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def wrong(form):
    form.refresh_from_db()
    return [(one.part, one.why) for one in proof_of(form).wrong]


def evidence(place):
    return Evidence.objects.filter(row__place=place)


def test_a_source_that_was_taken_away_is_told():
    form = whole()
    evidence(3).delete()
    assert wrong(form) == [("row-3", "所附依据由 1 份变为 0 份：少了“办公会纪要 12 号”")]


def test_another_sample_is_told_with_both_numbers():
    form = whole()
    evidence(4).update(sample=3)
    assert wrong(form) == [("row-4", "“年度用户调查”的样本由 320 变为 3")]


@pytest.mark.parametrize("fact", [
    {"kind": "minutes"}, {"title": "另一次调查"}, {"population": 9}, {"method": "方便抽样"}, {"page": 2}, {"by": "99"}, {"file_title": "b.txt"},
])  # fmt: skip
def test_every_fact_of_a_source_counts(fact):
    form = whole()
    evidence(4).update(**fact)
    assert [part for part, _ in wrong(form)] == ["row-4"]


def test_days_and_moments_count_too():
    form = whole()
    one = evidence(4).get()
    evidence(4).update(dated_on=one.dated_on - timedelta(days=1), at=one.at - timedelta(days=1))
    ((part, why),) = wrong(form)
    assert (part, why.partition("；")[0]) == ("row-4", "“年度用户调查”的日期由 2025-12-01 变为 2025-11-30")
    assert why.partition("；")[2].startswith("“年度用户调查”的登记时间由 ")


def test_a_source_that_came_later_is_told():
    form = whole()
    row, old = EvaluationRow.objects.get(evaluation=form, place=3), evidence(3).get()
    Evidence.objects.create(row=row, kind="minutes", title="补的纪要", dated_on=old.dated_on, digest=old.digest, by="11", at=old.at)
    assert wrong(form) == [("row-3", "所附依据由 1 份变为 2 份：多了“补的纪要”")]


def test_a_file_that_is_gone_or_changed_is_told():
    form = whole()
    path = store().path(evidence(3).get().digest)
    kept = path.read_bytes()
    path.unlink()
    assert wrong(form) == [("row-3", "所附文件已不在存储中")]
    path.write_bytes(kept + b"!")
    assert wrong(form) == [("row-3", "所附文件的内容已被改动")]
    path.write_bytes(kept)
    assert wrong(form) == []


def test_the_file_of_an_outside_figure_is_proved_as_well():
    form = whole()
    store().path(OutsideFigure.objects.get(key="items").digest).unlink()
    assert wrong(form) == [("row-2", "所附文件已不在存储中")]


def test_a_reading_that_was_written_over_with_its_records_is_told():
    """Records and reading changed alike: they agree with each other, and not with what was signed."""
    form = whole()
    OutsideFigure.objects.filter(key="items").update(reference="R-9")
    row = EvaluationRow.objects.select_related("reading", "indicator").get(evaluation=form, place=2)
    again = read(row.reading.code, period_of(row.reading), row.reading.scope)
    old = row.reading.pk
    row.reading.pk, row.reading.digest = None, again.digest
    row.reading.save(force_insert=True)
    EvaluationRow.objects.filter(pk=row.pk).update(reading=row.reading)
    assert FrozenReading.objects.filter(pk=old).exists()
    assert wrong(form) == [("row-2", "冻结的读数被改动")]


def test_sources_written_over_on_the_form_break_its_seal():
    form = whole()
    evidence(4).update(sample=3)
    SelfEvaluation.objects.filter(pk=form.pk).update(sources=sources_of(sheet_of(form).rows))
    form.refresh_from_db()
    found = proof_of(form)
    assert (found.wrong, found.sealed, found.equal) == ([], False, False)


def test_a_form_signed_before_evidence_was_is_told_as_such():
    form = whole()
    old = digest_of(form.form)
    SelfEvaluation.objects.filter(pk=form.pk).update(sources=None, digest=old)
    SignOff.objects.filter(evaluation=form).update(digest=old)
    assert wrong(form) == [(f"row-{place}", "签发时没有冻结依据，无法核验") for place in (1, 2, 3, 4)]
    assert proof_of(form).sealed


def test_a_reason_written_over_is_told():
    form = whole()
    EvaluationRow.objects.filter(evaluation=form, place=4).update(reason="另有原因")
    assert [part for part, _ in wrong(form)] == ["score-4"]
