"""Why a clause is unknown, in words for the people who fill in a form. Slow beside the answer itself, and asked only to explain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from keheng.kernel.logic.values import KINDS, TABLES, Facts, alike, cells, value_of

_KINDS_ZH = {"number": "数字", "text": "文字", "truth": "是否", "day": "日期"}
_ROWS_NAMED = 3


def reasons(node: ast.expr, source: str, facts: Facts) -> str:
    """What keeps a clause unknown, joined by ；, such as ``缺少 income`` or ``除数为 0：a / b``."""
    found = _of_comparison(node, source, facts) if isinstance(node, ast.Compare) else _of_condition(node, facts)
    return "；".join(dict.fromkeys(found))


def _of_condition(node: ast.expr, facts: Facts) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield f"缺少 {node.id}" if facts.get(node.id) is None else f"{node.id} 应为“是”或“否”，现为{_kind(facts[node.id])}"


def _of_comparison(node: ast.Compare, source: str, facts: Facts) -> Iterator[str]:
    ends = [node.left, *node.comparators]
    for left, op, right in zip(ends[:-1], node.ops, ends[1:], strict=True):
        inner = [*_of_value(left, source, facts), *_of_value(right, source, facts)]
        yield from inner
        if not inner:
            a, b = value_of(left, source)(facts), value_of(right, source)(facts)
            yield from (
                _of_group(a, b, _text(right, source)) if isinstance(op, ast.In | ast.NotIn) else _of_pair(op, a, b, _text(node, source))
            )


def _of_pair(op: ast.cmpop, a: Any, b: Any, text: str) -> Iterator[str]:
    kind, other = _kind(a), _kind(b)
    if kind != other:
        yield f"{kind}与{other}不能比较：{text}"
    elif isinstance(a, TABLES) or type(a) not in KINDS:
        yield f"{kind}不能比较：{text}"
    elif not isinstance(op, ast.Eq | ast.NotEq) and KINDS[type(a)] in {"text", "truth"}:
        yield f"{kind}没有大小之分：{text}"
    elif alike(a, b) is None:
        yield f"不是有效的数：{text}"


def _of_group(sought: Any, among: Any, text: str) -> Iterator[str]:
    if not isinstance(among, TABLES):
        yield f"{text} 不是列表，现为{_kind(among)}"
    elif any(one is None for one in among):
        yield f"{text} 中有空值"
    else:
        yield from (f"{_kind(sought)}与 {text} 中的{_kind(one)}不能比较" for one in among if alike(sought, one) is None)


def _of_value(node: ast.expr, source: str, facts: Facts) -> Iterator[str]:
    """What keeps a value unknown: the innermost parts that have none."""
    if isinstance(node, ast.Name):
        if facts.get(node.id) is None:
            yield f"缺少 {node.id}"
        return
    parts = node.args if isinstance(node, ast.Call) else [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    inner = [reason for part in parts for reason in _of_value(part, source, facts)]
    yield from inner
    if not inner and value_of(node, source)(facts) is None:
        yield _own(node, [value_of(part, source)(facts) for part in parts], _text(node, source))


def _own(node: ast.expr, values: list[Any], text: str) -> str:
    """Why a calculation with values has no result."""
    if isinstance(node, ast.Call):
        return _of_call(node, values, text)
    numbers = all(KINDS.get(type(value)) == "number" for value in values)
    if numbers and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and alike(values[1], 0):
        return f"除数为 0：{text}"
    if numbers or (KINDS.get(type(values[0])) == "day" and type(values[-1]) is int):
        return f"结果不是有效的数或日期，或超出范围：{text}"
    return f"{'与'.join(map(_kind, values))}不能这样计算：{text}"


def _of_call(node: ast.Call, values: list[Any], text: str) -> str:
    if node.args and isinstance(node.func, ast.Name) and node.func.id == "days":
        return f"days 需要两个日期：{text}"
    table, name = values[0], _text(node.args[0], text)
    if not isinstance(table, TABLES):
        return f"{name} 不是表格，现为{_kind(table)}"
    wrong = [number for number, cell in enumerate(cells(table, values[1]), 1) if KINDS.get(type(cell)) != "number"]
    if not wrong:
        return f"合计超出范围：{text}"
    rows = "、".join(map(str, wrong[:_ROWS_NAMED])) + (f" 行等 {len(wrong)}" if len(wrong) > _ROWS_NAMED else "")
    return f"{name} 第 {rows} 行缺少“{values[1]}”或不是数字"


def _kind(value: Any) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        return "无效的数"
    return "表格" if isinstance(value, TABLES) else _KINDS_ZH.get(KINDS.get(type(value), ""), "其他类型的值")


def _text(node: ast.expr, source: str) -> str:
    return node.id if isinstance(node, ast.Name) else ast.get_source_segment(source, node) or source
