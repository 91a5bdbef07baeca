"""Every number opens, down to a case, a file, a voucher or a formula; and who changed what is behind it since."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from people import actor_for, make_account, make_unit, signed_in
from performance.performance_made_up import APPROVER, MAKER, YEAR, approved, explained, figure, filled, project, spent, stated, unit, whole

from keheng.kernel.errors import Refused
from keheng.kernel.measures import all_measures, opened
from keheng.kernel.trail.record import record
from keheng.matters.models import Case, Rating
from keheng.matters.service import open_case
from keheng.performance.actions.projects import adjust_budget, import_execution
from keheng.performance.actions.signing import review_evaluation, submit_evaluation
from keheng.performance.models import Evidence, Execution, FrozenReading, OutsideFigure
from keheng.performance.queries.readings import again
from keheng.performance.rules.money import Payment
from keheng.performance.rules.targets import IndicatorFacts

pytestmark = pytest.mark.django_db
MIDYEAR = datetime(YEAR, 6, 1, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def seen(client, path):
    answer = client.get(f"/performance/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def rated_case(number, stars=5):
    """A case that was handed in last year and rated."""
    firm = make_account(f"firm-{number}", "unit_manager", unit=make_unit(f"单位{number}"))
    case = open_case(actor=actor_for(firm), matter="yl.it-project")
    Case.objects.filter(pk=case.pk).update(number=number, submitted_at=MIDYEAR)
    Rating.objects.create(case=case, stars=stars, by=str(firm.pk), at=MIDYEAR)
    return case


def of_cases():
    """A form with a row of ratings and one of cases, begun; with its readings."""
    row = project(unit())
    facts = {"level1": "output", "level2": "quantity", "evidence": "measure"}
    approved(row, (
        IndicatorFacts(title="五星好评率", target="≥95%", weight=Decimal(30), measure="matters.five_stars", **facts),
        IndicatorFacts(title="办件", target="≥1件", weight=Decimal(20), measure="matters.cases", **facts),
        stated("网站管理制度", "完善", "30", "file", "outcome", "lasting"), stated("网站用户满意度", "≥90%", "10"),
    ), "全年五星好评率不低于95%，办件不少于1件，制度完善，用户满意。")  # fmt: skip
    spent(row)
    return filled(row), {one.code: one for one in FrozenReading.objects.all()}


def test_rows_of_ratings_say_which_case_when_and_how_many_stars_and_open_it():
    case = rated_case("YL-2025-0007")
    _, readings = of_cases()
    leader = signed_in(make_account("leader", "leader"))
    for code in ("matters.five_stars", "matters.cases"):
        page = seen(leader, f"readings/{readings[code].pk}/")
        assert f'<a href="/manage/cases/{case.pk}/">YL-2025-0007</a>' in page, code
    assert leader.get(f"/manage/cases/{case.pk}/").status_code == 200
    stars = seen(leader, f"readings/{readings['matters.five_stars'].pk}/")
    assert re.findall(r"<td>(.*?)</td>", stars)[1:] == ["信息化项目评审", "5", f"{YEAR}-06-01 10:00"]


def test_who_may_not_open_a_case_reads_its_number_as_text():
    case = rated_case("YL-2025-0007")
    _, readings = of_cases()
    page = seen(signed_in(make_account("finance", "finance")), f"readings/{readings['matters.cases'].pk}/")
    assert ("YL-2025-0007" in page, f"/manage/cases/{case.pk}/" in page) == (True, False)


def test_who_changed_a_record_since_and_when_stands_beside_it():
    case, gone = rated_case("YL-2025-0007"), rated_case("YL-2025-0008")
    _, readings = of_cases()
    officer = make_account("officer", "case_officer")
    with transaction.atomic():
        record("case.move", actor=actor_for(officer), target=f"case:{case.pk}")
        # To archive a case is no change of it.
        record("archive.make", actor=actor_for(officer), target=f"case:{gone.pk}")
    Case.objects.filter(pk=case.pk).update(submitted_at=datetime(YEAR, 6, 2, 2, tzinfo=UTC))
    Case.objects.filter(pk=gone.pk).update(submitted_at=datetime(YEAR - 1, 6, 2, 2, tzinfo=UTC))
    leader, finance = signed_in(make_account("leader", "leader")), signed_in(make_account("finance", "finance"))
    path = f"readings/{readings['matters.cases'].pk}/"
    page = seen(leader, path)
    assert [re.sub("<.*?>", "", one) for one in re.findall(r'<span class="k-tag[^>]*>[^<]*</span> <a.*?</a>', page)] == [
        "改动 YL-2025-0007", "已不在 YL-2025-0008",
    ]  # fmt: skip
    assert "officer 某：办理一步" in page
    assert "officer 某：整理档案" in page
    # Nothing on the trail accounts for the case that went.
    assert page.count("审计记录中没有改动它的操作") == 1
    # Who may not open the case is not told whose act it was, only that there was one.
    hidden = seen(finance, path)
    assert ("officer 某" in hidden, "工作人员或申请人：办理一步" in hidden) == (False, True)


def of_money():
    """A form with rows of the budget and of its execution, begun; with its readings."""
    row = project(unit())
    spent(row)
    facts = {"level1": "output", "level2": "quantity", "evidence": "measure", "scope": {"project": str(row.pk)}}
    approved(row, (
        IndicatorFacts(title="全年预算", target="≥1元", weight=Decimal(30), measure="performance.budget", **facts),
        IndicatorFacts(title="预算执行率", target="≥90%", weight=Decimal(20), measure="performance.execution_rate", **facts),
        stated("网站管理制度", "完善", "30", "file", "outcome", "lasting"), stated("网站用户满意度", "≥90%", "10"),
    ), "全年预算不少于1元，执行率不低于90%，制度完善，用户满意。")  # fmt: skip
    filled(row)
    return row, {one.code.partition(".")[2]: one for one in FrozenReading.objects.all()}


def changed(page):
    """What a page tells of each record that is not as it was: how and which, where it opens, whose acts, whether they account for it."""
    section = page[page.index("读取后改动、新增和不在的记录") : page.index('<h2 class="k-h2">记录</h2>')]
    return [
        (re.sub("<.*?>", "", re.findall(r"<p>(<span.*?)</p>", one)[0]), re.findall('href="([^"]+)"', one),
         re.findall(r"</time>(.*?)</li>", one), "没有改动它的操作" not in one)
        for one in section.split('<div class="k-stack">')[1:]
    ]  # fmt: skip


def test_who_changed_the_money_since_stands_beside_voucher_and_budget():
    row, readings = of_money()
    clerk, chief = (actor_for(make_account(name, "finance")) for name in ("clerk", "chief"))
    back = Payment(voucher="V-1R", paid_on=date(YEAR, 7, 1), fen=-5_000_00, summary="冲红")
    import_execution(actor=clerk, project=row.pk, payments=[back])
    leader, page = signed_in(make_account("leader", "leader")), f"/performance/projects/{row.pk}/"
    rate, budget = (f"readings/{readings[name].pk}/" for name in ("execution_rate", "budget"))
    assert changed(seen(leader, rate)) == [("新增 V-1R", [page], ["clerk 某：导入支付"], True)]
    adjust_budget(
        actor=chief, project=row.pk, source="appropriation", fen=1_000_00, document="财预调〔2025〕3号", decided_on=date(YEAR, 5, 1),
        reason="追加运行经费",
    )  # fmt: skip
    # A voucher is reversed, never changed: whatever was done to its project, no act accounts for another amount under its number.
    Execution.objects.filter(voucher="V-1").update(fen=94_000_00)
    done = ["chief 某：调整预算", "clerk 某：导入支付"]
    assert changed(seen(leader, budget)) == [("改动 YL-01 本年财政拨款预算", [page], done, True)]
    assert changed(seen(leader, rate)) == [
        ("改动 YL-01 本年财政拨款预算", [page], done, True), ("改动 V-1", [page], done, False), ("新增 V-1R", [page], done, True),
    ]  # fmt: skip
    Execution.objects.filter(voucher="V-1").delete()
    assert changed(seen(leader, rate))[-1] == ("已不在 V-1", [page], done, False)


def test_acts_before_the_reading_are_none_of_its_changes():
    case = rated_case("YL-2025-0007")
    _, readings = of_cases()
    Case.objects.filter(pk=case.pk).update(submitted_at=datetime(YEAR, 6, 2, 2, tzinfo=UTC))
    page = seen(signed_in(make_account("leader", "leader")), f"readings/{readings['matters.cases'].pk}/")
    assert ("建立办件" in page, "审计记录中没有改动它的操作" in page) == (False, True)


def test_lost_records_are_known_by_name():
    kept, gone = rated_case("YL-2025-0007"), rated_case("YL-2025-0008")
    _, readings = of_cases()
    reading = readings["matters.cases"]
    assert reading.records == [[str(kept.pk), "YL-2025-0007"], [str(gone.pk), "YL-2025-0008"]]
    Case.objects.filter(pk=gone.pk).update(submitted_at=datetime(YEAR - 1, 6, 2, 2, tzinfo=UTC))
    found = again(reading, rows=True)
    assert (found.gone, found.changed, found.lost) == (1, [], [(str(gone.pk), "YL-2025-0008")])


def test_a_figure_from_outside_opens_its_file():
    form = whole()
    reading = form.rows.get(place=1).reading
    leader = signed_in(make_account("leader", "leader"))
    (address,) = re.findall(r'<td><a href="([^"]+)">外部 visits</a></td>', seen(leader, f"readings/{reading.pk}/"))
    assert b"".join(leader.get(address).streaming_content).decode() == "visits 11143566"


def test_nothing_is_asked_where_there_is_nothing_to_open():
    leader = actor_for(make_account("leader", "leader"))
    kinds = {one.code: one.records for one in all_measures()}
    assert opened(kinds["matters.cases"], leader, []) == {}
    assert opened(kinds["matters.kinds"], leader, [1]) == {}
    assert opened(kinds["portal.receptions"], leader, [3]) == {3: "/manage/receptions/3/"}
    assert opened(kinds["portal.receptions"], actor_for(make_account("finance", "finance")), [3]) == {}


def test_every_cell_of_a_proof_opens():
    form = whole()
    leader = signed_in(make_account("leader", "leader"))
    page = seen(leader, f"evaluations/{form.pk}/proof/")
    cells = re.findall(r'<td data-label="结果">(.*?)</td>', page)
    targets = [re.findall(r'<a href="([^"]+)"', cell) for cell in cells]
    assert len(cells) == 13
    assert all(len(found) == 1 for found in targets)
    for (address,) in targets:
        where, _, part = address.partition("#")
        answer = leader.get(where)
        assert answer.status_code == 200
        assert not part or f'id="{part}"' in answer.content.decode(), address


def test_money_opens_to_its_entries_and_points_to_formula_and_clause():
    form = whole()
    adjust_budget(
        actor=MAKER, project=form.project_id, source="appropriation", fen=5_000_00, document="财预调〔2025〕3号", decided_on=date(YEAR, 5, 1),
        reason="追加运行经费",
    )  # fmt: skip
    page = seen(signed_in(make_account("leader", "leader")), f"evaluations/{form.pk}/reckoning/")
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
    assert "年初预算 100,000.00 ＋ 年中调整 5,000.00 ＝ 105,000.00 元" in plain
    assert "财预调〔2025〕3号" in plain
    assert "凭证 1 笔，合计 95,000.00 元" in plain
    assert "V-1" in plain
    assert "执行数 ÷ 全年预算数 ＝ 95,000.00 ÷ 105,000.00 ＝ 90.48%（四舍五入到 2 位小数）" in plain
    assert "90.4762% × 10 = 9.05" in plain
    assert "财预〔2020〕10号" in plain
    assert "年度用户调查" in plain
    # Execution and four rows are added.
    assert "合计 100.00 99.05" in plain


def test_vouchers_come_by_pages():
    form = whole()
    Execution.objects.bulk_create(
        Execution(
            project=form.project, source="appropriation", voucher=f"W-{n}", paid_on=date(YEAR, 7, 1), fen=1, origin="imported", by="11",
            at=MIDYEAR,
        )
        for n in range(120)
    )  # fmt: skip
    leader = signed_in(make_account("leader", "leader"))
    found = [seen(leader, f"evaluations/{form.pk}/reckoning/?page={page}").count('data-label="凭证号"') for page in (1, 2)]
    assert found == [100, 21]


def test_the_reckoning_of_an_unfinished_form_has_no_total():
    form, _ = of_cases()
    page = seen(signed_in(make_account("finance", "finance")), f"evaluations/{form.pk}/reckoning/")
    assert "没有数据" in page
    assert "总分 —" in page


def test_a_value_whose_records_changed_is_marked_on_the_form_itself():
    form = whole()
    leader = signed_in(make_account("leader", "leader"))
    path = f"projects/{form.project_id}/evaluation/"
    assert "签发后" not in seen(leader, path)
    OutsideFigure.objects.filter(key="items").update(reference="R-9")
    page = seen(leader, path)
    assert "签发后有 1 格与现在的记录不同" in page
    (row,) = re.findall(r'<tr id="row-2">.*?</tr>', page, re.DOTALL)
    assert "数值相同，但依据的记录有变化" in row
    assert page.count("签发后有变化") == 1


def test_figures_in_the_account_lead_to_their_rows():
    form = whole()
    page = seen(signed_in(make_account("leader", "leader")), f"projects/{form.project_id}/evaluation/")
    told = page[page.index('id="achieved"') :]
    assert '<a href="#row-1">1114.3566万次</a>' in told
    assert f'<a href="/performance/evaluations/{form.pk}/reckoning/#rate">95.00%</a>' in told


def test_signing_is_over_what_proves_the_rows():
    """Between two signatures a source cannot be exchanged."""
    row = project(unit())
    figure(row.unit, "visits", "11143566")
    figure(row.unit, "items", "245")
    approved(row)
    spent(row)
    evaluation = explained(filled(row))
    submit_evaluation(actor=MAKER, evaluation=evaluation.pk)
    Evidence.objects.filter(row__evaluation=evaluation, kind="survey").update(sample=3)
    with pytest.raises(Refused) as refusal:
        review_evaluation(actor=APPROVER, evaluation=evaluation.pk)
    assert [one.code for one in refusal.value.problems] == ["PERF_CHANGED_SINCE"]
