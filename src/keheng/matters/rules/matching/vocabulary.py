"""What can be known of an enterprise: numbers, yes or no, choices; told by itself or read from shared data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from keheng.directory.service import districts, kinds
from keheng.kernel.errors import Problem, problem
from keheng.matters.rules.files.values import Name, Text

Kind = Literal["number", "yesno", "choice"]
Told = bool | Decimal | str
# Where shared data come from, and what kind of fact they are.
SOURCES: Mapping[str, Kind] = {
    "directory.kind": "choice", "directory.district": "choice", "directory.years": "number", "matters.granted": "number",
}  # fmt: skip
_YES, _NO = "yes", "no"
_LONGEST_NUMBER = 20
_A_YEAR = 12


class Fact(BaseModel):
    """A fact; what an enterprise tells is believed for ``months``, then it is unknown again.

    ``shared`` names the data it is read from instead; ``of`` is the matter that ``matters.granted`` counts over ``months``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    label: Text
    kind: Kind
    section: Text | Literal[""] = ""
    unit: str = ""
    hint: str = ""
    options: tuple[Text, ...] = ()
    least: Decimal = Field(Decimal(0), alias="min")
    most: Decimal = Field(Decimal(1_000_000_000), alias="max")
    places: int = Field(0, ge=0, le=4)
    months: Annotated[int, Field(ge=1, le=120)] = 12
    shared: str = ""
    of: str = ""

    def believed(self, told_on: date, day: date) -> bool:
        """Whether what was told on a day still counts on another: so many whole months have not gone by."""
        return told_on >= self.believed_since(day)

    def believed_since(self, day: date) -> date:
        """The first day on which something may have been told that still counts on another."""
        months = day.year * _A_YEAR + day.month - 1 - self.months
        year, month = months // _A_YEAR, months % _A_YEAR + 1
        return date(year, month, 1) + timedelta(days=min(day.day, monthrange(year, month)[1]))

    def understood(self, text: str) -> Told | None:
        """What a kept or typed text says; None where it says nothing that fits."""
        if self.kind == "yesno":
            return {_YES: True, _NO: False}.get(text)
        if self.kind == "choice":
            return text if text in self.options else None
        return self._number(text)

    def _number(self, text: str) -> Decimal | None:
        try:
            number = Decimal(text.replace(",", "").strip()[: _LONGEST_NUMBER + 1])
        except InvalidOperation:
            return None
        if not number.is_finite() or not self.least <= number <= self.most or number != round(number, self.places):
            return None
        return number

    def kept(self, value: Told) -> str:
        """How a value is kept and put into a form again."""
        if isinstance(value, bool):
            return _YES if value else _NO
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def problem_of(self, text: str) -> Problem | None:
        """What is wrong with a text that was typed; nothing with a blank, which tells nothing."""
        if not text or self.understood(text) is not None:
            return None
        if self.kind == "number":
            least, most = (f"{one.normalize():f}" for one in (self.least, self.most))
            given = text[:_LONGEST_NUMBER]
            return problem("POLICY_FACT_NUMBER", self.id, label=self.label, given=given, least=least, most=most, places=self.places)
        return problem("POLICY_FACT_CHOICE", self.id, label=self.label)


def said_as(fact: Fact, value: Told) -> str:
    """A value as it stands in a Chinese form: shared choices by their words; yes and no as forms are typed."""
    if fact.shared == "directory.district":
        return districts().get(str(value), str(value))
    return kinds()[str(value)].zh if fact.shared == "directory.kind" else fact.kept(value)


class Vocabulary(BaseModel):
    """A system's facts, and the kinds of units whose policies are matched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: tuple[Text, ...] = Field(min_length=1)
    facts: tuple[Fact, ...] = Field(min_length=1)
