"""Cells into typed values: what people type and what spreadsheet programs make of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from keheng.kernel import credit_code
from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets.layout import NO, YES, Cell, Column, shown

# A spreadsheet keeps 15 digits of a number: longer ones have lost their end.
_EXACT = 10**15
_BRIEF = 60
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{2}")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,12})?")
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]0{1,2}:00(?::00)?)?")
_EPOCH = date(1899, 12, 30)
# Day numbers of 1954 to 2119: dates whose Chinese format the file does not tell as a date.
_DAY_NUMBERS = range(20_000, 80_000)
_YEARS = range(1900, 2200)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"))
_YES = frozenset((YES, "TRUE"))
_NO = frozenset((NO, "FALSE"))


def read_cell(column: Column, cell: Cell) -> Any:
    """The typed value of a cell, None for a blank one; raises Refused with everything wrong with it."""
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in _FORMULA_ERRORS:
            raise Refused(problem("spreadsheet.formula_error", column.name, printed=_brief(cell)))
    if cell == "":
        if column.required:
            raise Refused(problem("spreadsheet.required", column.name, header=column.header_zh))
        return None
    value = _READERS[column.kind](column, cell)
    if column.longest is not None and isinstance(value, str) and len(value) > column.longest:
        raise Refused(problem("spreadsheet.too_long", column.name, longest=column.longest, length=len(value)))
    if column.check is not None and (found := [replace(one, field=column.name) for one in column.check(value)]):
        raise Refused(found)
    return value


def _brief(printed: str) -> str:
    """Enough of a cell to know it by, for messages."""
    return printed if len(printed) <= _BRIEF else f"{printed[:_BRIEF]}…"


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, str):
        if _SCIENTIFIC.fullmatch(cell):
            raise Refused(problem("spreadsheet.digits_lost", column.name, printed=_brief(cell)))
        if _CONTROLS.search(cell):
            raise Refused(problem("spreadsheet.control_characters", column.name))
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        raise Refused(problem("spreadsheet.digits_lost", column.name, printed=repr(cell)))
    return shown(cell)


def _plain(cell: str) -> str:
    """Half width, without any blanks."""
    return "".join((cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).replace("−", "-").split())


def _number(column: Column, cell: Cell) -> Decimal:
    if isinstance(cell, str):
        if _SCIENTIFIC.fullmatch(plain := _plain(cell)):
            raise Refused(problem("spreadsheet.digits_lost", column.name, printed=_brief(cell)))
        if _NUMBER.fullmatch(plain):
            number = Decimal(plain.replace(",", ""))
            if abs(number) >= _EXACT:
                raise Refused(problem("spreadsheet.too_large", column.name, printed=_brief(cell)))
            return number
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        if not abs(cell) < _EXACT:
            raise Refused(problem("spreadsheet.digits_lost", column.name, printed=repr(cell)))
        # Fifteen digits are what the spreadsheet shows; what follows comes from binary arithmetic.
        return Decimal(f"{cell:.15g}")
    raise Refused(problem("spreadsheet.number", column.name, printed=_brief(shown(cell))))


def _integer(column: Column, cell: Cell) -> int:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    number = _number(column, cell)
    if number != number.to_integral_value():
        raise Refused(problem("spreadsheet.integer", column.name, printed=_brief(shown(cell))))
    return int(number)


def _money(column: Column, cell: Cell) -> int:
    fen = _number(column, _plain(cell).removeprefix("¥").removesuffix("元") if isinstance(cell, str) else cell).scaleb(2)
    if fen != fen.to_integral_value():
        raise Refused(problem("spreadsheet.fen", column.name, printed=_brief(shown(cell))))
    return int(fen)


def _date(column: Column, cell: Cell) -> date:
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, float) and cell.is_integer() and int(cell) in _DAY_NUMBERS:
        day = _EPOCH + timedelta(days=int(cell))
    elif not isinstance(cell, bool) and (found := _DATE.fullmatch(unicodedata.normalize("NFKC", shown(cell)))):
        year, month, of_month = (int(part) for part in found.groups() if part and part.isdigit())
        try:
            day = date(year, month, of_month)
        except ValueError:
            day = None
    if day is None or day.year not in _YEARS:
        raise Refused(problem("spreadsheet.date", column.name, printed=_brief(shown(cell))))
    return day


def _boolean(column: Column, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    printed = shown(cell)
    if printed.upper() in _YES:
        return True
    if printed.upper() in _NO:
        return False
    raise Refused(problem("spreadsheet.boolean", column.name, printed=_brief(printed)))


def _choice(column: Column, cell: Cell) -> str:
    printed = shown(cell)
    value = column.stored.get(printed)
    if value is None:
        value = column.stored.get(unicodedata.normalize("NFKC", printed))
    if value is None:
        raise Refused(problem("spreadsheet.choice", column.name, printed=_brief(printed), choices="、".join(column.stored)))
    return value


def _credit_code(column: Column, cell: Cell) -> str:
    code = credit_code.normalise(_text(column, cell))
    if found := credit_code.problems_of(code, column.name):
        raise Refused(found)
    return code


_READERS: dict[str, Callable[[Column, Cell], Any]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _number,
    "money": _money,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "credit_code": _credit_code,
}
