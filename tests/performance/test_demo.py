"""The demo city's forms: computed from its rows, proved, and what one changed row does to them."""

from datetime import timedelta
from io import StringIO

import pytest
from conftest import copied_city
from django.db import transaction
from django.utils.timezone import localdate
from people import signed_in

from keheng.access.models import Account
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import write_form
from keheng.cli import main
from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.matters.models import Case
from keheng.performance.demo.projects import PROJECTS
from keheng.performance.demo.system_projects import SYSTEMS
from keheng.performance.models import EvaluationRow, Evidence, MonitorPoint, MonitorRow, OutsideFigure, Project, SelfEvaluation
from keheng.performance.queries.audit import findings_of
from keheng.performance.queries.cockpit import charts_of
from keheng.performance.queries.evaluations import form_of
from keheng.performance.queries.history import history
from keheng.performance.queries.overview import overview, peers, trend
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


def actuals(code, year=LAST):
    rows = EvaluationRow.objects.filter(evaluation__project__code=code, evaluation__project__year=year)
    return dict(rows.values_list("indicator__title", "actual"))


def test_every_system_that_runs_has_its_signed_form_and_all_of_them_hold(forms):
    codes = sorted(one.code for one in (*PROJECTS, *SYSTEMS))
    earlier = sorted(one.code for one in (*PROJECTS, *SYSTEMS) if any(one.earlier))
    signed = SelfEvaluation.objects.filter(state="frozen")
    assert sorted(signed.filter(project__year=LAST).values_list("project__code", flat=True)) == codes
    assert (
        sorted(signed.filter(project__year=LAST - 1).values_list("project__code", flat=True))
        == earlier
        == ["YL-PT-02", "YL-YW-02", "YL-YW-07"]
    )
    count = len(codes) + len(earlier)
    code, told = prove()
    assert (code, told.splitlines()[-1]) == (0, f"共 {count} 张，{count} 张一致 / {count} of {count} forms hold")
    assert not MonitorPoint.objects.filter(taken_at=None, on__lt=localdate()).exists()


def test_only_what_lives_outside_is_no_measure_of_rows(forms):
    """The rows that the README of the demo names, and no others."""
    rows = EvaluationRow.objects.select_related("indicator", "reading", "evaluation__project")
    stated = {(row.evaluation.project.code, row.indicator.title) for row in rows if row.reading is None}
    assert stated == {("YL-YW-04", "行政服务窗口管理规范")}
    outside = {(row.indicator.title, row.reading.scope["key"]) for row in rows if row.indicator.measure == "performance.outside"}
    assert outside == {("平台网站响应时间", "portal.response"), ("网站安全等级保护", "portal.protection")}
    (proof,) = Evidence.objects.all()
    assert (proof.kind, proof.page, bool(proof.digest)) == ("file", 1, True)
    assert OutsideFigure.objects.filter(digest="").count() == 0


def test_what_was_accepted_and_what_was_reported_are_figures_of_rows(forms):
    accepted, reported = actuals("YL-YW-11"), actuals("YL-YW-12")
    assert [int(accepted[one]) for one in ("验收项目", "验收项目资助金额", "验收通过率", "验收申请办结率")] == [4, 250, 100, 100]
    assert [int(reported[one]) for one in ("上报信息", "上级采用信息", "审批流程", "流程调整")] == [20, 4, 48, 2]


def test_every_project_asks_those_whom_it_serves_itself(forms):
    rows = EvaluationRow.objects.filter(indicator__level1="satisfaction", evaluation__project__year=LAST).select_related("reading")
    readings = [row.reading for row in rows]
    assert len(readings) == len((*PROJECTS, *SYSTEMS)) == 17
    asked = [
        {(row.get("survey") or row["number"]) for row in evidence_rows(one, 0, 100_000)} for one in readings
    ]  # fmt: skip
    everything = [number for numbers in asked for number in numbers]
    assert len(everything) == len(set(everything))
    surveys = [numbers for one, numbers in zip(readings, asked, strict=True) if one.code == "portal.survey_satisfaction"]
    assert [len(numbers) for numbers in surveys] == [1] * 16


def test_units_are_ranked_where_they_have_forms_enough_and_a_project_is_seen_over_years(forms):
    ranked = peers(Project.objects.all(), LAST)
    assert sorted((one.forms, one.enough) for one in ranked) == [(5, True), (5, True), (7, True)]
    before = peers(Project.objects.all(), LAST - 1)
    assert sorted((one.forms, one.enough) for one in before) == [(1, False), (2, False)]
    years = [(one.project.year, one.total) for one in trend(Project.objects.get(year=LAST, code="YL-YW-07"))]
    assert [year for year, _ in years] == [LAST - 1, LAST]
    assert years[0][1] < years[1][1]


