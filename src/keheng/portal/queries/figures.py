"""The year's figures on the front page: visits and updates by month, with their sums."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keheng.kernel.charts import Chart, Series
from keheng.portal.models import Publication
from keheng.portal.queries.visits import by_month, midnight

_MONTHS = 12


def months_until(today: date) -> list[date]:
    """The first days of the last twelve months, this one included."""
    place = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(place - _MONTHS + 1, place + 1)]


def figures() -> dict[str, list[Chart] | list[tuple[str, str, str]]]:
    """Charts and sums of the last twelve months; empty where nothing was counted."""
    months = months_until(localdate())
    end = _after(months[-1])
    visited = {row.label: row for row in by_month(months[0], end)}
    rows = Publication.objects.filter(published_at__gte=midnight(months[0]), published_at__lt=midnight(end))
    updated = {
        row["month"].date(): row["n"]
        for row in rows.annotate(month=TruncMonth("published_at")).values("month").annotate(n=Count("pk")).order_by("month")
    }
    if not visited and not updated:
        return {"charts": [], "stats": []}
    labels = [date_format(month, "YEAR_MONTH_FORMAT") for month in months]
    views = [visited[month].views if month in visited else None for month in months]
    items = [updated.get(month, 0) for month in months]
    charts = [
        Chart(_("每月访问量"), labels, [Series(_("浏览次数"), views)], unit=_("次"), note=_("来自本站日志，已去掉机器和内部访问")),
        Chart(_("每月信息更新"), labels, [Series(_("更新条数"), items)], unit=_("条")),
    ]
    stats = [
        (_("近十二个月浏览"), f"{sum(view or 0 for view in views):,}", _("次")),
        (_("近十二个月访问"), f"{sum(row.visits for row in visited.values()):,}", _("次")),
        (_("近十二个月更新信息"), f"{sum(items):,}", _("条")),
    ]
    return {"charts": charts, "stats": stats}


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
