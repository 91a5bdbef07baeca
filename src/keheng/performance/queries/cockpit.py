"""The cockpit drawn from an overview: its charts, and the sheet that is printed or saved as a picture."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from django.utils.timezone import localdate, localtime, now

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.documents import chart_data, typeset
from keheng.performance.queries.drawing import share_of, wan
from keheng.performance.queries.overview import Line, Overview
from keheng.performance.queries.standing import standing
from keheng.performance.rules.values import actual_text

_SHEET = Path(__file__).resolve().parents[1] / "documents" / "cockpit.typ"
_FEN_A_WAN = 1_000_000
_SHOWN_TARGETS, _SHOWN_LINES = 20, 6
_CENT = Decimal("0.01")


def charts_of(found: Overview) -> list[Chart]:
    """Money by project, execution and indicators over the months, results against targets."""
    return [_money(found), _months(found), *_progress(found), *_targets(found)]


def _money(found: Overview) -> Chart:
    names = [one.project.title for one in found.lines]
    annual = [_wan(one.funds.annual) for one in found.lines]
    spent = [_wan(one.funds.executed) for one in found.lines]
    return Chart("预算与执行", names, [Series("全年预算", annual), Series("已执行", spent)], Shape.ROWS, "万元", key="chart-money")


def _wan(fen: int) -> Decimal:
    """万元 as they are printed, to two places."""
    return (Decimal(fen) / _FEN_A_WAN).quantize(_CENT)


def _months(found: Overview) -> Chart:
    total, sums = 0, list[Decimal | None]()
    over = localdate().month if found.year == localdate().year else len(found.months)
    for month, fen in enumerate(found.months, 1):
        total += fen
        sums.append(_wan(total) if month <= over else None)
    names = [f"{number} 月" for number in range(1, 13)]
    budget = [_wan(found.funds.annual)] * len(names)
    return Chart("累计执行", names, [Series("累计执行", sums), Series("全年预算", budget)], Shape.LINE, "万元", key="chart-months")


def _progress(found: Overview) -> list[Chart]:
    """Indicators in percent of their targets at each month's monitoring, those furthest behind, beside the year that has passed."""
    if not found.progress:
        return []
    shown, months = found.progress[:_SHOWN_LINES], range(1, 13)
    series = [Series(one.title, [one.months.get(month) for month in months]) for one in shown]
    passed = Series("时间进度", [(Decimal(month) / 12 * 100).quantize(_CENT) for month in months])
    told = f"占全年目标的比例；最落后的 {len(shown)} 项，共 {len(found.progress)} 项"
    names = [f"{month} 月" for month in months]
    return [Chart("指标进度", names, [*series, passed], Shape.LINE, "%", told, Decimal(100), "目标", key="chart-progress")]


def _targets(found: Overview) -> list[Chart]:
    """In percent of the target, of signed rows where more is better: those furthest behind come first, and it says of how many."""
    shares = ((share_of(one.actual, one.indicator.value), one) for one in found.indicators if one.indicator.direction == "more")
    rows = [(share, one) for share, one in shares if share is not None]
    if not rows:
        return []
    shown = sorted(rows, key=lambda row: row[0])[:_SHOWN_TARGETS]
    names = [f"{one.indicator.title}（{actual_text(one.actual, one.indicator.unit, '')}）" for _, one in shown]
    told = "目标为 100%"
    if len(rows) > len(shown):
        told += f"；按完成比例从低到高，共 {len(rows)} 项，显示 {len(shown)} 项"
    series = [Series("完成", [share for share, _ in shown])]
    return [Chart("指标完成情况", names, series, Shape.ROWS, "%", told, Decimal(100), "目标", key="chart-targets")]


def cockpit_sheet(found: Overview, kind: Literal["pdf", "png"]) -> bytes:
    """The cockpit as it stands now, on paper or as a picture: the figures of the page."""
    data = {
        "title": f"{found.year} 年驾驶舱",
        "subtitle": f"截至 {localtime(now()):%Y-%m-%d %H:%M}",
        "stats": [
            ["全年预算（万元）", wan(found.funds.annual)],
            ["已执行（万元）", wan(found.funds.executed)],
            ["执行率", _rate(found.rate)],
            ["已签发自评", f"{found.signed()} / {len(found.lines)}"],
            ["监控灯", "　".join(f"{lamp.label} {n}" for lamp, n in found.lamps() if n) or "—"],
        ],
        "charts": [chart_data(one) for one in charts_of(found)],
        "heads": ["项目", "实施单位", "预算（万元）", "执行（万元）", "执行率", "自评"],
        "rows": [_row(one) for one in found.lines],
        "lists": [
            ["逾期", [f"{one.what}　{one.project.title}　{one.since:%m-%d}" for one in found.late]],
            ["一周变化", [f"{one.what} {one.n}" for one in found.changes]],
        ],
    }
    return typeset(_SHEET, data, kind)


def _rate(rate: Decimal | None) -> str:
    return "—" if rate is None else f"{rate}%"


def _row(line: Line) -> list[Any]:
    project, form = line.project, line.evaluation
    said = "没有开始" if form is None else standing(form).text or form.get_state_display()
    return [project.title, project.unit.name, wan(line.funds.annual), wan(line.funds.executed), _rate(line.rate), said]
