"""Whom on the office's side a case concerns: who has it in hand, and before anybody has, whoever could take it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import localdate

from keheng.access.service import holders_of
from keheng.kernel.accounts import accounts
from keheng.kernel.desk.tasks import takers
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.actions.telling import tasks_of
from keheng.matters.models import Case, CaseEvent, Substitution
from keheng.matters.queries.cases import Loaded
from keheng.matters.rules.acting import APPLY


def readers_of_letter(one: Loaded) -> list[str]:
    """Who answers the applicant: whoever has the case in hand, or acted last, or could take it."""
    last = _last_of_office(one.case)
    return sorted(_in_hand(one) or last or _able(one) or _receiving(one))


def to_remind(one: Loaded) -> list[str]:
    """Who can keep a clock from running out: whoever has the case in hand; who acted last, when able to go on; else all who are able."""
    last, able = _last_of_office(one.case), _able(one)
    return sorted(_in_hand(one) or (last & able) or able or last)


def _in_hand(one: Loaded) -> set[str]:
    """Who took a task of the case or is asked by name, with those who stand in for them today."""
    named = set(takers(key for key, _ in tasks_of(one.case, one.matter, one.at))) - {one.case.applicant}
    today = localdate()
    standing_in = Substitution.objects.filter(giver__in=named, since__lte=today, until__gt=today).values_list("taker", flat=True)
    return _active({*named, *standing_in} - {one.case.applicant})


def _able(one: Loaded) -> set[str]:
    """Who could take what the case waits for, within unit and district; as with the tasks, never the applicant."""
    found = set[str]()
    for _, asked in tasks_of(one.case, one.matter, one.at):
        if asked.get("permission"):
            found |= set(holders_of(asked["permission"], unit=asked["unit"], district=asked["district"])) - {asked["not_by"]}
    return found


def _receiving(one: Loaded) -> set[str]:
    """While a case waits for nobody inside: who holds the first role of the office, but nobody of the applicant's side."""
    held = (role.holds for role in one.matter.roles.values() if role.holds is not None and not role.applies and not role.unit)
    first = next(held, None)
    if first is None or one.case.submitted_at is None:
        return set()
    unit = one.case.unit_id
    own = set(holders_of(APPLY, unit=unit)) if unit is not None else set()
    return set(holders_of(first, unit=unit, district=one.case.district)) - own - {one.case.applicant}


def _last_of_office(case: Case) -> set[str]:
    by = (
        CaseEvent.objects.filter(case=case)
        .exclude(by__in=[case.applicant, SYSTEM.account])
        .order_by("-version")
        .values_list("by", flat=True)
    )
    return _active(by[:1])


def _active(some: Iterable[str]) -> set[str]:
    """Those whose account is not stopped: the others read nothing any more."""
    return {one for one in some if accounts().principal(one, "").account}
