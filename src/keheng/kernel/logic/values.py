"""Values of a rule as closures over the facts: a value, or None as long as it is unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keheng.kernel.logic.syntax import date_of, decimal_of

Facts = Mapping[str, Any]
Value = Callable[[Facts], Any]

# Values of different kinds are never compared: whether "5" is 5, or at least 3, is unknown.
KINDS = {int: "number", Decimal: "number", str: "text", bool: "truth", date: "day"}
TABLES = (list, tuple)
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
# Beyond all amounts: keeps a chain of products from growing without end. A bound of each type, as mixed comparisons are slow.
_LARGEST = {int: 10**30, Decimal: Decimal(10) ** 30}


def value_of(node: ast.expr, source: str) -> Value:
    """The closure of an expression that has a value."""
    if isinstance(node, ast.Constant):
        return _constant(literal(node, source))
    if isinstance(node, ast.Name):
        return _fact(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = value_of(node.operand, source)
        return lambda facts: _calculated(operator.sub, 0, inner(facts))
    if isinstance(node, ast.BinOp):
        return _arithmetic(node, source)
    if isinstance(node, ast.List | ast.Tuple):
        parts = [value_of(part, source) for part in node.elts]
        return lambda facts: [part(facts) for part in parts]
    if isinstance(node, ast.Call):
        return _call(node, source)
    raise AssertionError(f"{ast.dump(node)} is a condition, not a value")


def literal(node: ast.Constant, source: str) -> Any:
    """A written constant; decimals as they are written, never as binary fractions."""
    return decimal_of(node, source) if isinstance(node.value, float) else node.value


def equal(a: Any, b: Any) -> bool:
    """Whether two values of one kind are the same; raises ArithmeticError, where ``==`` would just say no, for what is no number."""
    return not (a < b or a > b)


def alike(a: Any, b: Any) -> bool | None:
    """Whether two values are the same; None when one is missing, when their kinds differ, and for what is no number."""
    kind = KINDS.get(type(a))
    if kind is None or kind != KINDS.get(type(b)):
        return None
    try:
        return equal(a, b)
    except ArithmeticError:
        return None


def _constant(value: Any) -> Value:
    return lambda _facts: value


def _fact(name: str) -> Value:
    return lambda facts: facts.get(name)


def _arithmetic(node: ast.BinOp, source: str) -> Value:
    left, right = value_of(node.left, source), value_of(node.right, source)
    if isinstance(node.op, ast.Div):
        return lambda facts: _calculated(_divided, left(facts), right(facts))
    operation = _ARITHMETIC[type(node.op)]
    return lambda facts: _calculated(operation, left(facts), right(facts))


def _divided(a: Any, b: Any) -> Decimal:
    return Decimal(a) / Decimal(b)


def _calculated(operation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """The result of numbers, or of a day and a number of days; None for anything else, for x ÷ 0, and beyond all amounts."""
    try:
        if type(a) in _LARGEST and type(b) in _LARGEST:
            return _within(operation(a, b))
        if type(a) is date and type(b) is int and operation in {operator.add, operator.sub}:
            return operation(a, timedelta(days=b))
    except ArithmeticError:
        return None
    return None


def _within(result: Any) -> Any:
    return result if abs(result) < _LARGEST[type(result)] else None


def _call(node: ast.Call, source: str) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "date":
        return _constant(date_of(node))
    first = value_of(node.args[0], source)
    if name == "count":
        return lambda facts: len(table) if isinstance(table := first(facts), TABLES) else None
    if name == "sum":
        column = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
        return lambda facts: _total(first(facts), column)
    second = value_of(node.args[1], source)
    return lambda facts: _days(first(facts), second(facts))


def cells(table: Any, column: Any) -> list[Any]:
    """The cells of a column, None where a row has none."""
    return [row.get(column) if isinstance(row, Mapping) else None for row in table]


def _total(table: Any, column: Any) -> Any:
    """The sum of a column; unknown when a cell is missing or no number, and beyond all amounts."""
    if not isinstance(table, TABLES):
        return None
    found = cells(table, column)
    try:
        return _within(sum(found)) if all(type(cell) in _LARGEST for cell in found) else None
    except ArithmeticError:
        return None


def _days(begin: Any, end: Any) -> int | None:
    return (end - begin).days if KINDS.get(type(begin)) == KINDS.get(type(end)) == "day" else None
