"""How a policy is applied for, as its file says it: what is given, what else is asked, who decides within which days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.parts import FormField, Material
from keheng.matters.rules.files.values import Calculation, Days, Dotted, Span, Term, Text


class Apply(Part):
    """The ``apply:`` part of a policy; an application matter is made from it (``making.py``).

    ``award`` is the amount in yuan, a number or computed from ``fields``; without it nothing is paid. ``fields`` and ``materials`` are
    asked besides the facts of the clauses, ``sample`` answers them in the tests that are made. ``decide`` and ``law`` are the promised
    and the legal days of a decision, ``pay`` those of the payment (快申快享: within 60 working days), ``publicity`` those in which
    anybody may object. ``examines`` and ``decides`` are permissions. ``told``: facts that a firm told of itself suffice to open its
    case without being asked; ``confirm`` are the days it has to accept. A firm has the policy ``once``, or once each ``year``.
    ``code`` is the code of the matter (实施编码).
    """

    needs: tuple[Text, ...] = Field(min_length=3)
    code: Text | Literal[""] = ""
    award: Calculation | None = None
    fields: tuple[FormField, ...] = ()
    materials: tuple[Material, ...] = ()
    sample: Mapping[str, Any] = Field(default_factory=dict)
    decide: Days = Span(10)
    law: Days = Span(20)
    pay: Days = Span(60)
    publicity: Days | None = None
    confirm: Days = Span(30)
    archive: Term
    examines: Dotted = "matters.case.examine"
    decides: Dotted = "matters.case.decide"
    told: bool = False
    every: Literal["once", "year"] = "once"
