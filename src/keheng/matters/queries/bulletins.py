"""A month's bulletin as its queries answer now, the rows behind a number, and files to take away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import docx
from django.utils.timezone import localdate

from keheng.kernel.documents import typeset
from keheng.kernel.measures import Row, all_measures, read
from keheng.kernel.trail.record import canonical
from keheng.matters.models import Bulletin
from keheng.matters.rules.bulletins import Template, pieces

_MONTHS, _ROWS = 12, 500
_NOTHING = "（无数据）"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a bulletin, and the frozen one where there is one."""

    month: date
    frozen: Bulletin | None


def months(template: Template) -> list[Month]:
    """The last twelve whole months and the running one, the latest first."""
    today = localdate().replace(day=1)
    frozen = {one.month: one for one in Bulletin.objects.filter(code=template.id)}
    last = today.year * 12 + today.month - 1
    days = [date(number // 12, number % 12 + 1, 1) for number in range(last, last - _MONTHS - 1, -1)]
    return [Month(day, frozen.get(day)) for day in days]


def drawn(template: Template, month: date) -> list[dict[str, Any]]:
    """The sections as they read now: each paragraph in pieces, a number with its query, value, unit, rows and digest of the evidence."""
    figures = {name: _figure(template, name, month) for name in template.queries}
    return [
        {
            "title": section.title,
            "texts": [[figures[words] if kind == "query" else {"text": words} for kind, words in pieces(text)] for text in section.texts],
        }
        for section in template.sections
    ]


def _figure(template: Template, name: str, month: date) -> dict[str, Any]:
    query = template.queries[name]
    units = {one.code: one.unit for one in all_measures()}
    taken = read(query.measure, query.period(month), query.scope)
    return {
        "query": name,
        "say": query.say,
        "text": _written(taken.value.value, units[query.measure]),
        "measure": f"{taken.code} v{taken.version}",
        "scope": dict(taken.scope),
        "begin": taken.period.begin.isoformat(),
        "end": taken.period.end.isoformat(),
        "rows": taken.rows,
        "digest": taken.digest,
    }


def _written(value: Decimal | None, unit: str) -> str:
    if value is None:
        return _NOTHING
    number = f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"


def digest_of_content(content: Sequence[Mapping[str, Any]]) -> str:
    """The SM3 of a bulletin's sections."""
    return hashlib.new("sm3", canonical(content).encode()).hexdigest()


def figures_of(content: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The numbers of a bulletin, each once, in the order of the text."""
    found = {piece["query"]: piece for section in content for text in section["texts"] for piece in text if "query" in piece}
    return list(found.values())


def changed_since(frozen: Bulletin, now_drawn: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Numbers whose rows are others now than when the bulletin was frozen: what, then, now."""
    then = {one["query"]: one for one in figures_of(frozen.content)}
    pairs = [(then.get(one["query"]), one) for one in figures_of(now_drawn)]
    return [(one["say"], old["text"], one["text"]) for old, one in pairs if old is not None and old["digest"] != one["digest"]]


def rows_behind(template: Template, name: str, month: date) -> tuple[list[str], list[Row], bool]:
    """The heads and rows behind a number, and whether there are more than are shown."""
    query = template.queries[name]
    measure = next(one for one in all_measures() if one.code == query.measure)
    found = list(islice(measure.evidence(query.period(month), query.scope), _ROWS + 1))
    return list(found[0]) if found else [], found[:_ROWS], len(found) > _ROWS


def _plain(content: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(section["title"], ["".join(piece["text"] for piece in text) for text in section["texts"]]) for section in content]


def bulletin_pdf(title: str, content: Sequence[Mapping[str, Any]], foot: str) -> bytes:
    """A4: the text, then a table of every number with its query."""
    data = {
        "title": title,
        "foot": foot,
        "sections": [{"title": head, "texts": texts} for head, texts in _plain(content)],
        "figures": [
            [one["say"], one["text"], f"{one['measure']} {one['begin']} – {one['end']}", str(one["rows"])] for one in figures_of(content)
        ],
    }
    return typeset(Path(__file__).with_name("bulletin.typ"), data)


def bulletin_docx(title: str, content: Sequence[Mapping[str, Any]], foot: str) -> bytes:
    """The same as a Word document."""
    document = docx.Document()
    document.add_heading(title, 1)
    for head, texts in _plain(content):
        document.add_heading(head, 2)
        for text in texts:
            document.add_paragraph(text)
    document.add_heading("数字的出处", 2)
    table = document.add_table(rows=1, cols=4)
    for cell, words in zip(table.rows[0].cells, ("数字", "数值", "查询", "明细行数"), strict=True):
        cell.text = words
    for one in figures_of(content):
        values = (one["say"], one["text"], f"{one['measure']} {one['begin']} – {one['end']}", str(one["rows"]))
        for cell, words in zip(table.add_row().cells, values, strict=True):
            cell.text = words
    document.add_paragraph(foot)
    made = BytesIO()
    document.save(made)
    return made.getvalue()
