"""Compiled rules: conditions as closures, and the same conditions told clause by clause."""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from keheng.kernel.logic.reasons import reasons
from keheng.kernel.logic.syntax import FUNCTIONS, parse
from keheng.kernel.logic.values import KINDS, TABLES, Facts, Value, alike, equal, literal, value_of

Condition = Callable[[Facts], bool | None]


def _different(a: Any, b: Any) -> bool:
    return not equal(a, b)


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: equal, ast.NotEq: _different, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_EQUALITIES = (equal, _different)
_ORDERED = frozenset({"number", "day"})


class Truth(Enum):
    """The answer to a rule."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


_TRUTHS = {True: Truth.MET, False: Truth.UNMET, None: Truth.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Trace:
    """One clause, or several joined by ``how`` (and, or, not): its text, its truth, the facts it reads and those that are missing.

    ``reason`` says in Chinese why a single clause is unknown: what is missing, or which values cannot be compared or calculated.
    """

    source: str
    truth: Truth
    how: str
    names: tuple[str, ...]
    missing: tuple[str, ...]
    parts: tuple[Trace, ...] = ()
    reason: str = ""

    def clauses(self) -> Iterator[Trace]:
        """The single clauses, in their order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.clauses()


@dataclass(frozen=True, slots=True)
class _Node:
    source: str
    how: str
    condition: Condition
    names: tuple[str, ...]
    parts: tuple[_Node, ...] = ()
    why: Callable[[Facts], str] = lambda _facts: ""

    def trace(self, facts: Facts) -> Trace:
        missing = tuple(name for name in self.names if facts.get(name) is None)
        parts = tuple(part.trace(facts) for part in self.parts)
        truth = _TRUTHS[self.condition(facts)]
        return Trace(self.source, truth, self.how, self.names, missing, parts, self.why(facts) if truth is Truth.UNKNOWN else "")


class Rule:
    """A compiled rule. Facts are int, Decimal, str, bool, date, or a list of rows; None or absent means not known yet."""

    __slots__ = ("_root", "condition", "names", "source")

    def __init__(self, source: str, root: _Node) -> None:
        self.source, self._root, self.names = source, root, root.names
        self.condition = root.condition

    def __call__(self, facts: Facts) -> Truth:
        """The truth of the rule for these facts."""
        return _TRUTHS[self.condition(facts)]

    def explain(self, facts: Facts) -> Trace:
        """The truth of every clause."""
        return self._root.trace(facts)


class Formula:
    """A compiled calculation; ``formula(facts)`` is its value, None as long as a part of it is unknown."""

    __slots__ = ("_value", "names", "source")

    def __init__(self, source: str, value: Value, names: tuple[str, ...]) -> None:
        self.source, self._value, self.names = source, value, names

    def __call__(self, facts: Facts) -> Any:
        """The value for these facts."""
        return self._value(facts)


def compile_value(source: str) -> Formula:
    """A calculation from its text, such as ``qty * price``; raises RuleError with all faults."""
    body, text = parse(source, "value")
    return Formula(text, value_of(body, text), _names(body))


def compile_rule(source: str) -> Rule:
    """A rule from its text; raises RuleError with all faults."""
    body, text = parse(source)
    return Rule(text, _compiled(body, text))


def settling(trace: Trace) -> list[str]:
    """Missing facts, first those that most open clauses wait for; none when the answer stands already."""
    waiting: Counter[str] = Counter()

    def look(node: Trace) -> None:
        if node.truth is Truth.UNKNOWN:
            if not node.parts:
                waiting.update(node.missing)
            for part in node.parts:
                look(part)

    look(trace)
    return [name for name, _ in waiting.most_common()]


