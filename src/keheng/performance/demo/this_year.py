"""Projects of this year: targets raised or kept, payments so far, monitoring points taken, one deviation explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils.timezone import localdate

from keheng.kernel.trail.record import Actor
from keheng.performance.actions.monitoring import explain_deviation, plan_point, plan_usual_points, take_due_points, take_point
from keheng.performance.demo.projects import PROJECTS
from keheng.performance.demo.system_projects import CONTEST
from keheng.performance.demo.years_forms import actor_of, declared
from keheng.performance.models import MonitorRow, Project

# The projects whose records the demo city goes on making this year.
_ONGOING = frozenset({"YL-PT-01", "YL-PT-02", "YL-PT-05"})


def load(*, scale: str, progress: Callable[[str, int, int], None]) -> None:
    """The projects of this year, each continuing last year's."""
    year, maker = localdate().year, actor_of("finance")
    ongoing = [one for one in PROJECTS if one.code in _ONGOING]
    for done, one in enumerate(ongoing):
        progress("本年项目", done, len(ongoing))
        before = Project.objects.get(year=year - 1, code=one.code)
        project = declared(one, year, scale, before, localdate().month - 1)
        plan_usual_points(actor=maker, project=project.pk)
    take_due_points()
    _contest(year, scale, maker)
    progress("本年项目", len(ongoing), len(ongoing))
    row = MonitorRow.objects.filter(lamp__in=["red", "yellow"]).order_by("pk").first()
    if row is not None:
        typed = {
            "cause": "上半年布展更新，开放天数减少。", "action": "下半年增加周末场次，并与学校合作组织参观。",
            "responsible": maker.account, "due_on": localdate() + timedelta(days=20),
        }  # fmt: skip
        base = {"cause": "", "action": "", "responsible": "", "due_on": None}
        explain_deviation(actor=maker, row=row.pk, base=base, typed=typed)


def _contest(year: int, scale: str, maker: Actor) -> None:
    """The contest's project, watched on the day its entries are in and its judges are drawn."""
    project = declared(CONTEST, year, scale, None, localdate().month - 1)
    point = plan_point(actor=maker, project=project.pk, stage="作品征集和评审抽取", on=localdate())
    take_point(actor=maker, point=point.pk)
