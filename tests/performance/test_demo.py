"""The demo city's forms: computed from its rows, proved, and what one changed row does to them."""

from datetime import timedelta
from io import StringIO

import pytest
from conftest import copied_city
from django.db import transaction
from django.utils.timezone import localdate

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import write_form
from keheng.cli import main
from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.matters.models import Case
from keheng.performance.demo.projects import PROJECTS
from keheng.performance.demo.system_projects import SYSTEMS
from keheng.performance.models import EvaluationRow, MonitorPoint, MonitorRow, Project, SelfEvaluation
from keheng.performance.queries.audit import findings_of
from keheng.performance.queries.cockpit import charts_of
from keheng.performance.queries.evaluations import form_of
from keheng.performance.queries.overview import overview
from keheng.performance.queries.readings import again, evidence_rows
from keheng.performance.rules.library import column_names
from keheng.performance.rules.targets import policy_for
from keheng.portal.models import Visit

pytestmark = pytest.mark.one_database
LAST = localdate().year - 1


@pytest.fixture(scope="module")
def forms(city, tmp_path_factory, django_db_blocker):
    """A copy of the demo city: what a test changes it takes back."""
    with copied_city(city, tmp_path_factory.mktemp("forms"), django_db_blocker), django_db_blocker.unblock():
        yield


