"""A department's digest: what outputs cost, how they lie among their peers, what it speaks for; the cockpit on paper and as a picture."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from people import make_account, make_unit, signed_in
from performance.performance_made_up import (
    CHECKER,
    HEAD,
    MAKER,
    REVIEWER,
    YEAR,
    approved,
    explained,
    figure,
    filled,
    measured,
    project,
    spent,
    stated,
    unit,
)
from PIL import Image

from keheng.performance.actions.rechecks import ask_rectification, draw_sample
from keheng.performance.actions.signing import review_evaluation, sign_evaluation, submit_evaluation
from keheng.performance.models import Project, Recheck, SelfEvaluation
from keheng.performance.queries.digest import digests
from keheng.performance.rules.advice import Advice, advised

pytestmark = pytest.mark.one_database
ROWS = (
    measured("门户更新信息", "≥200条", "50", "items"),
    stated("网站管理制度", "完善", "30", "file", "outcome", "lasting"),
    stated("网站用户满意度", "≥90%", "10"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def made(of, code, fen, **more):
    row = project(of, code=code, **more)
    # The rows of the year before are taken over.
    approved(row, () if "previous" in more else ROWS)
    spent(row, fen)
    submit(explained(filled(row)))
    return row


def submit(form):
    SelfEvaluation.objects.filter(pk=form.pk).update(budget_reason="采购结余")
    submit_evaluation(actor=MAKER, evaluation=form.pk)
    review_evaluation(actor=REVIEWER, evaluation=form.pk)
    sign_evaluation(actor=HEAD, evaluation=form.pk)


def costs_of(one):
    return {
        each.form.project.code: [(cost.yuan, cost.before, cost.middle, cost.n, cost.dear) for cost in each.costs] for each in one.entries
    }


@pytest.mark.django_db
def test_what_an_output_cost_beside_its_peers_and_what_it_speaks_for():
    of = unit()
    figure(of, "items", "250")
    rows = [made(of, code, fen) for code, fen in (("A", 90_000_00), ("B", 40_000_00), ("C", 50_000_00))]
    waiting = project(of, code="D")
    [one] = digests(Project.objects.all(), YEAR)
    assert costs_of(one) == {
        "A": [(Decimal("360.00"), None, Decimal("200.00"), 3, True)],
        "B": [(Decimal("160.00"), None, Decimal("200.00"), 3, False)],
        "C": [(Decimal("200.00"), None, Decimal("200.00"), 3, False)],
    }
    assert [(each.rate, each.advised.advice) for each in one.entries] == [
        (Decimal("90.00"), Advice.AS_NEEDED), (Decimal("40.00"), Advice.STOP), (Decimal("50.00"), Advice.LESS),
    ]  # fmt: skip
    assert one.entries[0].advised.reasons[-1] == "门户更新信息的单位成本高于同类，请说明"
    assert (one.funds.executed, one.unsigned, one.mean) == (180_000_00, [waiting], Decimal("96.00"))
    assert [each.form.project for each in digests(Project.objects.filter(pk=rows[0].pk), YEAR)[0].entries] == [rows[0]]


@pytest.mark.django_db
def test_last_year_stands_beside_it_and_departments_stand_apart():
    of, other = unit(), make_unit("云岭市另一部门")
    figure(of, "items", "200")
    figure(of, "items", "400", reference="R-0", begin=date(YEAR - 1, 1, 1), last=date(YEAR - 1, 12, 31))
    before = made(of, "A", 80_000_00, year=YEAR - 1)
    made(of, "A", 50_000_00, previous=before.pk)
    made(other, "B", 50_000_00)
    first, second = sorted(digests(Project.objects.all(), YEAR), key=lambda one: one.department != of.pk)
    cost = first.entries[0].costs[0]
    assert (cost.yuan, cost.before, cost.change, cost.n) == (Decimal("250.00"), Decimal("200.00"), Decimal("25.00"), 2)
    assert [each.form.project.code for each in second.entries] == ["B"]
    assert replace(cost, before=None).change is None


LEVELS = list(Advice)


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2), st.integers(0, 3), st.sampled_from(["优", "良", "中", "差", ""]))
def test_less_spent_never_speaks_for_more(one, other, tasks, grade):
    low, high = sorted((one, other))
    at = [LEVELS.index(advised(grade, rate, open_tasks=tasks, dear=[]).advice) for rate in (low, high)]
    assert at[0] >= at[1]
    assert LEVELS.index(advised(grade, high, open_tasks=tasks + 1, dear=[]).advice) >= at[1]


@pytest.mark.parametrize(
    ("grade", "rate", "tasks", "advice"),
    [("优", "80", 0, "keep_first"), ("优", "79.99", 0, "less"), ("优", "49.99", 0, "stop"), ("优", None, 1, "improve"), ("良", "95", 0, "as_needed"),
     ("中", "95", 0, "improve"), ("差", "95", 0, "less"), ("", "95", 0, "as_needed")],
)  # fmt: skip
def test_edges_of_the_advice(grade, rate, tasks, advice):
    assert advised(grade, Decimal(rate) if rate else None, open_tasks=tasks, dear=[]).advice == advice


@pytest.mark.django_db
def test_pages_and_papers():
    leader = signed_in(make_account("leader", "leader"))
    assert leader.get("/performance/digest/digest.pdf").status_code == 404
    assert "还没有已签发的自评表" in leader.get("/performance/digest/").content.decode()
    of = unit()
    figure(of, "items", "250")
    made(of, "A", 90_000_00)
    draw_sample(actor=CHECKER, year=YEAR, seed="一")
    ask_rectification(actor=CHECKER, recheck=Recheck.objects.get().pk, place=2, text="补充制度", due_on=localdate())
    page = leader.get(f"/performance/digest/?year={YEAR}&department={of.pk}").content.decode()
    assert "整改后安排" in page
    assert leader.get(f"/performance/digest/?year={YEAR}&department=0").status_code == 404
    paper = leader.get(f"/performance/digest/digest.pdf?year={YEAR}").content
    assert "单位成本" in pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_range()
    cockpit = leader.get(f"/performance/cockpit/cockpit.pdf?year={YEAR}").content
    assert "9.00" in pypdfium2.PdfDocument(cockpit)[0].get_textpage().get_text_range()
    picture = Image.open(BytesIO(leader.get(f"/performance/cockpit/cockpit.png?year={YEAR}").content))
    assert (picture.format, picture.width) == ("PNG", 1684)
    assert leader.get("/performance/cockpit/cockpit.svg").status_code == 404
    assert "keheng/refresh.js" in leader.get("/performance/cockpit/?wall=1").content.decode()
