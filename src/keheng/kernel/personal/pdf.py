"""One's own data as a PDF to read. The font is shipped, so the page looks the same on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keheng.kernel.documents import typeset
from keheng.kernel.personal.holders import Section

_HERE = Path(__file__).resolve().parent


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
    return typeset(_HERE / "own_data.typ", data)
