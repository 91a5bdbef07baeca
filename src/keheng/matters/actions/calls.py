"""A case takes what a call gives away once, and gives it back. Part of the acts around it: the database decides who was first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from keheng.kernel.errors import Refused, problem
from keheng.matters.models import Case, PolicyCase, QuotaUse, Taken
from keheng.matters.queries.calls import Allowance, taken_problems
from keheng.matters.rules.calls import call_of, wanted
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.form.answers import facts_of


def take_names(case: Case, matter: Matter, answers: Mapping[str, Any], day: date) -> None:
    """Note who and what stands in a case that is handed in; raises Refused where another case was first."""
    asked, call = wanted(matter, answers, case.unit_id, facts_of(matter, answers, day)), call_of(matter, day)
    if not asked:
        return
    Taken.objects.filter(case=case).delete()
    rows = [Taken(case=case, matter=matter.id, call=call, kind=kind, value=value) for kind, value in sorted(asked)]
    try:
        with transaction.atomic():
            Taken.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused(taken_problems(case, matter, answers, day)) from None


def give_back(case: Case) -> None:
    """A case ended without success: who stood in it may stand in another one, and its unit may have the policy by another one."""
    Taken.objects.filter(case=case).delete()
    PolicyCase.objects.filter(case=case).update(holds=False)


def take_places(matter: Matter, one: Allowance, count: int = 1) -> None:
    """Use up places of a quota; raises Refused when there are not so many left."""
    row, _ = QuotaUse.objects.get_or_create(
        matter=matter.id, call=one.call, quota=one.quota, holder=one.holder, defaults={"most": one.most}
    )
    # Of two who take the last place at once the database lets one through.
    left = QuotaUse.objects.filter(pk=row.pk, taken__lte=one.most - count)
    if one.most < count or not left.update(taken=F("taken") + count, most=one.most):
        raise Refused(problem("MATTER_QUOTA", title=matter.quotas[one.quota].title, most=one.most))
