"""Monitoring: points are planned, every bound measure is read at its date by itself, deviations are explained and followed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.measures import Measure
from keheng.kernel.periods import Period
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.performance.enums import Lamp
from keheng.performance.models import Indicator, MonitorPoint, MonitorRow, Project
from keheng.performance.queries.money import funds_of, in_all
from keheng.performance.queries.projects import goals_in_force, rows_of
from keheng.performance.queries.readings import Figured, figured, measure_of, unit_of, year_to
from keheng.performance.rules.forecasts import Forecast, forecast_level, forecast_sum, lamp_of
from keheng.performance.rules.lengths import long_problems
from keheng.performance.rules.library import library, policy
from keheng.performance.rules.merging import merge
from keheng.performance.rules.values import converted, rounded, target_from

_ALARM = {Lamp.RED, Lamp.YELLOW}


@act("monitor.plan", Refused)
def plan_point(*, actor: Actor, project: int, stage: str, on: date) -> MonitorPoint:
    """Choose a date of monitoring within the project's year."""
    row = Project.objects.get(pk=project)
    found = [] if stage.strip() else [problem("PERF_TITLE", "stage")]
    found += long_problems(MonitorPoint, {"stage": stage})
    if on.year != row.year:
        found.append(problem("PERF_OTHER_YEAR", "on", year=row.year))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            made = MonitorPoint.objects.create(project=row, stage=stage.strip(), on=on, by=actor.account)
    except IntegrityError:
        raise Refused(problem("PERF_POINT_KNOWN", "on")) from None
    record("monitor.plan", actor=actor, target=f"point:{made.pk}", after=digest_of({"on": str(on)}))
    return made


def plan_usual_points(*, actor: Actor, project: int) -> int:
    """Plan the usual stages of the policy that are not planned yet; how many."""
    row, planned = Project.objects.get(pk=project), 0
    for stage in policy()["stages"]:
        on = Period.month(row.year, stage["month"]).last_day
        if not MonitorPoint.objects.filter(project=row, on=on).exists():
            plan_point(actor=actor, project=project, stage=stage["zh"], on=on)
            planned += 1
    return planned


def due_points() -> list[int]:
    """Points whose day is over and that have not been taken."""
    return list(MonitorPoint.objects.filter(taken_at=None, on__lt=localdate()).order_by("on", "pk").values_list("pk", flat=True))


def take_due_points() -> int:
    """Take all points that are due, each by itself; how many."""
    done = 0
    for pk in due_points():
        if goals_in_force(MonitorPoint.objects.select_related("project").get(pk=pk).project) is not None:
            take_point(actor=SYSTEM, point=pk)
            done += 1
    return done


# How an indicator stands, with where it goes; None where no measure proves it.
_Seen = tuple[Figured, Forecast] | None


def take_point(*, actor: Actor, point: int) -> MonitorPoint:
    """Read every bound measure of the year so far, forecast, and light the lamps. A point is taken once.

    Measures are read before the transaction opens, which nobody then waits for; targets that are others by then refuse it.
    """
    row = MonitorPoint.objects.select_related("project").get(pk=point)
    goals = goals_in_force(row.project)
    wanted = [] if goals is None or row.taken_at is not None else rows_of(goals)
    seen = {indicator.pk: _seen(row, indicator) for indicator in wanted}
    return _take(actor=actor, point=point, goals=goals.pk if goals else None, seen=seen)


@act("monitor.take", Refused)
def _take(*, actor: Actor, point: int, goals: int | None, seen: Mapping[int, _Seen]) -> MonitorPoint:
    row = MonitorPoint.objects.select_for_update(of=("self",)).select_related("project").get(pk=point)
    force = goals_in_force(row.project)
    if row.taken_at is not None:
        raise Refused(problem("PERF_STATE", state="已监控"))
    if force is None:
        raise Refused(problem("PERF_NO_GOALS"))
    if force.pk != goals:
        raise Refused(problem("PERF_MOVED"))
    for indicator in rows_of(force):
        made = _lit(row, indicator, seen[indicator.pk])
        if made.lamp in _ALARM:
            _ask(made, row)
    funds = in_all(funds_of(row.project, row.on))
    row.taken_at, row.executed_fen, row.annual_fen = now(), funds.executed, funds.annual
    row.save(update_fields=["taken_at", "executed_fen", "annual_fen"])
    record("monitor.take", actor=actor, target=f"point:{row.pk}", after=digest_of({"rows": row.rows.count()}))
    return row


def _seen(point: MonitorPoint, indicator: Indicator) -> _Seen:
    """One indicator at the point: its reading with the forecast where a measure proves it."""
    period = year_to(point.project.year, point.on)
    found, measure = figured(indicator, period), measure_of(indicator.measure)
    if found.actual is None or measure is None:
        return None
    unit = unit_of(measure, period, dict(indicator.scope))
    return found, _forecast(point, indicator, measure, found.actual, unit)


def _lit(point: MonitorPoint, indicator: Indicator, seen: _Seen) -> MonitorRow:
    """Freeze how an indicator stands, with its lamp."""
    reading = seen[0].reading if seen else None
    if seen is None or reading is None:
        return MonitorRow.objects.create(point=point, indicator=indicator)
    reading.save(force_insert=True)
    figure, forecast = seen
    ends = [None if one is None else rounded(one, indicator.unit) for one in (forecast.value, forecast.low, forecast.high)]
    return MonitorRow.objects.create(
        point=point, indicator=indicator, actual=figure.actual, reading=reading, forecast=ends[0], low=ends[1], high=ends[2],
        lamp=lamp_of(indicator, forecast),
    )  # fmt: skip


