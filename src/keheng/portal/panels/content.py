"""The workbench's pieces for editors: one's own articles by stage, and columns that will be stale."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.powers import Principal
from keheng.portal.enums.content import Stage
from keheng.portal.service import ages, worked_on

_SOON, _SHOWN = 14, 5


def _articles(actor: Principal) -> Mapping[str, object]:
    mine = worked_on(actor.account)
    counts = dict(mine.order_by().values_list("stage").annotate(n=Count("pk")))
    stages = [(value, label, counts[value]) for value, label in Stage.choices if counts.get(value)]
    return {"stages": stages, "articles": mine.exclude(stage__in=[Stage.PUBLISHED, Stage.WITHDRAWN])[:_SHOWN]}


def _stale(_actor: Principal) -> Mapping[str, object]:
    return {"ages": [age for age in ages() if age.left <= _SOON][:_SHOWN]}


register_panel(
    Panel("portal.articles", PanelPlace.WORKBENCH, "我的稿件", 40, "portal.article.write", "portal/studio/panel_articles.html", _articles)
)
register_panel(Panel("portal.stale", PanelPlace.WORKBENCH, "栏目时效", 41, "portal.article.see", "portal/studio/panel_stale.html", _stale))
