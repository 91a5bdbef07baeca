"""Figures of how an office runs, from service orders: completed, answered, found, used; each leads back to its rows."""

from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import localdate
from matters.test_measures import YEAR

import keheng.matters.measures  # noqa: F401 -- registers the figures
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.matters.actions.growing import Begun, Step, grow, write
from keheng.matters.demo.orders import MATTER, years_of_orders
from keheng.matters.demo.reports import year_of_reports
from keheng.matters.measures.selecting import CASES
from keheng.matters.models import Case, FollowUp, Rating
from keheng.matters.rules.files.shelf import in_force

pytestmark = pytest.mark.django_db
_MAKER, _KEEPER = "11", "12"
_OFFICE, _FUND, _POLICY = "综合业务管理信息平台", "专项资金申报管理系统", "企业政策管理系统"


def order(system, kind, found, after=0, day=date(2026, 3, 4)):
    typed = {"system": system, "kind": kind, "what": f"{kind}（演示）"}
    steps = [Step("submit", _MAKER, "apply")]
    if found is not None:
        steps += [Step("take", _KEEPER, "keeper", after), Step("solve", _KEEPER, "keeper", 1, {"found": found})]
    return grow(in_force(MATTER, localdate()), Begun(_MAKER, day, typed), steps)


@pytest.fixture
def orders():
    """Two faults and a review of the office platform, one fault that nobody took up, an inspection of the fund's system."""
    write([
        order(_OFFICE, "故障", "已修复"), order(_OFFICE, "故障", "停用"), order(_OFFICE, "故障", None), order(_OFFICE, "权限复核", "正常"),
        order(_FUND, "巡检", "正常"),
    ])  # fmt: skip


def value(code, period=YEAR, **scope):
    reading = read(f"matters.{code}", period, {name.replace("answer_", "answer.", 1): one for name, one in scope.items()})
    assert still_holds(reading)
    return None if reading.value.value is None else float(round(reading.value.value, 2)), reading.rows


def test_answers_of_the_form_narrow_what_is_counted(orders):
    assert value("completed") == (4, 4)
    assert value("completed", answer_system=_OFFICE) == (3, 3)
    assert value("completed", answer_system=_OFFICE, answer_kind="故障") == (2, 2)
    assert value("completed", answer_kind="故") == (0, 0)
    assert value("completed", answer_nothing="故障") == (0, 0)
    assert value("ended", answer_system=_OFFICE, answer_kind="故障") == (66.67, 3)
    # What a scope names is a question's id, never a way to look for something else.
    assert value("completed", answer_kind__startswith="故") == (0, 0)


def test_the_first_answer_is_by_somebody_else_and_what_waits_is_not_counted(orders):
    # The engine gives each move of a day its own moment, fifty minutes apart.
    assert value("first_answer", answer_kind="故障") == (0.83, 3)
    assert value("taken_up", answer_kind="故障") == (66.67, 3)
    write([order(_FUND, "故障", "已修复", after=1)])
    assert value("first_answer", answer_kind="故障", answer_system=_FUND) == (24.83, 1)
    assert value("first_answer", answer_kind="故障") == (8.83, 4)
    write([order(_POLICY, "故障", None)])
    assert value("first_answer", answer_system=_POLICY) == (None, 1)
    assert value("taken_up", answer_system=_POLICY) == (0, 1)


def test_what_was_found_is_a_share_of_what_was_looked_at(orders):
    assert value("answered_so", of="found:停用", answer_kind="故障") == (50, 2)
    assert value("answered_so", of="found:停用", answer_kind="巡检") == (0, 1)
    assert value("answered_so", of="found:正常", answer_system=_OFFICE, answer_kind="权限复核") == (100, 1)
    assert value("answered_so") == (None, 0)
    assert value("answered_so", of="nothing:正常") == (None, 0)


def test_a_bad_rating_that_was_right_makes_a_decision_faulty(orders):
    assert value("accurate") == (100, 4)
    case = Case.objects.exclude(end="").order_by("pk").first()
    at = datetime(2026, 3, 9, tzinfo=UTC)
    rating = Rating.objects.create(case=case, stars=1, by=_MAKER, at=at)
    row = FollowUp.objects.create(rating=rating, opened_at=at, difficulty="ordinary", days=15, due_on=date(2026, 3, 30))
    assert value("accurate") == (100, 4)
    closed = {"closed_on": date(2026, 3, 12), "called_on": date(2026, 3, 10), "done": "已改", "answer": "谢谢", "closed_by": "13"}
    FollowUp.objects.filter(pk=row.pk).update(finding="mistaken", **closed)
    assert value("accurate") == (100, 4)
    FollowUp.objects.filter(pk=row.pk).update(finding="valid")
    assert value("accurate") == (75, 4)


