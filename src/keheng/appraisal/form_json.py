"""Forms as JSON and back: what ``show --format json`` prints and ``render`` reads.

Printed text stays text; numbers are JSON numbers or null. The documented keys are enough to make a form; the ``cells``
of each row and form keep printed strings and places, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from keheng.appraisal.model import BLANK, Cell, Column, EvaluationForm, FormKind, FundLine, Funds, PrintedMoney, Row, Unread
from keheng.appraisal.numerals import plain_number

_ROW_TEXTS = ("name", "level1", "level2", "target", "actual", "reason", "explanation", "rule")
_ROW_NUMBERS = ("weight", "score", "recheck")
_FORM_TEXTS = ("title", "project", "department", "unit", "goal", "achieved", "grade")
_AMOUNTS = ("initial", "annual", "executed")
_POINTS = ("weight", "rate", "score")


class FormJsonError(ValueError):
    """A JSON form that cannot be used; ``problems`` lists everything that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "line": cell.line, "page": cell.page, "column": cell.column} | (
        {"value": str(cell.value)} if cell.value is not None else {}
    )


def _money(money: PrintedMoney | None) -> dict[str, Any] | None:
    return None if money is None else {"fen": money.fen, "slack": str(money.slack), "cell": _cell(money.cell)}


def _fund_line(line: FundLine) -> dict[str, Any]:
    amounts = {"initial": line.initial, "annual": line.annual, "executed": line.executed}
    plain: dict[str, Any] = {name: None if amount is None else amount.fen / 100 for name, amount in amounts.items()}
    points = {"weight": line.weight, "rate": line.rate, "score": line.score}
    plain |= {name: _number(cell.value) for name, cell in points.items()}
    cells = {name: _money(amount) for name, amount in amounts.items()} | {name: _cell(cell) for name, cell in points.items() if cell}
    return {"label": line.label.text} | plain | {"cells": cells | {"label": _cell(line.label)}}


def form_to_json(form: EvaluationForm) -> dict[str, Any]:
    """A form as a JSON value; money in yuan as numbers, in fen under ``cells``."""
    funds = form.funds
    return {
        "file": form.file,
        "form_index": form.form_index,
        "template": form.template,
        "kind": form.kind.value,
        "year": form.year,
        **{name: getattr(form, name).text for name in _FORM_TEXTS if name != "grade"},
        "funds": _fund_line(funds.total)
        | {"unit": funds.unit, "parts": [_fund_line(part) for part in funds.parts], "prior_year": _money(funds.prior_year)},
        "rows": [_row(row) for row in form.rows],
        "weight_total": _number(form.weight_total.value),
        "score_total": _number(form.score_total.value),
        "grade": form.grade.text,
        "unread": [{"what": item.what} | _cell(item.cell) for item in form.unread],
        "confidence": form.confidence,
        "columns": sorted(column.value for column in form.columns),
        "labels": sorted(form.labels),
        "extras": {label: _cell(cell) for label, cell in form.extras.items()},
        "lines": [form.first_line, form.last_line],
        "cells": {name: _cell(getattr(form, name)) for name in (*_FORM_TEXTS, "weight_total", "score_total")},
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "ordinal": row.ordinal,
        "level1": row.level1.text,
        "level2": row.level2.text,
        "name": row.name.text,
        "target": row.target.text,
        "actual": row.actual.text,
        "weight": _number(row.weight.value),
        "score": _number(row.score.value),
        "deviation": row.reason.text,
        "explanation": row.explanation.text,
        "rule": row.rule.text,
        "confidence": row.confidence,
        "line": row.name.line or row.weight.line,
        "is_execution": row.is_execution,
        "cells": {name: _cell(getattr(row, name)) for name in (*_ROW_TEXTS, *_ROW_NUMBERS) if getattr(row, name)},
    }


