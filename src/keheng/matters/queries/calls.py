"""What of a call is taken already, and how much of a quota is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.matters.models import Case, Correction, QuotaUse, Taken
from keheng.matters.rules.calls import call_of, taken_problem, wanted
from keheng.matters.rules.files.parts import Matter, Move
from keheng.matters.rules.form.answers import facts_of

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Allowance:
    """A holder's places of a quota in a call."""

    matter: str
    quota: str
    holder: str
    call: str
    most: int


def already_taken(matter: str, call: str, values: Iterable[str]) -> dict[tuple[str, str], int]:
    """The cases in which values stand, by kind and value."""
    some = sorted(set(values))
    found: dict[tuple[str, str], int] = {}
    for begin in range(0, len(some), _AT_ONCE):
        rows = Taken.objects.filter(matter=matter, call=call, value__in=some[begin : begin + _AT_ONCE])
        found |= {(kind, value): case for kind, value, case in rows.values_list("kind", "value", "case")}
    return found


def taken_problems(case: Case, matter: Matter, answers: Mapping[str, Any], day: date) -> list[Problem]:
    """Who and what of a case stands in another one of its call."""
    asked, call = wanted(matter, answers, case.unit_id, facts_of(matter, answers, day)), call_of(matter, day)
    if not asked:
        return []
    known = already_taken(matter.id, call, (value for _kind, value in asked))
    return [
        taken_problem(matter, kind, field, call) for (kind, value), field in asked.items() if known.get((kind, value), case.pk) != case.pk
    ]


def joined_problems(case: Case, matter: Matter, answers: Mapping[str, Any], day: date) -> list[Problem]:
    """Who did not stand in a case when it was handed in, in a place whose people stay; not where a correction asked for the number."""
    stay = {one.number for one in matter.people if one.stay}
    if case.submitted_at is None or not stay:
        return []
    asked = wanted(matter, answers, case.unit_id, facts_of(matter, answers, day))
    before = set(Taken.objects.filter(case=case, kind=Taken.Kind.PERSON).values_list("value", flat=True))
    new = [field for (kind, value), field in asked.items() if kind == Taken.Kind.PERSON and field in stay and value not in before]
    told = set(Correction.objects.filter(case=case, told__isnull=False, target__in=new).values_list("target", flat=True)) if new else set()
    return [problem("MATTER_PERSON_JOINED", field, label=matter.by_id[field].label) for field in new if field not in told]


def allowance(matter: Matter, name: str, unit: int | None, district: str, answers: Mapping[str, Any], day: date) -> Allowance:
    """The places that the unit or the district of a case has of a quota."""
    quota = matter.quotas[name]
    holder = str(unit or "") if quota.by == "unit" else district
    most = quota.places(district, str(answers.get(quota.of or "") or ""))
    return Allowance(matter.id, name, holder, call_of(matter, day), most)


def quota_problems(case: Case, matter: Matter, move: Move | None, answers: Mapping[str, Any], day: date) -> list[Problem]:
    """Whether the quota that a move takes a place of is used up."""
    if move is None or move.takes is None:
        return []
    one = allowance(matter, move.takes, case.unit_id, case.district, answers, day)
    used = (
        QuotaUse.objects.filter(matter=matter.id, call=one.call, quota=one.quota, holder=one.holder).values_list("taken", flat=True).first()
    )
    return [problem("MATTER_QUOTA", title=matter.quotas[one.quota].title, most=one.most)] if (used or 0) >= one.most else []
