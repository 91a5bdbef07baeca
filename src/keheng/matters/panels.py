"""Matters on composite pages: one's own cases, those of one's unit, policies that fit it. One query each."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.cases import matter_of, own_cases, personal_cases, unit_cases
from keheng.matters.queries.policies.fitting import fitting_policies
from keheng.matters.rules.acting import APPLY

_SHOWN = 5


def _few(rows: QuerySet[Case]) -> Mapping[str, object]:
    """The newest with the name of their state."""
    cases = [(case, matter_of(case).state_of[case.state].title) for case in rows.select_related("edition")[:_SHOWN]]
    return {"cases": cases, "today": localdate()}


def _own(actor: Principal) -> Mapping[str, object]:
    return _few(own_cases(actor))


def _personal(actor: Principal) -> Mapping[str, object]:
    return _few(personal_cases(actor))


def _unit(actor: Principal) -> Mapping[str, object]:
    return _few(unit_cases(actor))


def _policies(actor: Principal) -> Mapping[str, object]:
    return {"policies": fitting_policies(int(actor.unit or 0), localdate(), _SHOWN)}


for _panel in (
    Panel("matters.own", PanelPlace.WORKBENCH, "我的办件", 30, APPLY, "matters/panels/cases.html", _own),
    Panel("matters.personal", PanelPlace.PERSONAL, "我的办件", 30, None, "matters/panels/cases.html", _personal),
    Panel("matters.unit", PanelPlace.UNIT, "单位办件", 30, APPLY, "matters/panels/cases.html", _unit),
    Panel("matters.policies", PanelPlace.UNIT, "适合本单位的政策", 40, APPLY, "matters/panels/policies.html", _policies),
):
    register_panel(_panel)
