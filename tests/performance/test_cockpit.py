"""The cockpit over the months: indicators against targets as monitoring read them, the week's changes with where they stand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from people import make_account, signed_in
from performance.performance_made_up import MAKER, YEAR, approved, figure, project, signed, spent, unit

from keheng.performance.actions.monitoring import plan_point, take_point
from keheng.performance.models import Execution, Project
from keheng.performance.queries.cockpit import charts_of, cockpit_sheet
from keheng.performance.queries.overview import overview
from keheng.performance.queries.progress import Progress

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def watched():
    """A million visits in each month of the first half against ten; items are counted in March."""
    of = unit()
    row = project(of)
    for month in range(1, 7):
        figure(of, "visits", "1000000", begin=date(YEAR, month, 1), last=date(YEAR, month, 28), reference=f"V{month}")
    figure(of, "items", "250", begin=date(YEAR, 3, 1), last=date(YEAR, 3, 31), reference="I3")
    approved(row)
    spent(row)
    for stage, on in (("一季度", date(YEAR, 3, 31)), ("半年", date(YEAR, 6, 30))):
        point = plan_point(actor=MAKER, project=row.pk, stage=stage, on=on)
        take_point(actor=MAKER, point=point.pk)
    return row


def chart():
    found = overview(Project.objects.all(), YEAR)
    return next((one for one in charts_of(found) if one.key == "chart-progress"), None)


def test_indicators_stand_beside_their_targets_month_by_month():
    assert chart() is None
    row = watched()
    drawn = chart()
    lines = {one.name: [(place, value) for place, value in enumerate(one.values, 1) if value is not None] for one in drawn.series}
    assert lines["门户网站访问量"] == [(3, Decimal("30.00")), (6, Decimal("60.00"))]
    assert lines["门户更新信息"] == [(3, Decimal("125.00")), (6, Decimal("125.00"))]
    assert (lines["时间进度"][5], drawn.target, drawn.series[0].name) == ((6, Decimal("50.00")), 100, "门户网站访问量")
    figure(row.unit, "visits", "6000000", begin=date(YEAR, 7, 1), last=date(YEAR, 7, 31), reference="V7")
    signed(row)
    visits = next(one for one in chart().series if one.name == "门户网站访问量")
    assert (visits.values[5], visits.values[11]) == (Decimal("60.00"), Decimal("120.00"))


def test_each_change_of_the_week_leads_to_its_page():
    row = watched()
    leader = signed_in(make_account("leader", "leader"))
    page = leader.get(f"/performance/cockpit/?year={YEAR}").content.decode()
    for said, url in (
        ("门户网站运行 9.50 万元", f"/performance/projects/{row.pk}/"),
        ("门户网站运行 半年", f"/performance/monitoring/{row.points.get(stage='半年').pk}/"),
        ("门户网站运行", f"/performance/projects/{row.pk}/targets/"),
    ):
        assert f'<a href="{url}">{said}</a>' in page
        assert leader.get(url).status_code == 200


def test_many_changes_are_counted_and_the_latest_named():
    row = watched()
    first = Execution.objects.get()
    for number in range(24):
        first.pk, first.voucher, first.fen = None, f"W-{number}", 100
        first.save(force_insert=True)
    change = next(one for one in overview(Project.objects.filter(pk=row.pk), YEAR).changes if one.what == "新登记支付")
    assert (change.n, len(change.latest)) == (25, 20)


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_the_sheet_holds_every_line_however_many(kind):
    watched()
    found = overview(Project.objects.all(), YEAR)
    line = Progress("指标", {3: Decimal(30), 6: Decimal(60)})
    sheet = cockpit_sheet(replace(found, progress=[replace(line, title=f"指标{number}") for number in range(9)]), kind)
    assert sheet.startswith({"pdf": b"%PDF", "png": b"\x89PNG"}[kind])
    if kind == "pdf":
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(sheet))
        assert all(name in text for name in ["时间进度", *(f"指标{number}" for number in range(6))])
