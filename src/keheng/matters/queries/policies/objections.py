"""Objections to cases of policies: for whom they are open, what they keep from being done, the piece beside a case."""

from __future__ import annotations

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from keheng.kernel.errors import Problem, problem
from keheng.kernel.objections.stated import ObjectionState
from keheng.kernel.powers import Principal
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import PolicyObjection
from keheng.matters.queries.cases import Loaded, cases_for, own_cases
from keheng.matters.rules.flow.situation import term_of

_STANDING = (ObjectionState.OPEN, ObjectionState.UPHELD)


def objections_for(actor: Principal) -> QuerySet[PolicyObjection]:
    """Objections to the cases that an actor sees on the office's side; a unit never learns who objected."""
    return PolicyObjection.objects.filter(case__case__in=cases_for(actor)).exclude(case__case__in=own_cases(actor))


def objected_to(case: int) -> bool:
    """Whether an objection to a case waits for its answer."""
    return PolicyObjection.objects.filter(case__case=case, state=ObjectionState.OPEN).exists()


def publicity_over(one: Loaded) -> bool | None:
    """Guard: the days of objections have gone by, and none waits or holds; None in a state without such days."""
    last = term_of(one.matter.state_of[one.at.state], one.at, working_calendar())
    if last is None:
        return None
    return last < localdate() and not PolicyObjection.objects.filter(case__case=one.case, state__in=_STANDING).exists()


def publicity_reasons(one: Loaded) -> list[Problem]:
    """The day until which anybody may object, and the objections that wait or hold, by their numbers."""
    last = term_of(one.matter.state_of[one.at.state], one.at, working_calendar())
    found = [problem("POLICY_STILL_PUBLIC", until=last)] if last is not None and last >= localdate() else []
    rows = list(PolicyObjection.objects.filter(case__case=one.case, state__in=_STANDING).order_by("pk").values_list("state", "number"))
    waiting, upheld = ("、".join(number for each, number in rows if each == state) for state in _STANDING)
    if waiting:
        found.append(problem("POLICY_OBJECTION_OPEN", numbers=waiting))
    if upheld:
        found.append(problem("POLICY_OBJECTION_UPHELD", numbers=upheld))
    return found


def objections_aside(one: Loaded, _actor: Principal, office: bool) -> str:  # noqa: FBT001 -- the two pages of a case
    """The objections to a case with their answers, for the office alone; '' where there is none."""
    if not office or one.matter.policy is None:
        return ""
    rows = list(PolicyObjection.objects.filter(case__case=one.case).order_by("pk"))
    return render_to_string("matters/policies/objections.html", {"rows": rows, "today": localdate()}) if rows else ""
