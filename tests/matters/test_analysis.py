"""The analysis: hand-counted figures, and each opens to exactly the cases it counts."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from matters.test_cases import CUT, do, submitted
from matters.test_pages import client_of, text_of
from python_calamine import CalamineWorkbook

from keheng.kernel.models import AuditEntry
from keheng.matters.models import Case, CaseEvent
from keheng.matters.queries.analysis import Analysis
from keheng.matters.service import note_correction

pytestmark = pytest.mark.django_db
PERIOD = "?since=2026-09-01&until=2026-10-31"


@pytest.fixture
def three(people, on):
    """One in time, one late after a correction, one that waits."""
    quick = submitted(people, on, "2026-09-28")
    on("2026-09-30")
    do(people["clerk"], quick, "accept")
    do(people["officer"], quick, "propose", typed=CUT)
    do(people["leader"], quick, "approve", signed=True)
    slow = submitted(people, on, "2026-09-28")
    note_correction(actor=people["clerk"], case=slow.pk, target="plan", text="补")
    do(people["clerk"], slow, "ask_more")
    on("2026-10-12")
    do(people["firm"], slow, "resend")
    on("2026-10-30")
    do(people["clerk"], slow, "refuse", opinion="不符合")
    waiting = submitted(people, on, "2026-10-30")
    return quick, slow, waiting


def analysis(people, matter="", since=date(2026, 9, 1), until=date(2026, 11, 1)):
    return Analysis(people["officer"], matter, since, until)


def test_figures_of_three_cases(people, three):
    found = analysis(people)
    by_state = {one.state: one for one in found.figures.waits}
    # precheck: 2 days of the first; 0 and 18 of the second.
    assert (by_state["precheck"].left, by_state["precheck"].median, by_state["precheck"].p90, by_state["precheck"].waiting) == (2, 2, 18, 1)
    assert (by_state["fix"].left, by_state["fix"].median) == (1, 14)
    assert "draft" not in by_state
    assert [(one.month, one.kept, one.late, one.rate) for one in found.figures.months] == [("2026-09", 1, 0, 100), ("2026-10", 0, 1, 0)]
    assert [(one.target, one.title, one.cases, one.submitted, one.rate) for one in found.figures.corrections] == [
        (None, "信息化项目评审：有过补正", 1, 3, Decimal("33.3")), ("plan", "信息化项目评审：建设内容", 1, 3, Decimal("33.3")),
    ]  # fmt: skip
    assert {(one.account, one.moves, one.cases) for one in found.figures.clerks} == {
        (people["clerk"].account, 3, 2), (people["officer"].account, 1, 1), (people["leader"].account, 1, 1),
    }  # fmt: skip


def test_every_figure_opens_to_the_cases_it_counts(people, three):
    quick, slow, waiting = (one.pk for one in three)
    found = analysis(people)

    def opened(*what):
        return set(found.slice(*what).values_list("pk", flat=True))

    for one in found.figures.waits:
        assert len(opened("left", one.matter, one.state)) == one.left
        assert len(opened("waiting", one.matter, one.state)) == one.waiting
    for one in found.figures.months:
        assert (len(opened("kept", one.month, "")), len(opened("late", one.month, ""))) == (one.kept, one.late)
    for one in found.figures.clerks:
        assert len(opened("handled", one.account, "")) == one.cases
    assert opened("corrected", "yl.it-project", "plan") == opened("corrected_any", "yl.it-project", "") == {slow}
    assert (opened("waiting", "yl.it-project", "precheck"), opened("kept", "2026-09", "")) == ({waiting}, {quick})
    assert opened("nothing", "", "") == set()


def test_no_rate_of_correction_is_above_a_hundred(people, on):
    """Handed in in September, told in October, two things of one case and the whole of another: each counts once, where it was taken in."""
    cases = [submitted(people, on, "2026-09-28") for _ in range(2)]
    on("2026-10-09")
    for case, targets in zip(cases, (("plan", "plan", ""), ("plan",)), strict=True):
        for target in targets:
            note_correction(actor=people["clerk"], case=case.pk, target=target, text="补")
        do(people["clerk"], case, "ask_more")
    kept = submitted(people, on, "2026-10-12")
    note_correction(actor=people["clerk"], case=kept.pk, target="plan", text="还没有告知")

    def rates(since, until):
        found = analysis(people, since=since, until=until)
        for one in found.figures.corrections:
            kind = "corrected" if one.target is not None else "corrected_any"
            assert found.slice(kind, one.matter, one.target or "").count() == one.cases
        return [(one.target, one.cases, one.rate) for one in found.figures.corrections]

    assert rates(date(2026, 9, 1), date(2026, 10, 1)) == [(None, 2, 100), ("plan", 2, 100), ("", 1, 50)]
    assert rates(date(2026, 10, 1), date(2026, 11, 1)) == []
    assert rates(date(2026, 9, 1), date(2026, 11, 1)) == [
        (None, 2, Decimal("66.7")),
        ("plan", 2, Decimal("66.7")),
        ("", 1, Decimal("33.3")),
    ]


def test_a_matter_and_a_period_narrow_everything(people, three):
    assert analysis(people, "yl.leave").figures.waits == []
    september = analysis(people, until=date(2026, 10, 1))
    assert [one.month for one in september.figures.months] == ["2026-09"]
    assert {one.state: one.left for one in september.figures.waits if one.left} == {"precheck": 2, "examine": 1, "decision": 1}


def test_the_page_its_lists_and_its_sheet(people, three, django_assert_max_num_queries):
    client = client_of("officer")
    with django_assert_max_num_queries(27):
        page = client.get(f"/manage/cases/analysis/{PERIOD}")
    with django_assert_max_num_queries(9):
        assert text_of(client.get(f"/manage/cases/analysis/{PERIOD}")) == text_of(page)
    assert [word for word in ("停在哪里", "33.3%", "2026-10", "信息化项目评审：补正") if word not in text_of(page)] == []
    links = re.findall(r'href="(/manage/cases/analysis/cases/[^"]+)">(\d+)<', page.content.decode())
    assert len(links) >= 10
    for address, number in links:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(set(re.findall(r"BJ-2026-\d{5}", listed))) == int(number), address
    sheet = client.post(f"/manage/cases/analysis/{PERIOD}", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert ["承诺兑现", "2026-10", 1, "", "", "", 1, 0] in rows
    assert AuditEntry.objects.filter(body__contains="export.analysis").count() == 1
    assert client_of("firm").get("/manage/cases/analysis/").status_code == 403
    assert client.get("/manage/cases/analysis/?since=2026-13-01&until=x&matter=nothing").status_code == 200
    assert Case.objects.count() == 3


def test_what_was_not_counted_whole_is_said(people, three, monkeypatch):
    assert "只按其中一部分统计" not in text_of(client_of("officer").get(f"/manage/cases/analysis/{PERIOD}"))
    monkeypatch.setattr("keheng.matters.queries.analysis._MOST_EVENTS", 2)
    cache.clear()
    assert "只按其中一部分统计" in text_of(client_of("officer").get(f"/manage/cases/analysis/{PERIOD}"))


def test_long_tables_are_folded_and_the_sheet_has_every_row(people, three, on):
    case = three[2]
    for number in range(110):
        CaseEvent.objects.create(
            case=case, version=100 + number, at=case.submitted_at, do="note", title="x", by=f"clerk-{number:03}", before="a", after="a"
        )
    cache.clear()
    client = client_of("officer")
    page = text_of(client.get(f"/manage/cases/analysis/{PERIOD}"))
    assert [word for word in ("其余 103 行", "全部 113 行见导出的表格") if word not in page] == []
    assert ("clerk-096" in page, "clerk-097" in page) == (True, False)
    sheet = client.post(f"/manage/cases/analysis/{PERIOD}", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert sum(row[0] == "经办" for row in rows) == 113
