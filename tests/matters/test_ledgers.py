"""The year's ledger: every figure is computed from lines, any two views agree, and each opens to its cases."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matters.test_cases import do, submitted
from matters.test_pages import client_of, text_of
from python_calamine import CalamineWorkbook

from keheng.kernel.models import AuditEntry
from keheng.matters.models import Case
from keheng.matters.queries.ledgers import Line, YearLedger, ledger_of, sum_of, years_of
from keheng.matters.rules.files.shelf import shelf

MATTER = shelf()["yl.it-project"][-1].matter
BUDGET = [
    {"item": "开发", "code": "开发人月", "qty": "10", "price": "20000"},
    {"item": "云", "code": "云主机", "qty": "2", "price": "5000.50"},
]


def decided(people, on, *approved, refused=False):
    """A project with both lines decided as given: yuan and reason."""
    case = do(people["clerk"], submitted(people, on, budget=BUDGET), "accept")
    lines = [{"approved": yuan, "reason": reason} for yuan, reason in approved]
    case = do(people["officer"], case, "propose", typed={"lines": lines})
    if refused:
        return do(people["leader"], case, "reject", signed=True, opinion="重复")
    return do(people["leader"], case, "approve", signed=True)


@pytest.mark.django_db
def test_a_year_is_the_sum_of_its_lines_and_opens_to_them(people, on, django_assert_max_num_queries):
    first = decided(people, on, ("150000", "C1 单价偏高"), ("10001", ""))
    second = decided(people, on, ("0", "C3 重复建设"), ("10000.50", "C1 单价偏高"))
    decided(people, on, ("200000", ""), ("10001", ""), refused=True)
    found = ledger_of(people["officer"], MATTER, 2026)
    assert (found.total.cases, found.total.asked, found.total.approved, found.refused) == (2, 42_000_200, 17_000_150, 1)
    assert [(one.name, one.lines, one.cut) for one in found.by_reason] == [("C3 重复建设", 1, 20_000_000), ("C1 单价偏高", 2, 5_000_050)]
    assert [(one.name, one.cases, one.cut) for one in found.by_unit] == [("云岭精密仪器有限公司", 2, 25_000_050)]
    assert years_of(people["officer"], "yl.it-project") == [2026]
    assert ledger_of(people["officer"], MATTER, 2025).total.cases == 0
    client = client_of("officer")
    with django_assert_max_num_queries(13):
        page = text_of(client.get("/manage/cases/ledgers/yl.it-project/"))
    assert [word for word in ("42.00 万元", "17.00 万元", "250,000.50", "59.52%", "C3 重复建设") if word not in page] == []
    lines = text_of(client.get("/manage/cases/ledgers/yl.it-project/lines/?year=2026&reason=C3 重复建设"))
    assert (second.number in lines, first.number in lines, "200,000.00" in lines) == (True, False, True)
    assert "没有这样的项目" in text_of(client.get("/manage/cases/ledgers/yl.it-project/lines/?year=2026&month=1"))
    assert client.get("/manage/cases/ledgers/").headers["Location"] == "/manage/cases/ledgers/yl.it-project/"
    assert client.get("/manage/cases/ledgers/yl.leave/").status_code == 404
    assert client_of("firm").get("/manage/cases/ledgers/yl.it-project/").status_code == 403


@pytest.mark.django_db
def test_the_sheet_has_the_sums_of_the_page_and_stands_on_the_trail(people, on):
    decided(people, on, ("150000", "C1 单价偏高"), ("10001", ""))
    answer = client_of("officer").post("/manage/cases/ledgers/yl.it-project/?year=2026", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][5:9] == ["报审（元）", "审定（元）", "核减（元）", "核减原因"]
    assert [sum(row[place] for row in rows[1:]) for place in (5, 6, 7)] == [210001, 160001, 50000]
    assert AuditEntry.objects.filter(body__contains="export.ledger").count() == 1


@pytest.mark.django_db
def test_a_case_on_an_edition_without_a_ledger_counts_nowhere(people, on):
    case = decided(people, on, ("150000", "C1 单价偏高"), ("10001", ""))
    Case.objects.filter(pk=case.pk).update(answers={"name": "旧版"})
    assert ledger_of(people["officer"], MATTER, 2026).total == sum_of("合计", [])


lines_strategy = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from("甲乙丙"), st.integers(1, 12), st.integers(0, 10**9), st.integers(0, 100), st.sampled_from(["", "C1", "C2"])),
    max_size=30,
)  # fmt: skip


@given(lines_strategy)
def test_totals_of_any_two_views_agree(rows):

    lines = tuple(
        Line(case, f"BJ-{case}", "项目", unit, date(2026, month, 1), "", asked, asked if not reason else asked * share // 100, reason)
        for case, unit, month, asked, share, reason in rows
    )
    found = YearLedger(MATTER, 2026, lines, 0)
    for view in (found.by_unit, found.by_month, found.by(lambda line: line.reason)):
        assert (sum(one.asked for one in view), sum(one.approved for one in view), sum(one.lines for one in view)) == (
            found.total.asked, found.total.approved, found.total.lines,
        )  # fmt: skip
    assert sum(one.cut for one in found.by_reason) == found.total.cut
    for one in found.by_unit:
        assert sum_of(one.name, found.narrowed(one.name, "", 0)) == one
