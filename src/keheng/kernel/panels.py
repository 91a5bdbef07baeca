"""Panels: the pieces of composite pages, registered by capabilities; the pages know none of them.

A panel that fails is shown as one that failed: the others stand, and the fault is in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from keheng.kernel.powers import Principal

logger = logging.getLogger("keheng.panels")


class PanelPlace(StrEnum):
    """The composite pages: 个人中心, 工作台, 驾驶舱, 单位中心."""

    PERSONAL = "personal"
    WORKBENCH = "workbench"
    COCKPIT = "cockpit"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page. ``permission`` is what its viewer must hold, None for all; ``context`` fills its template."""

    code: str
    place: PanelPlace
    title: str
    order: int
    permission: str | None
    template: str
    context: Callable[[Principal], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as it appears; ``html`` is empty where it failed."""

    code: str
    title: str
    html: SafeString
    failed: bool


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Make a panel known; raises ValueError for a code taken by another panel."""
    if _panels.setdefault(panel.code, panel) != panel:
        raise ValueError(f"panel {panel.code} is registered twice")


def panels_for(place: PanelPlace, actor: Principal) -> list[Shown]:
    """The panels of a page that the actor may see, rendered, in their order."""
    wanted = (panel for panel in _panels.values() if panel.place == place and (panel.permission is None or actor.may(panel.permission)))
    return [_shown(panel, actor) for panel in sorted(wanted, key=lambda panel: (panel.order, panel.code))]


def _shown(panel: Panel, actor: Principal) -> Shown:
    try:
        html = render_to_string(panel.template, dict(panel.context(actor)))
    except Exception:
        # Whatever a panel does wrong is its own affair: the page must stand.
        logger.exception("panel %s failed", panel.code)
        return Shown(panel.code, panel.title, SafeString(), failed=True)
    return Shown(panel.code, panel.title, SafeString(html), failed=False)
