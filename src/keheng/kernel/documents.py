"""Documents set by Typst in the fonts that are shipped, so that they look the same on any machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from keheng.kernel.charts import Chart

_FONTS = Path(__file__).resolve().parents[1] / "appraisal" / "writing" / "fonts"
_DOTS_AN_INCH = 144.0


def typeset(template: Path, data: Mapping[str, Any], kind: Literal["pdf", "png"] = "pdf") -> bytes:
    """A template with its data (``sys.inputs.data``, as JSON) as PDF, or its only page as a picture."""
    made: bytes = typst.compile(
        str(template),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "kind": kind},
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        format=kind,
        ppi=_DOTS_AN_INCH if kind == "png" else None,
    )
    return made


def chart_data(chart: Chart) -> dict[str, Any]:
    """A chart for a template: as it is drawn on pages, with its title and every figure as it is read."""
    said = [["—" if value is None else f"{value:,}" for value in one.values] for one in chart.series]
    return {**chart.drawing(), "title": chart.title, "note": chart.note, "said": said}
