"""A form laid out as a grid of cells with spans: what every renderer draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from keheng.appraisal.model import BLANK, Cell, EvaluationForm, FundLine, PrintedMoney, Row

_FEN = {"元": Decimal(100), "万元": Decimal(1_000_000)}
_AMOUNTS = ("initial", "annual", "executed")
_SIDE_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Box:
    """One drawn cell; ``head`` cells are set in bold on a tint, ``align`` is start, center or end."""

    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False
    align: str = "start"


@dataclass(frozen=True, slots=True)
class Grid:
    """Title, line below it, and rows of boxes on ``width`` columns; ``header`` is the index of the row that repeats."""

    title: str
    subtitle: str
    width: int
    rows: tuple[tuple[Box, ...], ...]
    header: int


@dataclass(slots=True)
class _Builder:
    layout: dict[str, Any]
    form: EvaluationForm
    rows: list[tuple[Box, ...]] = field(default_factory=list)

    @property
    def width(self) -> int:
        funds = self.layout.get("funds")
        return max(len(self.layout["table"]), len(funds["columns"]) + _SIDE_COLUMNS if funds else 0)


def lay_out(form: EvaluationForm, layout: dict[str, Any]) -> Grid:
    """The grid of a form in a layout; printed texts stay as they are, money is converted when the units differ."""
    builder = _Builder(layout, form)
    for labels in layout["head"]:
        builder.rows.append(_pairs(builder, labels))
    for labels in layout.get("pairs", ()):
        builder.rows.append(_pairs(builder, labels))
    if "funds" in layout:
        builder.rows.extend(_funds(builder))
    if "narrative" in layout:
        builder.rows.extend(_narrative(builder))
    for label, name in layout.get("lines", ()):
        builder.rows.append((Box(label, head=True), Box(_value(builder, name), builder.width - 1)))
    header = len(builder.rows)
    builder.rows.extend(_table(builder))
    builder.rows.append(_total(builder))
    if layout.get("grade"):
        builder.rows.append((Box(layout["grade"], _SIDE_COLUMNS, head=True), Box(form.grade.text, builder.width - _SIDE_COLUMNS)))
    year = layout["year"].format(year=form.year) if form.year else ""
    return Grid(layout["title"], year, builder.width, tuple(builder.rows), header)


def _value(builder: _Builder, name: str) -> str:
    form = builder.form
    if name in _AMOUNTS:
        return _amount(getattr(form.funds.total, name), builder)
    if name == "prior":
        return _amount(form.funds.prior_year, builder)
    if name == "rate":
        return form.funds.total.rate.text
    cell: Cell = getattr(form, name) if hasattr(form, name) else form.extras.get(name, BLANK)
    return cell.text


def _amount(money: PrintedMoney | None, builder: _Builder) -> str:
    """As printed where the unit is the layout's, else converted to it with two decimals."""
    if money is None:
        return ""
    unit = builder.layout["unit"]
    if money.cell.text and (builder.form.funds.unit or unit) == unit:
        return money.cell.text
    return f"{Decimal(money.fen) / _FEN[unit]:.2f}"


def _pairs(builder: _Builder, labels: Sequence[str]) -> tuple[Box, ...]:
    pairs = list(zip(labels[::2], labels[1::2], strict=True))
    room = builder.width // len(pairs)
    boxes: list[Box] = []
    for index, (label, name) in enumerate(pairs):
        columns = builder.width - room * (len(pairs) - 1) if index == len(pairs) - 1 else room
        boxes += [Box(label, head=True), Box(_value(builder, name), columns - 1)]
    return tuple(boxes)


def _funds(builder: _Builder) -> Iterator[tuple[Box, ...]]:
    funds, form = builder.layout["funds"], builder.form
    lines = [(funds["total"], form.funds.total), *((part.label.text, part) for part in form.funds.parts)]
    wide = builder.width - len(funds["columns"]) - 1
    heads = tuple(Box(label, head=True, align="center") for label, _ in funds["columns"])
    yield (Box(funds["label"], 1, len(lines) + 1, head=True), Box("", wide, head=True), *heads)
    for label, line in lines:
        yield (Box(label, wide, head=True), *(Box(_fund_text(line, name, builder), align="end") for _, name in funds["columns"]))


def _fund_text(line: FundLine, name: str, builder: _Builder) -> str:
    if name in _AMOUNTS:
        return _amount(getattr(line, name), builder)
    cell: Cell = getattr(line, name)
    return cell.text or ("-" if line is not builder.form.funds.total else "")


def _narrative(builder: _Builder) -> Iterator[tuple[Box, ...]]:
    narrative = builder.layout["narrative"]
    left = (builder.width - 1) // 2
    right = builder.width - 1 - left
    yield (
        Box(narrative["side"], 1, 2, head=True),
        Box(narrative["goal"], left, head=True, align="center"),
        Box(narrative["achieved"], right, head=True, align="center"),
    )
    yield (Box(builder.form.goal.text, left), Box(builder.form.achieved.text, right))


_ALIGN = {"weight": "end", "score": "end", "target": "center", "actual": "center"}


def _table(builder: _Builder) -> Iterator[tuple[Box, ...]]:
    columns, form = builder.layout["table"], builder.form
    spare = builder.width - len(columns)
    yield tuple(Box(label, 1 + (spare if i == len(columns) - 1 else 0), head=True, align="center") for i, (label, _) in enumerate(columns))
    spans = {name: _spans(form.rows, name) for name in ("level1", "level2")}
    for index, row in enumerate(form.rows):
        boxes = []
        for i, (_, name) in enumerate(columns):
            rows = spans[name][index] if name in spans else 1
            if rows:
                text = getattr(row, name).text if name != "note" else ""
                boxes.append(Box(text, 1 + (spare if i == len(columns) - 1 else 0), rows, align=_ALIGN.get(name, "start")))
        yield tuple(boxes)


def _spans(rows: Sequence[Row], name: str) -> list[int]:
    """Rows each level label covers; 0 where a label from above reaches down."""
    spans: list[int] = []
    for _, group in groupby(rows, key=lambda row: (row.level1.text, row.level2.text if name == "level2" else "")):
        size = len(list(group))
        spans += [size, *[0] * (size - 1)]
    return spans


def _total(builder: _Builder) -> tuple[Box, ...]:
    columns = [name for _, name in builder.layout["table"]]
    weight, score = columns.index("weight"), columns.index("score")
    spare = builder.width - len(columns)
    texts = {weight: builder.form.weight_total.text, score: builder.form.score_total.text}
    boxes = [Box(builder.layout["total"], weight, head=True)]
    boxes += [Box(texts.get(i, ""), 1 + (spare if i == len(columns) - 1 else 0), align="end") for i in range(weight, len(columns))]
    return tuple(boxes)
