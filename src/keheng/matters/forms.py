"""Input of matters: answers as a page posts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from keheng.kernel.row_numbers import whole
from keheng.matters.rules.files.parts import FormField

_MOST_ROWS = 500
_NUMBER = re.compile(r"\d{1,3}")


def typed_answers(fields: Iterable[FormField], posted: QueryDict) -> dict[str, Any]:
    """What was typed into the questions that were on the page; a page without a question leaves it as it is."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.formula is not None or f"mark-{field.id}" not in posted:
            continue
        if field.type == "table":
            found[field.id] = _rows(field, posted)
        elif field.type == "choices":
            found[field.id] = posted.getlist(field.id)
        else:
            found[field.id] = posted.get(field.id, "")
    return found


def typed_with_move(fields: Iterable[FormField], posted: QueryDict) -> dict[str, Any]:
    """What was typed into the questions of a move."""
    return {field.id: _rows(field, posted) if field.type == "table" else posted.get(field.id, "") for field in fields}


def seen_in(posted: QueryDict) -> int:
    """The mark of the case as its page was read, which no case has when none was sent."""
    seen = whole(posted.get("seen", ""))
    return -1 if seen is None else seen


def _rows(field: FormField, posted: QueryDict) -> list[dict[str, str]]:
    columns = {col.id for col in field.cols}
    rows: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        head, _, rest = name.partition("-")
        number, _, column = rest.partition("-")
        if head == field.id and column in columns and _NUMBER.fullmatch(number):
            rows.setdefault(int(number), {})[column] = str(value)
    return [rows[number] for number in sorted(rows)[:_MOST_ROWS]]


def seen_marks(fields: Iterable[FormField], posted: Mapping[str, Any]) -> dict[str, int]:
    """The marks of answers that the page was made with."""
    marks = {field.id: str(posted.get(f"mark-{field.id}", "")) for field in fields}
    return {name: int(mark) for name, mark in marks.items() if _NUMBER.fullmatch(mark)}


class SheetForm(forms.Form):
    """A sheet of cases, and what becomes of it when some rows are faulty."""

    file = forms.FileField(
        label="表格文件", help_text="XLSX、XLS 或 CSV，不超过 10 MB", widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"})
    )
    partly = forms.BooleanField(label="有问题的行退回，其余的照样导入", help_text="不选时，全部检查无误才导入。", required=False)
