"""What may stand in a rule. Everything else is refused with its place and what to write instead, all faults at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

LONGEST, DEEPEST = 2_000, 100
FUNCTIONS = {"date": 1, "days": 2, "count": 1, "sum": 2}
_NODES = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Compare,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple,
    ast.Call,
)  # fmt: skip
_ALLOWED = (
    "只能用比较、and、or、not、in、+ - * / 和 date、days、count、sum",
    "use comparisons, and, or, not, in, + - * /, date, days, count, sum",
)
_FIELD = "请直接写字段名", "name the field itself"
_EQUAL = "请用 == 或 !=", "use == or !="
_INSTEAD: dict[type[ast.AST], tuple[str, tuple[str, str]]] = {
    ast.Attribute: ("“.”", _FIELD),
    ast.Subscript: ("[ ]", _FIELD),
    ast.Pow: ("**", ("请写成连乘", "write a product")),
    ast.Is: ("is", _EQUAL),
    ast.IsNot: ("is not", _EQUAL),
    ast.IfExp: ("if … else", ("请用 and、or 写成条件", "write a condition with and, or")),
}
_FULL_WIDTH = frozenset("（）［］，：；“”‘’＝＜＞！＋－＊／≥≤≠×÷。、")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the text of a rule; ``column`` counts characters from 1."""

    column: int
    zh: str
    en: str


class RuleError(ValueError):
    """A text is no rule; ``faults`` tells everything that is wrong with it, from left to right."""

    def __init__(self, source: str, faults: list[Fault]) -> None:
        self.source, self.faults = source, tuple(faults)
        super().__init__("; ".join(f"{fault.column}: {fault.zh} / {fault.en}" for fault in faults))


def parse(source: str, role: str = "condition") -> tuple[ast.expr, str]:
    """The expression of a condition, or of a value, and the text its places refer to (without blanks around it); raises RuleError."""
    if len(source) > LONGEST:
        raise RuleError(source, [Fault(LONGEST, f"规则超过 {LONGEST} 字，请拆分", f"longer than {LONGEST} characters: split it")])
    # Python's parser ends lines at \r too; the same length keeps every column.
    text = source.replace("\r\n", " \n").replace("\r", "\n").strip()
    before = len(source) - len(source.lstrip())
    try:
        body = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise RuleError(source, [_moved(_torn(error, text), before)]) from error
    except (ValueError, MemoryError, RecursionError) as error:
        zh, en = (
            "含有不能使用的字符，或嵌套过深：请重新输入或拆分",
            "holds characters that cannot be used, or nests too deeply: type it anew or split it",
        )
        raise RuleError(source, [Fault(1, zh, en)]) from error
    faults = sorted(_faults(body, text, role), key=lambda fault: fault.column)
    if faults:
        raise RuleError(source, [_moved(fault, before) for fault in faults])
    return body, text


def decimal_of(node: ast.Constant, source: str) -> Decimal:
    """A number with a point or an exponent as it is written; raises InvalidOperation beyond what Decimal holds."""
    return Decimal((ast.get_source_segment(source, node) or "").replace("_", ""))


def date_of(node: ast.Call) -> date | None:
    """The day of a ``date("…")`` call; None when it is none."""
    argument = node.args[0]
    try:
        return date.fromisoformat(argument.value) if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
    except ValueError:
        return None


def _moved(fault: Fault, by: int) -> Fault:
    return replace(fault, column=fault.column + by)


def _column_of(node: ast.expr, source: str) -> int:
    """Where a part of a rule begins, in characters from 1; Python's parser counts bytes of a line."""
    lines = source.split("\n")
    return _characters_before(lines, node.lineno) + len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1


def _characters_before(lines: list[str], line: int) -> int:
    return sum(len(one) + 1 for one in lines[: line - 1])


def _torn(error: SyntaxError, source: str) -> Fault:
    """The fault of a text that Python cannot parse."""
    # Python gives offset 0 where the text ends too early.
    place = _characters_before(source.split("\n"), error.lineno or 1) + error.offset if error.offset else len(source)
    place = max(1, min(len(source), place))
    sign = source[place - 1 : place]
    if "nested" in (error.msg or ""):
        return Fault(place, "括号嵌套过深，请拆分规则", "brackets nest too deeply: split the rule")
    if sign in _FULL_WIDTH:
        return Fault(place, f"“{sign}”是全角符号，请改用半角符号", f"{sign} is a full-width sign: use the ASCII one")
    if sign == "=":
        return Fault(place, "相等请写作 ==", "equality is written ==")
    return Fault(place, "不成一条规则，请检查括号、引号和运算符", "not an expression: check brackets, quotes, operators")