def _forecast(point: MonitorPoint, indicator: Indicator, measure: Measure, actual: Decimal, unit: str) -> Forecast:
    """From the whole months seen so far; sums go on growing, rates and levels stay about where they are."""
    known = library().get(indicator.key)
    grows = known.grows if known else ("rate" if indicator.unit == "%" else "sum")
    months = []
    for number in range(1, point.on.month + 1):
        month = Period.month(point.project.year, number)
        if month.last_day <= point.on:
            # Months only shape the forecast: their figures are computed, no evidence is kept of them.
            value = measure.compute(month, dict(indicator.scope)).value
            figure = None if value is None else converted(value, unit, indicator.unit)
            months += [figure] if figure is not None else [Decimal(0)] if grows == "sum" else []
    return forecast_sum(actual, months) if grows == "sum" else forecast_level(actual, months)


def _ask(row: MonitorRow, point: MonitorPoint) -> None:
    open_task(
        f"monitor:{row.pk}", kind="performance.monitor", title=f"说明偏差：{point.project.title} · {row.indicator.title}",
        url=f"/performance/monitoring/{point.pk}/", permission="performance.project.edit", unit=point.project.unit_id,
    )  # fmt: skip


@act("monitor.explain", Refused)
def explain_deviation(*, actor: Actor, row: int, base: Mapping[str, object], typed: Mapping[str, object]) -> MonitorRow:
    """Say why an indicator lags (or its value where no measure gives it), what is done, by whom and until when."""
    found = MonitorRow.objects.select_for_update(of=("self",)).select_related("indicator", "point__project").get(pk=row)
    theirs = {name: getattr(found, name) for name in ("cause", "action", "responsible", "due_on")}
    mine = {name: typed[name] for name in theirs}
    merged = merge(base, theirs, mine)
    wrong = [problem("PERF_CONFLICT", name, theirs=str(value)) for name, value in merged.conflicts.items()]
    values = {**mine, **merged.values}
    missing = (problem("PERF_REASON", "cause"), problem("PERF_ACTION", "action"), problem("PERF_RESPONSIBLE", "responsible"))
    wrong += [one for one in missing if not str(values[one.field]).strip()]
    due = values["due_on"]
    if not isinstance(due, date) or due < localdate():
        wrong.append(problem("PERF_DUE", "due_on"))
    wrong += long_problems(MonitorRow, {name: str(values[name]) for name in ("cause", "action", "responsible")})
    if wrong or not isinstance(due, date):
        raise Refused(wrong)
    found.cause, found.action = str(values["cause"]).strip(), str(values["action"]).strip()
    found.responsible, found.due_on, found.version = str(values["responsible"]), due, found.version + 1
    found.save()
    close_task(f"monitor:{found.pk}")
    open_task(
        f"monitor-follow:{found.pk}", kind="performance.monitor", title=f"整改：{found.indicator.title}（{found.action[:60]}）",
        url=f"/performance/monitoring/{found.point_id}/", account=found.responsible,
        due_at=datetime.combine(due, time(18), get_current_timezone()),
    )  # fmt: skip
    record("monitor.explain", actor=actor, target=f"monitor-row:{found.pk}", after=digest_of({**values, "due_on": str(due)}))
    return found


@act("monitor.settle", Refused)
def settle_deviation(*, actor: Actor, row: int) -> MonitorRow:
    """The action is done."""
    found = MonitorRow.objects.select_for_update().get(pk=row)
    if not found.action or found.settled_at is not None:
        raise Refused(problem("PERF_ACTION", "action"))
    found.settled_at = now()
    found.save(update_fields=["settled_at"])
    close_task(f"monitor-follow:{found.pk}")
    record("monitor.settle", actor=actor, target=f"monitor-row:{found.pk}", after=digest_of({"settled": True}))
    return found


@act("monitor.enter", Refused)
def enter_monitored(*, actor: Actor, row: int, actual: str) -> MonitorRow:
    """Enter by hand how an indicator without a measure stands."""
    found = MonitorRow.objects.select_for_update(of=("self",)).select_related("indicator").get(pk=row)
    if found.reading_id is not None:
        raise Refused(problem("PERF_STATE", state="由系统指标读取"))
    if wrong := long_problems(MonitorRow, {"words": actual}, words="actual"):
        raise Refused(wrong)
    target = target_from(actual)
    if found.indicator.value is not None and (target.value is None or target.high is not None):
        raise Refused(problem("PERF_ACTUAL_NUMBER", "actual", title=found.indicator.title, unit=found.indicator.unit or "—"))
    if target.value is not None and found.indicator.value is not None:
        found.actual, found.words = converted(target.value, target.unit or found.indicator.unit, found.indicator.unit), ""
    else:
        found.actual, found.words = None, actual.strip()
    found.save(update_fields=["actual", "words"])
    record("monitor.enter", actor=actor, target=f"monitor-row:{found.pk}", after=digest_of({"actual": actual}))
    return found
