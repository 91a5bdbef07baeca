"""The funds table: amounts as integer fen, rate, points and score of budget execution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from keheng.appraisal.model import BLANK, Cell, FundLine, Funds, PrintedMoney
from keheng.appraisal.numerals import normalise, plain_number
from keheng.appraisal.quantity import parse_quantity
from keheng.appraisal.reading.pieces import Piece
from keheng.appraisal.reading.terms import funds_columns_in, is_word, label_of

_FEN = {"元": Decimal(100), "万元": Decimal(1_000_000), "亿元": Decimal(10_000_000_000), "": Decimal(100)}
_DECIMALS = re.compile(r"\.(\d+)")
_MONEY = ("initial", "annual", "executed")
_DEFAULT_ORDER = ("initial", "annual", "executed", "weight", "rate", "score")
_PERCENT = Decimal(100)
_MOST_EXECUTION_POINTS = 20
_DASHES = frozenset({"-", "--", "/", "—"})
# What it costs to leave a column of a funds line without a value.
_MISSING = {"annual": 0.9, "executed": 0.8, "initial": 0.3, "weight": 0.5, "score": 0.4, "rate": 0.5}
_HEADER_SPAN = 16
_SHORT_REASON = 4


def money(cell: Cell, unit: str) -> PrintedMoney | None:
    """A printed amount in fen, or None when the cell holds no plain number. ``unit`` is 元, 万元, 亿元 or empty (元)."""
    quantity = parse_quantity(cell.text)
    if quantity.value is None or quantity.dimension not in ("", "money") or quantity.high is not None:
        return None
    number = plain_number(cell.text)
    # An amount that brings its own unit (120万元) does not follow the table's.
    factor = _FEN[unit] if number is not None else _FEN.get(f"{quantity.multiplier}元", _FEN["元"])
    fen = (number * factor) if number is not None else quantity.value * _FEN["元"]
    places = _DECIMALS.search(normalise(cell.text))
    slack = factor.scaleb(-len(places[1]) if places else 0) / 2
    return PrintedMoney(int(fen.to_integral_value()), Cell(cell.text, cell.line, cell.page, cell.column, number), slack)


def printed_unit(pieces: Sequence[Piece]) -> str:
    """The money unit that a funds table prints in its labels: 万元, 元, 亿元, or empty."""
    text = "".join(piece.folded for piece in pieces)
    for unit in ("亿元", "万元"):
        if f"({unit})" in text or f":{unit}" in text or f"单位{unit}" in text:
            return unit
    return "元" if "(元)" in text or ":元" in text else ""


def read_funds(pieces: Sequence[Piece]) -> tuple[Funds, int, int] | None:
    """The funds table among the pieces of a head: (funds, index of its first piece, index behind it), or None."""
    header = _find_header(pieces)
    start = header[0] if header else 0
    order, begin = (header[1], header[2]) if header else (_DEFAULT_ORDER, 0)
    lines: list[tuple[Piece, list[Piece]]] = []
    index = begin
    end = begin
    while index < len(pieces):
        piece = pieces[index]
        size = _fund_label(pieces, index)
        if size:
            index += size
            values: list[Piece] = []
            while index < len(pieces) and not _fund_label(pieces, index) and not _ends_funds(pieces[index]):
                values.append(pieces[index])
                index += 1
            lines.append((piece, values))
            end = index
            continue
        if lines and _ends_funds(piece):
            break
        index += 1
    if not lines:
        return None
    unit = printed_unit(pieces[max(0, start - 4) : end])
    built = [_fund_line(label, values, order, unit) for label, values in lines]
    totals = [line for (label, _), line in zip(lines, built, strict=True) if _is_total(label.folded)]
    parts = tuple(line for (label, _), line in zip(lines, built, strict=True) if not _is_total(label.folded))
    total = totals[0] if totals else FundLine(BLANK)
    if total.annual is None and "annual" not in order:
        total = replace(total, annual=total.initial)
    return Funds(unit, total, parts), start if header else pieces.index(lines[0][0]), end


def _find_header(pieces: Sequence[Piece]) -> tuple[int, tuple[str, ...], int] | None:
    for index, piece in enumerate(pieces):
        following = pieces[index + 1].folded if index + 1 < len(pieces) else ""
        if not funds_columns_in(piece.folded) and not funds_columns_in(piece.folded + following):
            continue
        text, owners = "", []
        for i in range(index, min(len(pieces), index + _HEADER_SPAN)):
            text += pieces[i].folded
            owners.extend([i] * len(pieces[i].folded))
        found = funds_columns_in(text)
        # A heading over several columns (年度预算数) repeats the name of one of them: the last one counts.
        names = tuple(reversed(dict.fromkeys(name for _, _, name in reversed(found))))
        if len(names) >= 3 and "executed" in names:  # noqa: PLR2004 -- fewer heads could be labels of the 2019 head
            return index, names, owners[found[-1][1] - 1] + 1
    return None


def _bare(folded: str) -> str:
    return folded.removeprefix("其中").lstrip(":：").rstrip(":：").removesuffix("(元)").removesuffix("(万元)")


def _fund_label(pieces: Sequence[Piece], index: int) -> int:
    """How many pieces the fund label at an index takes; 0 when none stands there."""
    for size in (1, 2):
        bare = _bare("".join(piece.folded for piece in pieces[index : index + size]))
        if is_word("funds_total", bare) or is_word("funds_parts", bare):
            return size
    return 0


def _is_total(folded: str) -> bool:
    bare = _bare(folded)
    return is_word("funds_total", bare)


def _ends_funds(piece: Piece) -> bool:
    return label_of(piece.folded) is not None or is_word("side_labels", piece.folded)


def _fund_line(label: Piece, values: Sequence[Piece], order: tuple[str, ...], unit: str) -> FundLine:
    cells = _assign([piece for piece in values if not _is_comment(piece)], order)
    amounts = {name: money(cells[name], unit) for name in _MONEY if name in cells}
    return FundLine(
        label.cell(), amounts.get("initial"), amounts.get("annual"), amounts.get("executed"),
        _points(cells.get("weight", BLANK)), _rate(cells.get("rate", BLANK)), _points(cells.get("score", BLANK)),
    )  # fmt: skip


def _is_comment(piece: Piece) -> bool:
    return parse_quantity(piece.folded).value is None and len(piece.folded) >= _SHORT_REASON


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of a funds line: its cell, its number, whether it is a percentage or a dash."""

    cell: Cell
    number: Decimal | None
    percent: bool
    dash: bool


