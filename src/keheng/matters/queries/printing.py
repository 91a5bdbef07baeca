"""An application as a PDF, in the fonts that are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.timezone import localtime

from keheng.kernel.documents import typeset
from keheng.matters.queries.cases import Loaded
from keheng.matters.queries.checklists import checklists_of
from keheng.matters.queries.showing import read_sections, words


def application_pdf(one: Loaded, *, masked: bool = False) -> bytes:
    """A4 pages: the answers in their sections, tables as tables; the digest of the version on each page.

    The same answers give the same bytes.
    """
    sections: list[dict[str, object]] = [
        {
            "title": str(title),
            "rows": [[str(each.label), each.said] for each in answers if not each.cols],
            "tables": [
                {
                    "label": str(each.label),
                    "cols": [str(col.said) for col in each.cols],
                    "rows": [[cell.said for cell in row] for row in each.rows],
                }
                for each in answers
                if each.cols
            ],
        }
        for title, answers in read_sections(one, masked=masked)
    ]
    lists: list[dict[str, object]] = [
        {
            "title": str(words(one.matter, each.checklist.title)),
            "rows": [
                [step.say, f"{localtime(tick.at):%Y-%m-%d %H:%M}" if tick else "", tick.remark if tick else ""] for step, tick in each.steps
            ],
        }
        for each in checklists_of(one)
    ]
    version = f"{one.matter.version} · {one.case.edition_id[:12]}"
    return _printed(str(words(one.matter, one.matter.title)), one.case.number or "", version, sections, lists)


def _printed(title: str, number: str, version: str, sections: list[dict[str, object]], lists: Sequence[dict[str, object]] = ()) -> bytes:
    data = {"title": title, "number": number, "version": version, "sections": sections, "checklists": list(lists)}
    return typeset(Path(__file__).with_name("application.typ"), data)