def test_what_nobody_asked_for_is_not_used(orders):
    assert value("kinds_used", topic="系统运维") == (100, 1)
    assert value("kinds_used", topic="内部事务") == (0, 4)
    assert value("kinds_used", matter="yl.service-order", topic="内部事务") == (None, 0)
    assert value("kinds_used", topic="没有这个主题") == (None, 0)


def test_three_years_of_orders_are_those_that_the_forms_tell_of():
    write(list(years_of_orders(_MAKER, _KEEPER)))
    last = Period.year(localdate().year - 1)
    for year in (last, Period.year(last.begin.year - 1)):
        assert value("completed", year, answer_system=_FUND, answer_kind="优化") == (5, 5)
        assert value("completed", year, answer_system=_FUND, answer_kind="巡检") == (12, 12)
        assert value("ended", year, answer_system=_OFFICE, answer_kind="故障") == (100, 6)
        assert value("first_answer", year, answer_system=_OFFICE)[0] <= 2
    cases = Case.objects.filter(ended_at__isnull=False)
    moments = [list(case.events.order_by("version").values_list("at", flat=True)) for case in cases]
    waits = [(taken - told).total_seconds() / 60 for told, taken, _solved in moments]
    assert (min(waits) >= 5, max(waits) <= 120, len(set(waits)) > len(waits) // 3) == (True, True, True)
    assert all(moment == sorted(moment) for moment in moments)
    assert not Case.objects.filter(submitted_at__date__gt=localdate()).exists()


def test_a_year_of_reports_is_what_was_published_and_every_receiver_has_its_own():
    write(list(year_of_reports("full", _MAKER, _KEEPER)))
    last, reports = Period.year(localdate().year - 1), {"matter": "yl.info-report"}
    assert value("cases", last, **reports) == (267, 267)
    assert [value("cases", last, answer_to=to, **reports)[0] for to in ("上级科协", "市委信息部门", "市政府信息部门")] == [31, 176, 60]
    assert value("completed", last, **reports) == (46, 46)
    assert value("in_time", last, **reports)[0] == value("ended", last, **reports)[0] == 100
    adopted = Case.objects.filter(end="granted").values_list("answers__to", flat=True)
    assert len(set(adopted)) == 3


def test_amounts_of_what_was_completed_are_added_and_words_are_none():
    def leave(day, **more):
        typed = {"name": f"演示（{day}）", "kind": "货物", "why": "演示。", "source": "公用经费", **more}
        price = {"items": [{"item": "纸", "qty": "2", "price": "450.50"}], "supervisor": "demo.leader", "treasurer": "demo.finance"}
        steps = [
            Step("submit", _MAKER, "apply"), Step("agree", _KEEPER, "head"),
            Step("bought", _MAKER, "apply", 0, {"supplier": "某某", "paid": "880.05"}),
        ]  # fmt: skip
        named = {"head": _KEEPER, "finance": _KEEPER}
        return grow(in_force("yl.purchase", localdate()), Begun(_MAKER, date(2026, 3, day), typed | price, named=named), steps)

    write([leave(3), leave(4)])
    assert value("completed_amount", matter="yl.purchase", of="paid") == (1760.1, 2)
    assert value("completed_amount", matter="yl.purchase", of="supplier") == (None, 2)
    assert value("completed_amount", matter="yl.purchase") == (None, 0)


def test_what_was_declined_is_ended_and_not_completed(orders):
    steps = [Step("submit", _MAKER, "apply"), Step("decline", _KEEPER, "keeper", opinion="不属于本系统")]
    typed = {"system": _FUND, "kind": "故障", "what": "打印机没有纸（演示）"}
    write([grow(in_force(MATTER, localdate()), Begun(_MAKER, date(2026, 3, 4), typed), steps)])
    assert value("completed", answer_system=_FUND) == (1, 1)
    assert value("ended", answer_system=_FUND) == (100, 2)


def test_who_asked_opens_their_own_page_and_the_office_its_own(people):
    clerk, officer = people["clerk"], people["officer"]
    typed = {"system": _FUND, "kind": "故障", "what": "列表打不开（演示）"}
    begun = Begun(officer.account, date(2026, 3, 4), typed)
    write([grow(in_force(MATTER, localdate()), begun, [Step("submit", officer.account, "apply")])])
    case = Case.objects.get()
    assert CASES.addresses(officer, [case.pk]) == {case.pk: f"/matters/cases/{case.pk}/"}
    assert CASES.addresses(clerk, [case.pk]) == {case.pk: f"/manage/cases/{case.pk}/"}
    assert CASES.addresses(people["person"], [case.pk]) == {}