def _faults(body: ast.expr, source: str, whole: str) -> Iterator[Fault]:
    """All faults, each part looked at in its role: a condition, a value, or a group after ``in``."""
    waiting: list[tuple[ast.expr, int, str]] = [(body, 1, whole)]
    while waiting:
        node, depth, role = waiting.pop()
        column = _column_of(node, source)
        if depth > DEEPEST:
            yield Fault(column, f"嵌套超过 {DEEPEST} 层，请拆分规则", f"nests more than {DEEPEST} levels: split the rule")
            return
        refused = next((part for part in (node, *_operators(node)) if not isinstance(part, _NODES)), None)
        if refused is not None:
            sign, (zh, en) = _INSTEAD.get(type(refused), (type(refused).__name__, _ALLOWED))
            yield Fault(column, f"不能使用 {sign}：{zh}", f"{sign} cannot be used: {en}")
        own = list(_own_faults(node, column, source))
        yield from own or _role_faults(node, role, column)
        waiting.extend((child, depth + 1, wanted) for child, wanted in _children(node))


def _operators(node: ast.expr) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return [*node.ops]
    return [node.op] if isinstance(node, ast.UnaryOp | ast.BinOp) else []


def _children(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The parts of a node that is allowed, each with the role it has there."""
    if isinstance(node, ast.BoolOp):
        yield from ((part, "condition") for part in node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand, "condition" if isinstance(node.op, ast.Not) else "value"
    elif isinstance(node, ast.BinOp):
        yield from ((node.left, "value"), (node.right, "value"))
    elif isinstance(node, ast.Compare):
        yield node.left, "value"
        yield from (
            (b, "group" if isinstance(op, ast.In | ast.NotIn) else "value") for op, b in zip(node.ops, node.comparators, strict=True)
        )
    elif isinstance(node, ast.List | ast.Tuple):
        yield from ((part, "value") for part in node.elts)
    elif isinstance(node, ast.Call):
        yield from ((part, "value") for part in node.args)


def _role_faults(node: ast.expr, role: str, column: int) -> Iterator[Fault]:
    condition = isinstance(node, ast.BoolOp | ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    either = isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, bool))
    group = isinstance(node, ast.List | ast.Tuple)
    if not isinstance(node, _NODES):
        return
    if role == "condition" and not (condition or either):
        yield Fault(column, "这里应当是一个条件，例如比较", "a condition is expected here, such as a comparison")
    elif role == "group" and not (group or isinstance(node, ast.Name)):
        yield Fault(column, 'in 的右边应是列表或表格字段，如 ["企业", "高校"]', 'after in stands a list such as ["a", "b"], or a field')
    elif role != "condition" and condition:
        yield Fault(column, "条件不能再作比较或计算，请用 and、or 连接", "a condition cannot be compared or calculated: join it by and, or")
    elif role == "value" and group:
        yield Fault(column, "列表只能写在 in 的右边", "a list stands only after in")


def _own_faults(node: ast.expr, column: int, source: str) -> Iterator[Fault]:
    if isinstance(node, ast.Constant):
        yield from _constant_faults(node, column, source)
    elif isinstance(node, ast.Call):
        yield from _call_faults(node, column)
    elif isinstance(node, ast.Name) and node.id in FUNCTIONS:
        yield Fault(column, f"{node.id} 是函数，不能作字段名，请改名", f"{node.id} is a function, not a field: use another name")


def _constant_faults(node: ast.Constant, column: int, source: str) -> Iterator[Fault]:
    if node.value is None:
        yield Fault(column, "不必判断空值：缺少的字段自动为待定", "no need to ask for None: a missing field is unknown by itself")
    elif type(node.value) not in {int, float, str, bool}:
        yield Fault(
            column,
            f"不能使用 {node.value!r}：只能写数字、文字、True、False",
            f"{node.value!r} cannot be used: write numbers, text, True, False",
        )
    elif isinstance(node.value, float):
        try:
            decimal_of(node, source)
        except InvalidOperation:
            yield Fault(column, "这个数过大或过小，请检查", "this number is too large or too small: check it")


def _call_faults(node: ast.Call, column: int) -> Iterator[Fault]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        known = "、".join(FUNCTIONS)
        yield Fault(column, f"没有这个函数；可用：{known}", f"no such function; known: {known}")
    elif node.keywords or len(node.args) != FUNCTIONS[name]:
        yield Fault(column, f"{name} 需要 {FUNCTIONS[name]} 个参数", f"{name} takes {FUNCTIONS[name]} arguments")
    elif name == "date" and date_of(node) is None:
        yield Fault(column, '日期应写作 date("2026-11-21")', 'a date reads date("2026-11-21")')
    elif name in {"count", "sum"} and not isinstance(node.args[0], ast.Name):
        yield Fault(column, f"{name} 的第一个参数是表格字段名", f"the first argument of {name} is the name of a table")
    elif name == "sum" and not (isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)):
        yield Fault(column, 'sum 的第二个参数是列名，如 sum(table, "amount")', "the second argument of sum is the name of a column")