def _compiled(node: ast.expr, source: str) -> _Node:
    text = ast.get_source_segment(source, node) or source
    names = _names(node)
    if isinstance(node, ast.BoolOp):
        parts = tuple(_compiled(part, source) for part in node.values)
        every = isinstance(node.op, ast.And)
        return _Node(text, "and" if every else "or", _joined([p.condition for p in parts], decided=not every), names, parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        part = _compiled(node.operand, source)
        return _Node(text, "not", _negated(part.condition), names, (part,))
    return _Node(text, "clause", _clause(node, source), names, why=partial(reasons, node, source))


def _names(node: ast.expr) -> tuple[str, ...]:
    """The facts that an expression reads, in the order of its text."""
    read = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id not in FUNCTIONS]
    return tuple(dict.fromkeys(part.id for part in sorted(read, key=lambda part: (part.lineno, part.col_offset))))


def _joined(conditions: Sequence[Condition], *, decided: bool) -> Condition:
    """Kleene's and (decided by a False) and or (decided by a True)."""

    def joined(facts: Facts) -> bool | None:
        answer: bool | None = not decided
        for condition in conditions:
            truth = condition(facts)
            if truth is decided:
                return decided
            if truth is None:
                answer = None
        return answer

    return joined


def _negated(condition: Condition) -> Condition:
    def negated(facts: Facts) -> bool | None:
        truth = condition(facts)
        return None if truth is None else not truth

    return negated


def _clause(node: ast.expr, source: str) -> Condition:
    if isinstance(node, ast.Compare):
        ends = [node.left, *node.comparators]
        conditions = [_comparison(a, op, b, source) for a, op, b in zip(ends[:-1], node.ops, ends[1:], strict=True)]
        return conditions[0] if len(conditions) == 1 else _joined(conditions, decided=False)
    value = value_of(node, source)
    return lambda facts: truth if isinstance(truth := value(facts), bool) else None


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, source: str) -> Condition:
    if isinstance(op, ast.In | ast.NotIn):
        return _membership(left, right, source, wanted=isinstance(op, ast.In))
    compare = _COMPARISONS[type(op)]
    if isinstance(left, ast.Name) and isinstance(right, ast.Constant):
        return _fact_against(left.id, compare, literal(right, source))
    first, second, kinds, equality = value_of(left, source), value_of(right, source), KINDS.get, compare in _EQUALITIES

    def comparison(facts: Facts) -> bool | None:
        a, b = first(facts), second(facts)
        kind = kinds(type(a))
        if kind is None or kind != kinds(type(b)) or not (equality or kind in _ORDERED):
            return None
        try:
            return compare(a, b)
        except ArithmeticError:  # a Decimal that is no number
            return None

    return comparison


def _fact_against(name: str, compare: Callable[[Any, Any], bool], constant: Any) -> Condition:
    """A field against a constant, the usual clause, with the kind of the constant known beforehand."""
    kind = KINDS[type(constant)]
    types = frozenset(t for t, k in KINDS.items() if k == kind and (compare in _EQUALITIES or kind in _ORDERED))

    def comparison(facts: Facts) -> bool | None:
        fact = facts.get(name)
        try:
            return compare(fact, constant) if type(fact) in types else None
        except ArithmeticError:  # a Decimal that is no number
            return None

    return comparison


def _membership(left: ast.expr, right: ast.expr, source: str, *, wanted: bool) -> Condition:
    """Whether a value is in a list: known when it is found, or when it differs from every value of the list."""
    if isinstance(left, ast.Name) and isinstance(right, ast.List | ast.Tuple):
        constants = [part.value if isinstance(part, ast.Constant) else None for part in right.elts]
        if all(isinstance(constant, str) for constant in constants):
            return _text_among(left.id, frozenset(constants), wanted=wanted)
    item, group = value_of(left, source), value_of(right, source)

    def membership(facts: Facts) -> bool | None:
        sought, among = item(facts), group(facts)
        if sought is None or not isinstance(among, TABLES):
            return None
        same = [alike(sought, one) for one in among]
        if True in same:
            return wanted
        return None if None in same else not wanted

    return membership


def _text_among(name: str, texts: frozenset[Any], *, wanted: bool) -> Condition:
    """A field against a written list of texts, the usual one."""

    def membership(facts: Facts) -> bool | None:
        fact = facts.get(name)
        return (fact in texts) is wanted if type(fact) is str else None

    return membership
