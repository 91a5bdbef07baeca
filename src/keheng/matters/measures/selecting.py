"""Which cases a figure is about, and where they are opened.

Scopes ``matter`` and ``topic`` (one, or some: ``人才、学会``) narrow cases, ``answer.<field>`` those whose answer to a question of the
form is this text: ``answer.kind=故障``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact
from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Records, Scope
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.addresses import address, work_address
from keheng.matters.queries.cases import cases_for
from keheng.matters.rules.acting import applies_in
from keheng.matters.rules.files.shelf import shelf

_ANSWER = "answer."


def matters_about(topics: str) -> list[str]:
    """The ids of the matters about a topic, or one of some."""
    wanted = set(topics.split("、"))
    return [name for name, versions in shelf().items() if wanted & set(versions[-1].matter.topics)]


def answer_is(field: str, value: str, path: str = "") -> Exact:
    """The condition that a case's open answer to a question is this text; ``path`` leads to the case (``case__``)."""
    return Exact(KeyTextTransform(field, f"{path}answers"), value)


def narrowed(rows: QuerySet[Any], scope: Scope, path: str = "") -> QuerySet[Any]:
    """The rows whose case, at ``path`` (``case__``), is in the scope."""
    if "topic" in scope:
        rows = rows.filter(**{f"{path}matter__in": matters_about(scope["topic"])})
    if "matter" in scope:
        rows = rows.filter(**{f"{path}matter": scope["matter"]})
    for name in scope:
        if name.startswith(_ANSWER):
            rows = rows.filter(answer_is(name.removeprefix(_ANSWER), scope[name], path))
    return rows


def within(rows: QuerySet[Any], moment: str, period: Period, scope: Scope, path: str = "") -> QuerySet[Any]:
    """The rows whose ``moment`` lies in the period, whose case at ``path`` is in the scope."""
    zone = get_current_timezone()
    begin, end = datetime.combine(period.begin, time(), zone), datetime.combine(period.end, time(), zone)
    return narrowed(rows.filter(**{f"{moment}__gte": begin, f"{moment}__lt": end}), scope, path)


def submitted(period: Period, scope: Scope) -> QuerySet[Case]:
    """Cases that were handed in within the period."""
    return within(Case.objects.all(), "submitted_at", period, scope)


def ended(period: Period, scope: Scope) -> QuerySet[Case]:
    """Cases that ended by a decision or by themselves; what was withdrawn is nobody's result."""
    return within(Case.objects.exclude(end="withdrawn"), "ended_at", period, scope)


def _offices(actor: Principal, cases: Collection[int]) -> Mapping[int, str]:
    """Where the reader opens cases: the office's page, of one's own the applicant's; cases that are not open to the reader are left out."""
    found = cases_for(actor).filter(pk__in=cases).only("pk", "applicant", "unit")
    return {one.pk: address("case", one.pk) if applies_in(actor, one) else work_address(one.pk) for one in found}


# Rows that are cases, rows of a case, and payments on one.
CASES = Records("case", "id", "number", _offices)
CASE_OF_ROW = Records("case", "case", "number", _offices)
PAID_CASE = Records("case", "case", "number_of_case", _offices)
