"""Cases by their number or its beginning, for whoever may open them."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.cases import cases_for, own_cases

# As ``kernel.numbers`` writes them: a series, a year, a number.
_BEGINNING = re.compile(r"([A-Z]+)-(?:([0-9]{1,4})|([0-9]{4})-([0-9]*))")
_SHORTEST, _MOST, _LOOKED_AT = 6, 8, 200


def numbered(actor: Principal, text: str) -> tuple[list[Case], list[Case]]:
    """Cases whose number begins so, the latest first: on the applicant's side, and on the office's; a few of each at most.

    Of the office's side the latest of that beginning are looked at, whoever may see them: so many rows are read and no more.
    """
    wanted = text.strip().upper()
    shape = _BEGINNING.fullmatch(wanted)
    if shape is None or len(wanted) < _SHORTEST:
        return [], []
    own = list(_between(own_cases(actor), wanted, shape)[:_MOST])
    near = list(_between(Case.objects.all(), wanted, shape).values_list("pk", flat=True)[:_LOOKED_AT])
    office = cases_for(actor).filter(pk__in=near).exclude(pk__in=[case.pk for case in own]).order_by("-number")
    return own, list(_for_a_line(office)[:_MOST])


def _between(rows: QuerySet[Case], wanted: str, shape: re.Match[str]) -> QuerySet[Case]:
    """A range of the index of numbers: a pattern alone would read all of them on SQLite."""
    series, year, number = shape[1], shape[2] or shape[3], shape[4] or ""
    low, high = (f"{series}-{year.ljust(4, digit)}-{number.ljust(5, digit)}" for digit in "09")
    return _for_a_line(rows.filter(number__gte=low, number__lte=high, number__startswith=wanted).order_by("-number"))


def _for_a_line(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.only("number", "title", "subject")