def test_the_years_of_a_project_stand_side_by_side(forms):
    lines = {one.title: one.years for one in history(trend(Project.objects.get(year=LAST, code="YL-YW-07")))}
    assert lines["办公审批事项"] == [("≥48件", "44件"), ("≥48件", "48件")]
    assert lines["使用人员满意度"] == [("≥90%", "86.67%"), ("≥90%", "94.44%")]
    assert len(lines) == 6
    assert all(one is not None for years in lines.values() for one in years)
    project = Project.objects.get(year=LAST, code="YL-YW-07")
    page = signed_in(Account.objects.get(login="demo.leader")).get(f"/performance/projects/{project.pk}/trend/")
    assert [word for word in ("历年指标", "44件", "目标 ≥48件", f"{LAST - 1} 年") if word not in page.content.decode()] == []


def test_an_indicator_that_came_later_has_no_value_before(undone):
    now, before = (Project.objects.get(year=year, code="YL-YW-07") for year in (LAST, LAST - 1))
    EvaluationRow.objects.get(evaluation__project=before, indicator__title="故障解决率").delete()
    (line,) = [one for one in history(trend(now)) if one.title == "故障解决率"]
    assert line.years == [None, ("=100%", "100%")]
    assert [len(one.years) for one in history(trend(before))] == [1] * 5


def test_every_measured_cell_opens_to_rows_that_give_it(forms):
    rows = EvaluationRow.objects.exclude(reading=None).select_related("reading", "indicator")
    assert {row.indicator.measure for row in rows} >= {
        "matters.cases", "matters.ended", "matters.in_time", "matters.granted", "matters.kinds", "matters.units", "matters.bulletins",
        "matters.five_stars", "matters.well_rated", "matters.policy_units", "matters.policy_districts", "portal.page_views",
        "matters.completed", "matters.first_answer", "matters.answered_so", "matters.taken_up", "matters.accurate", "matters.kinds_used",
        "portal.survey_satisfaction", "portal.published_promptly", "portal.feedback_answered", "performance.outside",
    }  # fmt: skip
    for row in rows:
        reading = row.reading
        assert reading.value == str(read(reading.code, Period(reading.begin, reading.end, "year"), dict(reading.scope)).value.value)
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
    office, it = actuals("YL-YW-07"), actuals("YL-YW-02")
    assert [float(office[name]) for name in ("操作人员权限最小化", "故障解决率")] == [100, 100]
    # As published: within two hours, and not all alike.
    answered = [float(actuals(name)["问题响应时间"]) for name in ("YL-YW-02", "YL-YW-06", "YL-YW-07")]
    assert (len(set(answered)), min(answered) > 0, max(answered) <= 2) == (3, True, True)
    assert [it["每月巡检"], it["数据接口对接"], actuals("YL-YW-01")["系统故障率"], actuals("YL-PT-05")["综合信息管理平台业务模块优化"]] == [
        12,
        1,
        0,
        5,
    ]
    assert [actuals("YL-PT-05")["系统功能利用率"], actuals("YL-YW-06")["公开年度报告"], actuals("YL-YW-03")["驻场顾问"]] == [100, 1, 1]
    assert [actuals("YL-YW-01")["使用人员满意度"], talents["科技人才满意度"], actuals("YL-YW-06")["企业满意度"]] == [90, 99, 100]
    assert [actuals("YL-YW-09")[name] for name in ("申报项目", "立项项目")] == [8, 4]
    assert [actuals("YL-YW-10")[name] for name in ("星级学会评估", "科技职称评审", "院士专家工作站认定", "科技英才评选")] == [2, 2, 2, 2]
    assert [actuals("YL-YW-08")[name] for name in ("参赛作品", "参赛学校", "作品评审完成率")] == [12, 12, 100]
    assert [actuals("YL-YW-07", LAST - 1)["办公审批事项"], actuals("YL-PT-02", LAST - 1)["年度完成接待任务数"]] == [44, 41]


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
        for row in EvaluationRow.objects.filter(evaluation__project__year=LAST).exclude(actual=None).select_related("indicator")
    )
    assert f"共 {counted} 项，显示 20 项" in chart.note


def test_a_visit_that_is_taken_back_is_told_by_its_cell(undone):
    visit = Visit.objects.filter(hall__code="kechuang", state="done", begins_at__year=LAST).first()
    Visit.objects.filter(pk=visit.pk).update(state="cancelled")
    code, told = prove(f"{LAST}/YL-PT-02")
    assert code == 1
    assert "✗ 第 1 行 年度完成接待任务数：57次 → 56次（依据的记录有变化）" in told
    assert prove(f"{LAST}/YL-PT-05")[0] == 0
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