def _assign(pieces: Sequence[Piece], order: tuple[str, ...]) -> dict[str, Cell]:
    """Values to columns in printed order; where some are missing, the arithmetic of the line decides which."""
    if len(pieces) >= len(order) or not pieces:
        return {name: piece.cell() for name, piece in zip(order, pieces, strict=False)}
    values = [_Value(p.cell(), parse_quantity(p.folded).value, p.folded.endswith("%"), p.folded in _DASHES) for p in pieces]
    best = min(combinations(order, len(values)), key=lambda names: _oddness(dict(zip(names, values, strict=True))))
    return {name: value.cell for name, value in zip(best, values, strict=True)}


def _oddness(line: dict[str, _Value]) -> float:
    """How little an assignment looks like a funds line; amounts, rate and points must agree with each other."""
    cost = 0.0
    for name, value in line.items():
        if value.number is None:
            cost += 3.0 if name in _MONEY and not value.dash else 0.0
        elif value.percent != (name == "rate"):
            cost += 1.0 if name == "rate" else 4.0
        elif name in ("weight", "score") and value.number > _MOST_EXECUTION_POINTS:
            cost += 3.0
    if "annual" in line and "executed" in line and "rate" in line:
        annual, executed, rate = line["annual"].number, line["executed"].number, line["rate"].number
        if annual and executed is not None and rate is not None and abs(executed / annual * _PERCENT - rate) >= 1:
            cost += 3.0
    return cost + sum(missing for name, missing in _MISSING.items() if name not in line)


def _points(cell: Cell) -> Cell:
    value = plain_number(cell.text.removesuffix("分"))
    return Cell(cell.text, cell.line, cell.page, cell.column, value)


def _rate(cell: Cell) -> Cell:
    """A rate cell with its value in percent; ``0.98`` without a percent sign stays 0.98 for the reader to judge."""
    quantity = parse_quantity(cell.text)
    return Cell(cell.text, cell.line, cell.page, cell.column, quantity.value if quantity.is_number else None)


def paired_funds(values: dict[str, Cell], unit: str) -> Funds:
    """Funds of the 2019 head, where each amount stands behind its own label."""
    blank = Cell("")
    total = FundLine(
        values.get("annual_budget", blank),
        annual=money(values["annual_budget"], unit) if "annual_budget" in values else None,
        executed=money(values["executed"], unit) if "executed" in values else None,
        rate=_rate(values.get("execution_rate", blank)),
    )
    return Funds(unit, total, prior_year=money(values["prior_budget"], unit) if "prior_budget" in values else None)
