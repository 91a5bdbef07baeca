"""Monitoring: read by itself, forecast with an interval, lamps, deviations as tasks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from performance.performance_made_up import MAKER, YEAR, approved, figure, project, spent, unit

from keheng.kernel.desk.models import Task
from keheng.kernel.errors import Refused
from keheng.performance.actions.monitoring import (
    enter_monitored,
    explain_deviation,
    plan_point,
    plan_usual_points,
    settle_deviation,
    take_due_points,
    take_point,
)
from keheng.performance.enums import Lamp
from keheng.performance.models import Indicator, MonitorRow
from keheng.performance.rules.forecasts import Forecast, forecast_level, forecast_sum, lamp_of

HALF = date(YEAR, 6, 30)
MONTHS = st.lists(st.integers(0, 10_000).map(Decimal), min_size=2, max_size=11)


def watched(visits=100):
    of = unit()
    row = project(of)
    for month in range(1, 7):
        last = date(YEAR, month, 28)
        figure(of, "visits", visits * 10_000, begin=date(YEAR, month, 1), last=last, reference=f"V{month}")
        figure(of, "items", 18 + month % 2, begin=date(YEAR, month, 1), last=last, reference=f"I{month}")
    approved(row)
    spent(row, 40_000_00)
    return row


@pytest.mark.django_db
def test_every_bound_measure_is_read_forecast_and_lit():
    row = watched()
    plan_point(actor=MAKER, project=row.pk, stage="半年", on=HALF)
    assert take_due_points() == 1
    assert take_due_points() == 0
    found = [(one.indicator.title, one.actual, one.forecast, one.lamp) for one in MonitorRow.objects.order_by("indicator__place")]
    assert found == [
        ("门户网站访问量", Decimal(600), Decimal(1200), "green"), ("门户更新信息", Decimal(111), Decimal(222), "green"),
        ("网站管理制度", None, None, "none"), ("网站用户满意度", None, None, "none"),
    ]  # fmt: skip
    items = MonitorRow.objects.get(indicator__title="门户更新信息")
    assert items.low < 222 < items.high
    assert items.reading.rows == 6
    assert not Task.objects.filter(key__startswith="monitor:").exists()


@pytest.mark.django_db
def test_a_lagging_indicator_becomes_a_task_and_its_action_another():
    row = watched(visits=30)
    point = plan_point(actor=MAKER, project=row.pk, stage="半年", on=HALF)
    take_point(actor=MAKER, point=point.pk)
    late = MonitorRow.objects.get(lamp="red")
    assert list(Task.objects.filter(kind="performance.monitor").values_list("key", flat=True)) == [f"monitor:{late.pk}"]
    typed = {"cause": "带宽不足", "action": "扩容", "responsible": "77", "due_on": localdate() + timedelta(days=9)}
    with pytest.raises(Refused) as refusal:
        explain_deviation(actor=MAKER, row=late.pk, base={}, typed={"cause": "", "action": "", "responsible": "", "due_on": None})
    assert [one.code for one in refusal.value.problems] == ["PERF_REASON", "PERF_ACTION", "PERF_RESPONSIBLE", "PERF_DUE"]
    explain_deviation(actor=MAKER, row=late.pk, base={"cause": "", "action": "", "responsible": "", "due_on": None}, typed=typed)
    task = Task.objects.get(kind="performance.monitor")
    assert (task.key, task.account) == (f"monitor-follow:{late.pk}", "77")
    settle_deviation(actor=MAKER, row=late.pk)
    assert not Task.objects.filter(kind="performance.monitor").exists()


@pytest.mark.django_db
def test_a_point_is_taken_once_and_no_earlier_than_targets():
    row = project()
    point = plan_point(actor=MAKER, project=row.pk, stage="半年", on=HALF)
    assert take_due_points() == 0
    approved(row)
    take_point(actor=MAKER, point=point.pk)
    with pytest.raises(Refused, match="已监控"):
        take_point(actor=MAKER, point=point.pk)
    assert plan_usual_points(actor=MAKER, project=row.pk) == 3
    with pytest.raises(Refused, match="已有监控点"):
        plan_point(actor=MAKER, project=row.pk, stage="半年", on=HALF)
    stated = MonitorRow.objects.get(indicator__title="网站用户满意度")
    assert enter_monitored(actor=MAKER, row=stated.pk, actual="93.5%").actual == Decimal("93.5")
    with pytest.raises(Refused, match="应是一个数"):
        enter_monitored(actor=MAKER, row=stated.pk, actual="较好")


@given(MONTHS)
def test_a_sum_never_falls_below_what_is_there(months):
    so_far = sum(months)
    found = forecast_sum(so_far, months)
    assert so_far <= found.low <= found.value <= found.high


@given(MONTHS)
def test_equal_months_leave_no_doubt(months):
    flat = [months[0]] * len(months)
    assert forecast_level(months[0], flat) == Forecast(months[0], months[0], months[0])
    total = forecast_sum(sum(flat), flat)
    assert total.low == total.value == total.high == months[0] * 12


def indicator(op, value, direction="more"):
    return Indicator(title="云岭访问", kind="number", op=op, value=Decimal(value), unit="次", direction=direction)


@pytest.mark.parametrize(("row", "forecast", "lamp"), [
    (indicator("≥", 100), (110, 102, 118), Lamp.GREEN), (indicator("≥", 100), (110, 90, 130), Lamp.BLUE), (indicator("≥", 100), (140, 135, 145), Lamp.BLUE),
    (indicator("≥", 100), (95, 90, 99), Lamp.YELLOW), (indicator("≥", 100), (80, 70, 90), Lamp.RED), (indicator("≥", 100), (None, None, None), Lamp.NONE),
    (indicator("≤", 8, "less"), (5, 4, 6), Lamp.GREEN), (indicator("≤", 8, "less"), (5, 4, 9), Lamp.BLUE), (indicator("≤", 8, "less"), (12, 9, 15), Lamp.RED),
])  # fmt: skip
def test_lamps_by_the_policy(row, forecast, lamp):
    assert lamp_of(row, Forecast(*(None if one is None else Decimal(one) for one in forecast))) == lamp
