"""Pieces of a matter's file about what an examiner sees for themselves: a claimed class judged by a scale, and lists to be ticked."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.values import Calculation, Condition, MatterId, Name, Text


class Fact(Part):
    """Where a scale finds a fact: a number ``value``, whole years since the date ``born``, what is always ``fixed``, or a ``field``.

    A field is of yes and no, or its options are named by ``values`` as the scale names them (``-``: none of them holds).
    """

    value: Calculation | None = None
    born: Name | None = None
    fixed: Text | None = None
    field: Name | None = None
    values: Mapping[Text, Text] = Field(default_factory=dict)


class Scale(Part):
    """A class that the applicant names in field ``claims``, judged by the routes of a scale; ``classes``: what its options are there."""

    routes: MatterId
    claims: Name
    classes: Mapping[Text, Text] = Field(min_length=1)
    facts: Mapping[Name, Fact] = Field(min_length=1)


class Check(Part):
    """A thing that must be seen or heard."""

    id: Name
    say: Text


class Checklist(Part):
    """Things that whoever acts as ``by`` ticks one by one, in cases where ``when`` holds; guard ``checklist.done`` waits for all."""

    title: Text
    by: Name
    when: Condition | None = None
    steps: tuple[Check, ...] = Field(min_length=1)
