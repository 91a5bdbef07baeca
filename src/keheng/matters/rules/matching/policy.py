"""A policy as its file describes it: clauses over facts of an enterprise, what it gives, and the matter it is applied for by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from keheng.matters.rules.matching.applying import Apply

Operator = Literal[">=", "<=", ">", "<", "==", "in", "not in", "is"]
_ORDERED = frozenset({">=", "<=", ">", "<"})
# Strict: a file's ``1`` is a number, not a yes.
Value = StrictBool | Decimal | str | tuple[str, ...]
# A clause is a bit of what is kept of a standing.
MOST_CLAUSES = 30


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(_Part):
    """A condition on one fact: ``fact op value``, in words ``say``, from an article. ``cure`` says what would meet it."""

    say: str
    fact: str
    op: Operator
    value: Value
    art: str
    cure: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        kind = type(self.value)
        wanted = {"is": bool, "in": tuple, "not in": tuple, "==": str}.get(self.op, Decimal)
        if kind is not wanted:
            raise ValueError(f"{self.say}: {self.op} is asked of {wanted.__name__}, not of {kind.__name__}")
        return self

    @property
    def numeric(self) -> bool:
        """Whether it compares numbers."""
        return self.op in _ORDERED


class Policy(_Part):
    """A policy in force within ``[begin, end)``; ``shared`` where all its facts come from shared data, so that nobody need apply.

    It is applied for by a ``matter`` there is, or by the one that is made from ``apply``.
    """

    id: str
    version: date
    title: str
    office: str
    begins: date = Field(alias="from")
    ends: date | None = Field(None, alias="to")
    gives: str
    matter: str = ""
    apply: Apply | None = None
    shared: bool = False
    clauses: tuple[Clause, ...] = Field(max_length=MOST_CLAUSES)
    source: Mapping[str, str | bool]

    @model_validator(mode="after")
    def _has_clauses(self) -> Self:
        if not self.clauses:
            raise ValueError(f"{self.id}: a policy without a clause is for everybody, which none is")
        return self

    @property
    def offers(self) -> bool:
        """Whether a case is opened for a unit that meets it, which only confirms (免申即享)."""
        return self.apply is not None and (self.shared or self.apply.told)

    @property
    def unasked(self) -> bool:
        """Whether nobody need apply."""
        return self.shared or self.offers

    @property
    def applied_by(self) -> str:
        """The matter that it is applied for by; '' for none."""
        if self.apply is None:
            return self.matter
        system, _, name = self.id.partition(".")
        return f"{system}.apply-{name.replace('.', '-')}"