def form_from_json(data: Any) -> EvaluationForm:
    """A form from its JSON value; FormJsonError lists every problem at once."""
    problems: list[str] = []
    if not isinstance(data, Mapping):
        raise FormJsonError(["应为一个 JSON 对象 / a JSON object is expected"])
    rows = data.get("rows")
    if not isinstance(rows, list):
        problems.append("rows: 应为列表 / a list is expected")
        rows = []
    built = [_row_from(row, index, problems) for index, row in enumerate(rows, 1)]
    kind = data.get("kind", FormKind.SELF_EVALUATION.value)
    if kind not in {k.value for k in FormKind}:
        problems.append(f"kind: 未知 {kind}")
    columns = _columns(data, built, problems)
    year = data.get("year")
    if year is not None and not isinstance(year, int):
        problems.append("year: 应为整数或空 / an integer or null is expected")
    if problems:
        raise FormJsonError(problems)
    cells = data.get("cells", {})
    texts = {name: _text_cell(cells.get(name), data.get(name)) for name in _FORM_TEXTS}
    totals = {name: _number_cell(cells.get(name), data.get(name)) for name in ("weight_total", "score_total")}
    lines = data.get("lines", [0, 0])
    unread = tuple(Unread(item["what"], _cell_from(item)) for item in data.get("unread", []) if isinstance(item, Mapping))
    return EvaluationForm(
        str(data.get("file", "")), int(data.get("form_index", 1)), str(data.get("template", "unknown")), FormKind(kind), year=year,
        funds=_funds_from(data.get("funds") or {}), rows=tuple(built), columns=columns,
        labels=frozenset(data.get("labels", ())), extras={k: _cell_from(v) for k, v in data.get("extras", {}).items()},
        first_line=lines[0], last_line=lines[1], confidence=float(data.get("confidence", 1.0)), unread=unread, **texts, **totals,
    )  # fmt: skip


def _columns(data: Mapping[str, Any], rows: list[Row], problems: list[str]) -> frozenset[Column]:
    if "columns" not in data:
        used = {Column.NAME, Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE, Column.REASON}
        return frozenset(used | ({Column.RULE} if any(row.rule for row in rows) else set()))
    unknown = [name for name in data["columns"] if name not in {column.value for column in Column}]
    if unknown:
        problems.append(f"columns: 未知 {'、'.join(map(str, unknown))}")
    return frozenset(Column(name) for name in data["columns"] if name not in unknown)


def _cell_from(data: Mapping[str, Any]) -> Cell:
    value = data.get("value")
    return Cell(
        str(data.get("text", "")),
        data.get("line", 0),
        data.get("page", 0),
        data.get("column", 0),
        None if value is None else Decimal(value),
    )


def _text_cell(cell: Mapping[str, Any] | None, text: object) -> Cell:
    if cell is not None and (text is None or cell.get("text") == text):
        return _cell_from(cell)
    return Cell(str(text)) if text else BLANK


def _number_cell(cell: Mapping[str, Any] | None, number: object) -> Cell:
    if cell is not None:
        found = _cell_from(cell)
        if number is None or found.value is None or float(found.value) == number:
            return found
    return BLANK if number is None else Cell(str(number), value=Decimal(str(number)))


def _row_from(row: Any, index: int, problems: list[str]) -> Row:
    where = f"rows[{index}]"
    if not isinstance(row, Mapping):
        problems.append(f"{where}: 应为对象 / an object is expected")
        return Row(index, BLANK)
    for name in ("weight", "score"):
        if row.get(name) is not None and (isinstance(row[name], bool) or not isinstance(row[name], int | float)):
            problems.append(f"{where}.{name}: 应为数字或空 / a number or null is expected")
            return Row(index, BLANK)
    if not row.get("name") and not row.get("cells"):
        problems.append(f"{where}.name: 缺少指标名 / a name is expected")
    cells = row.get("cells", {})
    keys: dict[str, str] = {"reason": "deviation"}
    texts = {name: _text_cell(cells.get(name), row.get(keys.get(name, name))) for name in _ROW_TEXTS}
    numbers = {name: _number_cell(cells.get(name), row.get(name)) for name in _ROW_NUMBERS}
    return Row(index, is_execution=bool(row.get("is_execution", False)), confidence=float(row.get("confidence", 1.0)), **texts, **numbers)


def _money_from(cell: Mapping[str, Any] | None, yuan: object) -> PrintedMoney | None:
    if cell is not None:
        return PrintedMoney(int(cell["fen"]), _cell_from(cell["cell"]), Decimal(cell["slack"]))
    if yuan is None:
        return None
    value = plain_number(str(yuan))
    return None if value is None else PrintedMoney(int(value * 100), Cell(str(yuan), value=value), Decimal("0.5"))


def _line_from(data: Mapping[str, Any]) -> FundLine:
    cells = data.get("cells", {})
    initial, annual, executed = (_money_from(cells.get(name), data.get(name)) for name in _AMOUNTS)
    weight, rate, points = (_number_cell(cells.get(name), data.get(name)) for name in _POINTS)
    return FundLine(_text_cell(cells.get("label"), data.get("label")), initial, annual, executed, weight, rate, points)


def _funds_from(data: Mapping[str, Any]) -> Funds:
    prior = data.get("prior_year")
    return Funds(str(data.get("unit", "")), _line_from(data), tuple(_line_from(part) for part in data.get("parts", ())),
                 _money_from(prior, None) if isinstance(prior, Mapping) else _money_from(None, prior))  # fmt: skip
