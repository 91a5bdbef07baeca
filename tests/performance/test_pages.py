"""The pages of the cycle: an accountant from nothing to the signed file, a reviewer, the head, the cockpit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from people import make_account, make_unit, signed_in
from performance.performance_made_up import GOAL, YEAR, approved, figure, project, spent, unit, whole

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.performance.models import EvaluationRow, GoalVersion, MonitorPoint, Project, Recheck, SelfEvaluation

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def as_role(role):
    return signed_in(make_account(role, role))


def send(client, path, expected=302, **data):
    answer = client.post(f"/performance/{path}", data)
    assert answer.status_code == expected, answer.content.decode()
    return answer


def text_file(text):
    return SimpleUploadedFile(f"{text}.txt", text.encode())


def seen(client, path):
    answer = client.get(f"/performance/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(title, target, weight, evidence="measure", level1="output", level2="quantity", **more):
    return {"title": title, "target": target, "weight": weight, "evidence": evidence, "level1": level1, "level2": level2, **more}


def test_from_nothing_to_the_signed_file():
    of = make_unit("云岭市科技平台中心")
    of.kind = "institution"
    of.save()
    figure(of, "visits", "11143566")
    maker, reviewer, head = as_role("finance"), as_role("case_officer"), as_role("leader")
    send(
        maker, "new/", year=YEAR, code="YL-7", title="门户网站运行", unit=of.pk, department=of.pk, layout="sh-2023", appropriation="1000000"
    )
    pk = Project.objects.get().pk
    send(maker, f"projects/{pk}/pay/", voucher="V1", paid_on=f"{YEAR}-06-01", amount="963000", source="appropriation")
    send(maker, f"projects/{pk}/targets/begin/")
    goals = GoalVersion.objects.get().pk
    send(maker, f"targets/{goals}/new/", **row_of("门户网站访问量", "≥1000万次", "50", measure="performance.outside", scope="key=visits"))
    send(maker, f"targets/{goals}/new/", **row_of("网站制度", "完善", "30", "minutes", "outcome", "lasting"))
    send(maker, f"targets/{goals}/new/", **row_of("网站用户满意度", "≥90%", "10", "survey", "satisfaction", "served"))
    send(maker, f"targets/{goals}/goal/", goal=GOAL, base="")
    assert "分值合计 90.00 / 90" in seen(maker, f"projects/{pk}/targets/")
    send(maker, f"targets/{goals}/submit/")
    send(head, f"targets/{goals}/decide/", approved="yes")
    send(maker, f"projects/{pk}/evaluation/begin/")
    assert "提交前还有" in seen(maker, f"projects/{pk}/evaluation/")
    rows = {one.place: one.pk for one in EvaluationRow.objects.all()}
    send(maker, f"rows/{rows[2]}/", actual="修订两项制度，完善", score="30")
    send(maker, f"rows/{rows[2]}/evidence/", kind="minutes", title="纪要 8 号", dated_on=f"{YEAR}-11-01", file=text_file("纪要"))
    send(maker, f"rows/{rows[3]}/", actual="95.2%", score="10")
    send(maker, f"rows/{rows[3]}/evidence/", kind="survey", title="年度调查", dated_on=f"{YEAR}-11-02", sample="330", method="系统抽样",
         file=text_file("调查报告"))  # fmt: skip
    form = SelfEvaluation.objects.get().pk
    page = seen(maker, f"projects/{pk}/evaluation/")
    for one in maker.get(f"/performance/projects/{pk}/evaluation/").context["findings"]:
        if one["must"]:
            assert maker.post(f"/performance/evaluations/{form}/finding/?mark={one['mark']}", {"text": "见附件"}).status_code == 302
    assert "1114.3566万次" in page
    send(maker, f"evaluations/{form}/submit/")
    send(reviewer, f"evaluations/{form}/review/")
    send(head, f"evaluations/{form}/sign/")
    assert SelfEvaluation.objects.get().state == "frozen"
    pdf = head.get(f"/performance/evaluations/{form}/form.pdf").content
    (read,) = read_forms(load(pdf, "form.pdf"))
    assert [(row.name.text, row.actual.text) for row in read.rows] == [
        ("门户网站访问量", "1114.3566万次"), ("网站制度", "修订两项制度，完善"), ("网站用户满意度", "95.2%"),
    ]  # fmt: skip
    assert (read.score_total.text, read.funds.total.rate.text) == ("99.63", "96.30%")
    assert "与签发的表完全一致" in seen(head, f"evaluations/{form}/proof/")


def test_a_reading_opens_to_its_rows_and_tells_what_changed():
    form = whole()
    leader = as_role("leader")
    reading = form.rows.exclude(reading=None).first().reading
    assert "都与冻结时一致" in seen(leader, f"readings/{reading.pk}/")
    figure(form.project.unit, "visits", "434", reference="R-9")
    page = seen(leader, f"readings/{reading.pk}/")
    assert "现在是 11144000，相差 434" in page
    assert "R-9" in page
    assert leader.get(f"/performance/readings/{reading.pk}/export/").headers["Content-Type"].endswith("sheet")


def test_rechecks_from_the_draw_to_the_next_round():
    form = whole()
    checker = as_role("reviewer")
    send(checker, "rechecks/draw/", year=YEAR, seed="会议 3 号")
    recheck = Recheck.objects.get()
    assert "会议 3 号" in seen(checker, "rechecks/")
    assert "抽中" in seen(checker, f"samples/{recheck.sample_id}/")
    # Who re-checks a figure sees the records behind it, and takes them along.
    reading = form.rows.exclude(reading=None).first().reading
    assert "R-1" in seen(checker, f"readings/{reading.pk}/")
    assert checker.get(f"/performance/readings/{reading.pk}/export/").status_code == 200
    typed = {f"score-{row.place}": row.score for row in form.rows.all()} | {f"verdict-{row.place}": "confirmed" for row in form.rows.all()}
    wrong = send(checker, f"rechecks/{recheck.pk}/", 422, **{**typed, "score-3": "20"})
    assert "第 3 行改了分" in wrong.content.decode()
    long = send(checker, f"rechecks/{recheck.pk}/", 422, **{**typed, "note-2": "长" * 301, "opinion": "长" * 501}).content.decode()
    assert ["现在 301 字" in long, "现在 501 字" in long, "长" * 301 in long, "长" * 501 in long] == [True] * 4
    send(
        checker,
        f"rechecks/{recheck.pk}/",
        **{**typed, "score-3": "20", "verdict-3": "evidence", "note-3": "没有制度文本", "opinion": "补充"},
    )
    recheck.refresh_from_db()
    assert (recheck.total, recheck.rows.count()) == (form.total - 10, 4)
    send(checker, f"rechecks/{recheck.pk}/rectify/", place="3", text="补充制度文本", due_on=localdate().isoformat())
    send(checker, f"rechecks/{recheck.pk}/back/", reason="依据不足")
    maker = as_role("finance")
    assert "依据不足" in seen(maker, f"projects/{form.project_id}/evaluation/")
    send(maker, f"projects/{form.project_id}/evaluation/begin/")
    again = SelfEvaluation.objects.get(state="draft")
    assert (again.round, again.rows.get(place=4).evidence.count()) == (2, 1)


def test_the_pages_of_the_year():
    form = whole()
    leader = as_role("leader")
    page = seen(leader, "cockpit/")
    assert "门户网站运行" in page
    assert "95.00" in page
    # Nothing achieved is 0 %, not a page that fails.
    EvaluationRow.objects.filter(evaluation=form, place=2).update(actual=0)
    assert "门户更新信息（0条）" in seen(leader, "cockpit/")
    assert "份数不足" in seen(leader, f"peers/?year={YEAR}")
    assert "99.50 分 优" in seen(leader, f"projects/{form.project_id}/trend/")
    assert leader.get(f"/performance/evaluations/{form.pk}/disclosure/").content.startswith(b"%PDF")
    assert "门户网站访问量" not in seen(leader, "library/?q=带宽")
    assert "电信带宽" in seen(leader, "library/?q=带宽")
    assert "外部 visits" in seen(leader, "outside/")


def test_monitoring_pages():
    of = unit()
    row = project(of)
    approved(row)
    spent(row)
    maker = as_role("finance")
    send(maker, f"projects/{row.pk}/monitoring/usual/")
    assert MonitorPoint.objects.count() == 3
    point = MonitorPoint.objects.order_by("on").first()
    send(maker, f"monitoring/{point.pk}/take/")
    assert "没有数据" in seen(maker, f"monitoring/{point.pk}/")
    assert "1—3 月" in seen(maker, f"projects/{row.pk}/monitoring/")