@pytest.fixture
def undone(forms):
    """Changes that are gone after the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def prove(*named):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", told := StringIO())
        return main(["prove", *named]), told.getvalue()


def actuals(code):
    return dict(EvaluationRow.objects.filter(evaluation__project__code=code).values_list("indicator__title", "actual"))


def test_every_system_that_runs_has_its_signed_form_and_all_of_them_hold(forms):
    codes = sorted(one.code for one in (*PROJECTS, *SYSTEMS))
    assert sorted(SelfEvaluation.objects.filter(state="frozen").values_list("project__code", flat=True)) == codes
    code, told = prove()
    assert (code, told.splitlines()[-1]) == (0, f"共 {len(codes)} 张，{len(codes)} 张一致 / {len(codes)} of {len(codes)} forms hold")
    assert not MonitorPoint.objects.filter(taken_at=None, on__lt=localdate()).exists()


def test_every_measured_cell_opens_to_rows_that_give_it(forms):
    rows = EvaluationRow.objects.exclude(reading=None).select_related("reading", "indicator")
    assert {row.indicator.measure for row in rows} >= {
        "matters.cases", "matters.ended", "matters.in_time", "matters.granted", "matters.kinds", "matters.units", "matters.bulletins",
        "matters.five_stars", "matters.well_rated", "matters.policy_units", "matters.policy_districts", "portal.page_views",
    }  # fmt: skip
    for row in rows:
        reading = row.reading
        assert reading.value == str(read(reading.code, Period.year(LAST), dict(reading.scope)).value.value)
        behind = evidence_rows(reading, 0, 100_000)
        assert len(behind) == reading.rows > 0, row.indicator.title
        assert {name for one in behind[:2] for name in one} <= column_names().keys(), reading.code
        assert again(reading).holds


def test_the_figures_are_those_of_the_small_city(forms):
    hall = actuals("YL-PT-02")
    assert (hall["年度完成接待任务数"], hall["展厅参观人数"], hall["接待服务验收通过率"]) == (57, 1640, 100)
    assert actuals("YL-PT-01")["用户数"] == 300
    foreigners = actuals("YL-YW-04")
    assert [float(foreigners[name]) for name in ("服务人次", "外专服务动态", "证件办结率", "五星好评率")] == [0.012, 12, 100, 100]
    talents = actuals("YL-YW-05")
    assert [talents[name] for name in ("人才计划受理项", "人才公众号发稿宣传", "科技政策推送数量")] == [4, 60, 2]
    assert [actuals("YL-YW-07")["办公审批事项"], actuals("YL-YW-03")["评估报告审查通过率"]] == [48, 100]


def test_the_contest_is_watched_this_year(forms):
    rows = MonitorRow.objects.filter(point__project__code="YL-YW-08", point__project__year=LAST + 1).select_related("indicator", "reading")
    found = {row.indicator.title: row.actual for row in rows}
    assert found == {"参赛作品": 60, "参赛学校": 16, "参赛区县": 16, "评审观察覆盖率": 100, "师生满意度": None}
    # Nothing lags, so that nobody is asked why.
    assert {row.lamp for row in rows if row.reading} <= {"green", "blue"}
    assert [row.reading.rows for row in rows if row.reading] == [60, 16, 1, 16]


@pytest.mark.parametrize("file_format", ["xlsx", "docx", "pdf"])
def test_no_must_finding_is_left_unexplained_on_any_exported_form(forms, file_format):
    for one in SelfEvaluation.objects.filter(state="frozen").select_related("project").prefetch_related("notes"):
        answered = {note.mark for note in one.notes.all()}
        assert [said["mark"] for said in one.findings if said["must"] and said["mark"] not in answered] == []
        (exported,) = read_forms(load(write_form([form_of(one)], one.layout, file_format), f"form.{file_format}"))
        told = findings_of(exported, policy_for(one.layout))
        assert [said.mark for said in told if said.must and said.mark not in answered] == [], one.project.code


def test_the_cockpit_shows_what_is_furthest_behind_and_of_how_many(forms):
    (chart,) = [one for one in charts_of(overview(Project.objects.filter(year=LAST), LAST)) if one.key == "chart-targets"]
    shares = list(chart.series[0].values)
    assert len(chart.categories) == len(shares) == 20
    assert shares == sorted(shares)
    assert chart.categories[0] == "参观人数（80人）"
    counted = sum(
        row.indicator.direction == "more" and bool(row.indicator.value)
        for row in EvaluationRow.objects.exclude(actual=None).select_related("indicator")
    )
    assert f"共 {counted} 项，显示 20 项" in chart.note


def test_a_visit_that_is_taken_back_is_told_by_its_cell(undone):
    visit = Visit.objects.filter(hall__code="kechuang", state="done", begins_at__year=LAST).first()
    Visit.objects.filter(pk=visit.pk).update(state="cancelled")
    code, told = prove(f"{LAST}/YL-PT-02")
    assert code == 1
    assert "✗ 第 1 行 年度完成接待任务数：57次 → 56次（依据的记录有变化）" in told
    assert prove("YL-PT-05")[0] == 0
    assert prove("none")[0] == 2


def test_a_changed_case_is_told_by_every_cell_it_stands_behind_and_by_no_other(undone):
    case = Case.objects.filter(matter="yl.it-consult", submitted_at__year=LAST).order_by("pk").first()
    Case.objects.filter(pk=case.pk).update(end="refused")
    code, told = prove(f"{LAST}/YL-YW-03")
    assert code == 1
    wrong = [line.strip() for line in told.splitlines() if "✗" in line]
    assert [line for line in wrong if "第" in line] == [
        "✗ 第 3 行 评估报告审查通过率：100% → 94.44%（依据的记录有变化）",
        "✗ 第 4 行 年内评估完成率：100% → 100%（数值相同，但依据的记录有变化）",
    ]
    assert [prove(f"{LAST}/{code}")[0] for code in ("YL-YW-02", "YL-YW-04", "YL-YW-07")] == [0, 0, 0]


def test_a_case_that_moves_to_another_year_is_told(undone):
    case = Case.objects.filter(matter="yl.work-permit-extension", submitted_at__year=LAST).order_by("pk").first()
    Case.objects.filter(pk=case.pk).update(submitted_at=case.submitted_at - timedelta(days=366))
    code, told = prove(f"{LAST}/YL-YW-04")
    assert code == 1
    assert "✗ 第 8 行 服务人次：0.012万人次 → 0.0119万人次（依据的记录有变化）" in told
