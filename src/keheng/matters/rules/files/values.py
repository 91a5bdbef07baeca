"""Values that stand in a matter's file: names, spans of days, rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from keheng.kernel.logic import Formula, Rule, RuleError, compile_rule, compile_value
from keheng.kernel.working_days import WorkingCalendar

_SPAN = re.compile(r"([1-9]\d{0,3})(wd|d)")
_MONTHS = re.compile(r"([1-9]\d{0,2})(m|y)")
_MONTHS_A_YEAR = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """So many days: working days (``5wd``), or days of the calendar (``15d``)."""

    days: int
    working: bool = True

    def after(self, day: date, calendar: WorkingCalendar) -> date:
        """The last day of a span that begins after a day: the day itself does not count."""
        return calendar.add(day, self.days) if self.working else day + timedelta(days=self.days)

    def passed(self, since: date, until: date, calendar: WorkingCalendar) -> int:
        """How many of its days lie in ``(since, until]``; never negative."""
        if until <= since:
            return 0
        one = timedelta(days=1)
        return calendar.count(since + one, until + one) if self.working else (until - since).days

    def __str__(self) -> str:
        """As files write it."""
        return f"{self.days}{'wd' if self.working else 'd'}"


@dataclass(frozen=True, slots=True)
class Months:
    """So many months, such as a certificate's term (``12m``, ``2y``)."""

    count: int

    def after(self, day: date) -> date:
        """The same day of a later month; the last of that month where it has no such day."""
        month = day.month - 1 + self.count
        first = date(day.year + month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1)
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _span(value: Any) -> Span:
    if isinstance(value, Span):
        return value
    found = _SPAN.fullmatch(str(value))
    if found is None:
        raise PydanticCustomError("span", "应写作 5wd（工作日）或 15d（自然日）/ write 5wd (working days) or 15d (days)")
    return Span(int(found[1]), found[2] == "wd")


def _months(value: Any) -> Months:
    if isinstance(value, Months):
        return value
    found = _MONTHS.fullmatch(str(value))
    if found is None:
        raise PydanticCustomError("months", "应写作 12m（月）或 10y（年）/ write 12m (months) or 10y (years)")
    return Months(int(found[1]) * (_MONTHS_A_YEAR if found[2] == "y" else 1))


def _compiled(compile_text: Callable[[str], T]) -> Callable[[Any], T]:
    def compiled(value: Any) -> T:
        if not isinstance(value, str):
            raise PydanticCustomError("rule", "规则是一段文字，请加引号 / a rule is a text: put it in quotes")
        try:
            return compile_text(value)
        except RuleError as error:
            said = "；".join(f"第 {fault.column} 字：{fault.zh} / {fault.en}" for fault in error.faults)
            raise PydanticCustomError("rule", "{said}", {"said": said}) from error

    return compiled


def _one_line(value: Any) -> Any:
    """A text over several lines of the file is one line: blanks at line ends are no meaning."""
    return " ".join(value.split()) if isinstance(value, str) else str(value) if type(value) in {int, float, date} else value


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MatterId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}(\.[a-z0-9][a-z0-9-]{0,39})+$")]
Dotted = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
# An answer of the case that this one follows from, or its number.
ParentField = Annotated[str, StringConstraints(pattern=r"^parent\.[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=2_000)]
Days = Annotated[Span, PlainValidator(_span)]
Term = Annotated[Months, PlainValidator(_months)]
Condition = Annotated[Rule, PlainValidator(_compiled(compile_rule))]
Calculation = Annotated[Formula, PlainValidator(_compiled(compile_value))]
