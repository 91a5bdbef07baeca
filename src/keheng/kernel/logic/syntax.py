"""What may stand in a rule. Everything else is refused with its place, all faults at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LONGEST, DEEPEST = 2_000, 40
FUNCTIONS = {"date": 1, "days": 2, "count": 1, "sum": 2}
_NODES = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Compare,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple,
    ast.Call,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the text of a rule; ``column`` counts characters from 1."""

    column: int
    zh: str
    en: str


class RuleError(ValueError):
    """A text is no rule; ``faults`` tells everything that is wrong with it."""

    def __init__(self, source: str, faults: list[Fault]) -> None:
        self.source, self.faults = source, tuple(faults)
        super().__init__("; ".join(f"{fault.column}: {fault.zh} / {fault.en}" for fault in faults))


def column_of(node: ast.AST, source: str) -> int:
    """Where a part of a rule begins, in characters from 1; Python's parser counts bytes of a line."""
    line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    lines = source.split("\n")
    return sum(len(one) + 1 for one in lines[: line - 1]) + len(lines[line - 1].encode()[:offset].decode()) + 1


def parse(source: str) -> ast.expr:
    """The expression of a rule without blanks around it; raises RuleError."""
    if len(source) > LONGEST:
        raise RuleError(source, [Fault(LONGEST, f"规则超过 {LONGEST} 字，请拆分", f"longer than {LONGEST} characters: split it")])
    try:
        body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        place = error.offset or len(source) or 1
        fault = Fault(place, "不成一条规则，请检查括号、引号和运算符", "not an expression: check brackets, quotes, operators")
        raise RuleError(source, [fault]) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise RuleError(
            source, [Fault(1, "含有不能使用的字符，或嵌套过深", "holds characters that cannot be used, or nests too deeply")]
        ) from error
    faults = list(_faults(body, source))
    if faults:
        raise RuleError(source, faults)
    return body


def _faults(body: ast.expr, source: str) -> Iterator[Fault]:
    waiting: list[tuple[ast.AST, int]] = [(body, 1)]
    while waiting:
        node, depth = waiting.pop()
        column = column_of(node, source) if isinstance(node, ast.expr) else 1
        if depth > DEEPEST:
            yield Fault(column, f"嵌套超过 {DEEPEST} 层", f"nests more than {DEEPEST} levels")
            return
        if not isinstance(node, _NODES):
            yield Fault(column, f"不能使用 {type(node).__name__}", f"{type(node).__name__} cannot be used")
            continue
        yield from _own_faults(node, column)
        children = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
        waiting.extend((child, depth + 1) for child in children)


def _own_faults(node: ast.AST, column: int) -> Iterator[Fault]:
    if isinstance(node, ast.Constant) and type(node.value) not in {int, float, str, bool}:
        yield Fault(column, f"不能使用 {node.value!r}", f"{node.value!r} cannot be used")
    elif isinstance(node, ast.Call):
        yield from _call_faults(node, column)
    elif isinstance(node, ast.Name) and node.id in FUNCTIONS:
        yield Fault(column, f"{node.id} 是函数，不能作字段名", f"{node.id} is a function, not a field")


def _call_faults(node: ast.Call, column: int) -> Iterator[Fault]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        known = "、".join(FUNCTIONS)
        yield Fault(column, f"没有这个函数；可用：{known}", f"no such function; known: {known}")
    elif node.keywords or len(node.args) != FUNCTIONS[name]:
        yield Fault(column, f"{name} 需要 {FUNCTIONS[name]} 个参数", f"{name} takes {FUNCTIONS[name]} arguments")
    elif name == "date" and date_of(node) is None:
        yield Fault(column, '日期应写作 date("2026-11-21")', 'a date reads date("2026-11-21")')
    elif name == "sum" and not (isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)):
        yield Fault(column, 'sum 的第二个参数是列名，如 sum(table, "amount")', "the second argument of sum is the name of a column")


def date_of(node: ast.Call) -> date | None:
    """The day of a ``date("…")`` call; None when it is none."""
    argument = node.args[0]
    try:
        return date.fromisoformat(argument.value) if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
    except ValueError:
        return None
