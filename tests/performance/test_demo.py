"""The demo city's forms: computed from its rows, proved, and what one changed row does to them."""

from io import StringIO

import pytest
from django.utils.timezone import localdate

from keheng.cli import main
from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.performance.models import EvaluationRow, MonitorPoint, SelfEvaluation
from keheng.portal.models import Visit

pytestmark = pytest.mark.one_database


def prove(*named):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", told := StringIO())
        return main(["prove", *named]), told.getvalue()


def test_the_citys_forms_are_what_its_records_say(in_city):
    year = Period.year(localdate().year - 1)
    assert SelfEvaluation.objects.filter(state="frozen").count() == 5
    for row in EvaluationRow.objects.exclude(reading=None).select_related("reading"):
        assert row.reading.value == str(read(row.reading.code, year, dict(row.reading.scope)).value.value)
    actual = dict(EvaluationRow.objects.filter(evaluation__project__code="YL-PT-02").values_list("indicator__title", "actual"))
    assert (actual["年度完成接待任务数"], actual["展厅参观人数"], actual["接待服务验收通过率"]) == (57, 1640, 100)
    for form in SelfEvaluation.objects.prefetch_related("notes"):
        answered = {note.mark for note in form.notes.all()}
        assert [one["mark"] for one in form.findings if one["must"] and one["mark"] not in answered] == []
    assert not MonitorPoint.objects.filter(taken_at=None, on__lt=localdate()).exists()
    code, told = prove()
    assert (code, told.splitlines()[-1]) == (0, "共 5 张，5 张一致 / 5 of 5 forms hold")

    visit = Visit.objects.filter(hall__code="kechuang", state="done", begins_at__year=year.begin.year).first()
    Visit.objects.filter(pk=visit.pk).update(state="cancelled")
    code, told = prove(f"{year.begin.year}/YL-PT-02")
    assert code == 1
    assert "✗ 第 1 行 年度完成接待任务数：57次 → 56次（依据的记录有变化）" in told
    assert prove("YL-PT-05")[0] == 0
    assert prove("none")[0] == 2
