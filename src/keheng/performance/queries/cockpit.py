"""The cockpit drawn from an overview: its charts, and the sheet that is printed or saved as a picture."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from django.utils.timezone import localdate, localtime, now

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.documents import chart_data, typeset
from keheng.performance.queries.drawing import percent, wan
from keheng.performance.queries.overview import Line, Overview
from keheng.performance.queries.standing import standing
from keheng.performance.rules.values import actual_text

_SHEET = Path(__file__).resolve().parents[1] / "documents" / "cockpit.typ"
_FEN_A_WAN = 1_000_000
_SHOWN_TARGETS = 20
_CENT = Decimal("0.01")


def charts_of(found: Overview) -> list[Chart]:
    """Money by project, execution over the months, results against targets."""
    return [_money(found), _months(found), *_targets(found)]


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


def _targets(found: Overview) -> list[Chart]:
    """In percent of the target, of signed rows where more is better: those furthest behind come first, and it says of how many."""
    rows = [
        (percent(int(one.actual * 10_000), int(one.indicator.value * 10_000)) or Decimal(0), one)
        for one in found.indicators
        if one.indicator.direction == "more" and one.indicator.value and one.actual is not None
    ]
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
            ["一周变化", [f"{what} {n}" for what, n in found.changes]],
        ],
    }
    return typeset(_SHEET, data, kind)


def _rate(rate: Decimal | None) -> str:
    return "—" if rate is None else f"{rate}%"


def _row(line: Line) -> list[Any]:
    project, form = line.project, line.evaluation
    said = "没有开始" if form is None else standing(form).text or form.get_state_display()
    return [project.title, project.unit.name, wan(line.funds.annual), wan(line.funds.executed), _rate(line.rate), said]
