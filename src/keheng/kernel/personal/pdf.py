"""One's own data as a PDF to read. The font is shipped, so the page looks the same on any machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst

from keheng.kernel.personal.holders import Section

_HERE = Path(__file__).resolve().parent
_FONTS = _HERE.parents[1] / "appraisal" / "writing" / "fonts"


def draw_pdf(title: str, subtitle: str, sections: Sequence[Section]) -> bytes:
    """A4 pages: a table for each record, under the title of its holder."""
    data = {
        "title": title,
        "subtitle": subtitle,
        "sections": [
            {
                "title": section.title_zh,
                "keeps": section.keeps_zh,
                "rows": [[[label, "" if value is None else str(value)] for label, value in row.items()] for row in section.rows],
            }
            for section in sections
        ],
    }
    pdf: bytes = typst.compile(
        str(_HERE / "own_data.typ"),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
    )
    return pdf
